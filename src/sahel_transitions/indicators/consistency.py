"""Sums that must agree within and across tables, with tolerances and named exceptions."""

from collections.abc import Iterator, Mapping

import pandas as pd

from sahel_transitions.errors import Problem
from sahel_transitions.indicators.readings import disagreements_with_ledgers
from sahel_transitions.sources import ALLOCATIONS
from sahel_transitions.tables import Table, parse_partial_date

_COUNTS = ["events", "civilians", "unknown", "best", "low", "high"]
# Two estimates of one population half a year apart, from producers that share a model.
_POPULATION_TOLERANCE = 0.04
# Datasets date a coup by its first shot or by its announcement.
_COUP_DAYS = 2
# The transitions of the reference class began since then.
_REFERENCE_CLASS = "2010-01-01"


def check_consistency(tables: Mapping[str, Table]) -> list[Problem]:
    """Every disagreement within and across the tables of the project that no exception explains.

    Checked are: the totals of `deaths` under the three rules of allocation; civilians and dead of
    unknown status within all dead; mid-year population against projections; coded coups against
    the coup datasets; readings of sources that disagree against the ledgers; transitions against
    coded coups and the coup datasets. An exception is a row of the table `exceptions`; one that
    explains nothing any more is a problem too.
    """
    found = [
        (check, key, problem) for check, run in _CHECKS.items() for key, problem in run(tables)
    ]
    exceptions = tables["exceptions"].frame
    named = {(row.check, row.key) for row in exceptions.itertuples()}
    problems = [problem for check, key, problem in found if (check, key) not in named]
    used = {(check, key) for check, key, _ in found}
    for row, exception in enumerate(exceptions.itertuples(), start=2):
        if exception.check in _CHECKS and (exception.check, exception.key) not in used:
            problems.append(
                Problem("exceptions", row, "key", "a disagreement that still exists",
                        repr(exception.key), "The tables agree now: remove the exception.")
            )  # fmt: skip
    return problems


def _allocations(tables: Mapping[str, Table]) -> Iterator[tuple[str, Problem]]:
    """Over all months, each rule of allocation counts each event once."""
    frame = tables["deaths"].frame
    keys = ["country", "type_of_violence", "perpetrator"]
    totals = frame.groupby(["allocation", *keys])[_COUNTS].sum()
    first = totals.loc[ALLOCATIONS[0]]
    for rule in ALLOCATIONS[1:]:
        other = totals.loc[rule].reindex(first.index)
        for key in first.index[(first != other).any(axis=1)]:
            name = " ".join(map(str, key))
            yield name, Problem(
                "deaths", None, rule, f"for {name} the totals of {ALLOCATIONS[0]}",
                "others", "Rebuild the table from its file.",
            )  # fmt: skip


def _parts(tables: Mapping[str, Table]) -> Iterator[tuple[str, Problem]]:
    """Civilians and dead of unknown status are among all dead."""
    frame = tables["deaths"].frame
    beyond = frame[frame["civilians"] + frame["unknown"] > frame["best"] + 1]
    # Largest remainders are taken of each count alone, so that a month may be off by one.
    for row in beyond.itertuples():
        yield f"{row.country} {row.month}", Problem(
            "deaths", int(row.Index) + 2, "civilians",
            f"with the unknown at most the best estimate, {row.best}",
            str(row.civilians + row.unknown), "Rebuild the table from its file.",
        )  # fmt: skip


def _populations(tables: Mapping[str, Table]) -> Iterator[tuple[str, Problem]]:
    """Mid-year population and projections of the same year agree."""
    people = tables["population"].frame
    projected = tables["population_projections"].frame
    both = people.merge(projected, on=["country", "year"], suffixes=("", "_projected"))
    apart = (both["population_projected"] / both["population"] - 1).abs() > _POPULATION_TOLERANCE
    for row in both[apart].itertuples():
        yield f"{row.country} {row.year}", Problem(
            "population", None, f"{row.country} {row.year}",
            f"within {_POPULATION_TOLERANCE:.0%} of the projection, {row.population_projected:,.0f}",
            f"{row.population:,}", "See which of the two was revised, or name the exception.",
        )  # fmt: skip


def _coups(tables: Mapping[str, Table]) -> Iterator[tuple[str, Problem]]:
    """Every coded coup that changed the government is in both coup datasets, within two days."""
    coded, records = tables["coups"].frame, tables["coup_records"].frame
    yield from _quoted_dates("coups", coded, records)
    done = coded[coded["outcome"] == "realised"]
    for dataset, rows in records.groupby("dataset"):
        last = pd.Timestamp(rows["date"].max())
        for row in done.itertuples():
            when = parse_partial_date(row.date)
            if pd.Timestamp(when.latest) > last:
                continue
            mine = rows[rows["country"] == row.country]
            days = (pd.to_datetime(mine["date"]) - pd.Timestamp(when.latest)).dt.days.abs()
            near = mine[days <= _COUP_DAYS]
            if near.empty or not near["outcome"].eq("successful").any():
                key = f"{dataset} {row.country} {row.date}"
                yield key, Problem(
                    "coups", int(row.Index) + 2, "date", f"a successful coup in {dataset} within "
                    f"{_COUP_DAYS} days", ", ".join(near["outcome"]) or "none",
                    "See which of the two is right, or name the exception.",
                )  # fmt: skip


def _quoted_dates(
    table: str, coded: pd.DataFrame, records: pd.DataFrame
) -> Iterator[tuple[str, Problem]]:
    """Dates that a coded table quotes from the coup datasets stand there."""
    there = {(row.dataset, row.country, row.date) for row in records.itertuples()}
    for dataset in ("cline", "powell_thyne"):
        column = f"date_{dataset}"
        for row in coded[coded[column].notna()].itertuples():
            date = getattr(row, column)
            if (dataset, row.country, date) not in there:
                yield f"{dataset} {row.country} {date}", Problem(
                    table, int(row.Index) + 2, column, f"a date of {dataset}", repr(date),
                    "Correct the quotation, or name the exception.",
                )  # fmt: skip


def _spells(tables: Mapping[str, Table]) -> Iterator[tuple[str, Problem]]:
    """Transitions begin with the coded coups, and none that the datasets name is passed over."""
    spells, coups = tables["spells"].frame, tables["coups"].frame
    records = tables["coup_records"].frame
    yield from _quoted_dates("spells", spells, records)
    began = dict(zip(spells["spell_id"], spells["began"], strict=True))
    for row in coups[coups["outcome"] == "realised"].itertuples():
        if began.get(row.coup_id) != row.date:
            yield row.coup_id, Problem(
                "spells", None, "began", f"a transition {row.coup_id} from {row.date}",
                began.get(row.coup_id, "none"), "Make the two tables agree.",
            )  # fmt: skip
    done = records[(records["outcome"] == "successful") & (records["date"] >= _REFERENCE_CLASS)]
    for row in done.itertuples():
        quoted = spells.loc[spells["country"] == row.country, f"date_{row.dataset}"]
        if row.date not in set(quoted.dropna()):
            yield f"{row.dataset} {row.country} {row.date}", Problem(
                "spells", None, f"date_{row.dataset}",
                f"a row for the successful coup of {row.dataset}, {row.country} {row.date}", "none",
                "Include it, leave it out with a reason, or name the exception.",
            )  # fmt: skip


_CHECKS = {
    "allocations": _allocations,
    "parts": _parts,
    "populations": _populations,
    "coups": _coups,
    "readings": disagreements_with_ledgers,
    "spells": _spells,
}
