"""Runs of words, by which a text is held against the documents."""

import re
from pathlib import Path

LENGTH = 8


def word_runs(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words, whatever their case and signs."""
    folded = re.findall(r"\w+", re.sub(r"[’']", "", text).casefold())
    return {tuple(folded[start : start + LENGTH]) for start in range(len(folded) - LENGTH + 1)}


def runs_of_the_documents(shared: Path) -> set[tuple[str, ...]]:
    """Those of the five documents."""
    runs = set()
    for path in sorted((shared / "sources").glob("*.txt")):
        runs |= word_runs(path.read_text(encoding="utf-8"))
    assert len(runs) > 10_000
    return runs
