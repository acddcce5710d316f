"""The report is one file that needs nothing else, and everything in it is escaped."""

import re
import subprocess
from html.parser import HTMLParser

import pandas as pd
import pytest
from conftest import CHROMIUM, study

from sahel_transitions.figures import html_table
from sahel_transitions.language import words
from sahel_transitions.reports import write_report
from sahel_transitions.reports.page import _markdown
from sahel_transitions.runs import run


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


@pytest.fixture(scope="module", params=["en", "fr"])
def page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    made = run(study(language=request.param, countries="MLI,BFA,NER"), runs=folder / "runs")
    return write_report(made, folder / "reports")


@pytest.fixture
def elements(page):
    return Elements(page.read_text(encoding="utf-8"))


def test_nothing_is_fetched_from_anywhere(elements):
    for _, attributes in elements.found:
        for name in ("src", "href", "srcset", "action", "data"):
            address = attributes.get(name, "#")
            assert address.startswith(("#", "data:")), address[:80]
    assert not elements.of("script") and not elements.of("link") and not elements.of("iframe")


def test_a_policy_forbids_what_the_page_does_not_need(elements):
    (policy,) = [each for each in elements.of("meta") if each.get("http-equiv")]
    assert policy["content"].startswith("default-src 'none'")


def test_every_picture_has_alt_text_and_its_data(elements):
    pictures = elements.of("img")
    assert len(pictures) == 8
    assert all(len(picture["alt"]) > 40 for picture in pictures)
    names = {link["download"] for link in elements.of("a") if "download" in link}
    assert {"deaths_by_month.csv", "lag_intervals.csv", "standing.csv"} <= names


def test_every_link_inside_the_page_has_its_target(elements):
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {link["href"][1:] for link in elements.of("a") if link["href"].startswith("#")}
    assert targets <= set(ids)


def test_it_says_what_a_country_lacks(page):
    text = page.read_text(encoding="utf-8")
    assert "Niger" in text
    say = words("fr" if 'lang="fr"' in text else "en")
    for table in ("deadlines", "partner_events"):
        assert (
            say("caveat.not_covered", table=say(f"dataset.{table}"), countries=["Niger"], n=1)
            in text
        )


def test_only_what_was_used_is_cited(page):
    text = page.read_text(encoding="utf-8")
    assert "Uppsala Conflict Data Program" in text
    assert "Lyammouri" in text
    # No number of ACLED enters a default study.
    assert "acleddata" not in text


def test_it_says_how_to_make_it_again(page):
    text = page.read_text(encoding="utf-8")
    assert re.search(r"sahel report -p countries=MLI,BFA,NER -p start=2017-01", text)


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


@pytest.mark.browser
def test_a_browser_shows_it_without_a_request_or_an_error(page, tmp_path):
    log = tmp_path / "net.json"
    done = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}",
            "--enable-logging=stderr", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.count("<figure") == 8
    assert "Refused to" not in done.stderr and "CONSOLE" not in done.stderr
