"""What runs in parallel, and what only looks so: three subjects on three clocks, one verdict each.

A verdict is *parallel* or *not_parallel* only by a test or by intervals; what is merely alike is
*alike_untested*, and all else *cannot_tell*, by rules that are stated below and the same for every
pair of countries. That the order of partners must hold among own acts, and with each partner
counted once, was added after the tests had been seen; it can only turn *parallel* into
*cannot_tell*.
"""

from collections.abc import Mapping
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from sahel_transitions.indicators.civilian_deaths import civilian_deaths
from sahel_transitions.indicators.follow_choices import could_hardly_tell, is_told
from sahel_transitions.indicators.following import follow_tests
from sahel_transitions.indicators.parallel_paths import CLOCKS, coups_known
from sahel_transitions.indicators.transition_deadlines import NOT_BINDING, promises_known
from sahel_transitions.methods import Ratio, ratio_of_means
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, add_months, parse_partial_date

VERDICT_COLUMNS = [
    "first_country", "second_country", "subject", "clock", "first_value", "second_value", "alike",
    "compared", "p_value", "verdict", "reason",
]  # fmt: skip
_MOVED_DAYS = 30


def parallel_verdicts(
    parameters: Parameters, tables: Mapping[str, Table], tests: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One verdict for each pair of countries of the study, subject and clock.

    Parameters
    ----------
    tests : DataFrame, optional
        `follow_tests(…)` of the same study, where they were already made.

    Returns
    -------
    DataFrame
        `VERDICT_COLUMNS`; `alike` of `compared` comparisons agree.

        *deaths, calendar*: whole years, `alike` where deaths rose in both or fell in both; values
        are the years of rise. Parallel or not by a two-sided sign test, so that fewer than six years
        can never say. *deaths, coup*: mean monthly deaths in the `window` months after the coup over
        those before it (the values), each with an interval that allows for overdispersion; parallel
        if both intervals lie on one side of 1, not if on opposite sides.
        *promises, calendar*: values are how often the promised end was put off, `alike` how many of
        the k-th postponements the second country made after the first; a sign test as above.
        *promises, coup*: days by which the end now stands later than first promised after the coup;
        alike if in both by a month or more; two histories allow no test.
        *partners, calendar*: the second value is the median lag in days, `alike` the channels in
        which the second country was later. Parallel if the primary test of following, the same
        with own acts alone and the same with each partner once all have p < 0.05. Where one has
        not and could hardly have had it (`could_hardly_tell`), the reason says so.
        *partners, coup*: the second value is the median lag counted from the coups, `alike` the
        channels with the same change within `following.NEAR_DAYS` of the same day after the coup,
        and `p_value` that of a sign test on who was sooner; not parallel if that is < 0.05, else
        alike if at least three quarters are near.

        `reason` is a key: *sign_test*, *too_few*, *intervals*, *interval_includes_one*,
        *both_moved*, *one_moved*, *none_moved*, *no_promise*, *test*, *test_weak*, *own_acts*,
        *own_acts_weak*, *one_partner*, *one_partner_weak*, *one_sooner*, *near*, *mixed*,
        *no_coup*, *not_covered*.
    """
    coups = coups_known(parameters, tables)
    promises = promises_known(parameters, tables)
    years = civilian_deaths(_counts(parameters), tables)
    tests = follow_tests(parameters, tables) if tests is None else tests
    rows = []
    for pair in combinations(parameters.countries, 2):
        rows.append((*pair, "deaths", "calendar", *_deaths_by_year(pair, years)))
        for clock in CLOCKS[1:]:
            found = _deaths_at_coup(pair, clock, coups, parameters, tables)
            rows.append((*pair, "deaths", clock, *found))
        rows.append((*pair, "promises", "calendar", *_postponements(pair, promises, tables)))
        for clock in CLOCKS[1:]:
            found = _moved_ends(pair, clock, coups, promises, tables)
            rows.append((*pair, "promises", clock, *found))
        rows += [(*pair, "partners", clock, *_partners(pair, clock, tests)) for clock in CLOCKS]
    frame = pd.DataFrame(rows, columns=VERDICT_COLUMNS)
    whole = {name: "Int64" for name in ("alike", "compared")}
    return frame.astype(
        whole | {name: "float64" for name in ("first_value", "second_value", "p_value")}
    )


def _counts(parameters: Parameters) -> Parameters:
    return parameters.model_copy(update={"per_100k": False})


def _no(reason: str) -> tuple:
    return (None, None, None, None, None, "cannot_tell", reason)


def _by_sign(alike: int, compared: int) -> tuple[float | None, str, str]:
    """The p-value of a sign test, the verdict and the reason."""
    if compared == 0 or not is_told(2 * 0.5**compared):
        return (None, "cannot_tell", "too_few")
    p = float(binomtest(alike, compared).pvalue)
    if not is_told(p):
        return (p, "cannot_tell", "sign_test")
    return (p, "parallel" if alike > compared / 2 else "not_parallel", "sign_test")


def _deaths_by_year(pair: tuple[str, str], years: pd.DataFrame) -> tuple:
    whole = years[(years["months"] == 12) & years["value"].notna()]
    values = {
        country: dict(
            zip(rows["period"].astype(int), rows["value"].to_numpy("float64"), strict=True)
        )
        for country, rows in whole.groupby("country")
    }
    if any(country not in values for country in pair):
        return _no("not_covered")
    one, two = (values[country] for country in pair)
    both = [year for year in one if {year, year - 1} <= one.keys() & two.keys()]
    signs = [[np.sign(each[year] - each[year - 1]) for year in both] for each in (one, two)]
    alike = sum(a == b for a, b in zip(*signs, strict=True))
    rises = [sum(sign > 0 for sign in each) for each in signs]
    return (*rises, alike, len(both), *_by_sign(alike, len(both)))


def _deaths_at_coup(pair, clock, coups, parameters, tables) -> tuple:
    if any(country not in coups.index for country in pair):
        return _no("no_coup")
    found = [_ratio_at(country, coups.at[country, clock], parameters, tables) for country in pair]
    if any(np.isnan(each.estimate) for each in found):
        return _no("not_covered")
    values = (*(each.estimate for each in found), None, None, None)
    if not all(each.differs_from_one for each in found):
        return (*values, "cannot_tell", "interval_includes_one")
    same = (found[0].estimate > 1) == (found[1].estimate > 1)
    return (*values, "parallel" if same else "not_parallel", "intervals")


def _ratio_at(country: str, coup: date, parameters: Parameters, tables) -> Ratio:
    """Deaths a month after the coup over those before it; its own month belongs to neither."""
    month, window = coup.replace(day=1), parameters.window
    asked = _counts(parameters).model_copy(
        update={
            "countries": (country,),
            "start": f"{add_months(month, -window):%Y-%m}",
            "end": f"{add_months(month, window):%Y-%m}",
        }
    )
    months = civilian_deaths(asked, tables, "month")
    values, when = months["value"].to_numpy("float64"), months["period"]
    before, after = values[when < f"{month:%Y-%m}"], values[when > f"{month:%Y-%m}"]
    if len(before) < window or len(after) < window:
        return Ratio(np.nan, np.nan, np.nan)
    return ratio_of_means(before, after)


def _dated_ends(country: str, promises: pd.DataFrame) -> pd.DataFrame:
    ends = promises[
        (promises["country"] == country)
        & (promises["event_promised"] == "end_of_transition")
        & ~promises["legal_form"].isin(NOT_BINDING)
        & promises["due_on"].notna()
    ]
    return ends.sort_values("announced", kind="stable")


def _covered(pair, tables) -> bool:
    return all(country in tables["deadlines"].declaration.coverage for country in pair)


def _postponements(pair, promises: pd.DataFrame, tables) -> tuple:
    if not _covered(pair, tables):
        return _no("not_covered")
    made = []
    for country in pair:
        ends = _dated_ends(country, promises)
        made.append(list(ends["announced"][(ends["slippage_low"] > 0).fillna(False).astype(bool)]))
    compared = min(map(len, made))
    alike = sum(two > one for one, two in zip(*made, strict=False))
    return (*map(len, made), alike, compared, *_by_sign(alike, compared))


def _moved_ends(pair, clock, coups, promises: pd.DataFrame, tables) -> tuple:
    if not _covered(pair, tables):
        return _no("not_covered")
    if any(country not in coups.index for country in pair):
        return _no("no_coup")
    moved = []
    for country in pair:
        ends = _dated_ends(country, promises)
        ends = ends[ends["announced"] >= coups.at[country, clock]]
        if ends.empty:
            return _no("no_promise")
        due = [parse_partial_date(text).midpoint for text in ends["due_on"]]
        moved.append((due[-1] - due[0]).days)
    later = sum(days >= _MOVED_DAYS for days in moved)
    # That nothing has moved yet in either is no path.
    verdict = ("cannot_tell", "cannot_tell", "alike_untested")[later]
    reason = ("none_moved", "one_moved", "both_moved")[later]
    return (*moved, None, None, None, verdict, reason)


def _partners(pair, clock: str, tests: pd.DataFrame) -> tuple:
    rows = tests[(tests["leader"] == pair[0]) & (tests["follower"] == pair[1])]
    primary = rows[rows["primary"]].iloc[0]
    if primary["state"] == "not_covered":
        return _no("not_covered")
    if clock == "calendar":
        return _order_of_partners(primary, rows)
    rows = rows[(rows["null"] == "channels") & (rows["joint"] == "without")]
    rows = rows[(rows["acts"] == "all") & (rows["lines"] == "main")]
    row = rows[rows["clock"] == clock].iloc[0]
    if row["state"] == "no_coup":
        return _no("no_coup")
    compared, later = int(row["channels"]), int(row["later"])
    near = int(row["near"])
    p, by_sign, reason = _by_sign(later, compared)
    told = (None, row["typical_lag"], near, compared, p)
    if reason == "too_few":
        return (*told, "cannot_tell", "too_few")
    if by_sign != "cannot_tell":
        return (*told, "not_parallel", "one_sooner")
    if near >= 0.75 * compared:
        return (*told, "alike_untested", "near")
    return (*told, "cannot_tell", "mixed")


def _order_of_partners(primary: pd.Series, rows: pd.DataFrame) -> tuple:
    later, compared = int(primary["later"]), int(primary["channels"])
    told = (None, primary["typical_lag"], later, compared, primary["p_value"])
    if primary["state"] == "too_few" or not is_told(primary["p_smallest"]):
        return (*told, "cannot_tell", "too_few")
    deciding = rows[rows["decides"].notna()].set_index("decides")
    for decides, reason in (("primary", "test"), ("own_acts",) * 2, ("one_partner",) * 2):
        row = deciding.loc[decides]
        if not is_told(row["p_value"]):
            weak = "_weak" if could_hardly_tell(row["power"]) else ""
            return (*told, "cannot_tell", f"{reason}{weak}")
    return (*told, "parallel", "test")
