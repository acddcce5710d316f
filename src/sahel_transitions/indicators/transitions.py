"""How long transitions last, and what ends them: the reference class, as known on any day.

In the class are transitions that began when part of the forces of the state seized power, or took it
over when an uprising or the death of the president ended a government, and held it for more than a
week: no rebel takeover, and no succession as the constitution provides. They end with the first day
of the vote that elects a president, or with an overthrow. What became known after the day is not
used: a later beginning is absent, and a later end or last sight is censored on the day.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.methods import (
    CENSORED,
    cumulative_incidence,
    log_rank,
    quantile,
    survival_curve,
    value_at,
)
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import DAYS_A_YEAR, Table, parse_partial_date

Ends = Literal["vote", "inauguration"]
Censoring = Literal["last_seen", "as_of"]
Borderline = Literal["left_out", "by_rule", "as_overthrow"]
# What may end a transition; a vote is told apart by who won it.
CAUSES = ("won_by_someone_else", "won_by_leader", "overthrow")
LASTING, ELECTION = "lasting", "election"
STRATA = ("all", "of_study", "others")
# Each spell by itself, or those inside another as its continuation.
COUNTINGS = ("each", "merged")
# Other readings of each spell, for the summary: how `spells_known` is asked.
READINGS: dict[str, dict[str, str]] = {
    "censored_as_of": {"censoring": "as_of"},
    "borderline_by_rule": {"borderline": "by_rule"},
    "borderline_as_overthrow": {"borderline": "as_overthrow"},
}
# Years after which the summary says how much had ended.
HORIZON = 3
_CAUSE = {"someone_else": "won_by_someone_else", "leader_of_transition": "won_by_leader"}
SPELL_COLUMNS = [
    "spell_id", "country", "began", "exit", "cause", "ended", "days", "lasting", "parts", "sources",
]  # fmt: skip
SURVIVAL_COLUMNS = [
    "counting", "stratum", "cause", "days", "at_risk", "events", "share", "low", "high", "band_low",
    "band_high",
]  # fmt: skip


def spells_known(
    parameters: Parameters,
    tables: Mapping[str, Table],
    *,
    merge_coup_within_coup: bool = False,
    ends: Ends = "vote",
    censoring: Censoring = "last_seen",
    borderline: Borderline = "left_out",
) -> pd.DataFrame:
    """Every transition of the reference class that had begun on `as_of`.

    Parameters
    ----------
    merge_coup_within_coup : bool
        Whether a transition that began inside another is its continuation, so that an overthrow
        from which a transition followed ends nothing.
    ends : {"vote", "inauguration"}
        Whether an election ends it on the first day of the vote or when the elected take office.
    censoring : {"last_seen", "as_of"}
        Whether one that was not seen to end is followed to the first possible day of the latest
        source in which it lasted (to `as_of` at most), or to `as_of`.
    borderline : {"left_out", "by_rule", "as_overthrow"}
        Whether the cases that the criterion of inclusion alone leaves out are added; one whose
        leader was forced out for interim civilians then ends with the vote, by the rule for all,
        or with an overthrow on that day.

    Returns
    -------
    DataFrame
        One row a transition, in the order of their beginnings: `spell_id`, `country`, `began`
        (day), `exit` (*election*, *overthrow*, or *none* where no end was seen), `cause` (one
        of `CAUSES`; empty where no end was seen), `ended` (day of the end, or the day to which it
        is followed), `days` (from the beginning to `ended`), `lasting` (whether no end was seen),
        `parts` (the spells of which it is made) and `sources` (of the end or the last sight only
        once it was known).

    Raises
    ------
    TableProblems
        If the table contradicts itself.
    """
    table = tables["spells"].frame
    check_spells(table)
    chosen = table[table["included"] | (table["borderline"] & (borderline != "left_out"))]
    rows = []
    for row in chosen.sort_values(["began", "spell_id"]).itertuples():
        began = parse_partial_date(row.began)
        if str(began.latest) > parameters.as_of:
            continue
        forced = borderline == "as_overthrow" and isinstance(row.forced_out_on, str)
        day, known, kind, cause = _end(row, ends, forced)
        # Days in ISO form sort as text.
        over = isinstance(day, str) and max(day, known) <= parameters.as_of
        seen = _last_sight(row, parameters.as_of)
        told = row.exit_sources if over else row.seen_sources if seen < parameters.as_of else ()
        if forced:
            # The sources of the beginning tell it; those of the end are of the vote years later.
            told = ()
        rows.append(
            {
                "spell_id": row.spell_id,
                "country": row.country,
                "began": str(began.midpoint),
                "exit": kind if over else "none",
                "cause": cause if over else CENSORED,
                "ended": day if over else seen if censoring == "last_seen" else parameters.as_of,
                "inside": row.inside,
                "parts": (row.spell_id,),
                "sources": tuple(dict.fromkeys((*row.sources, *told))),
            }
        )
    if merge_coup_within_coup:
        rows = _merged(rows)
    spells = pd.DataFrame(rows, columns=[*SPELL_COLUMNS, "inside"])
    first, last = (pd.to_datetime(spells[name]) for name in ("began", "ended"))
    spells["days"] = (last - first).dt.days.astype("int64")
    spells["lasting"] = spells["exit"] == "none"
    return spells[SPELL_COLUMNS]


def _end(row, ends: Ends, forced: bool) -> tuple[str | float, str | float, str, str]:
    """Day, knowledge, kind and cause of the end of a coded transition, whenever it came."""
    if forced:
        return row.forced_out_on, row.forced_out_on, "overthrow", "overthrow"
    day = row.inaugurated_on if ends == "inauguration" and row.exit == ELECTION else row.exit_on
    return day, row.known_on, row.exit, _CAUSE.get(row.winner, row.exit)


def _last_sight(row, as_of: str) -> str:
    """The last day on which it was seen to last: `as_of` where a later sight or end is coded."""
    if not isinstance(row.seen_lasting_on, str):
        return as_of
    seen = parse_partial_date(row.seen_lasting_on)
    return str(seen.earliest) if str(seen.latest) <= as_of else as_of


def _merged(rows: list[dict]) -> list[dict]:
    """Each transition with those that began inside it, from its beginning to their last end."""
    by_part: dict[str, dict] = {}
    for row in rows:
        outer = by_part.get(row["inside"]) if isinstance(row["inside"], str) else None
        if outer is None:
            by_part[row["spell_id"]] = dict(row)
            continue
        outer |= {name: row[name] for name in ("exit", "cause", "ended")}
        outer["parts"] += row["parts"]
        outer["sources"] = tuple(dict.fromkeys((*outer["sources"], *row["sources"])))
        by_part[row["spell_id"]] = outer
    return list({id(row): row for row in by_part.values()}.values())


def transitions(
    parameters: Parameters,
    tables: Mapping[str, Table],
    *,
    strata: bool = False,
    ends: Ends = "vote",
) -> pd.DataFrame:
    """The share of transitions that lasts beyond a time, and that has ended by each cause.

    Kaplan-Meier for the former, Aalen-Johansen for the latter, with pointwise bands of 95 percent
    by the log-log transform; no regression, since the spells are too few.

    Parameters
    ----------
    strata : bool
        Whether to add the countries of the study and the others, each by itself.

    Returns
    -------
    DataFrame
        `SURVIVAL_COLUMNS`: `counting` (*each* spell, or *merged*: see `spells_known`), `stratum` (one of
        `STRATA`), `cause` (*lasting* for the share that lasts, *election* for both kinds of votes
        together, or one of `CAUSES`), `days` since the beginning, `at_risk` just before,
        `events` (for *lasting*: of any cause), `share`, its band `low` to `high`, and for *lasting*
        the simultaneous band `band_low` to `band_high`. A stratum in which nothing has ended has
        no rows. Bands are missing where the share is 0 or 1.
    """
    frames = []
    for counting in COUNTINGS:
        spells = _counted(counting, parameters, tables, ends)
        for stratum in STRATA if strata else STRATA[:1]:
            rows = _of_stratum(spells, stratum, parameters)
            if not rows["lasting"].all():
                frames.append(_curves(rows).assign(counting=counting, stratum=stratum))
    if not frames:
        return pd.DataFrame(columns=SURVIVAL_COLUMNS)
    return pd.concat(frames, ignore_index=True)[SURVIVAL_COLUMNS]


def _counted(
    counting: str, parameters: Parameters, tables: Mapping[str, Table], ends: Ends
) -> pd.DataFrame:
    merge = counting == "merged"
    return spells_known(parameters, tables, merge_coup_within_coup=merge, ends=ends)


def _curves(spells: pd.DataFrame) -> pd.DataFrame:
    """Survival and cumulative incidence of some transitions, one below the other."""
    days, ended = spells["days"], ~spells["lasting"]
    kinds = spells["exit"].where(ended, CENSORED)
    by_kind = cumulative_incidence(days, kinds, (ELECTION, "overthrow"))
    by_cause = cumulative_incidence(days, spells["cause"], CAUSES)
    frames = [
        survival_curve(days, ended).assign(cause=LASTING).rename(columns={"survival": "share"}),
        by_kind[by_kind["cause"] == ELECTION].rename(columns={"incidence": "share"}),
        by_cause.rename(columns={"incidence": "share"}),
    ]
    bands = {"band_low": np.nan, "band_high": np.nan}
    frames[1:] = [frame.assign(**bands) for frame in frames[1:]]
    names = [name for name in SURVIVAL_COLUMNS if name not in {"counting", "stratum"}]
    curves = pd.concat([frame.rename(columns={"time": "days"})[names] for frame in frames])
    return curves.astype({"days": "int64"})


def transition_summary(
    parameters: Parameters, tables: Mapping[str, Table], *, ends: Ends = "vote"
) -> pd.DataFrame:
    """How many transitions there are, how they ended, and how long half of them last.

    Returns
    -------
    DataFrame
        One row a stratum, once for *each* spell and once *merged*: `counting`, `stratum`, `spells`,
        `won_by_someone_else`, `won_by_leader`, `overthrow`, `lasting` (counts), `median_days`
        with `median_low` and `median_high` (95 percent; missing where not reached), and
        `p_value`, of the log-rank test of the countries of the study against the others (in the
        row of all; missing where one of the two has no transition), and, `HORIZON` years after
        the beginning, `vote_count`, `overthrow_count` (so many had ended by then), `vote_share`
        and `overthrow_share` (estimated; missing where none has been followed so long). A stratum
        without a transition has a row of zeros. Last come the `READINGS` of each spell by itself,
        as further countings of all transitions.
    """
    views = {
        **{name: (_counted(name, parameters, tables, ends), STRATA) for name in COUNTINGS},
        **{
            name: (spells_known(parameters, tables, ends=ends, **asked), STRATA[:1])
            for name, asked in READINGS.items()
        },
    }
    rows = []
    for counting, (spells, strata) in views.items():
        ours = spells["country"].isin(parameters.countries)
        for stratum in strata:
            mine = _of_stratum(spells, stratum, parameters)
            half = quantile(survival_curve(mine["days"], ~mine["lasting"]))
            row = {"counting": counting, "stratum": stratum, "spells": len(mine)}
            row |= {cause: int((mine["cause"] == cause).sum()) for cause in CAUSES}
            row["lasting"] = int(mine["lasting"].sum())
            row |= {"median_days": half.time, "median_low": half.low, "median_high": half.high}
            test = log_rank(spells["days"], ~spells["lasting"], ours.astype(str))
            row["p_value"] = test.p_value if stratum == "all" else np.nan
            row |= _at_horizon(mine)
            rows.append(row)
    counted = {name: "Int64" for name in ("median_days", "median_low", "median_high")}
    return pd.DataFrame(rows).astype(counted)


def _at_horizon(spells: pd.DataFrame) -> dict[str, float]:
    """How many had ended so many years after they began, and the estimated shares."""
    after = HORIZON * DAYS_A_YEAR
    kinds = spells["exit"].where(~spells["lasting"], CENSORED)
    curves = cumulative_incidence(spells["days"], kinds, (ELECTION, "overthrow"))
    followed = len(spells) > 0 and spells["days"].max() >= after
    result: dict[str, float] = {}
    for name, kind in (("vote", ELECTION), ("overthrow", "overthrow")):
        result[f"{name}_count"] = int(((kinds == kind) & (spells["days"] <= after)).sum())
        mine = curves[curves["cause"] == kind]
        share = value_at(mine, "incidence", [after], start=0)[0] if followed else np.nan
        result[f"{name}_share"] = float(share)
    return result


def _of_stratum(spells: pd.DataFrame, stratum: str, parameters: Parameters) -> pd.DataFrame:
    if stratum == "all":
        return spells
    ours = spells["country"].isin(parameters.countries)
    return spells[ours if stratum == "of_study" else ~ours]


def check_spells(rows: pd.DataFrame) -> None:
    """Refuse a table of transitions that contradicts itself.

    Raises
    ------
    TableProblems
        Naming every transition that ends before it began, has an end without its day, winner or
        knowledge (or the reverse), an overthrow from which no transition followed, or was left out
        without a reason.
    """
    followed = {
        row.inside: row.began
        for row in rows[rows["included"] & rows["inside"].notna()].itertuples()
    }
    problems = [
        Problem("spells", row.Index + 2, column, expected, str(getattr(row, column)), remedy)
        for row in rows.itertuples()
        for column, expected, remedy in _contradictions(row, followed)
    ]
    if problems:
        raise TableProblems(problems)


def _contradictions(row, followed: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    complete = "Complete the row, or correct how it ended."
    if not row.included:
        if pd.isna(row.reason):
            yield "reason", "why it was left out", "Say why."
        if not row.borderline:
            return
    elif row.borderline:
        yield "borderline", "false, since it is included", "Correct one of the two."
    if pd.isna(row.exit):
        yield "exit", "how it ended, or none", complete
        return
    wanted = {
        "exit_on": row.exit != "none",
        "known_on": row.exit != "none",
        "inaugurated_on": row.exit == ELECTION,
        "winner": row.exit == ELECTION,
        "seen_lasting_on": row.exit == "none",
        "seen_sources": row.exit == "none",
    }
    for column, there in wanted.items():
        value = getattr(row, column)
        if (len(value) == 0 if isinstance(value, tuple) else pd.isna(value)) == there:
            yield column, "a value" if there else "none", complete
    if row.exit == "none":
        return
    if not pd.isna(row.exit_on) and row.exit_on < str(parse_partial_date(row.began).latest):
        yield "exit_on", f"no day before it began, {row.began}", "Correct one of the two."
    if row.known_on < row.exit_on:
        yield "known_on", f"no day before the end, {row.exit_on}", "Correct one of the two."
    if row.exit == ELECTION and row.inaugurated_on < row.exit_on:
        yield "inaugurated_on", f"no day before the vote, {row.exit_on}", "Correct one of the two."
    if row.exit == "overthrow" and followed.get(row.spell_id) != row.exit_on:
        expected = "the day on which the transition began that followed from inside it"
        yield "exit_on", expected, "Correct one of the two, or code the transition that followed."
