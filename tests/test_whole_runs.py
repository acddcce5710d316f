"""Two whole runs and their reports: the defaults, and three countries in French.

A report is one file that needs nothing else, and everything in it is escaped.
"""

import base64
import hashlib
import json
import re
import subprocess
from html.parser import HTMLParser

import nbformat
import pandas as pd
import pytest
from conftest import CHROMIUM, study

from sahel_transitions.figures import html_table
from sahel_transitions.language import words
from sahel_transitions.paths import PACKAGE
from sahel_transitions.reports import write_report
from sahel_transitions.reports.page import _markdown, render
from sahel_transitions.runs import compare_with_reference, run
from sahel_transitions.runs.identity import notebook_paths
from sahel_transitions.runs.normal_form import reference_form


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
STUDIES = {"default": {}, "french": {"language": "fr", "countries": "MLI,BFA,NER"}}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Where the runs of this module lie: each is made once."""
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def default_run(runs):
    return run(study(), runs=runs)


@pytest.fixture(scope="module", params=STUDIES.values(), ids=STUDIES.keys())
def page(request, runs):
    return write_report(run(study(**request.param), runs=runs), runs / "reports")


@pytest.fixture
def elements(page):
    return Elements(page.read_text(encoding="utf-8"))


def test_the_default_run_gives_the_values_of_the_reference(default_run):
    assert compare_with_reference(default_run) == []


def test_the_default_run_gives_the_outputs_of_the_committed_notebooks(default_run):
    for path in notebook_paths():
        made = nbformat.read(default_run.folder / "notebooks" / path.name, as_version=4)
        stored = nbformat.read(path, as_version=4)
        for one, other in zip(reference_form(made).cells, stored.cells, strict=True):
            assert one.get("outputs") == other.get("outputs"), (path.stem, one.id)


def test_a_run_holds_what_a_reader_needs(default_run):
    for name in ("deaths_by_month", "promise_lines", "partner_timelines"):
        for ending in ("svg", "png", "csv", "json"):
            assert (default_run.folder / "figures" / f"{name}.{ending}").stat().st_size > 0
    values = {value["id"]: value for value in default_run.results()}
    moura_year = values["deaths.MLI.2022"]
    assert (moura_year["value"], moura_year["low"], moura_year["high"]) == (1798, 1798, 2126)
    assert (moura_year["definition"], moura_year["source"]) == ("U2", "UCDP GED")
    assert values["lags.France.treaty.denounced.MLI.BFA"]["value"] == 261


def test_the_manifest_names_every_input_and_product(default_run):
    manifest = default_run.manifest
    files = manifest["inputs"]["files"]
    assert {"requirements.lock", "data/derived/deaths.csv", "notebooks/00_overview.ipynb"} <= set(
        files
    )
    assert "results.json" in manifest["products"]
    assert manifest["environment"]["packages"]["pandas"]
    text = json.dumps(manifest)
    assert str(default_run.folder.parent) not in text


def test_a_found_run_is_not_repeated(default_run):
    def refuse(count):
        raise AssertionError("a kernel was about to start")

    again = run(study(), runs=default_run.folder.parent, started=refuse)
    assert (again.id, again.why) == (default_run.id, "found")


def test_a_report_is_the_same_whether_its_run_was_made_or_found(default_run, runs):
    assert render(default_run) == render(run(study(), runs=runs))


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
    assert policy["content"].endswith(f"script-src 'sha256-{digest}'")
    assert len(elements.of("script")) == 1


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
    assert len(pd.read_csv(page.parent / "figures" / "specification_curves.csv")) == 11880


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


def test_it_says_what_a_country_lacks(runs):
    parameters = study(**STUDIES["french"])
    text = write_report(run(parameters, runs=runs), runs / "reports").read_text(encoding="utf-8")
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
    table = html_table(pd.DataFrame({"value": ["<script>alert(1)</script>"]}), "<b>", words("en"))
    assert "<script>" not in table and "<b>" not in table
    assert "<script>" not in _markdown("<script>alert(1)</script>", "")[0]


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
