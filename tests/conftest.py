"""What the tests share: the project's tables, parameters with overrides, and optional extras."""

import os
import shutil
from pathlib import Path

import pytest
from sound_files import build, plain, sahel, untouched, write

from sahel_transitions.errors import TableProblems
from sahel_transitions.parameters import Parameters, read_parameters
from sahel_transitions.paths import CODED, DERIVED, PROJECT
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


@pytest.fixture
def shared() -> Path:
    return SHARED


def study(**given) -> Parameters:
    """Parameters with overrides."""
    return read_parameters(given)
