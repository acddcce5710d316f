"""Cline Center, Coup d'État Project (CDP) → the table `coup_records`.

Source: Peyton and others, "Cline Center Coup d'État Project Dataset", codebook of version 2.1. Of
its many variables the day, the outcome and the types by initiator are kept.
"""

import re

import pandas as pd

from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.powell_thyne import coup_records, located
from sahel_transitions.sources.source import Built, Options, Source

_OUTCOMES = {"coup": "successful", "attempted": "failed", "conspiracy": "conspiracy"}
# The columns of types, and how the table names them.
_TYPES = {
    "military": "military",
    "dissident": "dissident",
    "rebel": "rebel",
    "palace": "palace",
    "foreign": "foreign",
    "auto": "autocoup",
    "resign": "forced_resignation",
    "popular": "popular_revolt",
    "counter": "countercoup",
    "other": "other",
}
_VERSION = re.compile(r"(?<!\d)(\d+\.\d+\.\d+)(?!\d)")


def build_cline_records(opened: Opened, options: Options) -> Built:
    """Coups, attempts and conspiracies in African states, one row a country, day and outcome.

    Parameters
    ----------
    opened : Opened
        The list of events of a version 2.1.
    options : Options
        Without a vintage, it is taken from the name of the file (`cdp_2.1.2`).

    Raises
    ------
    TableProblems
        With every day that does not exist, every unknown outcome, every number that is not of the
        country that is named, and every event that is there twice.
    Refusal
        If no African state is in the file.
    """
    checks = Checks(
        opened, ["coup_id", "cowcode", "country", "year", "month", "day", "event_type", *_TYPES]
    )
    typed = located(checks, "cowcode")
    typed["outcome"] = checks.allowed("event_type", _OUTCOMES).map(_OUTCOMES)
    checks.unique("coup_id", remedy="Remove or correct one of the two rows.")
    flags = pd.DataFrame({name: checks.whole_numbers(name) for name in _TYPES})
    for name in _TYPES:
        checks.fault(name, flags[name] > 1, "0 or 1")
    typed["types"] = [
        tuple(_TYPES[name] for name, flag in zip(flags, row, strict=True) if flag)
        for row in flags.itertuples(index=False)
    ]
    typed = checks.finish(typed, options.skip_bad_rows)
    last = int(typed["date"].dt.year.max())
    records, declaration = coup_records(opened, typed, "cline", f"{last}-12")
    match = _VERSION.search(opened.content.stem) or _VERSION.search(opened.path.stem)
    stated = f"CDP {match[1]}" if match else f"to {last} (release not stated)"
    declaration.update(
        citation=["cline_cdp_212"],
        vintage=options.vintage or stated,
        # A version to the end of a year appears in the following February.
        vintage_released=f"{last + 1}-02-28",
        skipped_rows=checks.skipped,
    )
    notes = [
        f"{len(records)} records of the Cline Center in {records['country'].nunique()} states, "
        f"{(records['outcome'] == 'conspiracy').sum()} of them conspiracies."
    ]
    return Built("coup_records", records, declaration, notes)


CLINE_CDP = Source(
    name="cline-cdp",
    title="Cline Center, Coup d'État Project",
    signatures=(
        frozenset(
            {
                "coup_id", "cowcode", "country", "year", "month", "day", "event_type",
                "unrealized", "realized", "conspiracy", *_TYPES,
            }
        ),
    ),
    build=build_cline_records,
)  # fmt: skip
