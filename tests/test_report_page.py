"""The page of a report: one file that needs nothing else, and everything in it is escaped."""

import base64
import hashlib
import json
import re
import subprocess
from html.parser import HTMLParser

import nbformat
import pandas as pd
import pytest
from conftest import CHROMIUM

from sahel_transitions.figures import shown_table
from sahel_transitions.language import words
from sahel_transitions.paths import PACKAGE
from sahel_transitions.reports.rendering import markdown_html
from sahel_transitions.runs.identity import notebook_paths


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


TEMPLATES = PACKAGE / "reports" / "templates"
# As many as the contracts of the notebooks declare.
FIGURES = sum(
    len(nbformat.read(path, as_version=4).metadata["sahel"]["figures"]) for path in notebook_paths()
)
PAGES = {"default": "report.en.html", "three": "report.fr.html"}


@pytest.fixture(scope="module")
def folders(default_report, report_on_three):
    """The report with the default parameters in both languages, and one on three countries."""
    return {"default": default_report, "three": report_on_three}


@pytest.fixture(params=PAGES)
def page(request, folders):
    return folders[request.param] / PAGES[request.param]


@pytest.fixture
def elements(page):
    return Elements(page.read_text(encoding="utf-8"))


def test_nothing_is_fetched_from_anywhere(elements):
    for _, attributes in elements.found:
        for name in ("src", "href", "srcset", "action", "data"):
            address = attributes.get(name, "#")
            assert address.startswith(("#", "data:")), address[:80]
    assert not elements.of("link") and not elements.of("iframe")


def test_a_policy_forbids_what_the_page_does_not_need(elements):
    (policy,) = [each for each in elements.of("meta") if each.get("http-equiv")]
    assert policy["content"].startswith("default-src 'none'")


def test_the_one_script_of_the_page_is_that_which_the_policy_allows(page, elements):
    (policy,) = [each for each in elements.of("meta") if each.get("http-equiv")]
    (script,) = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy["content"]
    # The other one is data, which is not executed.
    assert [each.get("type") for each in elements.of("script")] == ["application/json", None]


def test_every_picture_has_alt_text_and_its_data(elements):
    pictures = elements.of("img")
    assert len(pictures) == FIGURES
    assert all(len(picture["alt"]) > 40 for picture in pictures)
    names = {link["download"] for link in elements.of("a") if "download" in link}
    assert {"deaths_by_month.csv", "lag_intervals.csv", "standing.csv"} <= names


def test_a_long_table_of_data_is_cut_in_the_page_and_whole_in_its_file(page):
    text = page.read_text(encoding="utf-8")
    cut = [say("report.first_rows", rows=500, n=11880) for say in (words("en"), words("fr"))]
    assert sum(sentence in text for sentence in cut) == 1
    csv = page.parent / "en" / "figures" / "specification_curves.csv"
    assert not csv.exists() or len(pd.read_csv(csv)) == 11880


def test_long_lists_of_caveats_are_folded_and_short_ones_are_not(elements, page):
    text = page.read_text(encoding="utf-8")
    folded = [each for each in elements.of("details") if each.get("class") == "basis"]
    assert 0 < len(folded) < len(notebook_paths())
    basis = re.findall(r'<details class="basis">.*?</details>', text, re.S)
    assert all(each.count("<li>") > 12 for each in basis)


def test_every_link_inside_the_page_has_its_target(elements):
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {link["href"][1:] for link in elements.of("a") if link["href"].startswith("#")}
    assert targets <= set(ids)


def test_it_says_what_a_country_lacks(folders):
    text = (folders["three"] / "report.fr.html").read_text(encoding="utf-8")
    say = words("fr")
    for table in ("deadlines", "partner_events"):
        assert (
            say("caveat.not_covered", table=say(f"dataset.{table}"), countries=["Niger"], n=1)
            in text
        )


def test_only_what_was_used_is_cited(page):
    text = page.read_text(encoding="utf-8")
    assert "Uppsala Conflict Data Program" in text
    assert "Lyammouri" in text
    # Of ACLED only the totals that were published enter a default study.
    assert "Reported civilian fatalities by country-year" in text
    assert "exports of March and August 2020" not in text


def test_it_says_how_to_make_it_again(page):
    text = page.read_text(encoding="utf-8")
    assert re.search(r"sahel report -p countries=MLI,BFA\S* -p start=2017-01", text)


def test_no_field_of_a_text_is_left_open(page):
    text = re.sub(
        r"<style>.*?</style>|data:[^\"]+", "", page.read_text(encoding="utf-8"), flags=re.S
    )
    text = re.sub(r"<details class=\"code\">.*?</details>", "", text, flags=re.S)
    assert not re.search(r"\{[a-z_]+(:\w+)?\}", text)


def test_values_cannot_carry_markup():
    frame = pd.DataFrame({"value": ["<script>alert(1)</script>"]})
    table = shown_table(frame, "<b>", words("en")).html()
    assert "<script>" not in table and "<b>" not in table
    assert "<script>" not in markdown_html("<script>alert(1)</script>")


def opened(page, folder):
    """The page as a browser builds it, what it complains of, and the addresses that it asks for."""
    log = folder / "net.json"
    done = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
            "--enable-logging=stderr", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    started = [event["params"] for event in events if "initiator" in event.get("params", {})]
    # What the browser asks for on its own account has no origin.
    asked = {each["url"] for each in started if each["initiator"] != "not an origin"}
    return done.stdout, done.stderr, {url for url in asked if not url.startswith("data:")}


@pytest.mark.browser
def test_a_browser_shows_it_without_a_request_or_an_error(page, tmp_path):
    dom, said, asked = opened(page, tmp_path)
    assert dom.count("<figure") == FIGURES
    assert "CONSOLE" not in said
    assert asked == set()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("mali contredite", [2]),
        ("CONTRÉDITE", [0, 2]),
        ("", [0, 1, 2]),
        ("x y", []),
        ('"mali, contredite"', [2]),
        ('"contredite mali"', []),
        ("2146", [1]),
        ("2,146", [1]),
    ],
)
def test_words_typed_above_a_table_leave_the_rows_that_hold_them_all(tmp_path, typed, left):
    rows = ("Burkina Faso, contredite", "Mali, reproduite : 2\u202f146", "Mali, contrédite")
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(
        '<meta charset="utf-8"><div><p class="search" hidden><input><output data-text="# of 3">'
        f"</output></p><table><tbody>{''.join(f'<tr><td>{row}</td></tr>' for row in rows)}"
        f"</tbody></table></div><script>{script}</script><script>{{ const typed = "
        f"document.querySelector('input'); typed.value = {json.dumps(typed)};"
        "typed.dispatchEvent(new Event('input')); }</script>",
        encoding="utf-8",
    )
    dom, said, _ = opened(page, tmp_path)
    assert "CONSOLE" not in said
    assert f">{len(left)} of 3</output>" in dom
    assert re.findall(r"<tr( hidden=\"\")?>", dom) == [
        "" if place in left else ' hidden=""' for place in range(len(rows))
    ]
    assert 'class="search" hidden' not in dom


@pytest.mark.browser
def test_a_request_would_be_seen(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<img src="http://127.0.0.1:9/picture.png" alt="">')
    assert opened(page, tmp_path)[2] == {"http://127.0.0.1:9/picture.png"}
