"""UCDP Georeferenced Event Dataset → the table `deaths`.

Source: Sundberg and Melander (2013), "Introducing the UCDP Georeferenced Event Dataset", and the
codebook of the yearly releases. Read are yearly releases in CSV, alone or as they are packed, with
the official column names (`best`, `high`, `low`) and those of some exports (`best_est`, …), and
Candidate releases. No event leaves this module: only counts by country, month, first-order unit,
type of violence and perpetrator class.
"""

import re

import pandas as pd

from sahel_transitions.errors import Problem, Refusal, TableProblems
from sahel_transitions.sources.actors import PERPETRATORS, ActorClassifier
from sahel_transitions.sources.allocation import ALLOCATIONS, allocate, days_by_month
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, ISO3_BY_GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.silences import lost_within, without_lost
from sahel_transitions.sources.source import Built, Options, Source, Unanswerable
from sahel_transitions.tables import apply_corrections, read_corrections

NOT_LOCATED = "not_located"
COUNTS = ["events", "civilians", "unknown", "best", "low", "high"]
GRAIN = [
    "country", "month", "admin1", "type_of_violence", "perpetrator", "allocation", "provisional",
]  # fmt: skip

_ESTIMATES = ("best", "high", "low")
_WHOLE = [
    "year", "type_of_violence", "country_id", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown",
]  # fmt: skip
_TEXT = ["id", "side_a", "country", "date_start", "date_end", "where_prec", "adm_1"]
# Lacking in early releases, whose events are all final.
_OPTIONAL = ["code_status", "active_year", "side_a_new_id"]
# Events located no more precisely than this are placed in a first-order unit (UCDP codebook:
# 4 first-order unit, 5 fuzzy, 6 country).
_ADMIN1_PRECISION = 4
_ADMIN1_SUFFIX = r" (?:region|department|district|state|province)$"
# The first release was published in 2011, for the years to 2010.
_FIRST_RELEASE = 2010
_ENOUGH, _ONE_SIDED = 100, 3
# A release of the world has events in more countries than this, and covers all others too.
_WORLD = 60


def build_deaths(opened: Opened, options: Options) -> Built:
    """Count reported deaths by month from a GED file.

    Parameters
    ----------
    opened : Opened
    options : Options
        With `actors`. Without a vintage, the release is taken from the name of the file or
        inferred from its last year (2023 → 24.1), and said to be.

    Returns
    -------
    Built
        One row for each country × month × first-order unit × type of violence × perpetrator class
        × allocation rule that has at least one event.

    Raises
    ------
    TableProblems
        With every fault of the file.
    Unanswerable
        If it was filtered by type of violence so that no definition can be answered.
    Refusal
        If it holds no event of a country of the gazetteer.
    """
    everywhere, skipped, needless = read_ged(opened, skip_bad_rows=options.skip_bad_rows)
    if needless and options.strict_corrections:
        raise TableProblems(needless)
    events = everywhere[everywhere["iso3"].notna()]
    if events.empty:
        raise Refusal(f"{opened.name} holds no event in West Africa or Chad: nothing was built.")
    classify = ActorClassifier(options.actors, "ucdp")
    events = events.assign(
        perpetrator=[
            classify(side, country) if kind == 3 else "not_attributed"
            for side, country, kind in zip(
                events["side_a"], events["country"], events["type_of_violence"], strict=True
            )
        ]
    )
    reasons, countries = _unanswered(events), events["iso3"].unique()
    definitions = [
        name for name in ("U1", "U2", "U3")
        if any(name not in reasons.get(country, {}) for country in countries)
    ]  # fmt: skip
    if not definitions:
        raise Unanswerable(next(iter(reasons.values()))["U1"])
    months = _by_month(events)
    counted = months.groupby(GRAIN, as_index=False, sort=True)[COUNTS].sum()
    counted = counted[(counted[COUNTS] != 0).any(axis=1)].reset_index(drop=True)
    declaration = _declaration(opened, everywhere, options.vintage, skipped)
    days = events[["iso3", "date_start"]].drop_duplicates().set_axis(["country", "start"], axis=1)
    lost, holes = lost_within(days.assign(end=days["start"]), declaration["coverage"], "event")
    unanswered = {
        country: lacking for country, told in reasons.items()
        if (lacking := [name for name in definitions if name in told])
    }  # fmt: skip
    declaration |= {"definitions": definitions}
    declaration |= {"lost": lost} if lost else {}
    declaration |= {"unanswered": unanswered} if unanswered else {}
    counted = without_lost(counted, declaration["coverage"], lost)
    told = [f"{reasons[country][name]}." for country, names in unanswered.items() for name in names]
    notes = [*_notes(events, classify), *holes, *told, *map(str, needless)]
    cannot = {name: why for each in reasons.values() for name, why in each.items()
              if name not in definitions}  # fmt: skip
    return Built("deaths", counted, declaration, notes, cannot)


def read_ged(
    opened: Opened, *, skip_bad_rows: bool = False
) -> tuple[pd.DataFrame, int, list[Problem]]:
    """The events of a GED file with typed columns, `iso3`, `admin1`, `actor` and `provisional`.

    Bounds that do not bracket the best estimate, and events with a best estimate of 0, are kept as
    they are. `iso3` is missing outside West Africa and Chad; `actor` is the number of side A,
    0 where the file has none.

    Returns
    -------
    DataFrame
        One row an event; the index is the row in the file.
    int
        Rows that were left out, if bad ones may be.
    list of Problem
        Corrections of the project that this file no longer needs.
    """
    suffix = "_est" if any(f"{name}_est" in opened.names for name in _ESTIMATES) else ""
    estimates = {name: name + suffix for name in _ESTIMATES}
    checks = Checks(opened, [*_TEXT, *_WHOLE, *estimates.values()], _OPTIONAL)
    checks.frame, needless = apply_corrections(
        checks.frame, read_corrections(UCDP_GED.name), country="country_id", year="year"
    )
    cells = checks.frame
    events = pd.DataFrame({name: checks.whole_numbers(name) for name in _WHOLE})
    for name, column in estimates.items():
        events[name] = checks.whole_numbers(column)
    for name in ("date_start", "date_end"):
        events[name] = checks.days(name)
    for name in ("side_a", "country"):
        events[name] = checks.present(name)
    checks.fault("type_of_violence", ~events["type_of_violence"].isin([1, 2, 3]), "1, 2 or 3")
    checks.fault(
        "date_end", events["date_end"] < events["date_start"], "a day not before date_start"
    )
    years = (events["date_start"].dt.year, events["date_end"].dt.year)
    checks.fault("year", ~events["year"].between(*years), "the year of date_start or date_end")
    checks.fault("date_end", years[1] - years[0] > 1, "a day in the year of date_start or the next")
    checks.present("id")
    checks.unique(
        "id", remedy="Two releases or a double export may have been joined: take one of them."
    )
    parts = events[["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]].sum(axis=1)
    checks.fault(
        estimates["best"], parts != events["best"],
        "the sum of deaths_a, deaths_b, deaths_civilians and deaths_unknown",
        "Columns may be shifted in this row: take the file from its producer again, or go on "
        "without the row: --skip-bad-rows.",
    )  # fmt: skip
    events["iso3"] = events["country_id"].map(ISO3_BY_GLEDITSCH_WARD)
    _check_countries(checks, events)
    status = cells.get("code_status", pd.Series("Clear", cells.index)).fillna("Clear")
    # A Candidate year is provisional as a whole: its clear events may still be joined or dropped.
    unclear = status.str.casefold() != "clear"
    provisional = set(events["year"][unclear])
    events["provisional"] = events["year"].isin(provisional)
    if provisional and events["year"].min() < min(provisional) - 1:
        checks.fault(
            "code_status", unclear, "clear events alone, in a file that reaches back for years",
            "Final and Candidate releases were joined, and a month of both would count twice: take "
            "one of them.", cells=status,
        )  # fmt: skip
    active = cells.get("active_year", pd.Series("true", cells.index)).fillna("true")
    events["active_year"] = active.str.casefold().isin(["true", "1", "t"])
    precise = pd.to_numeric(cells["where_prec"], errors="coerce") <= _ADMIN1_PRECISION
    unit = cells["adm_1"].str.replace(_ADMIN1_SUFFIX, "", regex=True)
    events["admin1"] = unit.where(precise & unit.notna(), NOT_LOCATED)
    events["id"] = cells["id"]
    number = cells.get("side_a_new_id", pd.Series(index=cells.index, dtype="str"))
    events["actor"] = pd.to_numeric(number, errors="coerce").fillna(0).astype("int64")
    return checks.finish(events, skip_bad_rows), checks.skipped, needless


def _unanswered(events: pd.DataFrame) -> dict[str, dict[str, str]]:
    """By country and definition, why the types of violence in a file do not answer it.

    So many events of a country without one of one-sided violence, or of it alone, are no chance:
    in UCDP's own files there is none.
    """
    found = {}
    for country, rows in events.groupby("iso3"):
        types, number = set(rows["type_of_violence"]), len(rows)
        if number < _ENOUGH or (_ONE_SIDED in types and types != {_ONE_SIDED}):
            continue
        if _ONE_SIDED in types:
            why = (
                f"all {number:,} events of {country} in this file are of one-sided violence: {{}} "
            )
            found[country] = {
                name: why.format(name) + "cannot be computed, U1 can" for name in ("U2", "U3")
            }
        else:
            why = (
                f"none of the {number:,} events of {country} in this file is of one-sided violence"
            )
            found[country] = {
                name: f"{why}: {name} cannot be computed" for name in ("U1", "U2", "U3")
            }
    return found


def _check_countries(checks: Checks, events: pd.DataFrame) -> None:
    """The number of a country and its name must be of one country."""
    named = events["country"].map(iso3_of)
    ours = events["iso3"].notna() | named.isin(list(GLEDITSCH_WARD))
    checks.fault(
        "country_id", ours & (named != events["iso3"]),
        "the number of the country that column country names", cells=events["country_id"].astype("str")
        + " for " + events["country"],
    )  # fmt: skip


def _by_month(events: pd.DataFrame) -> pd.DataFrame:
    """One row for each event × month that it touches × allocation rule."""
    events = events.rename(columns={"country": "country_name", "iso3": "country"}).assign(
        events=1,
        civilians=events["deaths_civilians"],
        unknown=events["deaths_unknown"],
        month=events["date_start"].dt.strftime("%Y-%m"),
    )
    within_one = events["date_end"].dt.strftime("%Y-%m") == events["month"]
    keep = [column for column in [*GRAIN, *COUNTS] if column != "allocation"]
    rows = [events.loc[within_one, keep].assign(allocation=rule) for rule in ALLOCATIONS]
    spread = [
        {**{column: getattr(event, column) for column in keep}, **counts}
        for event in events[~within_one].itertuples()
        for counts in _spread(event)
    ]
    return pd.concat([*rows, pd.DataFrame(spread, columns=[*keep, "allocation"])])


def _spread(event):
    days = days_by_month(event.date_start.date(), event.date_end.date())
    for rule in ALLOCATIONS:
        shares = {column: allocate(getattr(event, column), days, rule) for column in COUNTS}
        for month in days:
            counts = {column: shares[column][month] for column in COUNTS}
            yield {"month": month, "allocation": rule, **counts}


def _notes(events: pd.DataFrame, classify: ActorClassifier) -> list[str]:
    offenders = (events["low"] > events["best"]) | (events["high"] < events["best"])
    several = events["date_start"].dt.strftime("%Y-%m") != events["date_end"].dt.strftime("%Y-%m")
    countries = events["iso3"].nunique()
    none = events["best"] == 0
    notes = [
        f"{len(events)} events in {countries} {'country' if countries == 1 else 'countries'}, "
        f"{events['date_start'].min():%Y-%m-%d} to {events['date_end'].max():%Y-%m-%d}.",
        f"{offenders.sum()} events have bounds that do not bracket the best estimate; kept as "
        "they are.",
        f"{none.sum()} events have a best estimate of 0; kept, "
        f"{(none & (events['high'] > 0)).sum()} of them carry a high estimate.",
        f"{several.sum()} events last over several months and are allocated by three rules.",
        f"{(events['admin1'] == NOT_LOCATED).sum()} events are not located to a first-order unit.",
    ]
    if classify.unknown:
        names = ", ".join(f"{name} ({n})" for name, n in sorted(classify.unknown.items()))
        notes.append(f"Actors that no pattern knows, counted as unidentified: {names}.")
    return notes


_YEARLY = re.compile(r"(?:GEDEvent_v|ged)(\d{2})[_.]?([1-9])(?!\d)(?![_.]\d)", re.IGNORECASE)
_CANDIDATE = re.compile(
    r"GEDEvent_v(\d{2})[_.](?:0[_.](\d{1,2})|01[_.]\d{2}[_.](\d{2}))(?!\d)", re.IGNORECASE
)


def _candidate(opened: Opened, events: pd.DataFrame) -> tuple[str, str] | None:
    """The release and first month of a Candidate release, by the name of the file.

    `GEDEvent_v24_0_5` holds May 2024 alone, `GEDEvent_v24_01_24_06` January to June.
    """
    match = _CANDIDATE.search(opened.content.stem) or _CANDIDATE.search(opened.path.stem)
    if match is None or 2000 + int(match[1]) != int(events["year"].max()):
        return None
    year, month, until = match.groups()
    if month:
        return f"{year}.0.{int(month)}", f"20{year}-{int(month):02d}"
    return f"{year}.01.{year}.{until}", f"20{year}-01"


def _release(opened: Opened, events: pd.DataFrame) -> tuple[str, bool]:
    """The release by the name of the file, if its last year agrees, or inferred from that year."""
    last_year = int(events["year"].max())
    if events["provisional"].any():
        return f"Candidate events to {events['date_end'].max():%Y-%m} (release not stated)", False
    match = _YEARLY.search(opened.content.stem) or _YEARLY.search(opened.path.stem)
    # A yearly release holds the years before it.
    if match is not None and 2000 + int(match[1]) - 1 == last_year:
        return f"{match[1]}.{match[2]}", False
    inferred = f"{last_year + 1 - 2000}.1"
    if last_year < _FIRST_RELEASE:
        return "not dated", False
    if events["country_id"].nunique() == 1:
        # The last event of one country need not be of the last year of the release.
        return f"{inferred} or later (not stated)", True
    return f"{inferred} (inferred)", True


def _released(events: pd.DataFrame, final: bool) -> str:
    """About when: yearly releases in the middle of the next year, Candidate ones a month later."""
    if final:
        return f"{int(events['year'].max()) + 1}-06-30"
    return f"{events['date_end'].max() + pd.DateOffset(months=1):%Y-%m-%d}"


def _declaration(opened: Opened, events: pd.DataFrame, vintage: str | None, skipped: int) -> dict:
    last_year = int(events["year"].max())
    candidate = _candidate(opened, events)
    final = candidate is None and not events["provisional"].any()
    # A file of some years, or a Candidate release, says nothing of the time before it.
    first = f"{int(events['year'].min())}-01"
    if not final:
        first = candidate[1] if candidate else f"{events['date_start'].min():%Y-%m}"
    coverage = {
        "first": first,
        "last": f"{last_year}-12" if final else f"{events['date_end'].max():%Y-%m}",
    }
    inside = events["iso3"].dropna().unique()
    if events["country_id"].nunique() > _WORLD:
        inside = list(GLEDITSCH_WARD)
    countries = sorted(inside)
    warnings = [
        "ucdp_perpetrators_one_sided_only", "ucdp_one_sided_misses_moura", "ucdp_threshold",
        "ucdp_bounds_dependence", "ucdp_bounds_not_bracketing",
    ]  # fmt: skip
    provisional = {} if final else {"provisional_from": dict.fromkeys(countries, first)}
    if vintage is None and candidate:
        vintage = candidate[0]
    if vintage is None:
        vintage, inferred = _release(opened, events)
        warnings += ["ucdp_release_inferred"] * inferred
    count = {"type": "integer", "minimum": 0}
    return {
        "title": "Reported deaths by month",
        "description": (
            "Counts of reported deaths from the UCDP Georeferenced Event Dataset by country, "
            "month, first-order administrative unit, type of violence and perpetrator class. "
            "Rows with no event are left out: within the coverage they are true zeros. Each event "
            "is counted once under each allocation rule, so one rule must be chosen before "
            "anything is summed. Administrative units are those of the release, before Mali's "
            "reform of 2023 and Burkina Faso's of 2025. Cells that are wrong in the release are "
            "corrected as data/corrections says."
        ),
        "producer": "Uppsala Conflict Data Program; aggregated by Sahel Transitions",
        "citation": ["sundberg_melander2013_ged", "ucdp_ged"],
        "licence": "CC-BY-4.0",
        "redistribution": True,
        "vintage": vintage,
        "vintage_released": _released(events, final),
        "coverage": {country: coverage for country in countries},
        "grain": GRAIN,
        "columns": {
            "country": {"type": "text", "meaning": "Where the event happened (ISO 3166-1 alpha-3)",
                        "allowed": countries},
            "month": {"type": "month", "meaning": "Month to which the deaths are allocated"},
            "admin1": {"type": "text", "meaning": "First-order administrative unit as UCDP names "
                       f"it; {NOT_LOCATED} where the place is known less precisely"},
            "type_of_violence": {"type": "integer", "allowed": ["1", "2", "3"],
                                 "meaning": "1 state-based, 2 non-state, 3 one-sided"},
            "perpetrator": {"type": "text", "allowed": list(PERPETRATORS),
                            "meaning": "Class of the perpetrator of one-sided violence, as "
                            "reported by UCDP; not_attributed for deaths in fighting between two "
                            "sides, which UCDP does not attribute"},
            "allocation": {"type": "text", "allowed": list(ALLOCATIONS),
                           "meaning": "Month to which an event over several months is counted: "
                           "its first, its last, or each in proportion to its days"},
            "provisional": {"type": "boolean", "meaning": "Whether UCDP may still revise the event "
                            "(code_status other than Clear)"},
            "events": {**count, "unit": "events", "meaning": "Events of any number of deaths"},
            "civilians": {**count, "unit": "reported deaths",
                          "meaning": "Civilians, best estimate (deaths_civilians)"},
            "unknown": {**count, "unit": "reported deaths",
                        "meaning": "Dead whose status is unknown (deaths_unknown)"},
            "best": {**count, "unit": "reported deaths",
                     "meaning": "All dead, armed or not, best estimate"},
            "low": {**count, "unit": "reported deaths", "meaning": "All dead, low estimate"},
            "high": {**count, "unit": "reported deaths", "meaning": "All dead, high estimate"},
        },
        "warnings": warnings,
        "dataset": "UCDP GED",
        "definitions": ["U1", "U2", "U3"],
        "breakdowns": ["year", "month", "admin1", "perpetrator"],
        "skipped_rows": skipped,
        **provisional,
    }  # fmt: skip


UCDP_GED = Source(
    name="ucdp-ged",
    title="UCDP Georeferenced Event Dataset",
    signatures=(
        frozenset({*_TEXT, *_WHOLE, *_ESTIMATES}),
        frozenset({*_TEXT, *_WHOLE, *(f"{name}_est" for name in _ESTIMATES)}),
    ),
    build=build_deaths,
)
