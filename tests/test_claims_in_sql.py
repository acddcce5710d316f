"""Values that claims rest on, worked out a second time: in SQL, straight from the files."""

import duckdb
import pytest
from conftest import study

from sahel_transitions.claims import claim_verdicts
from sahel_transitions.paths import CODED, DERIVED

DEATHS = f"(select *, left(month, 4)::int as year from '{DERIVED}/deaths.csv' where allocation = 'uniform_days')"
THREE = "country in ('MLI', 'BFA', 'NER')"
EVENTS = f"'{CODED}/partner_events.csv'"
FIGURES = f"'{CODED}/published_figures.csv'"
JIHADIST = "perpetrator in ('jnim', 'islamic_state', 'jihadist_other')"


@pytest.fixture(scope="module")
def found(tables):
    rows = claim_verdicts(study(countries="MLI,BFA,NER"), tables).set_index("claim_id")
    return rows["found"]


def rank(column, last, where):
    return (
        f"select 1 + count(*) from (select year, sum({column}) s from {DEATHS} where {where} and "
        f"year <= {last} group by year) where s > (select sum({column}) from {DEATHS} where {where} "
        f"and year = {last})"
    )


QUERIES = {
    "C176": [f"select value from {FIGURES} where figure_id = 'acled_a1_mli_2022_2023_02'"],
    "C210": [rank("best", 2020, THREE), rank("civilians", 2020, THREE)],
    "C225": [
        f"select sum(best) from {DEATHS} where {THREE} and month between '2021-01' and '2021-04'"
    ],
    "C226": [
        f"select sum(civilians) from {DEATHS} where {THREE} and month between '2021-01' and '2021-04'"
    ],
    "C078": [
        f"select sum({column}) filter (year between 2020 and 2022) / sum({column}) filter (year "
        f"between 2014 and 2016) from {DEATHS} where {THREE}"
        for column in ("best", "civilians")
    ],
    "C222": [
        query
        for column, where in (
            ("best", f"{THREE} and ({JIHADIST} or perpetrator = 'state_forces')"),
            ("civilians", THREE),
        )
        for query in (
            rank(column, 2020, where),
            f"select sum({column}) filter (month between '2021-01' and '2021-10') / sum({column}) "
            f"filter (month between '2020-01' and '2020-10') from {DEATHS} where {where}",
        )
    ],
    "C223": [
        f"select sum(best) filter (perpetrator = 'state_forces') / sum(best) from {DEATHS} where "
        f"country = 'MLI' and type_of_violence = 3 and ({JIHADIST} or perpetrator = "
        f"'state_forces') and month between '{first}' and '{last}'"
        for first, last in (("2020-01", "2020-12"), ("2020-01", "2021-10"), ("2021-01", "2021-10"))
    ],
    "C231": [
        f"select sum(best) from {DEATHS} where country = '{country}' and type_of_violence = 3 and "
        "perpetrator = 'islamic_state' and month between '2020-01' and '2021-10'"
        for country in ("MLI", "BFA", "NER")
    ],
    "C294": [
        f"select (max(date::date) filter (partner = 'G5 Sahel') - max(date::date) filter (partner "
        f"= 'France'))::int from {EVENTS} where country = 'MLI' and to_state = 'denounced' and line "
        "is null and ((partner = 'G5 Sahel' and channel = 'membership') or (partner = 'France' and "
        "channel = 'treaty'))"
    ],
}  # fmt: skip


@pytest.mark.parametrize("claim", QUERIES)
def test_what_a_check_finds_is_what_sql_finds(found, claim):
    mine = [part.split()[-1] for part in found[claim].replace(";", ",").split(",")]
    theirs = [float(duckdb.sql(query).fetchall()[0][0]) for query in QUERIES[claim]]
    assert [float(value) for value in mine[: len(theirs)]] == pytest.approx(theirs)
