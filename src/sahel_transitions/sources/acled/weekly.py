"""ACLED weekly counts by first-order unit → the table `deaths` (A1 only).

The label of a week is the Saturday on which it begins. A week that lies in two months is counted
in the month of its middle day, where most of its days are: by its label, the 171 deaths of the
first two days of 2019 in Burkina Faso would be in 2018.
"""

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.acled.silences import Held, months_held
from sahel_transitions.sources.acled.table import (
    GRAIN,
    JOINT_EVENTS,
    PROVISIONAL_MONTHS,
    declare,
    months_before,
)
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.source import Built, Options, Source

_COLUMNS = ["week", "country", "admin1", "event_type", "sub_event_type", "events", "fatalities"]
_MIDDLE = pd.Timedelta(days=3)
_LAST = pd.Timedelta(days=6)
_FORMS = ("%d-%B-%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%Y")


def build_weekly(opened: Opened, options: Options) -> Built:
    """Sum the fatalities of violence against civilians by month and first-order unit.

    Raises
    ------
    TableProblems
        With every fault of the file.
    Refusal
        If it holds no week of a country of the gazetteer.
    """
    checks = Checks(opened, _COLUMNS, ["extracted_at"], separators=",;")
    cells = checks.frame
    parsed = [
        pd.to_datetime(cells["week"].str[:24], format=form, errors="coerce") for form in _FORMS
    ]
    week = max(parsed, key=lambda days: days.notna().sum())
    checks.fault("week", week.isna(), "the first day of a week, such as 23-October-2004")
    country = cells["country"].map(iso3_of, na_action="ignore")
    checks.fault("country", country.isna(), "the English name of a country")
    checks.unique(
        "week", "country", "admin1", "event_type", "sub_event_type",
        remedy="Two downloads may have been joined: take one of them.",
    )  # fmt: skip
    rows = pd.DataFrame(
        {
            "week": week,
            "country": country,
            "admin1": checks.present("admin1"),
            "kind": checks.present("event_type").str.casefold(),
            "events": checks.whole_numbers("events", 1),
            "a1": checks.whole_numbers("fatalities"),
        }
    )
    rows = checks.finish(rows, options.skip_bad_rows)
    inside = rows[rows["country"].isin(list(GLEDITSCH_WARD))]
    if inside.empty:
        raise Refusal(f"{opened.name} holds no week of West Africa or Chad: nothing was built.")
    attacks = inside[inside["kind"] == "violence against civilians"].assign(
        month=lambda frame: (frame["week"] + _MIDDLE).dt.strftime("%Y-%m"),
        perpetrator="not_attributed",
    )
    counted = attacks.groupby(GRAIN[:-1], as_index=False)[["events", "a1"]].sum()
    frame = pd.concat([counted.assign(joint_events=rule) for rule in JOINT_EVENTS])
    frame = frame[[*GRAIN, "events", "a1"]].sort_values(GRAIN, ignore_index=True)
    last = rows["week"].max() + _LAST
    held = _months_held(rows)
    declaration = declare(
        description=(
            "Fatalities of violence against civilians from ACLED's weekly counts by first-order "
            "unit. A week is counted in the month of its middle day. Units and weeks without a "
            "row are true zeros, unless no event of any type is there for so long that the file "
            "must have lost them."
        ),
        vintage=options.vintage or _vintage(cells, last),
        released=f"{last:%Y-%m-%d}",
        coverage=held.coverage,
        lost=held.lost,
        definitions=["A1"],
        breakdowns=["year", "month", "admin1"],
        provisional_from=months_before(last, PROVISIONAL_MONTHS - 1),
        skipped=checks.skipped,
        warnings=["acled_weeks"],
    )
    split = attacks["week"].dt.month != (attacks["week"] + _LAST).dt.month
    notes = [
        f"{len(rows):,} rows to the week of {rows['week'].max():%d %B %Y}.",
        f"{attacks['a1'][split].sum():,} of {attacks['a1'].sum():,} fatalities are of weeks that "
        "lie in two months.",
        *held.notes,
    ]
    return Built("deaths", frame, declaration, notes)


def _months_held(rows: pd.DataFrame) -> Held:
    """What the weeks of all types of events cover; a country's silence is not always peace."""
    known = rows["country"].where(rows["country"].isin(list(GLEDITSCH_WARD)))
    weeks = rows[rows["events"] > 0].assign(country=known, start=rows["week"])
    weeks = weeks.assign(end=weeks["start"] + _LAST)
    return months_held(weeks[["country", "start", "end"]].drop_duplicates())


def _vintage(cells: pd.DataFrame, last: pd.Timestamp) -> str:
    taken = cells.get("extracted_at", pd.Series(dtype="str")).dropna()
    return f"taken on {taken.max()[:10]}" if len(taken) else f"weeks to {last:%Y-%m-%d}"


ACLED_WEEKLY = Source(
    name="acled-weekly",
    title="ACLED weekly counts by first-order unit",
    signatures=(frozenset(_COLUMNS),),
    build=build_weekly,
    cannot={
        "A2": "weekly admin-1 exports carry no civilian-targeting flag: A2 cannot be computed; "
        "A1 can",
        "A3": "weekly admin-1 exports carry no single events: A3 cannot be computed",
        "perpetrator": "weekly admin-1 exports name no actors",
    },
)
