"""Sentences say what the values say, and nothing of what is not covered."""

import pytest
from conftest import study

from sahel_transitions import claims
from sahel_transitions.indicators import (
    around_shocks,
    civilian_deaths,
    partner_lags,
    partner_states,
    promised_ends,
    promises_known,
)
from sahel_transitions.language import words

EN = words("en")


def of_deaths(tables, **given):
    parameters = study(**given)
    return [
        *claims.year_findings(civilian_deaths(parameters, tables), EN),
        *claims.peak_findings(civilian_deaths(parameters, tables, "month"), EN),
        *claims.perpetrator_findings(civilian_deaths(parameters, tables, "perpetrator"), EN),
        *claims.admin1_findings(civilian_deaths(parameters, tables, "admin1"), EN),
        *claims.definition_findings(civilian_deaths(parameters, tables), EN),
    ]


def of_promises(tables, **given):
    parameters = study(**given)
    promises = promises_known(parameters, tables)
    ends = promised_ends(promises, parameters, tables)
    return " ".join(claims.promise_findings(promises, ends, EN))


def test_deaths_of_the_default_study(tables):
    said = " ".join(of_deaths(tables))
    assert "Mali: 732 reported civilian deaths in 2023, after 1,798 in 2022" in said
    assert "counting the dead of unknown status, 1,013" in said
    assert "Burkina Faso, 2022: of 848 civilians" in said


def test_years_outside_the_data_are_not_called_peaceful(tables):
    said = of_deaths(tables, start="2024-01", end="2024-12")
    assert all("covered" in sentence for sentence in said)
    assert not any("no death is recorded" in sentence for sentence in said)


def test_a_partial_year_is_compared_with_nothing(tables):
    said = claims.year_findings(civilian_deaths(study(end="2023-06"), tables), EN)
    assert "in 2022, after 269 in 2021" in said[0]


def test_after_is_not_because_of(tables):
    said = claims.shock_findings(around_shocks(study(), tables), EN)
    assert "not because of" in said[-1]
    assert "12 months before, 329 reported civilian deaths; 12 months after, 1,325" in " ".join(
        said
    )


def test_a_side_of_a_shock_without_a_number_has_its_state_alone(tables):
    shocks = around_shocks(study(start="2020-06", end="2021-03", window=3), tables)
    shocks.loc[0, ["before", "state_before"]] = [float("nan"), "not_covered"]
    said = claims.shock_findings(shocks, EN)
    assert "3 months before, not covered; 3 months after," in said[0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "the transition, now promised for 8–10 July 2030, lies 2,295 to 2,297 days after"),
        ({}, "the transition, now promised for 2 July 2029, lies 1,827 days after the date"),
        ({}, "presidential election (due 4 February 2024) put off on 25 September 2023, 132 days"),
        ({"as_of": "2022-02-15"}, "Burkina Faso: no promise is known on this day"),
        ({"as_of": "2024-04-01"}, "26 March 2024, passed 6 days ago"),
        ({"as_of": "2025-07-05"}, "Mali: no dated promise of an end of the transition stands"),
        ({"countries": "MLI,NER"}, "Niger: not covered by this ledger"),
    ],
)
def test_where_promises_stand(tables, given, expected):
    assert expected in of_promises(tables, **given)


def test_what_is_not_coded_is_not_called_absent(tables):
    parameters = study(countries="MLI,BFA,NER")
    promises = promises_known(parameters, tables)
    years = civilian_deaths(parameters, tables)
    table = claims.glance(
        years, years, promises, promised_ends(promises, parameters, tables),
        partner_states(parameters, tables), EN,
    ).set_index("measure")  # fmt: skip
    row = table.loc["United Nations, troops"]
    assert (row["MLI"], row["BFA"], row["NER"]) == ("ended", "not coded", "not covered")


def test_lags_that_are_intervals_are_said_as_intervals(tables):
    said = " ".join(claims.lag_findings(partner_lags(study(), tables), EN))
    assert "261 days later in Burkina Faso than in Mali" in said
    assert "754 to 784 days later in Burkina Faso than in Mali" in said


def test_the_clocks_of_promised_ends(tables):
    parameters = study()
    promises = promises_known(parameters, tables)
    ends = promised_ends(promises, parameters, tables)
    said = " ".join(claims.promise_clock_findings(promises, ends, EN))
    assert "Mali: the promised end lies 3,332 to 3,334 days after the coup" in said
    assert (
        "Burkina Faso: since the first date ever given, the promised end has moved by 1,583" in said
    )
    assert "Mali: 464 days passed between the promised end of 26 March 2024" in said


def test_sanctions_that_were_only_announced_are_not_called_lifted(tables):
    said = " ".join(claims.state_findings(partner_states(study(), tables), ("MLI", "BFA"), EN))
    assert "counted apart: 1 in force, 3 lifted, 0 announced and never in force" in said
    assert "counted apart: 0 in force, 0 lifted, 1 announced and never in force" in said
