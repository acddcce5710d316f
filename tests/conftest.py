"""What the tests share: the project's tables, parameters with overrides, and optional extras."""

import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from sound_files import build, plain, sahel, untouched, write

from sahel_transitions.errors import TableProblems
from sahel_transitions.language import LANGUAGES
from sahel_transitions.parameters import Parameters, read_parameters
from sahel_transitions.paths import CODED, DERIVED, PROJECT
from sahel_transitions.reports import write_report
from sahel_transitions.runs import run_each
from sahel_transitions.tables import Tables, read_table

# Fixtures that a conftest imports are there for all tests.
__all__ = ["build", "plain", "sahel", "untouched", "write"]

SHARED = Path(os.environ.get("SAHEL_SHARED", PROJECT.parent / "shared"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("shared") and not (SHARED / "data").is_dir():
            item.add_marker(pytest.mark.skip(reason=f"the raw public files are not at {SHARED}"))
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))


def pytest_terminal_summary(terminalreporter):
    """Say first which tables were changed: many failures may follow from one of them."""
    for path in sorted([*CODED.glob("*.csv"), *DERIVED.glob("*.csv")]):
        try:
            read_table(path)
        except TableProblems as error:
            terminalreporter.write_line(f"Changed or broken table: {error.problems[-1]}", red=True)


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The tables of the project, edited or not: that a seal is broken is a test of its own."""
    return Tables(sealed=False)


@pytest.fixture(scope="session")
def whole_runs(tmp_path_factory):
    """Finds or makes whole runs: each is made once, whichever tests and processes ask for it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def make(*studies: Parameters):
        with FileLock(base / "whole.lock"):
            made = run_each(studies, runs=base / "whole")
        return made[0] if len(studies) == 1 else made

    return make


@pytest.fixture(scope="session")
def default_runs(whole_runs):
    """The runs with the default parameters, one a language."""
    return whole_runs(*(study(language=language) for language in LANGUAGES))


@pytest.fixture(scope="session")
def default_report(default_runs, tmp_path_factory) -> Path:
    """The folder of the report with the default parameters, in both languages."""
    return write_report(default_runs, tmp_path_factory.mktemp("reports")).parent


@pytest.fixture(scope="session")
def report_on_three(whole_runs, tmp_path_factory) -> Path:
    """The folder of a report on three countries, in French alone."""
    made = whole_runs(study(language="fr", countries="MLI,BFA,NER"))
    return write_report([made], tmp_path_factory.mktemp("reports")).parent


@pytest.fixture
def shared() -> Path:
    return SHARED


def study(**given) -> Parameters:
    """Parameters with overrides."""
    return read_parameters(given)
