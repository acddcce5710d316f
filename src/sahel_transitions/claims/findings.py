"""The sentences in which the suite states a result, each written from the values beside it.

Every function takes the tidy result of an indicator and gives sentences, one a list item. Nothing
is said of a country or period that is not covered but that it is not covered.
"""

from collections.abc import Iterator

import pandas as pd

from sahel_transitions.indicators.transition_deadlines import NOT_BINDING
from sahel_transitions.language import Words

_WHOLE_YEAR = 12


def year_findings(years: pd.DataFrame, words: Words) -> list[str]:
    """The last two whole covered years of each country, with the bounds of the last."""
    return [_year(country, rows, words) for country, rows in _countries(years)]


def _year(country: str, rows: pd.DataFrame, words: Words) -> str:
    whole = rows[(rows["months"] == _WHOLE_YEAR) & rows["value"].notna()].tail(2)
    if len(whole) < 2:
        return words("finding.year_missing", country=country)
    before, last = whole.iloc[0], whole.iloc[1]
    number = _writer(rows, words)
    key = {"U1": "finding.bounds_u1", "U3": "finding.bounds_u3"}.get(
        last["definition"], "finding.bounds"
    )
    bounds = words(key, low=number(last["low"]), high=number(last["high"]))
    return words(
        "finding.year", country=country, year=last["period"], value=number(last["value"]),
        previous=before["period"], before=number(before["value"]), bounds=bounds,
    )  # fmt: skip


def peak_findings(months: pd.DataFrame, words: Words) -> list[str]:
    """The highest month of each country and its share of all months shown."""
    sentences = []
    for country, rows in _countries(months):
        values = _floats(rows, "value")
        if not (values > 0).any():
            sentences.append(words("finding.peak_none", country=country))
            continue
        peak = rows.loc[values.idxmax()]
        number = _writer(rows, words)
        sentences.append(
            words("finding.peak", country=country, month=peak["period"],
                  value=number(peak["value"]), share=values.max() / values.sum())
        )  # fmt: skip
    return sentences


def one_sided_findings(years: pd.DataFrame, words: Words) -> Iterator[str]:
    """The year in which a filter on one-sided violence loses most civilians, per country."""
    for country, rows in _countries(years):
        one_sided, all_types = _floats(rows, "u2_one_sided"), _floats(rows, "u2")
        missed = (all_types - one_sided)[all_types > 0]
        if missed.empty or missed.max() <= 0:
            continue
        row = rows.loc[missed.idxmax()]
        yield words(
            "finding.one_sided", country=country, year=row["period"],
            kept=words.number(row["u2_one_sided"]), all=words.number(row["u2"]),
            missed=missed.max() / float(row["u2"]),
        )  # fmt: skip


def shock_findings(shocks: pd.DataFrame, words: Words) -> list[str]:
    """Deaths in the window before and after each shock, and why after is not because of."""
    sentences = [
        words("finding.shock", country=row.country, shock=words(f"shock.{row.shock}"),
              n=row.months, before=_or_state(row.before, row.state_before, words),
              after=_or_state(row.after, row.state_after, words))
        for row in shocks.itertuples()
    ]  # fmt: skip
    return [*sentences, words("finding.shock_caution")]


def perpetrator_findings(classes: pd.DataFrame, words: Words) -> list[str]:
    """The class to which most deaths of one-sided violence are attributed, for each country."""
    sentences = []
    for country, rows in _countries(classes):
        totals = _floats(rows, "u1").groupby(rows["perpetrator"]).sum()
        if totals.sum() <= 0:
            sentences.append(words("finding.peak_none", country=country))
            continue
        leader = totals.idxmax()
        sentences.append(
            words("finding.perpetrator", country=country, total=words.number(totals.sum()),
                  value=words.number(totals.max()), share=totals.max() / totals.sum(),
                  perpetrator=words(f"perpetrator.{leader}"))
        )  # fmt: skip
    return sentences


def admin1_findings(units: pd.DataFrame, words: Words) -> list[str]:
    """The first-order unit with the largest share of reported civilian deaths, per country."""
    sentences = []
    for country, rows in _countries(units):
        totals = (
            _floats(rows, "u2").groupby(rows["admin1"]).sum().drop("not_located", errors="ignore")
        )
        whole = _floats(rows, "u2").sum()
        if whole <= 0 or totals.empty:
            sentences.append(words("finding.peak_none", country=country))
            continue
        sentences.append(
            words("finding.admin1", country=country, unit=totals.idxmax(),
                  share=totals.max() / whole)
        )  # fmt: skip
    return sentences


def promise_findings(promises: pd.DataFrame, countries: tuple[str, ...], words: Words) -> list[str]:
    """How promises fared, where the end of the transition stands, and what notice was given.

    A country without a row in the ledger is said to be not covered.
    """
    sentences = []
    binding = promises[~promises["legal_form"].isin(NOT_BINDING)]
    for country in countries:
        rows = binding[binding["country"] == country]
        if rows.empty:
            sentences.append(words("finding.not_covered", country=country))
            continue
        status = rows["status"].value_counts()
        counts = {name: int(status.get(name, 0)) for name in ("kept", "missed", "superseded")}
        sentences.append(words("finding.kept", country=country, n=len(rows), **counts))
        sentences.append(_end_of_transition(country, rows, words))
        votes = rows[(rows["event_promised"] == "presidential_election")]
        for row in votes[votes["notice_days"].fillna(-1) >= 0].tail(1).itertuples():
            earlier = rows.set_index("promise_id").loc[row.supersedes]
            sentences.append(
                words("finding.notice", country=country, due=earlier["due_on"],
                      announced=row.announced, days=int(row.notice_days))
            )  # fmt: skip
    return sentences


def _end_of_transition(country: str, rows: pd.DataFrame, words: Words) -> str:
    standing = rows[(rows["event_promised"] == "end_of_transition") & (rows["status"] == "open")]
    dated = standing[standing["due_on"].notna()]
    if dated.empty:
        return words("finding.no_date", country=country)
    row = dated.iloc[-1]
    if pd.isna(row["slippage_days"]):
        return words("finding.first_date", country=country, due=row["due_on"])
    return words(
        "finding.moved", country=country, due=row["due_on"], days=int(row["slippage_days"])
    )


def state_findings(states: pd.DataFrame, countries: tuple[str, ...], words: Words) -> list[str]:
    """How many channels are active, closing and ended, for each country."""
    sentences = []
    for country in countries:
        rows = states[states["country"] == country]
        if rows.empty or (rows["state"] == "not_covered").all():
            sentences.append(words("finding.not_covered", country=country))
            continue
        counts = rows["state"].value_counts()
        sentences.append(
            words("finding.states", country=country, n=len(rows),
                  active=int(counts.get("active", 0)),
                  closing=int(counts.get("suspended", 0) + counts.get("denounced", 0)),
                  ended=int(counts.get("ended", 0)))
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
                  first=row.first_country, second=row.second_country, days=row.days,
                  low=row.days_low, high=row.days_high)
        )  # fmt: skip
    return [*sentences, words("finding.lag_caution")]


_GLANCE_PARTNERS = (
    ("France", "troops"),
    ("Russia", "troops"),
    ("United Nations", "troops"),
    ("European Union", "training"),
    ("ECOWAS", "membership"),
    ("AES", "membership"),
)


def glance(
    years: pd.DataFrame, rates: pd.DataFrame, promises: pd.DataFrame, states: pd.DataFrame,
    words: Words,
) -> pd.DataFrame:  # fmt: skip
    """All countries side by side: one row a measure, one column a country, cells as text.

    Parameters
    ----------
    years, rates : DataFrame
        `civilian_deaths(…)` as counts and per 100,000; the last whole covered year is shown.
    promises, states : DataFrame
        `promises_known(…)` and `partner_states(…)`.
    """
    columns = {}
    period = None
    for country, rows in _countries(years):
        whole = rows[rows["months"] == _WHOLE_YEAR]
        covered = whole[whole["value"].notna()]
        last = covered.iloc[-1] if len(covered) else rows.iloc[-1]
        period = max(period or last["period"], last["period"])
        rate = rates[(rates["country"] == country) & (rates["period"] == last["period"])].iloc[0]
        cells = [
            _or_state(last["value"], last["state"], words),
            _or_state(rate["value"], rate["state"], words, decimals=1),
            *_promise_cells(promises[promises["country"] == country], words),
        ]
        mine = states[states["country"] == country].set_index(["partner", "channel"])["state"]
        for key in _GLANCE_PARTNERS:
            absent = "not_covered" if "not_covered" in set(mine) else "absent"
            cells.append(words(f"state.{mine.get(key, absent)}"))
        columns[country] = cells
    labels = [
        words("measure.deaths", period=period),
        words("measure.rate", period=period),
        words("measure.promises"),
        words("measure.end"),
        words("measure.slippage"),
        *(
            words("measure.partner", partner=words(f"partner.{partner}"),
                  channel=words(f"channel.{channel}"))
            for partner, channel in _GLANCE_PARTNERS
        ),
    ]  # fmt: skip
    return pd.DataFrame({"measure": labels, **columns})


def _promise_cells(rows: pd.DataFrame, words: Words) -> list[str]:
    if rows.empty:
        return [words("state.not_covered")] * 3
    binding = rows[~rows["legal_form"].isin(NOT_BINDING)]
    kept = int((binding["status"] == "kept").sum())
    ends = binding[
        (binding["event_promised"] == "end_of_transition") & (binding["status"] == "open")
    ]
    cells = [words("cell.of", part=kept, whole=len(binding))]
    if ends.empty or pd.isna(ends.iloc[-1]["due_on"]):
        return [*cells, words("figure.no_date"), words("cell.none")]
    end = ends.iloc[-1]
    slippage = end["slippage_days"]
    return [
        *cells,
        words.when(end["due_on"]),
        words("cell.none") if pd.isna(slippage) else words.number(int(slippage)),
    ]


def _countries(frame: pd.DataFrame):
    return frame.groupby("country", sort=False)


def _floats(rows: pd.DataFrame, column: str) -> pd.Series:
    return pd.Series(rows[column].to_numpy("float64"), index=rows.index).fillna(0)


def _writer(rows: pd.DataFrame, words: Words):
    decimals = 0 if rows["unit"].iloc[0] == "reported deaths" else 1
    return lambda value: words.number(float(value), decimals)


def _or_state(value, state: str, words: Words, decimals: int = 0) -> str:
    if pd.isna(value):
        return words(f"state.{state}")
    return words.number(float(value), decimals)
