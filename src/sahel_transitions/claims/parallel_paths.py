"""Sentences and tables on two countries' paths: what ran in parallel, and what the tests can say."""

from collections.abc import Iterable
from itertools import combinations

import pandas as pd

from sahel_transitions.indicators.follow_choices import (
    POWER_SCATTER,
    could_hardly_tell,
    is_told,
)
from sahel_transitions.language import Words
from sahel_transitions.methods import best_lag

_CHANGE = ["partner", "channel", "line", "change"]
_LAGS = ["days_low", "days", "days_high", "days_first_coup", "days_present_spell"]


def change_table(
    changes: pd.DataFrame, countries: tuple[str, ...], together: bool = False
) -> pd.DataFrame:
    """The changes that two countries of the study both made, each pair once, by the second's lag.

    Parameters
    ----------
    changes : DataFrame
        `indicators.common_changes`.
    together : bool
        Those made within a week of each other, or the others.
    """
    rows = _in_order(changes[changes["kind"] == "study"], countries)
    rows = rows[rows["together"] == together].sort_values("days", kind="stable")
    rows = rows.rename(columns={"leader": "first_country", "follower": "second_country"})
    shown = _LAGS if not together else ["days"]
    columns = ["first_country", "second_country", *_CHANGE, *shown, "sources"]
    return rows[columns].reset_index(drop=True)


def change_findings(
    changes: pd.DataFrame, tests: pd.DataFrame, countries: tuple[str, ...], words: Words
) -> list[str]:
    """How many changes two countries share, how many they made together, and who was later.

    Parts of channels count beside main lines; every change that the second made first is named.
    """
    sentences = []
    for first, second in combinations(countries, 2):
        rows = _of(changes, first, second)
        if rows.empty:
            covered = (_of(tests, first, second)["state"] != "not_covered").all()
            key = "finding.paths.none" if covered else "finding.paths.not_covered"
            sentences.append(words(key, first=first, second=second))
            continue
        apart = rows[~rows["together"]]
        sentences.append(
            words("finding.paths.count", first=first, second=second, n=len(rows),
                  together=len(rows) - len(apart))
        )  # fmt: skip
        if apart.empty:
            continue
        sooner = apart[apart["days"] < 0].sort_values("days", kind="stable")
        sentences.append(
            words("finding.paths.later", first=first, second=second, n=len(apart),
                  later=int((apart["days"] > 0).sum()), sooner=len(sooner),
                  same=int((apart["days"] == 0).sum()), lag=words.lag(apart["days"].median()))
        )  # fmt: skip
        if len(sooner):
            sentences.append(words("finding.paths.sooner", first=first, second=second, changes=[
                words("finding.paths.case", lag=words.lag(row.days), change=words.change(
                    row.partner, row.channel, row.change, row.line))
                for row in sooner.itertuples()
            ]))  # fmt: skip
        sentences.append(
            words("finding.paths.acts", first=first, second=second, n=len(apart),
                  own=int(apart["own_act"].sum()))
        )  # fmt: skip
    return [*sentences, words("finding.order_caution")]


def clock_findings(changes: pd.DataFrame, countries: tuple[str, ...], words: Words) -> list[str]:
    """Who was sooner if each country's time is counted from its own coups."""
    sentences = []
    for first, second in combinations(countries, 2):
        apart = _of(changes, first, second)
        apart = apart[~apart["together"]]
        if apart.empty:
            continue
        if apart["days_first_coup"].isna().any():
            sentences.append(words("finding.clock.none", first=first, second=second))
            continue
        for clock in ("first_coup", "present_spell"):
            lags = apart[f"days_{clock}"]
            sentences.append(
                words(f"finding.clock.{clock}", first=first, second=second, n=len(apart),
                      sooner=int((lags < 0).sum()), later=int((lags > 0).sum()))
            )  # fmt: skip
        mostly = (apart["days"] > 0).mean() > 0.5
        if mostly and (apart["days_first_coup"] > 0).mean() < 0.5:
            sentences.append(words("finding.clock.caution", first=first, second=second))
    return sentences or [words("finding.clock.no_change")]


def sequence_findings(agreement: pd.DataFrame, alignment: pd.DataFrame, words: Words) -> list[str]:
    """How far apart the aligned states lie, and how little equal states say of an order."""
    names = {"first": agreement["leader"].iloc[0], "second": agreement["follower"].iloc[0]}
    sentences = [words("finding.aligned_none", **names)]
    if len(alignment):
        sentences = [
            words("finding.aligned", **names, n=len(alignment),
                  months=float(alignment["months_apart"].median()),
                  nearest=int((alignment["nearer"] == 0).sum()))
        ]  # fmt: skip
    known = agreement[agreement["compared"] > 0]
    if {0, known["lag"].max()} <= set(known["lag"]) and len(known) > 1:
        share = known.set_index("lag")["share"]
        best = best_lag(known, "share") or 0
        sentences.append(
            words("finding.agreement", **names, none=float(share[0]), best=float(share[best]),
                  lag=best, far=float(share.iloc[-1]))
        )  # fmt: skip
    return sentences


def follow_findings(
    tests: pd.DataFrame, powers: pd.DataFrame, countries: tuple[str, ...], words: Words
) -> list[str]:
    """What the primary test says of each pair, what it rests on and could have said."""
    sentences = []
    for first, second in combinations(countries, 2):
        rows = _of(tests, first, second)
        primary = rows[rows["primary"]].iloc[0]
        names = {"first": first, "second": second}
        if primary["state"] != "observed":
            few = {} if primary["state"] == "not_covered" else {"n": int(primary["channels"])}
            sentences.append(words(f"finding.follow.{primary['state']}", **names, **few))
            continue
        sentences.append(
            words("finding.follow.observed", **names, n=int(primary["channels"]),
                  p=words.ratio(primary["p_value"]), low=words.ratio(primary["p_low"]),
                  high=words.ratio(primary["p_high"]), least=words.ratio(primary["p_smallest"]))
        )  # fmt: skip
        why, answer = _verdict(primary, rows, names, words)
        sentences += why
        sentences += _power(_of(powers, first, second), names, words)
        sentences += _other_choices(primary, rows, names, words)
        sentences.append(words(f"finding.follow.answer_{answer}", **names))
    return sentences


def _verdict(
    primary: pd.Series, rows: pd.DataFrame, names: dict[str, str], words: Words
) -> tuple[list[str], str]:
    """What the primary test says and rests on, and the answer: cannot, no or order."""
    if not is_told(primary["p_smallest"]):
        return [words("finding.follow.cannot", **names)], "cannot"
    if not is_told(primary["p_value"]):
        if could_hardly_tell(primary["power"]):
            return [words("finding.follow.weak", **names, **_of_100(primary, words))], "cannot"
        return [words("finding.follow.no", **names)], "no"
    said, answer = [words("finding.follow.order", **names)], "order"
    for decides in ("own_acts", "one_partner"):
        row = rows[rows["decides"] == decides].iloc[0]
        n = int(row["channels"])
        holds = is_told(row["p_value"])
        answer = answer if holds else "cannot"
        if row["state"] != "observed":
            said.append(words(f"finding.follow.{decides}_few", **names, n=n))
            continue
        form = "_too" if holds else "_weak" if could_hardly_tell(row["power"]) else ""
        said.append(
            words(f"finding.follow.{decides}{form}", **names, n=n, p=words.ratio(row["p_value"]),
                  least=words.ratio(row["p_smallest"]), **_of_100(row, words))
        )  # fmt: skip
    return said, answer


def _of_100(row: pd.Series, words: Words) -> dict[str, str]:
    share = words.number(round(100 * row["power"]))
    return {"power": share, "months": words.number(POWER_SCATTER)}


def _other_choices(
    primary: pd.Series, rows: pd.DataFrame, names: dict[str, str], words: Words
) -> list[str]:
    known = rows[rows["state"] == "observed"]
    small = known["p_value"].map(is_told).astype(bool)
    joint = known["joint"] == "with"
    return [
        words("finding.follow.grid", **names, n=int((~joint).sum()), below=int((small & ~joint).sum()),
              joint=int((small & joint).sum()), of_joint=int(joint.sum())),
        words("finding.follow.family", **names, n=int((~joint).sum()),
              adjusted=words.ratio(primary["p_family"])),
    ]  # fmt: skip


def _power(powers: pd.DataFrame, names: dict[str, str], words: Words) -> list[str]:
    rows = powers[powers["decides"] == "primary"]
    if rows.empty:
        return []
    return [
        words("finding.follow.power", **names, months=[str(each) for each in rows["scatter_months"]],
              shares=[words.number(round(100 * each)) for each in rows["power"]])
    ]  # fmt: skip


def placebo_leader_findings(
    tests: pd.DataFrame, countries: tuple[str, ...], words: Words
) -> list[str]:
    """What the test says with each neighbour in the place of the leader of the last country."""
    second = countries[-1]
    rows = tests[tests["primary"] & (tests["follower"] == second) & (tests["kind"] == "placebo")]
    rows = rows[rows["state"] != "not_covered"]
    # Two that tie at the best say no more than two that were not tested.
    able = rows[rows["p_smallest"].map(is_told).astype(bool)]
    sentences = [
        words("finding.placebo.leader", leader=row.leader, second=second, n=int(row.channels),
              p=words.ratio(row.p_value), later=int(row.later), lag=words.lag(row.typical_lag))
        for row in able.itertuples()
    ]  # fmt: skip
    shared = able[able["decided_together"] > 0]
    sentences += [
        words(
            "finding.placebo.shares", leader=row.leader, second=second, n=int(row.decided_together)
        )
        for row in shared.itertuples()
    ]
    clean = able[able["decided_together"] == 0]
    behind = clean[clean["p_value"].map(is_told).astype(bool) & (clean["typical_lag"] < 0)]
    if len(behind):
        sentences.append(words("finding.placebo.same", second=second))
    elif clean.empty and len(able):
        sentences.append(words("finding.placebo.no_clean", second=second))
    if able.empty:
        sentences.append(words("finding.placebo.none", second=second))
    few = [words(f"country.{name}") for name in rows["leader"] if name not in set(able["leader"])]
    if few and len(able):
        sentences.append(words("finding.placebo.few", leaders=few, second=second))
    return sentences


def follow_table(tests: pd.DataFrame, countries: tuple[str, ...], words: Words) -> pd.DataFrame:
    """Every test of the first pair of the study, with its choices in words."""
    rows = _of(tests, *countries[:2])
    return pd.DataFrame(
        {
            "null": [words(f"null.{each}") for each in rows["null"]],
            "statistic": [words(f"statistic.{each}") for each in rows["measure"]],
            "clock": [words(f"clock.{each}") for each in rows["clock"]],
            "joint": [words(f"joint.{each}") for each in rows["joint"]],
            "acts": [words(f"acts.{each}") for each in rows["acts"]],
            "lines": [words(f"lines.{each}") for each in rows["lines"]],
            "channels": rows["channels"].to_numpy(),
            "p_value": rows["p_value"].to_numpy(),
            "p_smallest": rows["p_smallest"].to_numpy(),
            "power": rows["power"].to_numpy(),
            "p_family": rows["p_family"].to_numpy(),
            "state": rows["state"].to_numpy(),
            "chosen": [words("cell.yes") if each else None for each in rows["primary"]],
        }
    )


def leader_table(tests: pd.DataFrame) -> pd.DataFrame:
    """The primary test of every pair and placebo leader."""
    columns = ["leader", "follower", "decided_together", "channels", "later", "typical_lag", "p_value", "p_smallest",
               "state"]  # fmt: skip
    rows = tests[tests["primary"]][columns]
    return rows.assign(typical_lag=rows["typical_lag"].round().astype("Int64")).reset_index(
        drop=True
    )


def _in_order(frame: pd.DataFrame, countries: Iterable[str]) -> pd.DataFrame:
    rank = {country: place for place, country in enumerate(countries)}
    return frame[frame["leader"].map(rank) < frame["follower"].map(rank)]


def _of(frame: pd.DataFrame, leader: str, follower: str) -> pd.DataFrame:
    return frame[(frame["leader"] == leader) & (frame["follower"] == follower)]
