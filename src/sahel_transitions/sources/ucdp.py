"""UCDP Georeferenced Event Dataset → the table `deaths`.

Source: Sundberg and Melander (2013), "Introducing the UCDP Georeferenced Event Dataset", and the
codebook of the yearly releases. Read are the yearly CSV with the official column names (`best`,
`high`, `low`) and the variant with `best_est`, `high_est`, `low_est`. No event leaves this module:
only counts by country, month, first-order unit, type of violence and perpetrator class.
"""

from pathlib import Path

import pandas as pd

from sahel_transitions.errors import Problem, Refusal, TableProblems
from sahel_transitions.sources.actors import PERPETRATORS, ActorClassifier
from sahel_transitions.sources.allocation import ALLOCATIONS, allocate, days_by_month
from sahel_transitions.sources.built import Built
from sahel_transitions.sources.gazetteer import ISO3_BY_GLEDITSCH_WARD

FIRST_YEAR = 1989
NOT_LOCATED = "not_located"
COUNTS = ["events", "civilians", "unknown", "best", "low", "high"]
GRAIN = [
    "country", "month", "admin1", "type_of_violence", "perpetrator", "allocation", "provisional",
]  # fmt: skip

_RENAMED = {"best_est": "best", "high_est": "high", "low_est": "low"}
_WHOLE = [
    "year", "type_of_violence", "country_id", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown", "best", "high", "low",
]  # fmt: skip
_NEEDED = [
    "id", "code_status", "side_a", "country", "date_start", "date_end", "where_prec", "adm_1",
    *_WHOLE,
]  # fmt: skip
# Events located no more precisely than this are placed in a first-order unit (UCDP codebook:
# 4 first-order unit, 5 fuzzy, 6 country).
_ADMIN1_PRECISION = 4
_ADMIN1_SUFFIX = r" (?:region|department|district|state|province)$"


def build_deaths(file: Path, actors: pd.DataFrame, vintage: str | None = None) -> Built:
    """Count reported deaths by month from a GED file.

    Parameters
    ----------
    file : Path
        A GED release in CSV.
    actors : DataFrame
        The table `actors`.
    vintage : str, optional
        The release; without it, it is inferred from the last year (2023 → 24.1) and said to be.

    Returns
    -------
    Built
        One row for each country × month × first-order unit × type of violence × perpetrator class
        × allocation rule that has at least one event.

    Raises
    ------
    TableProblems
        With every fault of the file.
    Refusal
        If it holds no event of a country of the gazetteer.
    """
    events = read_ged(file)
    events = events[events["iso3"].notna()]
    if events.empty:
        raise Refusal(f"{file.name} holds no event in West Africa or Chad: nothing was built.")
    classify = ActorClassifier(actors, "ucdp")
    events["perpetrator"] = [
        classify(side, country) if kind == 3 else "not_attributed"
        for side, country, kind in zip(
            events["side_a"], events["country"], events["type_of_violence"], strict=True
        )
    ]
    months = _by_month(events)
    counted = months.groupby(GRAIN, as_index=False, sort=True)[COUNTS].sum()
    counted = counted[(counted[COUNTS] != 0).any(axis=1)].reset_index(drop=True)
    return Built("deaths", counted, _declaration(events, vintage), _notes(events, classify))


def read_ged(file: Path) -> pd.DataFrame:
    """The events of a GED file with typed columns, `iso3` and `admin1`.

    Bounds that do not bracket the best estimate, and events with a best estimate of 0, are kept as
    they are.
    """
    try:
        raw = pd.read_csv(file, dtype="str", keep_default_na=False, na_values=[""])
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise Refusal(
            f"{file.name}: expected a UCDP GED release in CSV, found a file that cannot be read as "
            f"a table ({reason}). Choose the CSV of a release."
        ) from error
    raw = raw.rename(columns=_RENAMED)
    _check_columns(file.name, raw)
    events = raw[_NEEDED].copy()
    problems = []
    for column in _WHOLE:
        numbers = pd.to_numeric(events[column], errors="coerce")
        wrong = numbers.isna() | (numbers < 0) | (numbers % 1 != 0)
        problems += _problems(
            file.name, events[column][wrong], "a whole number of at least 0", "Correct the file."
        )
        events[column] = numbers.where(~wrong, 0).astype("int64")
    for column in ("date_start", "date_end"):
        # Some releases carry a time of day (00:00:00.000) after the date.
        days = pd.to_datetime(events[column].str[:10], format="%Y-%m-%d", errors="coerce")
        problems += _problems(
            file.name, events[column][days.isna()], "a day such as 2022-03-27", "Correct the file."
        )
        events[column] = days
    backwards = events["date_end"] < events["date_start"]
    problems += _problems(
        file.name, events["date_end"][backwards].astype("str"), "a day not before date_start",
        "Correct the file.",
    )  # fmt: skip
    twice = events["id"].duplicated()
    problems += _problems(
        file.name, events["id"][twice], "an id that occurs once",
        "Remove the second row: two releases or a double export may have been joined.",
    )  # fmt: skip
    apart = (
        events[["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]].sum(axis=1)
        != events["best"]
    )
    problems += _problems(
        file.name, events["best"][apart].astype("str"),
        "the sum of deaths_a, deaths_b, deaths_civilians and deaths_unknown",
        "Columns may be shifted in this row.",
    )  # fmt: skip
    if problems:
        raise TableProblems(sorted(problems, key=lambda problem: problem.row or 0))
    events["iso3"] = events["country_id"].map(ISO3_BY_GLEDITSCH_WARD)
    precise = pd.to_numeric(events["where_prec"], errors="coerce") <= _ADMIN1_PRECISION
    unit = events["adm_1"].str.strip().str.replace(_ADMIN1_SUFFIX, "", regex=True)
    events["admin1"] = unit.where(precise & unit.notna(), NOT_LOCATED)
    return events


def _check_columns(name: str, raw: pd.DataFrame) -> None:
    missing = [column for column in _NEEDED if column not in raw]
    if missing:
        found = ", ".join(map(str, raw.columns[:6])) + ("…" if raw.shape[1] > 6 else "")
        remedy = "Is it a UCDP GED release? Columns of its yearly CSV must keep their names."
        problem = Problem(name, 1, None, f"the columns {', '.join(missing)}", found, remedy)
        raise TableProblems([problem])


def _problems(name: str, cells: pd.Series, expected: str, remedy: str) -> list[Problem]:
    return [
        Problem(name, row + 2, str(cells.name), expected, repr(cell), remedy)
        for row, cell in cells.items()
    ]


def _by_month(events: pd.DataFrame) -> pd.DataFrame:
    """One row for each event × month that it touches × allocation rule."""
    events = events.rename(columns={"country": "country_name", "iso3": "country"}).assign(
        events=1,
        provisional=events["code_status"] != "Clear",
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
    notes = [
        f"{len(events)} events in {events['iso3'].nunique()} countries, "
        f"{events['date_start'].min():%Y-%m-%d} to {events['date_end'].max():%Y-%m-%d}.",
        f"{offenders.sum()} events have bounds that do not bracket the best estimate; kept as "
        "they are.",
        f"{(events['best'] == 0).sum()} events have a best estimate of 0; kept, they carry a high "
        "estimate.",
        f"{several.sum()} events last over several months and are allocated by three rules.",
        f"{(events['admin1'] == NOT_LOCATED).sum()} events are not located to a first-order unit.",
    ]
    if classify.unknown:
        names = ", ".join(f"{name} ({n})" for name, n in sorted(classify.unknown.items()))
        notes.append(f"Actors that no pattern knows, counted as unidentified: {names}.")
    return notes


def _declaration(events: pd.DataFrame, vintage: str | None) -> dict:
    last_year = int(events["year"].max())
    final = (events["code_status"] == "Clear").all()
    last = f"{last_year}-12" if final else f"{events['date_end'].max():%Y-%m}"
    coverage = {"first": f"{FIRST_YEAR}-01", "last": last}
    countries = sorted(events["iso3"].unique())
    warnings = [
        "ucdp_perpetrators_one_sided_only", "ucdp_one_sided_misses_moura", "ucdp_threshold",
        "ucdp_bounds_dependence", "ucdp_bounds_not_bracketing",
    ]  # fmt: skip
    if vintage is None:
        vintage = f"{last_year + 1 - 2000}.1 (inferred)"
        warnings.append("ucdp_release_inferred")
    count = {"type": "integer", "minimum": 0}
    return {
        "title": "Reported deaths by month",
        "description": (
            "Counts of reported deaths from the UCDP Georeferenced Event Dataset by country, "
            "month, first-order administrative unit, type of violence and perpetrator class. "
            "Rows with no event are left out: within the coverage they are true zeros. Each event "
            "is counted once under each allocation rule, so one rule must be chosen before "
            "anything is summed. Administrative units are those of the release, before Mali's "
            "reform of 2023 and Burkina Faso's of 2025."
        ),
        "producer": "Uppsala Conflict Data Program; aggregated by Sahel Transitions",
        "citation": ["sundberg_melander2013_ged", "ucdp_ged"],
        "licence": "CC-BY-4.0",
        "redistribution": True,
        "vintage": vintage,
        # Yearly releases appear in the middle of the following year.
        "vintage_released": f"{last_year + 1}-06-30",
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
    }  # fmt: skip
