"""Which dataset a file is of, told from its contents alone."""

import re
from pathlib import Path

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Opened, open_file
from sahel_transitions.sources.source import Source

# A file with less than this share of the columns of any dataset is of none that is known.
_ENOUGH = 0.6
# So many numbers or days in the first row are no names of columns (some tables have years there).
_VALUES = 4


def _is_value(name: str) -> bool:
    return bool(re.fullmatch(r"-?\d+[.,]\d+|\d{4}-\d\d-\d\d.*|\d{5,}", name.strip()))


def recognise(file: Path, sources: tuple[Source, ...]) -> tuple[Opened, Source]:
    """Open a file and find its dataset.

    Columns that are lacking or renamed do not hide what a file is: it is taken for the dataset
    whose columns it has most of, and the reader of that dataset names the rest.

    Raises
    ------
    Refusal
        If the file cannot be opened, or is of no known dataset.
    """
    opened = open_file(file)
    source = max(sources, key=lambda each: each.likeness(opened))
    share, _ = source.likeness(opened)
    if share < _ENOUGH:
        header = (
            ", ".join(" ".join(name.split())[:30] for name in opened.names[:8] if name)
            or "no names"
        )
        known = ", ".join(each.name for each in sources)
        if sum(_is_value(name) for name in opened.names) >= _VALUES:
            raise Refusal(
                f"{opened.name}: expected a header, found values in the first row ({header}, …). "
                "Put the names of the columns above it, as another release of the dataset has them."
            )
        raise Refusal(
            f"{opened.name}: expected a file of a known dataset, found one with the columns "
            f"{header}{', …' if len(opened.names) > 8 else ''}."
            + (
                f" The nearest is {source.name}, of whose columns it has {share:.0%}."
                if share
                else ""
            )
            + f" Known are {known}."
        )
    return opened, source
