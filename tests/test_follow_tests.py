"""The tests of following on the ledgers: numbers a second time, resolution, and absences."""

from itertools import permutations
from statistics import median

import pytest
from conftest import study
from test_parallel_paths import ledger

from sahel_transitions.indicators import (
    PRIMARY,
    common_changes,
    follow_nulls,
    follow_power,
    follow_tests,
)
from sahel_transitions.indicators.follow_choices import is_told
from sahel_transitions.tables import Table


@pytest.fixture(scope="module")
def tests(tables):
    return follow_tests(study(), tables)


def primary(tests, leader, follower):
    rows = tests[tests["primary"] & (tests["leader"] == leader) & (tests["follower"] == follower)]
    return rows.iloc[0]


def test_the_primary_test_a_second_time_by_hand(tables, tests):
    """Days of nine channels from the lag table; all 362,880 matchings counted one by one."""
    changes = common_changes(study(), tables)
    changes = changes[
        (changes["leader"] == "MLI")
        & (changes["follower"] == "BFA")
        & (changes["line"] == "main")
        & ~changes["together"]
    ]
    coup = {"MLI": changes["leader_first_coup"], "BFA": changes["follower_first_coup"]}
    # Days since the first coup: another zero of the clock, which must change nothing.
    first = (coup["MLI"] + coup["BFA"]).groupby([changes["partner"], changes["channel"]]).idxmin()
    leader, follower = (coup[country].loc[first].tolist() for country in ("MLI", "BFA"))
    assert len(leader) == 9

    def spread(order):
        lags = [two - one for one, two in zip(leader, order, strict=True)]
        middle = median(lags)
        return sum(abs(lag - middle) for lag in lags)

    observed = spread(follower)
    as_regular = sum(spread(order) <= observed for order in permutations(follower))
    row = primary(tests, "MLI", "BFA")
    assert row["observed"] == pytest.approx(observed / 9)
    assert row["p_value"] == pytest.approx(as_regular / 362_880)
    assert row["exact"] and row["later"] == 9


def test_the_primary_test_says_nothing_of_direction(tests):
    one, two = primary(tests, "MLI", "BFA"), primary(tests, "BFA", "MLI")
    assert one["p_value"] == two["p_value"]
    assert (one["typical_lag"], one["later"], two["later"]) == (-two["typical_lag"], 9, 0)


def test_a_pair_with_drawn_matchings_has_one_p_value_too(tables):
    tests = follow_tests(study(countries="MLI,NER"), tables)
    keys = ["null", "measure", "joint", "acts", "lines"]
    same = tests[tests["measure"].isin(["irregularity", "order"]) & (tests["kind"] == "study")]
    one, two = (same[same["leader"] == name].set_index(keys) for name in ("MLI", "NER"))
    assert not primary(tests, "MLI", "NER")["exact"]
    assert (one["p_value"].dropna() == two["p_value"].dropna()).all()
    assert primary(tests, "MLI", "NER")["p_high"] == primary(tests, "NER", "MLI")["p_high"]


def test_own_acts_a_second_time_by_hand(tables, tests):
    """Three channels of Mali and Burkina Faso; all six matchings."""
    changes = common_changes(study(), tables)
    own = changes[
        (changes["leader"] == "MLI") & (changes["follower"] == "BFA") & ~changes["together"]
        & (changes["line"] == "main")
        & (changes["leader_actor"] == "country") & (changes["follower_actor"] == "country")
    ]  # fmt: skip
    own = own.sort_values("leader_first_coup").drop_duplicates(["partner", "channel", "line"])
    leader, follower = own["leader_first_coup"].tolist(), own["follower_first_coup"].tolist()

    def spread(order):
        lags = [two - one for one, two in zip(leader, order, strict=True)]
        return sum(abs(lag - median(lags)) for lag in lags)

    spreads = [spread(order) for order in permutations(follower)]
    row = tests[
        (tests["decides"] == "own_acts") & (tests["leader"] == "MLI") & (tests["follower"] == "BFA")
    ].iloc[0]
    as_regular = sum(each <= spread(follower) for each in spreads)
    assert row["channels"] == len(own) and row["p_value"] == pytest.approx(
        as_regular / len(spreads)
    )


def test_all_tests_counted_by_hand(tests):
    """Holm's adjustment of the least of a family is its p-value times their number, at most 1."""
    rows = tests[
        (tests["leader"] == "MLI") & (tests["follower"] == "BFA") & (tests["joint"] == "without")
    ]
    known = rows[rows["p_value"].notna()]
    least = known.loc[known["p_value"].idxmin()]
    assert least["p_family"] == pytest.approx(min(1, least["p_value"] * len(known)))
    assert tests.loc[tests["joint"] == "with", "p_family"].isna().all()


@pytest.mark.parametrize(("p", "told"), [(0.049, True), (0.05, False), (float("nan"), False)])
def test_at_the_level_nothing_is_told(p, told):
    assert is_told(p) == told


def test_there_is_one_primary_test_a_pair(tests):
    assert (tests.groupby(["leader", "follower"])["primary"].sum() == 1).all()
    chosen = tests[tests["primary"]]
    assert set(chosen["null"]) == {PRIMARY.null} and set(chosen["measure"]) == {PRIMARY.measure}


def test_a_p_value_is_never_below_what_the_test_can_give(tests):
    given = tests[tests["state"] == "observed"]
    assert (given["p_value"] >= given["p_smallest"] - 1e-12).all()
    assert given["p_value"].between(0, 1).all()
    dated = given[given["primary"]]
    assert (dated["p_low"] <= dated["p_value"]).all() and (
        dated["p_value"] <= dated["p_high"]
    ).all()


def test_a_neighbour_with_two_common_channels_cannot_say_anything(tests):
    row = primary(tests, "GIN", "BFA")
    assert (row["channels"], row["p_smallest"], row["kind"]) == (2, 0.5, "placebo")


def test_a_neighbour_with_one_common_channel_is_not_tested(tests):
    row = primary(tests, "SEN", "BFA")
    assert (row["state"], row["channels"]) == ("too_few", 1)


def test_without_a_coup_there_is_no_clock_of_its_own(tables):
    coups = tables["coups"]
    two = coups.frame[coups.frame["country"].isin(["MLI", "BFA"])]
    known = {name: tables[name] for name in ("partner_events", "neighbour_events")}
    known["coups"] = Table("coups", two, coups.declaration)
    tests = follow_tests(study(), known)
    rows = tests[(tests["leader"] == "NER") & (tests["clock"] != "calendar")]
    assert set(rows["state"]) == {"no_coup"} and rows["p_value"].isna().all()


def test_what_no_ledger_covers_is_said(tables):
    found = follow_tests(study(countries="MLI,NGA"), tables)
    rows = found[found["kind"] == "study"]
    assert set(rows["state"]) == {"not_covered"} and rows["channels"].isna().all()


def test_a_country_that_makes_every_change_six_months_later_is_found(tables):
    """Mali's own rows, half a year later, as those of a neighbour."""
    channels = [("France", "troops"), ("France", "treaty"), ("France", "aid"), ("France", "media"),
                ("Russia", "troops"), ("ECOWAS", "membership"), ("G5 Sahel", "membership")]  # fmt: skip
    months = ["2021-02", "2021-09", "2022-03", "2022-05", "2023-04", "2019-08", "2024-06"]
    later = ["2021-08", "2022-03", "2022-09", "2022-11", "2023-10", "2020-02", "2024-12"]
    rows = [
        (country, *channel, before, after, day)
        for country, days in (("NER", months), ("TCD", later))
        for channel, month in zip(channels, days, strict=True)
        for before, after, day in (
            ("absent", "active", "../2019-01-01"), ("active", "suspended", month),
        )
    ]  # fmt: skip
    built = {"partner_events": ledger(tables, rows, "partner_events"), "coups": tables["coups"]}
    row = primary(follow_tests(study(countries="NER,TCD"), built), "NER", "TCD")
    assert row["typical_lag"] == pytest.approx(183, abs=2) and row["later"] == 7
    assert row["p_value"] < 0.001 and row["p_high"] < 0.01


def test_the_null_is_given_whole_for_drawing(tables, tests):
    nulls = follow_nulls(study(), tables)
    rows = nulls[(nulls["leader"] == "MLI") & (nulls["follower"] == "BFA")]
    assert rows["times"].sum() == 362_880
    below = rows.loc[rows["value"] <= round(rows["observed"].iloc[0], 1), "times"].sum()
    assert below / 362_880 == pytest.approx(primary(tests, "MLI", "BFA")["p_value"], abs=2e-3)
    # A pair of the study stands once, placebo leaders for each of its countries.
    assert not ((nulls["leader"] == "BFA") & (nulls["follower"] == "MLI")).any()


def test_what_the_test_could_have_found_is_told(tables):
    powers = follow_power(study(), tables).set_index(["decides", "scatter_months"])["power"]
    found = powers["primary"]
    assert found[1] > 0.99 and found[1] >= found[3] >= found[6] > found[12]
    # Three matchings of channels, or five of partners, tell little of lags that scatter.
    assert (powers["own_acts"] == 0).all()
    assert powers["one_partner", 6] < 0.6 < powers["one_partner", 3]


def test_dates_known_to_the_year_widen_the_p_value(tables):
    """The same middles, once to the day and once to the year."""
    channels = [("France", each) for each in ("troops", "treaty", "aid", "media", "ambassador")]
    years = [(str(year), str(year + 1)) for year in (2019, 2019, 2021, 2021, 2023)]
    found = {}
    for precision, form in (("day", "{}-07-02"), ("year", "{}")):
        rows = [
            (country, *channel, before, after, day)
            for place, country in enumerate(("NER", "TCD"))
            for channel, pair in zip(channels, years, strict=True)
            for before, after, day in (
                ("absent", "active", "../2019-01-01"),
                ("active", "suspended", form.format(pair[place])),
            )
        ]  # fmt: skip
        built = {
            "partner_events": ledger(tables, rows, "partner_events"),
            "coups": tables["coups"],
        }
        found[precision] = primary(follow_tests(study(countries="NER,TCD"), built), "NER", "TCD")
    exact, wide = found["day"], found["year"]
    # Two pairs of channels that change on one day can be swapped: four matchings of 120.
    assert exact["p_low"] == exact["p_value"] == exact["p_high"] == pytest.approx(4 / 120)
    assert wide["p_low"] < wide["p_value"] <= wide["p_high"]
    assert wide["lag_low"] == pytest.approx(365, abs=2)
