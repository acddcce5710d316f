"""ACLED's own totals by country and year → the table `deaths` (A2 by year only).

Six files of one form: what is counted, and when the file was made, stands in its name alone.
"""

import re
from datetime import datetime

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.acled.table import GRAIN, JOINT_EVENTS, NOT_LOCATED, declare
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.source import Built, Options, Source, Unanswerable

_CANNOT = {
    "A1": "country-year tables are not told apart by type of event: A1 cannot be computed",
    "A3": "country-year tables carry no single events: A3 cannot be computed",
    "month": "country-year tables have no months",
    "admin1": "country-year tables have no first-order units",
    "perpetrator": "country-year tables name no actors",
}


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
    made = _made_on(named)
    last = int(rows["year"].max()) if made is None else min(int(rows["year"].max()), made.year - 1)
    coverage = {
        code: {"first": f"{years.min()}-01", "last": f"{last}-12"}
        for code, years in inside[inside["year"] <= last].groupby("country")["year"]
    }
    frame = inside[(inside["year"] <= last) & (inside["a2"] > 0)].assign(
        admin1=NOT_LOCATED, perpetrator="not_attributed", events=0
    )
    frame = pd.concat([frame.assign(joint_events=rule) for rule in JOINT_EVENTS])
    key = ["year" if name == "month" else name for name in GRAIN]
    declaration = declare(
        description="Fatalities of events that target civilians by year, as ACLED publishes them.",
        vintage=options.vintage or (f"as of {made:%Y-%m-%d}" if made else "not dated"),
        released=f"{made:%Y-%m-%d}" if made else f"{last + 1}-12-31",
        coverage=coverage,
        definitions=["A2"],
        breakdowns=["year"],
        period="year",
        provisional_from=f"{last}-01" if made is None else None,
        skipped=checks.skipped,
    )
    frame = frame[[*key, "events", "a2"]].sort_values(key, ignore_index=True)
    notes = [f"{len(inside):,} country-years of West Africa and Chad, to {last}."]
    return Built("deaths", frame, declaration, notes)


def build_country_month(opened: Opened, options: Options) -> Built:
    """Refuse the table of events by country and month: it holds no deaths."""
    checks = Checks(opened, ["country", "month", "year", "events"], separators=",;")
    counted = checks.whole_numbers("events")
    checks.finish(counted.to_frame(), options.skip_bad_rows)
    raise Unanswerable("the table counts events and not deaths: no definition can be computed")


def _made_on(named: str) -> datetime | None:
    """The day in a name such as “… as of 20Feb2026”."""
    match = re.search(r"as of (\d{1,2} ?[a-z]{3}[a-z]* ?\d{4})", named)
    if match is None:
        return None
    for form in ("%d%b%Y", "%d%B%Y"):
        try:
            return datetime.strptime(match[1].replace(" ", ""), form)
        except ValueError:
            continue
    return None


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
