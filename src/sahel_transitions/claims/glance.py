"""All countries of a study side by side, at a glance."""

import pandas as pd

from sahel_transitions.claims.findings import WHOLE_YEAR
from sahel_transitions.claims.ledgers import dated_promises
from sahel_transitions.language import Words

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
    whole = years[(years["months"] == WHOLE_YEAR) & years["value"].notna()]
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
    return value_or_state(row["value"], row["state"], words, decimals)


def _promise_cells(promises: pd.DataFrame, end: pd.Series, words: Words) -> list[str]:
    if end["state"] in {"not_covered", "no_promise"}:
        return [words(f"state.{end['state']}")] * 3
    dated = dated_promises(promises[promises["country"] == end.name])
    kept = int((dated["status"] == "kept").sum())
    slippage = words("cell.none")
    if end["state"] == "observed" and not pd.isna(end["slippage_low"]):
        slippage = words.span(end["slippage_low"], end["slippage_high"])
    due = words(f"state.{end['state']}")
    if end["state"] == "observed":
        due = words.when(end["due_on"])
    return [words("cell.of", part=kept, whole=len(dated)), due, slippage]


def value_or_state(value, state: str, words: Words, decimals: int = 0) -> str:
    if pd.isna(value):
        return words(f"state.{state}")
    return words.number(float(value), decimals)
