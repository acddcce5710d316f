"""What the ledgers of promises and partners show: sentences for the run that is shown."""

import pandas as pd

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
            sentences.append(words(f"finding.{end.state}", country=end.country))
            continue
        rows = dated_promises(promises[promises["country"] == end.country])
        status = rows["status"].value_counts()
        counts = {
            name: int(status.get(name, 0)) for name in ("kept", "missed", "superseded", "open")
        }
        sentences.append(words("finding.kept", country=end.country, n=len(rows), **counts))
        sentences.append(_end_of_transition(end, words))
        sentences += _notice_of_vote(promises[promises["country"] == end.country], words)
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
                days = days_range(low, high, words)
                sentences.append(words(f"finding.{key}", country=end.country, days=days))
    late = promises[promises["binding"] & promises["late_days"].notna()]
    late = late[late["event_promised"] == "end_of_transition"]
    sentences += [
        words("finding.late", country=row.country, due=row.due_on, days=int(row.late_days))
        for row in late.itertuples()
    ]
    return sentences or [words("alt.none_dated")]


def days_range(low, high, words: Words) -> str:
    ends = words.number(int(low)), words.number(int(high))
    return ends[0] if low == high else words("cell.range", first=ends[0], last=ends[1])


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


def _notice_of_vote(rows: pd.DataFrame, words: Words) -> list[str]:
    by_id = rows.set_index("promise_id")
    votes = rows[rows["event_promised"] == "presidential_election"]
    # Notice of a vote that was due in a month, not on a day, is no number of days.
    due = votes["supersedes"].map(by_id["due_on"])
    votes = votes[due.str.len() == len("2024-02-04")]
    return [
        words(
            "finding.notice",
            country=row.country,
            due=by_id.at[row.supersedes, "due_on"],
            announced=row.announced,
            days=int(row.notice_days),
        )
        for row in votes[votes["notice_days"].fillna(-1) >= 0].tail(1).itertuples()
    ]


def state_findings(states: pd.DataFrame, countries: tuple[str, ...], words: Words) -> list[str]:
    """How many channels are active, closing and ended, for each country."""
    sentences = []
    for country in countries:
        rows = states[states["country"] == country]
        if rows.empty or (rows["state"] == "not_covered").all():
            sentences.append(words("finding.no_partner_ledger", country=country))
            continue
        counts = rows["state"].value_counts()
        sentences.append(
            words("finding.states", country=country, n=len(rows),
                  active=int(counts.get("active", 0)),
                  closing=int(counts.get("suspended", 0) + counts.get("denounced", 0)),
                  ended=int(counts.get("ended", 0)),
                  other=int(counts.get("absent", 0) + counts.get("announced", 0)))
        )  # fmt: skip
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
