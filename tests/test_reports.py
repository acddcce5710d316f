"""Reports: two languages from one result, whole or not there, with the same bytes twice."""

import json
import shutil
from dataclasses import replace

import pytest

from sahel_transitions.errors import SahelError
from sahel_transitions.reports import kept_report, write_report
from sahel_transitions.reports.kept import checksums
from sahel_transitions.reports.writing import demand_alike


def test_the_same_runs_give_the_same_bytes(default_runs, default_report, tmp_path):
    again = write_report(default_runs, tmp_path).parent
    assert checksums(again) == checksums(default_report)


def test_an_untouched_report_is_found_and_a_touched_one_is_not(
    default_runs, default_report, tmp_path
):
    folder = tmp_path / default_report.name
    shutil.copytree(default_report, folder)
    assert kept_report(default_runs, tmp_path) == folder / "index.html"
    page = folder / "fr" / "data.html"
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert kept_report(default_runs, tmp_path) is None


def test_languages_that_rest_on_unlike_values_are_no_report(default_runs, tmp_path):
    english, french = default_runs
    folder = tmp_path / "other"
    shutil.copytree(french.folder, folder)
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    changed = next(value for value in results["values"] if value["id"] == "deaths.MLI.2022")
    changed["value"] += 1
    (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")
    with pytest.raises(SahelError, match=r"deaths\.MLI\.2022"):
        demand_alike([english, replace(french, folder=folder)])
