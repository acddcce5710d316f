"""Where things lie: one screen, nothing computed."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PROJECT = PACKAGE.parent.parent

CODED = PROJECT / "data" / "coded"
DERIVED = PROJECT / "data" / "derived"
CORRECTIONS = PROJECT / "data" / "corrections"
VINTAGES = PROJECT / "data" / "vintages"
NOTEBOOKS = PROJECT / "notebooks"
LOCK = PROJECT / "requirements.lock"
CITATION = PROJECT / "CITATION.cff"

RUNS = PROJECT / "runs"
ANSWERS = RUNS / "specifications"
REPORTS = PROJECT / "reports"
REFERENCE = PROJECT / "tests" / "reference"

# The variable that says where a run wants what its notebooks record; without it they only show.
RUN_FOLDER = "SAHEL_RUN_FOLDER"
