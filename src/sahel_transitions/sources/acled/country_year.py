"""ACLED's own totals by country and year → the table `deaths` (A2 by year only).

Six files of one form: what is counted, and when the file was made, stands in its name alone.
"""

import re

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
from sahel_transitions.sources.source import Built, Options, Source, Unanswerable

_CANNOT = {
    "A1": "country-year tables are not told apart by type of event: A1 cannot be computed",
    "A3": "country-year tables carry no single events: A3 cannot be computed",
    "month": "country-year tables have no months",
    "admin1": "country-year tables have no first-order units",
    "perpetrator": "country-year tables name no actors",
}

# Deaths in the nearest years beside which none at all is no peace, but a row that was lost.
_MANY = 15


def build_country_year(opened: Opened, options: Options) -> Built:
    """Take the yearly fatalities of events that target civilians.

    A year that was not over when the file was made is left out of the coverage.

    Raises
    ------
    TableProblems
        With every fault of the file.
    Unanswerable
        If it counts events, or if its name does not say that its deaths are of civilians.
    """
    measure = "fatalities" if "events" not in opened.names else "events"
    checks = Checks(opened, ["country", "year", measure], separators=",;")
    codes = checks.frame["country"].map(iso3_of, na_action="ignore")
    checks.fault("country", codes.isna(), "the English name of a country")
    checks.unique("country", "year", remedy="Two tables may have been joined: take one of them.")
    rows = pd.DataFrame(
        {
            "country": codes,
            "year": checks.whole_numbers("year", 1900),
            "a2": checks.whole_numbers(measure),
        }
    )
    rows = checks.finish(rows, options.skip_bad_rows)
    named = re.sub(r"[\W_]+", " ", opened.path.stem.casefold())
    if measure == "events":
        raise Unanswerable("the table counts events and not deaths: no definition can be computed")
    if "civilian fatalities" not in named:
        raise Unanswerable(
            "deaths of all people, armed or not, are no definition of civilian deaths, and the "
            "name of the file does not say “civilian_fatalities”: take the table of reported "
            "civilian fatalities, under the name that ACLED gives it"
        )
    inside = rows[rows["country"].isin(list(GLEDITSCH_WARD))]
    if inside.empty:
        raise Refusal(f"{opened.name} holds no country of West Africa or Chad: nothing was built.")
    made = made_on(opened.path.name)
    # A year that was not over when the file was made, or may not have been, is no year.
    listed = int(rows["year"].max())
    last = min(listed, made.year - 1) if made else listed - 1
    over = inside[inside["year"] <= last]
    if over.empty:
        raise Refusal(
            f"{opened.name} holds no year that was over when it was made (its name says when, as "
            "in “as-of-20Feb2026”): nothing was built."
        )
    by_country = {code: rows.set_index("year")["a2"] for code, rows in over.groupby("country")}
    coverage = {
        code: {"first": f"{deaths.index.min()}-01", "last": f"{last}-12"}
        for code, deaths in by_country.items()
    }
    lost = {
        code: [{"first": f"{year}-01", "last": f"{year}-12"} for year in years]
        for code, deaths in by_country.items()
        if (years := _lost_years(deaths, last))
    }
    frame = over[over["a2"] > 0].assign(admin1=NOT_LOCATED, perpetrator="not_attributed")
    frame = pd.concat([frame.assign(joint_events=rule) for rule in JOINT_EVENTS])
    key = ["year" if name == "month" else name for name in GRAIN]
    declaration = declare(
        description="Fatalities of events that target civilians by year, as ACLED publishes them.",
        vintage=options.vintage or (f"as of {made:%Y-%m-%d}" if made else "not dated"),
        released=f"{made:%Y-%m-%d}" if made else f"{listed}-01-01",
        coverage=coverage,
        lost=lost,
        definitions=["A2"],
        breakdowns=["year"],
        period="year",
        events=False,
        # A year in which months were still to be revised is so as a whole.
        provisional_from=months_before(made, PROVISIONAL_MONTHS - 1)[:4] + "-01" if made else None,
        skipped=checks.skipped,
    )
    frame = frame[[*key, "a2"]].sort_values(key, ignore_index=True)
    notes = [
        f"{len(over):,} country-years of West Africa and Chad, to {last}.",
        "That the deaths are of civilians stands in the name of the file alone.",
    ]
    if made is None:
        notes.append(
            f"The name does not say when the file was made: {listed} may not have been over, and "
            "is not covered."
        )
    notes += [
        f"{code}: {span['first'][:4]} is not in the file, between years of many deaths: missing, "
        "not zero."
        for code, spans in lost.items()
        for span in spans
    ]
    return Built("deaths", frame, declaration, notes)


def _lost_years(deaths: pd.Series, last: int) -> list[int]:
    """The years that the table must have lost: those between, or after, years of many deaths.

    From 2022 on, the producer leaves out countries and years without an event of the kind, so that
    an absent year among quiet ones is a true zero.
    """
    absent = [year for year in range(int(deaths.index.min()), last + 1) if year not in deaths.index]
    lost = []
    for year in absent:
        before, after = deaths[deaths.index < year], deaths[deaths.index > year]
        nearest = [before.iloc[before.index.argmax()]]
        if len(after):
            nearest.append(after.iloc[after.index.argmin()])
        if min(nearest) >= _MANY:
            lost.append(year)
    return lost


def build_country_month(opened: Opened, options: Options) -> Built:
    """Refuse the table of events by country and month: it holds no deaths."""
    checks = Checks(opened, ["country", "month", "year", "events"], separators=",;")
    counted = checks.whole_numbers("events")
    checks.finish(counted.to_frame(), options.skip_bad_rows)
    raise Unanswerable("the table counts events and not deaths: no definition can be computed")


ACLED_COUNTRY_YEAR = Source(
    name="acled-country-year",
    title="ACLED totals by country and year",
    signatures=(
        frozenset({"country", "year", "fatalities"}),
        frozenset({"country", "year", "events"}),
    ),
    build=build_country_year,
    cannot=_CANNOT,
    narrow=True,
)

ACLED_COUNTRY_MONTH = Source(
    name="acled-country-month",
    title="ACLED events by country and month",
    signatures=(frozenset({"country", "month", "year", "events"}),),
    build=build_country_month,
    cannot=_CANNOT,
    narrow=True,
)
