"""The sentences in which the suite states a result, each written from the values beside it.

Every function takes the tidy result of an indicator and gives sentences, one a list item. Nothing
is said of a country or period that is not covered but that it is not covered.
"""

from collections.abc import Iterator

import pandas as pd

from sahel_transitions.indicators import filtered_months
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
    if _are_rates(rows):
        words = words.of_rates()
    if pd.isna(last["low"]):
        bounds = words("finding.bounds_acled")
    else:
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
        if not _covered(rows):
            sentences.append(words("finding.months_not_covered", country=country))
            continue
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


# How it is said that a narrower definition loses deaths, by dataset.
_LOSES = {"UCDP GED": "finding.one_sided", "ACLED": "finding.targeting"}


def definition_findings(years: pd.DataFrame, words: Words) -> Iterator[str]:
    """The whole year in which the narrower definition of the dataset loses most deaths, per country.

    Of UCDP that is a filter on one-sided violence, of ACLED one on violence against civilians.
    """
    # A part of a year is not given as the year.
    whole = years[years["months"] == _WHOLE_YEAR]
    if whole.empty:
        return
    for country, rows in _countries(filtered_months(whole)):
        missed = rows[rows["missed"] > 0]
        if missed.empty:
            continue
        row = missed.loc[missed["missed"].idxmax()]
        yield words(
            _LOSES[years["source"].iloc[0]], country=country, year=row["period"],
            kept=words.number(row["kept"]), all=words.number(row["value"]),
            missed=row["missed"] / row["value"],
        )  # fmt: skip


def shock_findings(shocks: pd.DataFrame, words: Words) -> list[str]:
    """Deaths in the window before and after each shock, and why after is not because of."""
    sentences = [
        words("finding.shock", country=row.country, shock=words(f"shock.{row.shock}"),
              n=row.months, before=_count_or_state(row.before, row.state_before, words),
              after=_count_or_state(row.after, row.state_after, words))
        for row in shocks.itertuples()
    ]  # fmt: skip
    return [*sentences, words("finding.shock_caution")]


def perpetrator_findings(classes: pd.DataFrame, words: Words) -> list[str]:
    """The class to which most deaths are attributed, for each country."""
    acled = classes["source"].iloc[0] == "ACLED"
    covered = ~classes["state"].isin(["not_covered", "missing"])
    named = classes["perpetrator"][covered].ne("not_attributed").any()
    nothing = "no_one_sided"
    if acled:
        nothing = "no_perpetrator_acled" if named else "not_named"
    sentences = []
    for country, rows in _countries(classes):
        totals = _floats(rows, "attributed").groupby(rows["perpetrator"]).sum()
        totals = totals.drop("not_attributed", errors="ignore")
        if totals.sum() <= 0:
            key = nothing if _covered(rows) else "months_not_covered"
            sentences.append(words(f"finding.{key}", country=country))
            continue
        leader = totals.idxmax()
        sentences.append(
            words("finding.perpetrator_acled" if acled else "finding.perpetrator", country=country, total=words.number(totals.sum()),
                  value=words.number(totals.max()), share=totals.max() / totals.sum(),
                  perpetrator=words(f"perpetrator.{leader}"))
        )  # fmt: skip
    return sentences


def admin1_findings(units: pd.DataFrame, words: Words) -> list[str]:
    """The first-order unit with the largest share of reported civilian deaths, per country."""
    sentences = []
    for country, rows in _countries(units):
        totals = (
            _floats(rows, "value")
            .groupby(rows["admin1"])
            .sum()
            .drop("not_located", errors="ignore")
        )
        whole = _floats(rows, "value").sum()
        if whole <= 0 or totals.empty:
            key = "peak_none" if _covered(rows) else "months_not_covered"
            sentences.append(words(f"finding.{key}", country=country))
            continue
        sentences.append(
            words("finding.admin1", country=country, unit=totals.idxmax(),
                  share=totals.max() / whole)
        )  # fmt: skip
    return sentences


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
    binding = ~promises["legal_form"].isin(NOT_BINDING)
    return promises[binding & promises["due_on"].notna() & ~promises["refined"]]


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
            sentences.append(words("finding.not_covered", country=country))
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


_GLANCE_PARTNERS = (
    ("France", "troops"),
    ("Russia", "troops"),
    ("United Nations", "troops"),
    ("European Union", "training"),
    ("ECOWAS", "membership"),
    ("AES", "membership"),
)


def glance(
    years: pd.DataFrame, rates: pd.DataFrame, promises: pd.DataFrame, ends: pd.DataFrame,
    states: pd.DataFrame, words: Words,
) -> pd.DataFrame:  # fmt: skip
    """All countries side by side: one row a measure, one column a country, cells as text.

    Parameters
    ----------
    years, rates : DataFrame
        `civilian_deaths(…)` as counts and per 100,000; shown is the last whole year that is
        covered for any country.
    promises, ends, states : DataFrame
        `promises_known(…)`, `promised_ends(…)` and `partner_states(…)`. A channel of which the
        ledger has no row for a country is *not coded*, which is not the same as absent.
    """
    whole = years[(years["months"] == _WHOLE_YEAR) & years["value"].notna()]
    period = whole["period"].max() if len(whole) else None
    columns = {}
    for country in ends["country"]:
        cells = [words("state.no_year")] * 2
        if period is not None:
            cells = [
                _cell_of(years, country, period, words),
                _cell_of(rates, country, period, words, decimals=1),
            ]
        cells += _promise_cells(promises, ends.set_index("country").loc[country], words)
        mine = states[states["country"] == country].set_index(["partner", "channel"])["state"]
        for key in _GLANCE_PARTNERS:
            without = "not_covered" if set(mine) <= {"not_covered"} else "not_coded"
            cells.append(words(f"state.{mine.get(key, without)}"))
        columns[country] = cells
    labels = [
        words("measure.deaths", period=period or words("cell.none")),
        words("measure.rate", period=period or words("cell.none")),
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


def _cell_of(
    frame: pd.DataFrame, country: str, period: str, words: Words, decimals: int = 0
) -> str:
    row = frame[(frame["country"] == country) & (frame["period"] == period)].iloc[0]
    return _or_state(row["value"], row["state"], words, decimals)


def _promise_cells(promises: pd.DataFrame, end: pd.Series, words: Words) -> list[str]:
    if end["state"] in {"not_covered", "no_promise"}:
        return [words(f"state.{end['state']}")] * 3
    dated = dated_promises(promises[promises["country"] == end.name])
    kept = int((dated["status"] == "kept").sum())
    slippage = words("cell.none")
    if end["state"] == "observed" and not pd.isna(end["slippage_low"]):
        ends = [words.number(int(end[name])) for name in ("slippage_low", "slippage_high")]
        slippage = words("cell.between", first=ends[0], last=ends[1])
        if ends[0] == ends[1]:
            slippage = ends[0]
    due = words(f"state.{end['state']}")
    if end["state"] == "observed":
        due = words.when(end["due_on"])
    return [words("cell.of", part=kept, whole=len(dated)), due, slippage]


def _covered(rows: pd.DataFrame) -> bool:
    return not rows["state"].isin(["not_covered", "missing"]).all()


def _countries(frame: pd.DataFrame):
    return frame.groupby("country", sort=False)


def _floats(rows: pd.DataFrame, column: str) -> pd.Series:
    return pd.Series(rows[column].to_numpy("float64"), index=rows.index).fillna(0)


def _are_rates(rows: pd.DataFrame) -> bool:
    return "per 100,000" in rows["unit"].iloc[0]


def _writer(rows: pd.DataFrame, words: Words):
    decimals = 1 if _are_rates(rows) else 0
    return lambda value: words.number(float(value), decimals)


def _count_or_state(value, state: str, words: Words) -> str:
    if pd.isna(value):
        return words(f"state.{state}")
    return words("finding.shock_count", value=words.number(float(value)))


def _or_state(value, state: str, words: Words, decimals: int = 0) -> str:
    if pd.isna(value):
        return words(f"state.{state}")
    return words.number(float(value), decimals)
