"""What runs in parallel: each verdict follows from values, by the stated rules."""

import pandas as pd
import pytest
from conftest import study

from sahel_transitions import claims, figures
from sahel_transitions.indicators import (
    civilian_deaths,
    common_changes,
    follow_power,
    follow_tests,
    monthly_states,
    parallel_verdicts,
    sequence_agreement,
    sequence_alignment,
)
from sahel_transitions.indicators.parallel_verdicts import _by_sign, _order_of_partners
from sahel_transitions.language import words

EN = words("en")


@pytest.fixture(scope="module")
def tests(tables):
    return follow_tests(study(), tables)


@pytest.fixture(scope="module")
def verdicts(tables, tests):
    return parallel_verdicts(study(), tables, tests).set_index(["subject", "clock"])


@pytest.mark.parametrize(
    ("alike", "compared", "expected"),
    [
        # The two-sided sign test of five can give 1/16 at best, of six 1/32.
        (5, 5, (None, "cannot_tell", "too_few")),
        (6, 6, (0.03125, "parallel", "sign_test")),
        (0, 6, (0.03125, "not_parallel", "sign_test")),
        (5, 6, (0.21875, "cannot_tell", "sign_test")),
        (0, 0, (None, "cannot_tell", "too_few")),
    ],
)
def test_the_sign_test_by_hand(alike, compared, expected):
    assert _by_sign(alike, compared) == pytest.approx(expected)


def test_years_of_deaths_a_second_time(tables, verdicts):
    years = civilian_deaths(study(), tables).pivot(
        index="period", columns="country", values="value"
    )
    one, two = (years[country].astype(float).diff().dropna() > 0 for country in ("MLI", "BFA"))
    row = verdicts.loc[("deaths", "calendar")]
    assert (row["first_value"], row["second_value"]) == (one.sum(), two.sum())
    assert (row["alike"], row["compared"]) == ((one == two).sum(), 6)
    assert row["verdict"] == "cannot_tell"


def test_deaths_after_a_coup_over_those_before_it_by_hand(tables, verdicts):
    months = civilian_deaths(study(), tables, "month")
    months = months[months["country"] == "BFA"].set_index("period")["value"].astype(float)
    # September 2022 itself belongs to neither side.
    factor = months["2022-10":"2023-09"].sum() / months["2021-09":"2022-08"].sum()
    assert verdicts.at[("deaths", "present_spell"), "second_value"] == pytest.approx(factor)


def test_promised_ends_by_hand(verdicts):
    row = verdicts.loc[("promises", "present_spell")]
    # 2024-03-26 to the middle of 8-10 July 2030; 2024-07-01 to 2029-07-02.
    assert (row["first_value"], row["second_value"], row["verdict"]) == (
        2296,
        1827,
        "alike_untested",
    )
    assert verdicts.at[("promises", "calendar"), "reason"] == "too_few"


def test_what_rests_on_the_partners_acts_is_not_called_parallel(verdicts):
    row = verdicts.loc[("partners", "calendar")]
    assert row["p_value"] < 0.05
    assert (row["alike"], row["compared"]) == (9, 9)
    assert (row["verdict"], row["reason"]) == ("cannot_tell", "own_acts_weak")


@pytest.mark.parametrize(
    ("p", "own", "partners", "least", "power", "expected"),
    [
        (0.01, 0.04, 0.03, 0.001, 0.9, ("parallel", "test")),
        (0.01, 0.20, 0.03, 0.001, 0.9, ("cannot_tell", "own_acts")),
        (0.01, 0.20, 0.03, 0.001, 0.2, ("cannot_tell", "own_acts_weak")),
        (0.01, float("nan"), 0.03, 0.001, float("nan"), ("cannot_tell", "own_acts_weak")),
        (0.01, 0.04, 0.30, 0.001, 0.9, ("cannot_tell", "one_partner")),
        (0.01, 0.04, 0.05, 0.001, 0.9, ("cannot_tell", "one_partner")),
        (0.20, 0.01, 0.01, 0.001, 0.9, ("cannot_tell", "test")),
        (0.20, 0.01, 0.01, 0.001, 0.3, ("cannot_tell", "test_weak")),
        (0.17, 0.17, 0.17, 0.167, 0.0, ("cannot_tell", "too_few")),
    ],
)
def test_the_rule_on_the_order_of_partners(p, own, partners, least, power, expected):
    rows = pd.DataFrame(
        {"null": ["channels", "channels", "partners"], "measure": "irregularity",
         "decides": ["primary", "own_acts", "one_partner"], "power": power, "p_value": [p, own, partners], "p_smallest": least,
         "later": 5, "channels": 6, "typical_lag": 30.0, "state": "observed"}
    )  # fmt: skip
    assert _order_of_partners(rows.iloc[0], rows)[-2:] == expected


def test_nothing_put_off_yet_is_no_parallel(tables):
    parameters = study(as_of="2022-06-30")
    found = parallel_verdicts(parameters, tables, follow_tests(parameters, tables))
    found = found.set_index(["subject", "clock"])
    assert found.at[("promises", "present_spell"), "reason"] == "none_moved"
    # The window after the coups of 2022 was not over.
    assert found.at[("deaths", "present_spell"), "reason"] == "not_covered"


def test_what_is_not_covered_cannot_be_told(tables):
    parameters = study(countries="MLI,NGA")
    found = parallel_verdicts(parameters, tables, follow_tests(parameters, tables))
    assert set(found["verdict"]) == {"cannot_tell"}
    reasons = found.set_index(["subject", "clock"])["reason"]
    assert reasons["partners", "calendar"] == "not_covered"
    assert reasons["deaths", "first_coup"] == "no_coup"


def test_sentences_on_the_default_study(tables, tests):
    parameters = study()
    changes, countries = common_changes(parameters, tables), parameters.countries
    said = " ".join(
        [
            *claims.change_findings(changes, tests, countries, EN),
            *claims.clock_findings(changes, countries, EN),
            *claims.follow_findings(tests, follow_power(parameters, tables), countries, EN),
            *claims.placebo_leader_findings(tests, countries, EN),
        ]
    )
    both = changes[(changes["leader"] == "MLI") & (changes["follower"] == "BFA")]
    apart = both[~both["together"]]
    assert f"both made {len(both)} changes, parts of channels counted" in said
    later, sooner = (apart["days"] > 0).sum(), (apart["days"] < 0).sum()
    assert f"Of the other {len(apart)}, Burkina Faso was later than Mali in {later}" in said
    assert f"first in {sooner} " in said and ("First in Burkina Faso: " in said) == (sooner > 0)
    assert "9 channels, p = 0.011" in said and "cannot say who leads" in said
    assert "the own act of both countries: 3 channels, p = 0.33" in said
    assert "5 partners, p = 0.05 (at least 0.017). An order could hardly have been told" in said
    assert "No p-value is adjusted" in said and "fixed beforehand" not in said
    assert "Does Burkina Faso follow Mali? These dates cannot tell." in said
    # Niger decides with Burkina Faso.
    assert "Niger in the place of the leader" in said and "no clean comparison" in said
    assert "too few common channels with Burkina Faso" in said
    assert "cop" not in said and "because" not in said


def test_a_test_that_cannot_tell_says_so(tables):
    parameters = study(as_of="2022-06-30")
    tests = follow_tests(parameters, tables)
    said = " ".join(
        claims.follow_findings(tests, follow_power(parameters, tables), ("MLI", "BFA"), EN)
    )
    assert "could not have told following from chance, whatever had happened" in said
    assert "alike" not in said


def test_no_change_in_common_is_said_apart_from_not_covered(tables):
    for given, expected in (
        ({"countries": "MLI,NGA"}, "no ledger of partners covers both"),
        ({"countries": "GIN,SEN"}, "no change with a partner is known to have been made by both"),
    ):
        parameters = study(**given)
        said = claims.change_findings(
            common_changes(parameters, tables), follow_tests(parameters, tables),
            parameters.countries, EN,
        )  # fmt: skip
        assert expected in said[0]


def test_sequences_in_words(tables):
    states = monthly_states(study(), tables)
    said = claims.sequence_findings(
        sequence_agreement(states, "MLI", "BFA"), sequence_alignment(states, "MLI", "BFA"), EN
    )
    assert "18 channels" in said[0] and "for 11, no other channel of Mali is nearer" in said[0]
    assert "tells little of an order" in said[1]


def test_tables_in_words(tables, tests, verdicts):
    shown = claims.follow_table(tests, ("MLI", "BFA"), EN)
    assert len(shown) == 80 and (shown["chosen"] == "yes").sum() == 1
    assert shown.loc[shown["chosen"] == "yes", "p_value"].item() < 0.02
    table = claims.parallel_table(verdicts.reset_index(), EN)
    assert table["second_value"].tolist()[-3] == "335 days later (median)"
    assert "p = 0.011; own acts" in table["because"].tolist()[6]
    apart = claims.change_table(common_changes(study(), tables), ("MLI", "BFA"))
    assert len(apart) >= 12 and (apart["first_country"] == "MLI").all()
    assert (apart["line"] != "main").any()


def test_a_change_that_the_second_made_first_is_named(tables):
    parameters = study(countries="BFA,NER")
    changes = common_changes(parameters, tables)
    said = claims.change_findings(
        changes, follow_tests(parameters, tables), parameters.countries, words("fr")
    )
    first = [text for text in said if text.startswith("D’abord au Niger")]
    # Niger left the Francophonie five days before Burkina Faso.
    assert len(first) == 1 and "Francophonie" in first[0] and "5 jours plus tôt" in first[0]


def test_one_history_on_two_clocks_is_counted_once(tables, tests, verdicts):
    assert (verdicts["verdict"] == "alike_untested").sum() == 2
    title = figures.what_runs_in_parallel(verdicts.reset_index(), EN).title
    assert title.startswith("Of 3 subjects, in parallel by a test on some clock: 0")
    assert "alike but not testable: 1" in title
