"""ACLED counts by month as the Humanitarian Data Exchange gives them → the table `deaths` (A2 only).

A workbook or CSV file holds one kind of event: political violence, civilian targeting or
demonstrations. Its cells do not say which, only its name does. A French rearrangement in long form,
with the kind in a column, is read as well.
"""

import re
from calendar import month_name
from datetime import timedelta

import numpy as np
import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.acled.table import (
    GRAIN,
    NOT_LOCATED,
    PROVISIONAL_MONTHS,
    declare,
    made_on,
    months_before,
)
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.joint_events import JOINT_EVENTS
from sahel_transitions.sources.silences import consecutive, without_lost
from sahel_transitions.sources.source import Built, Options, Source, Unanswerable

_COLUMNS = ["country", "month", "year", "events", "fatalities"]
_MONTHS = {name.casefold(): number for number, name in enumerate(month_name) if name}
_TWICE = "The file, or a part of it, stands there twice: take it from its producer again."
_MONTHS_OF_A_NEW_UNIT = 12
_CANNOT = {
    "A1": "monthly counts are not told apart by type of event: A1 cannot be computed",
    "A3": "monthly counts carry no single events: A3 cannot be computed",
    "perpetrator": "monthly counts name no actors",
}


def build_hdx(opened: Opened, options: Options) -> Built:
    """Take the fatalities of civilian targeting by month and first-order unit.

    Raises
    ------
    TableProblems
        With every fault of the file.
    Unanswerable
        If the name of the file does not say that it is of civilian targeting.
    """
    sheet = max(opened.sheets, key=lambda each: len(set(_COLUMNS) & set(each.names)))
    checks = Checks(opened, _COLUMNS, ["admin1", "admin2", "iso3"], sheet=sheet, separators=",;")
    cells = checks.frame
    keys = [name for name in ("country", "admin1", "admin2", "year", "month") if name in cells]
    checks.unique(*keys, remedy=_TWICE)
    rows = pd.DataFrame(
        {
            "country": _countries(checks, "country"),
            "admin1": cells.get("admin1", pd.Series(NOT_LOCATED, cells.index)).fillna(NOT_LOCATED),
            "unit": _units(cells, "admin1", "admin2"),
            "month": _months(checks, "month", "year"),
            "events": checks.whole_numbers("events"),
            "a2": checks.whole_numbers("fatalities"),
        }
    )
    rows = checks.finish(rows, options.skip_bad_rows)
    named = re.sub(r"[\W_]+", " ", f"{opened.path.name} {opened.content.name}".casefold())
    if "civilian targeting" not in named:
        kind = next(
            (each for each in ("political violence", "demonstrations") if each in named), None
        )
        raise Unanswerable(
            (f"this file is of {kind}, whose deaths are not those of civilians alone: "
             if kind else "its cells do not say which kind of event is counted, and neither does "
             "its name: ")
            + "A2 can be taken from the file of civilian targeting, with “civilian_targeting” in "
            "its name as HDX gives it",
        )  # fmt: skip
    return _built(opened, options, rows, rows["month"].max(), checks.skipped)


def build_hdx_french(opened: Opened, options: Options) -> Built:
    """The same from a rearrangement in long form with French column names.

    Months that the file holds for other kinds of events but not for civilian targeting are lost:
    missing, and not zero.
    """
    columns = ["pays", "region", "annee", "mois_num", "type_evenement", "nb_evenements", "nb_deces"]
    checks = Checks(opened, columns, ["province"], separators=",;")
    keys = [name for name in ("region", "province") if name in checks.frame]
    checks.unique("pays", *keys, "annee", "mois_num", "type_evenement", remedy=_TWICE)
    year = checks.whole_numbers("annee", 1900)
    number = checks.whole_numbers("mois_num", 1)
    checks.fault("mois_num", number > 12, "a month from 1 to 12")
    rows = pd.DataFrame(
        {
            "country": _countries(checks, "pays"),
            "admin1": checks.present("region"),
            "unit": _units(checks.frame, "region", "province"),
            "month": year.astype("str") + "-" + number.astype("str").str.zfill(2),
            "kind": checks.allowed(
                "type_evenement", ["civilian_targeting", "political_violence", "demonstrations"]
            ),
            "events": checks.whole_numbers("nb_evenements"),
            "a2": checks.whole_numbers("nb_deces"),
        }
    )
    rows = checks.finish(rows, options.skip_bad_rows)
    targeting = rows[rows["kind"] == "civilian_targeting"]
    if targeting.empty:
        raise Unanswerable(
            "the file holds no row of civilian targeting: A2 cannot be taken from it"
        )
    return _built(opened, options, targeting, rows["month"].max(), checks.skipped)


def _units(cells: pd.DataFrame, *names: str) -> pd.Series:
    """What a row is of, below the country, as one text."""
    unit = pd.Series("", index=cells.index)
    for name in names:
        if name in cells:
            unit = unit + "/" + cells[name].fillna("")
    return unit


def _countries(checks: Checks, column: str) -> pd.Series:
    codes = checks.frame[column].map(iso3_of, na_action="ignore")
    checks.fault(column, codes.isna(), "the English name of a country")
    return codes.fillna("")


def _months(checks: Checks, column: str, year: str) -> pd.Series:
    number = checks.frame[column].str.casefold().map(_MONTHS)
    checks.fault(column, number.isna(), "the English name of a month")
    years = checks.whole_numbers(year, 1900)
    return years.astype("str") + "-" + number.fillna(1).astype("int64").astype("str").str.zfill(2)


def _built(opened: Opened, options: Options, rows: pd.DataFrame, last: str, skipped: int) -> Built:
    """The table of monthly counts; `last` is the last month that the file has of any kind of event."""
    inside = rows[rows["country"].isin(list(GLEDITSCH_WARD))]
    made = made_on(opened.path.name)
    if made is not None:
        # The month in which a file was made was not over.
        last = min(last, months_before(made + timedelta(days=1), 1))
        inside = inside[inside["month"] <= last]
    if inside.empty:
        raise Refusal(f"{opened.name} holds no month of West Africa or Chad: nothing was built.")
    coverage, lost, notes = _months_held(inside, last)
    counted = (
        inside.assign(perpetrator="not_attributed")
        .groupby(GRAIN[:-1], as_index=False)[["events", "a2"]]
        .sum()
    )
    counted = counted[(counted[["events", "a2"]] != 0).any(axis=1)]
    frame = pd.concat([counted.assign(joint_events=rule) for rule in JOINT_EVENTS])
    frame = without_lost(frame, coverage, lost)
    first, ends = inside["month"].min(), inside["month"].max()
    declaration = declare(
        description=(
            "Fatalities of events that target civilians by month, as the Humanitarian Data "
            "Exchange passes on ACLED's counts. Files list the months without an event, so that a "
            "month that is not in one is missing, and no zero."
        ),
        vintage=options.vintage or (f"as of {made}" if made else f"months to {last}"),
        released=str(made or (pd.Period(last, "M") + 1).start_time.date()),
        coverage=coverage,
        lost=lost,
        definitions=["A2"],
        breakdowns=[
            "year",
            "month",
            *(["admin1"] if (frame["admin1"] != NOT_LOCATED).any() else []),
        ],
        provisional_from=str(pd.Period(ends, "M") - (PROVISIONAL_MONTHS - 1)),
        skipped=skipped,
        warnings=[] if made else ["acled_last_month"],
    )
    notes = [f"{len(inside):,} rows, {first} to {ends}.", *notes]
    if "type_evenement" not in opened.names:
        notes.append("That events target civilians stands in the name of the file alone.")
    frame = frame[[*GRAIN, "events", "a2"]].sort_values(GRAIN, ignore_index=True)
    return Built("deaths", frame, declaration, notes)


def _months_held(rows: pd.DataFrame, last: str) -> tuple[dict, dict, list[str]]:
    """By country, the span covered to the last month of the file, the spans lost, and notes.

    A month is whole if it has a row, of zeros if need be, of each unit that has one both before and
    after; a unit may be new or given up, but not within a year of the edges of the file.
    """
    coverage, lost, notes = {}, {}, []
    for country, listed in rows.groupby("country"):
        first = listed["month"].min()
        months = pd.period_range(first, last, freq="M").astype("str")
        there = (
            listed.assign(one=1)
            .pivot_table(index="month", columns="unit", values="one", aggfunc="size")
            .notna()
            .reindex(months, fill_value=False)
        )
        place = np.arange(len(months))[:, None]
        begins = there.to_numpy().argmax(axis=0)
        ends = len(months) - 1 - there.to_numpy()[::-1].argmax(axis=0)
        begins = np.where(begins <= _MONTHS_OF_A_NEW_UNIT, 0, begins)
        ends = np.where(len(months) - 1 - ends <= _MONTHS_OF_A_NEW_UNIT, len(months) - 1, ends)
        expected = (place >= begins) & (place <= ends)
        absent = (expected & ~there.to_numpy()).any(axis=1) | ~there.to_numpy().any(axis=1)
        coverage[country] = {"first": first, "last": last}
        if spans := consecutive(months[absent]):
            lost[country] = spans
            named = ", ".join(f"{span['first']} to {span['last']}" for span in spans)
            notes.append(f"{country}: {named} not or not wholly in the file: missing, not zero.")
    return coverage, lost, notes


ACLED_HDX = Source(
    name="acled-hdx",
    title="ACLED monthly counts (Humanitarian Data Exchange)",
    signatures=(
        frozenset(_COLUMNS),
        frozenset({*_COLUMNS, "iso3"}),
        frozenset({*_COLUMNS, "iso3", "admin1", "admin2", "admin1 pcode", "admin2 pcode"}),
    ),
    build=build_hdx,
    cannot=_CANNOT,
    narrow=True,
)

ACLED_HDX_FRENCH = Source(
    name="acled-hdx-long",
    title="ACLED monthly counts, rearranged in long form with French column names",
    signatures=(
        frozenset(
            {"pays", "region", "province", "annee", "mois_num", "type_evenement",
             "nb_evenements", "nb_deces"}
        ),
    ),
    build=build_hdx_french,
    cannot=_CANNOT,
)  # fmt: skip
