"""What the ledgers of promises and partners show: sentences for the run that is shown."""

import pandas as pd

from sahel_transitions.indicators.partner_shifts import MEASURES
from sahel_transitions.language import Words


def promise_findings(promises: pd.DataFrame, ends: pd.DataFrame, words: Words) -> list[str]:
    """How dated promises fared, where the end of the transition stands, and what notice was given.

    Parameters
    ----------
    promises, ends : DataFrame
        `promises_known(…)` and `promised_ends(…)`.
    """
    sentences = []
    for end in ends.itertuples():
        if end.state in {"not_covered", "no_promise"}:
            sentences.append(words(f"finding.{end.state}", country=end.country, ledger="deadlines"))
            continue
        rows = dated_promises(promises[promises["country"] == end.country])
        status = rows["status"].value_counts()
        counts = {
            name: int(status.get(name, 0)) for name in ("kept", "missed", "superseded", "open")
        }
        sentences.append(words("finding.kept", country=end.country, n=len(rows), **counts))
        due = rows[rows["come_due"] | (rows["status"] == "kept")]
        sentences.append(
            words("finding.come_due", country=end.country, n=len(due), kept=counts["kept"])
        )
        sentences.append(_end_of_transition(end, words))
        sentences += _notice(promises[promises["country"] == end.country], words)
    return sentences


def dated_promises(promises: pd.DataFrame) -> pd.DataFrame:
    """Binding promises with a date, each once.

    A postponement without a date is nothing that can be kept; a promise that was made more exact
    later counts in its exact form.
    """
    return promises[promises["binding"] & promises["due_on"].notna() & ~promises["refined"]]


def promise_clock_findings(promises: pd.DataFrame, ends: pd.DataFrame, words: Words) -> list[str]:
    """How far each promised end lies from the coup, has drifted, and how late it was replaced.

    Parameters
    ----------
    promises, ends : DataFrame
        `promises_known(…)` and `promised_ends(…)`.
    """
    sentences = []
    for end in ends.itertuples():
        for measure, key in (("since_coup", "clocks"), ("drift", "drift")):
            low, high = getattr(end, f"{measure}_low"), getattr(end, f"{measure}_high")
            if not pd.isna(low):
                days = words.span(low, high)
                sentences.append(words(f"finding.{key}", country=end.country, days=days))
    late = promises[promises["binding"] & promises["late_days"].notna()]
    late = late[late["event_promised"] == "end_of_transition"]
    sentences += [
        words("finding.late", country=row.country, promise=row.promise_id, due=row.due_on,
              days=int(row.late_days))
        for row in late.itertuples()
    ]  # fmt: skip
    return sentences or [words("finding.clocks_none")]


def _end_of_transition(end, words: Words) -> str:
    match end.state:
        case "overdue":
            return words(
                "finding.overdue", country=end.country, due=end.due_on, days=int(end.overdue_days)
            )
        case "no_date":
            return words("finding.no_date", country=end.country)
    if pd.isna(end.slippage_low) or end.slippage_low <= 0:
        return words("finding.first_date", country=end.country, due=end.due_on)
    exact = end.slippage_low == end.slippage_high
    return words(
        "finding.moved" if exact else "finding.moved_interval",
        country=end.country,
        due=end.due_on,
        days=int(end.slippage_days),
        low=int(end.slippage_low),
        high=int(end.slippage_high),
    )


# The postponements of which the notice is told.
_NOTICED = ("presidential_election", "end_of_transition")


def _notice(rows: pd.DataFrame, words: Words) -> list[str]:
    """How long before the day the last postponement of each event that was told ahead came."""
    due = rows.set_index("promise_id")["due_on"]
    ahead = rows[rows["binding"] & (rows["notice_low"].fillna(-1) >= 0)]
    return [
        words(
            "finding.notice",
            country=row.country,
            event=words(f"event.{row.event_promised}"),
            due=due[row.supersedes],
            announced=row.announced,
            days=words.span(row.notice_low, row.notice_high),
        )
        for event in _NOTICED
        for row in ahead[ahead["event_promised"] == event].tail(1).itertuples()
        if isinstance(due[row.supersedes], str)
    ]


def state_findings(states: pd.DataFrame, countries: tuple[str, ...], words: Words) -> list[str]:
    """How many channels are active, closing and ended, for each country, with sanctions apart."""
    sentences, counted = [], 0
    for country in countries:
        rows = states[states["country"] == country]
        if rows.empty or (rows["state"] == "not_covered").all():
            sentences.append(words("finding.no_partner_ledger", country=country))
            continue
        measures = rows.loc[rows["channel"].isin(MEASURES), "state"]
        rows = rows[~rows["channel"].isin(MEASURES)]
        counts = rows["state"].value_counts()
        counted += 1
        sentences.append(
            words("finding.states", country=country, n=len(rows),
                  active=int(counts.get("active", 0)),
                  closing=int(counts.get("suspended", 0) + counts.get("denounced", 0)),
                  ended=int(counts.get("ended", 0)),
                  other=int(counts.get("absent", 0) + counts.get("announced", 0)))
        )  # fmt: skip
        if len(measures):
            sentences.append(
                words("finding.sanctions_apart", country=country,
                      force=int((measures == "active").sum()),
                      lifted=int((measures == "ended").sum()),
                      never=int(measures.isin(["absent", "announced"]).sum()))
            )  # fmt: skip
    if counted > 1:
        sentences.append(words("finding.states_not_comparable"))
    return sentences


_NAMED_LAGS = (
    ("France", "treaty", "denounced"),
    ("France", "troops", "ended"),
    ("Russia", "troops", "active"),
)


def lag_findings(lags: pd.DataFrame, words: Words) -> list[str]:
    """The lags that the question is about, and why an order of dates is not an influence."""
    sentences = []
    for row in lags.itertuples():
        if (row.partner, row.channel, row.change) not in _NAMED_LAGS:
            continue
        key = "finding.lag" if row.days_low == row.days_high else "finding.lag_interval"
        sentences.append(
            words(key, partner=words(f"partner.{row.partner}"),
                  channel=words(f"channel.{row.channel}"), state=words(f"state.{row.change}"),
                  first=row.first_country, second=row.second_country, n=row.days,
                  low=row.days_low, high=row.days_high)
        )  # fmt: skip
    return [*sentences, words("finding.lag_caution")]
