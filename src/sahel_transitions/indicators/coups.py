"""How many coups: it depends on who counts, on what counts, and since when."""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, parse_partial_date

DATASETS = ("powell_thyne", "cline")
LEDGER, DOCUMENT = "ledger", "document"
# Since independence, since the transitions of the reference class, and since the ledger begins.
SINCE = ("1960-01", "2010-01", "2020-08")
COUP_COLUMNS = ["country", "counted_by", "since", "outcome", "count", "until", "state", "sources"]
_OUTCOMES = {
    "powell_thyne": ("successful", "failed"),
    "cline": ("successful", "failed", "conspiracy"),
    LEDGER: ("realised", "attempted", "alleged", "other"),
}


def coup_counts(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Coups by country, who counts them, outcome and since when, as known on `as_of`.

    Returns
    -------
    DataFrame
        `country` (of a count that was published for several, all of them, joined by commas),
        `counted_by` (*powell_thyne*, *cline*, *ledger* for the table `coups`, *document* for a
        published count), `since` (month), `outcome` in the terms of who counts (*not_stated* for a
        published count), `count` (missing where it is not covered), `until` (the last month that
        the source covers, `as_of` at most), `state` (*observed*, *zero* or *not_covered*) and
        `sources`. Counts of different sources are never added: they mean different things.
    """
    rows = [*_of_datasets(parameters, tables), *_of_ledger(parameters, tables)]
    rows += _published(parameters, tables)
    frame = pd.DataFrame(rows, columns=COUP_COLUMNS)
    return frame.astype({"count": "Int64"})


def _of_datasets(parameters: Parameters, tables: Mapping[str, Table]) -> Iterator[dict]:
    table = tables["coup_records"]
    spans = dataset_spans(table)
    cited = {
        name: tuple(key for key in table.declaration.citation if key.startswith(name))
        for name in DATASETS
    }
    records = table.frame[table.frame["date"] <= parameters.as_of]
    for country in parameters.countries:
        coverage = table.declaration.coverage.get(country)
        for name in DATASETS:
            _, last = spans[name]
            # The table covers a country as far as the dataset that reaches furthest.
            covered = coverage is not None and coverage.last >= last
            mine = records[(records["country"] == country) & (records["dataset"] == name)]
            for since in SINCE:
                counts = mine.loc[mine["date"].str[:7] >= since, "outcome"].value_counts()
                yield from _rows(
                    country, name, since, counts, min(last, parameters.as_of[:7]),
                    covered and since <= last, cited[name],
                )  # fmt: skip


def dataset_spans(table: Table) -> dict[str, tuple[str, str]]:
    """The first and last month of each dataset in `coup_records`, as the table declares them."""
    meaning = table.declaration.columns["dataset"].meaning
    found = re.findall(r"(\w+) covers (\d{4}-\d{2}) to (\d{4}-\d{2})", meaning)
    return {name: (first, last) for name, first, last in found}


def _of_ledger(parameters: Parameters, tables: Mapping[str, Table]) -> Iterator[dict]:
    table = tables["coups"]
    known = [
        str(parse_partial_date(text).latest) <= parameters.as_of for text in table.frame["date"]
    ]
    rows = table.frame[known]
    for country in parameters.countries:
        coverage = table.declaration.coverage.get(country)
        mine = rows[rows["country"] == country]
        for since in SINCE:
            covered = coverage is not None and coverage.first <= since <= parameters.as_of[:7]
            until = min(coverage.last, parameters.as_of[:7]) if coverage else None
            cited = tuple(dict.fromkeys(key for keys in mine["sources"] for key in keys))
            yield from _rows(
                country, LEDGER, since, mine["outcome"].value_counts(), until, covered, cited
            )


def _rows(
    country: str, name: str, since: str, counts: pd.Series, until: str | None, covered: bool,
    sources: tuple[str, ...],
) -> Iterator[dict]:  # fmt: skip
    for outcome in _OUTCOMES[name]:
        count = int(counts.get(outcome, 0)) if covered else None
        state = "not_covered" if count is None else "observed" if count else "zero"
        yield dict(
            zip(
                COUP_COLUMNS,
                (country, name, since, outcome, count, until if covered else None, state, sources),
                strict=True,
            )
        )


def _published(parameters: Parameters, tables: Mapping[str, Table]) -> Iterator[dict]:
    """Counts that were published by the day, for countries that are all in the study."""
    figures = tables["published_figures"].frame
    for row in figures[figures["measure"] == "coups"].itertuples():
        known = str(parse_partial_date(row.vintage).latest) <= parameters.as_of
        if known and set(row.countries) <= set(parameters.countries):
            yield dict(
                zip(
                    COUP_COLUMNS,
                    (",".join(row.countries), DOCUMENT, SINCE[0], "not_stated", int(row.value),
                     row.last, "observed", row.sources),
                    strict=True,
                )
            )  # fmt: skip
