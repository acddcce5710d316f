"""What the tests share: the project's tables, parameters with overrides, and optional extras."""

import os
import shutil
from pathlib import Path

import pytest

from sahel_transitions.parameters import Parameters, read_parameters
from sahel_transitions.paths import PROJECT
from sahel_transitions.tables import Tables

SHARED = Path(os.environ.get("SAHEL_SHARED", PROJECT.parent / "shared"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("shared") and not (SHARED / "data").is_dir():
            item.add_marker(pytest.mark.skip(reason=f"the raw public files are not at {SHARED}"))
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))


@pytest.fixture(scope="session")
def tables() -> Tables:
    return Tables()


@pytest.fixture
def shared() -> Path:
    return SHARED


def study(**given) -> Parameters:
    """Parameters with overrides."""
    return read_parameters(given)
