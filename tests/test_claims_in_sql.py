"""What claims rest on, worked out a second time: in SQL, straight from the files.

Every value under every definition is compared, in the order of the check.
"""

import duckdb
import pytest
from conftest import study

from sahel_transitions.claims import claim_verdicts
from sahel_transitions.paths import CODED, DERIVED

DEATHS = (
    f"(select *, left(month, 4)::int as year from '{DERIVED}/deaths.csv' "
    "where allocation = 'uniform_days')"
)
THREE = "country in ('MLI', 'BFA', 'NER')"
EVENTS = f"'{CODED}/partner_events.csv'"
COUPS = f"'{CODED}/coups.csv'"
RECORDS = f"'{DERIVED}/coup_records.csv'"
JIHADIST = "perpetrator in ('jnim', 'islamic_state', 'jihadist_other')"
SPRING = "month between '2021-01' and '2021-04'"


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


def dead(column, where):
    return f"(select sum({column}) from {DEATHS} where {where})"


def printed(definition, first, last, countries="MLI"):
    """A total in print, by what it is of and not by its key."""
    return (
        f"(select value from '{CODED}/published_figures.csv' where countries = '{countries}' and "
        f"first = '{first}' and last = '{last}' and definition = '{definition}' and measure in "
        "('civilian_deaths', 'deaths_by_security_forces'))"
    )


def of_year(definition, year):
    return printed(definition, f"{year}-01", f"{year}-12")


def civilians(year):
    return dead("civilians", f"country = 'MLI' and year = {year}")


def coups(where):
    return f"(select count(*) from {COUPS} where outcome = 'realised' and {where})"


def recorded(dataset, where):
    return (
        f"(select count(*) from {RECORDS} where dataset = '{dataset}' and outcome = 'successful' "
        f"and {where})"
    )


def apart(country):
    return (
        f"(select max(date::date) - min(date::date) from {COUPS} where outcome = 'realised' and "
        f"country = '{country}')"
    )


def toll(column, by):
    return (
        f"(select {column} from '{CODED}/incidents.csv' where name = 'Moura' and "
        f"reported_by = '{by}')"
    )


def arms(country, years):
    return f"(select sum(tiv) from '{DERIVED}/arms.csv' where country = '{country}' and year in {years})"


def spending(country, year):
    return (
        f"(select spending_index from '{DERIVED}/military_expenditure.csv' where "
        f"country = '{country}' and year = {year})"
    )


def payments(year):
    return (
        f"(select sum(constant_usd) from '{DERIVED}/us_aid.csv' where country = 'BFA' and "
        f"transaction = 'disbursements' and fiscal_year = {year})"
    )


def regions(where):
    return (
        f"(select count(distinct admin1) from {DEATHS} where country = 'BFA' and best > 0 and "
        f"month between '2022-05' and '2023-04' and {where})"
    )


IN_2022 = "country in ('MLI', 'BFA') and date between '1960-08-01' and '2022-12-31'"
SEPTEMBER = "country = 'BFA' and date between '2022-09-01' and '2022-09-30'"
SOUTH = "country = 'MLI' and admin1 in ('Kayes', 'Koulikoro', 'Sikasso') and type_of_violence = 1"
# Claim → every value that its check finds, in order.
VALUES = {
    "C009": [coups(f"country = '{each}' and date between '2020-01-01' and '2022-12-31'")
             for each in ("MLI", "BFA")],
    "C021": [f"{civilians(2022)} / {civilians(2021)}",
             f"{of_year('A1', 2022)} / {of_year('A1', 2021)}",
             f"{of_year('A2', 2022)} / {of_year('A2', 2021)}"],
    "C051": [regions("admin1 not in ('not_located', 'Centre')"), regions("admin1 = 'Centre'"),
             regions(f"admin1 not in ('not_located', 'Centre') and {JIHADIST}")],
    "C061": [
        f"select count(*) from {EVENTS} where country = 'BFA' and partner in ('France', "
        "'United States', 'European Union') and channel in ('aid', 'troops') and to_state in "
        "('suspended', 'ended') and left(split_part(date::text, '/', 1), 7) >= '2022-01' and "
        "left(split_part(date::text, '/', -1), 7) <= '2023-05'",
        f"{payments(2022)} / {payments(2021)} - 1",
    ],
    "C068": [apart("MLI"), apart("BFA"),
             coups("country = 'BFA' and left(date::text, 4) = '2022'"),
             coups("country = 'MLI' and left(date::text, 4) = '2021'")],
    "C070": [coups(SEPTEMBER), recorded("powell_thyne", SEPTEMBER), recorded("cline", SEPTEMBER)],
    "C073": [recorded("powell_thyne", IN_2022), recorded("cline", IN_2022)],
    "C078": [f"{dead(each, f'{THREE} and year between 2020 and 2022')} / "
             f"{dead(each, f'{THREE} and year between 2014 and 2016')}"
             for each in ("best", "civilians")],
    "C098": [
        f"select arg_max(supplier, tiv) from (select supplier, sum(tiv) tiv from "
        f"'{DERIVED}/arms.csv' where country = 'MLI' and year = 2022 group by supplier)",
        f"select date from {EVENTS} where country = 'MLI' and partner = 'Russia' and "
        "channel = 'troops' and line is null and to_state = 'active'",
    ],
    "C176": [of_year("A1", 2022), of_year("A2", 2022), civilians(2022)],
    "C177": [of_year("A1", 2021), of_year("A2", 2021), civilians(2021)],
    "C178": [each for counted in (lambda year: of_year("A1", year), lambda year: of_year("A2", year),
                                  civilians)
             for each in (f"{counted(2022)} / {counted(2021)} - 1",
                          f"{dead('events', f'{SOUTH} and year = 2022')} / "
                          f"{dead('events', f'{SOUTH} and year = 2021')}")],
    "C184": [printed("A1", "2017-01", "2020-12"),
             dead("best", "country = 'MLI' and perpetrator = 'state_forces' and "
                  "type_of_violence = 3 and year between 2017 and 2020")],
    "C189": [f"(select {each} from '{DERIVED}/press_freedom.csv' where country = 'MLI' "
             "and year = 2022)" for each in ("rank", "countries")],
    "C210": [rank("best", 2020, THREE), rank("civilians", 2020, THREE)],
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
    "C225": [dead("best", f"{THREE} and {SPRING}")],
    "C226": [dead("civilians", f"{THREE} and {SPRING}")],
    "C231": [dead("best", f"country = '{country}' and type_of_violence = 3 and "
                  "perpetrator = 'islamic_state' and month between '2020-01' and '2021-10'")
             for country in ("MLI", "BFA", "NER")],
    "C269": [toll("toll_low", "Witnesses, by the press"), toll("toll_high", "Witnesses, by the press"),
             toll("toll_low", "Human Rights Watch"), toll("toll_low", "OHCHR")],
    "C294": [
        f"select (max(date::date) filter (partner = 'G5 Sahel') - max(date::date) filter (partner "
        f"= 'France'))::int from {EVENTS} where country = 'MLI' and to_state = 'denounced' and line "
        "is null and ((partner = 'G5 Sahel' and channel = 'membership') or (partner = 'France' and "
        "channel = 'treaty'))"
    ],
    "C306": [
        *(f"{arms(each, (2021, 2022))} / {arms(each, (2019, 2020))}" for each in ("MLI", "BFA")),
        *(f"{spending(each, 2022)} / {spending(each, 2020)}" for each in ("MLI", "BFA")),
    ],
}  # fmt: skip


def listed(found: str) -> list[str]:
    """The values of a claim, without the names of definitions and countries."""
    return [part.split()[-1] for part in found.replace(";", ",").split(",")]


def asked(query: str) -> str:
    ((value,),) = duckdb.sql(query if query.startswith("select") else f"select {query}").fetchall()
    return str(value)


@pytest.mark.parametrize("claim", VALUES)
def test_what_a_check_finds_is_what_sql_finds(found, claim):
    mine, theirs = listed(found[claim]), [asked(query) for query in VALUES[claim]]
    assert len(mine) == len(theirs)
    for one, other in zip(mine, theirs, strict=True):
        if one.replace(".", "").isdigit() or one.startswith("-"):
            assert float(one) == pytest.approx(float(other))
        else:
            assert one == other


@pytest.mark.shared
def test_deaths_of_claims_from_the_files_of_the_producers(found, shared):
    """C176, C177: civilians in Mali (U2) from UCDP's events, and A1 of 2021 from ACLED's weeks."""
    events = shared / "data/ucdp/ucdp_ged_uemoa_1989_2023_repaired.csv"
    counted = dict(
        duckdb.sql(f"""
            SELECT year, sum(deaths_civilians)::int FROM read_csv('{events}', all_varchar = false)
            WHERE country = 'Mali' AND year IN (2021, 2022) GROUP BY year
        """).fetchall()
    )
    assert listed(found["C177"])[2] == str(counted[2021])
    assert listed(found["C176"])[2] == str(counted[2022])
    weeks = shared / "data/acled/acled_africa_weekly_admin1_to_2026-03-14.parquet"
    ((attacks,),) = duckdb.sql(f"""
        SELECT sum(fatalities)::int
        FROM (SELECT *, strptime(week, '%d-%B-%Y')::date + 3 AS middle FROM '{weeks}')
        WHERE country = 'Mali' AND event_type = 'Violence against civilians'
            AND year(middle) = 2021
    """).fetchall()
    assert listed(found["C177"])[0] == str(attacks)
