"""ACLED weekly counts by first-order unit → the table `deaths` (A1 only).

The label of a week is the Saturday on which it begins. A week that lies in two months is counted
in the month of its middle day, where most of its days are: by its label, the 171 deaths of the
first two days of 2019 in Burkina Faso would be in 2018.
"""

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.acled.event_columns import TYPES, Kind
from sahel_transitions.sources.acled.filters import answerable
from sahel_transitions.sources.acled.table import (
    BEGINS,
    GRAIN,
    PROVISIONAL_MONTHS,
    declare,
    months_before,
)
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.joint_events import JOINT_EVENTS
from sahel_transitions.sources.silences import (
    Held,
    both,
    lost_within,
    months_held,
    without_lost,
)
from sahel_transitions.sources.source import Built, Options, Source, Unanswerable

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
    Unanswerable
        If it was filtered so that A1 cannot be computed.
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
            "kind": _kinds(checks),
            "events": checks.whole_numbers("events", 1),
            "a1": checks.whole_numbers("fatalities"),
        }
    )
    rows = checks.finish(rows, options.skip_bad_rows)
    inside = rows[rows["country"].isin(list(GLEDITSCH_WARD))]
    if inside.empty:
        raise Refusal(f"{opened.name} holds no week of West Africa or Chad: nothing was built.")
    answers = answerable(_by_kind(rows), tells_targets=False)
    if not answers.definitions:
        raise Unanswerable(answers.cannot["A1"])
    attacks = inside[inside["kind"] == Kind.ATTACK].assign(
        month=lambda frame: (frame["week"] + _MIDDLE).dt.strftime("%Y-%m"),
        perpetrator="not_attributed",
    )
    counted = attacks.groupby(GRAIN[:-1], as_index=False)[["events", "a1"]].sum()
    frame = pd.concat([counted.assign(joint_events=rule) for rule in JOINT_EVENTS])
    last = rows["week"].max() + _LAST
    held = _months_held(rows)
    frame = without_lost(frame, held.coverage, held.lost)
    frame = frame[[*GRAIN, "events", "a1"]].sort_values(GRAIN, ignore_index=True)
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
        unanswered=answers.unanswered,
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
        *(f"{why}." for why in answers.notes),
    ]
    return Built("deaths", frame, declaration, notes)


def _kinds(checks: Checks) -> pd.Series:
    """The types of events as `Kind`; one that ACLED does not have is a fault."""
    known = {name.casefold(): kind for name, kind in TYPES.items()}
    kinds = checks.frame["event_type"].str.casefold().map(known)
    checks.fault("event_type", kinds.isna(), "a type of event of ACLED, such as Battles")
    return kinds.fillna(Kind.UNKNOWN).astype("int64")


def _by_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """Events by country and type; of weekly counts nobody can say which were lethal or targeted."""
    known = rows["country"].where(rows["country"].isin(list(GLEDITSCH_WARD)))
    counted = rows.assign(country=known).groupby(["country", "kind"], as_index=False, dropna=False)
    return counted["events"].sum().assign(targeted=0, lethal=0)


def _months_held(rows: pd.DataFrame) -> Held:
    """What the weeks of all types of events cover; a country's silence is not always peace."""
    known = rows["country"].where(rows["country"].isin(list(GLEDITSCH_WARD)))
    weeks = rows.assign(country=known, start=rows["week"], end=rows["week"] + _LAST)
    held = months_held(_distinct(weeks), BEGINS)
    attacks = _distinct(weeks[weeks["kind"] == Kind.ATTACK])
    lost, notes = lost_within(attacks, held.coverage, "attack on civilians")
    return Held(held.coverage, both(held.lost, lost), [*held.notes, *notes])


def _distinct(weeks: pd.DataFrame) -> pd.DataFrame:
    return weeks[["country", "start", "end"]].drop_duplicates()


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
