"""What a change of deaths at a shock rests on: single months, windows, dates, countries.

Each table here asks one question of the specification that was fixed beforehand
(`specifications.primary_specification`), or of the choices of the study; none of them says why a
level changed.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from sahel_transitions.indicators.definitions import DATASETS
from sahel_transitions.indicators.settled_series import (
    SettledSeries,
    cut,
    known_shocks,
    settled_series,
    sources_of_deaths,
)
from sahel_transitions.indicators.specifications import (
    BETWEEN,
    CHOICES,
    cut_of,
    design_of,
    fit,
    series_of,
    stated_answers,
)
from sahel_transitions.methods import (
    Design,
    best_cuts,
    growth,
    interruption,
    leave_one_out,
    penalty_path,
    placebo_dates,
    placebo_p_value,
    placebo_units,
    single_changepoint,
)
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Tables

# Countries that are no clean comparison: they share the front, or had a coup or an expulsion of
# their own since 2020.
CONTAMINATED = frozenset({"MLI", "BFA", "NER", "TCD", "GIN", "SDN", "GAB", "CAF"})
# Months before a step that a path of windows takes in, one after the other.
_REACHES: tuple[int | None, ...] = (12, 18, 24, 30, 36, 48, 60, 84, 120, 180, 240, 300, None)
_MOST_CHANGES = 5
# Below this a change is called one that stands out.
CLEAR = 0.05
# A series with fewer deaths than this a month, on average, has no level to speak of.
FEWEST_A_MONTH = 1.0


def changes_at_shocks(parameters: Parameters, tables: Tables) -> pd.DataFrame:
    """The change of level at each shock of the study, by the choices of the study.

    Parameters
    ----------
    parameters : Parameters
        `shocks`, `deaths_definition`, `allocation`, `window`, `model`, `trend`, `harmonics`,
        `largest_month`.

    Returns
    -------
    DataFrame
        `shock`, `country`, `CHOICES`, `estimate` (the level after the shock over that expected
        without it), `low`, `high`, `p_value`, `why_not`, `unit`, `state` (observed, or why not);
        one row a shock that was known.
    """
    asked = _own_specifications(parameters, tables)
    series, dates = _inputs(parameters, tables, asked)
    rows = []
    for each in asked:
        fitted = fit(each, series, dates)
        rows.append({**each, **_numbers(fitted)})
    columns = ["shock", "country", *CHOICES, *_numbers("")]
    return pd.DataFrame(rows, columns=columns).assign(
        unit="ratio of levels", state=[row["why_not"] or "observed" for row in rows]
    )


def fitted_series(parameters: Parameters, tables: Tables, asked: Iterable[Mapping] | None = None):
    """Month by month what is fitted around each shock, for drawing.

    Parameters
    ----------
    asked : iterable of mappings, optional
        Specifications (rows of `stated_answers`, say); without it those of the choices of the
        study. What cannot be fitted is left out.

    Returns
    -------
    DataFrame
        `shock`, `country`, `month`, `deaths`, `side` (before, between, after, left_out), `fitted`
        and `without` (the mean that is expected without the change).
    """
    asked = _own_specifications(parameters, tables) if asked is None else list(asked)
    series, dates = _inputs(parameters, tables, asked)
    parts = []
    for each in asked:
        found = fit(each, series, dates)
        if isinstance(found, str):
            continue
        months, fitted = found
        between = [dates[each["shock"]][0] <= month <= dates[each["shock"]][1]
                   for month in months.months]  # fmt: skip
        side = np.select(
            [between, months.left_out, months.after], ["between", "left_out", "after"], "before"
        )
        parts.append(
            pd.DataFrame(
                {"shock": each["shock"], "country": each["country"], "month": months.months,
                 "deaths": months.counts, "side": side, "fitted": fitted.fitted,
                 "without": fitted.without}
            )
        )  # fmt: skip
    columns = ["shock", "country", "month", "deaths", "side", "fitted", "without"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def primary_changes(parameters: Parameters, tables: Tables, answers: pd.DataFrame) -> pd.DataFrame:
    """The stated answer of each curve, with what a referee asks of it first.

    Parameters
    ----------
    answers : DataFrame
        Of `specification_curves`.

    Returns
    -------
    DataFrame
        `shock`, `country`, `mark`, `window`, `estimate`, `low`, `high`, `p_value`, `why_not`,
        `state` (observed, or why not); `p_family` (Holm 1979, over the shocks that have an
        answer; a probability by the model); `p_dates` (the rank among other dates of the country,
        which needs no model: of `placebo_verdicts` that among all or among busy ones, whichever is
        the less unusual); `stands_out` (whether both are below 5 %);
        `without_largest` (the factor without the month with most deaths); `also_within` (other
        shocks of the country in the same window, which are not told apart from this one);
        `growth_before`, `growth_low`, `growth_high` (the factor by which deaths grew a year before
        the shock, within the window, and its interval); `events`, `events_low`, `events_high` (the
        same change in the number of one-sided events, of ACLED of lethal ones).
    """
    stated = stated_answers(answers)
    asked = stated[["shock", "country", *CHOICES]].to_dict("records")
    series, dates = _inputs(parameters, tables, asked)
    events = _event_series(parameters, tables, asked)
    first_shocks = known_shocks(parameters, tables).groupby("country")["first"].min()
    rows = []
    for each in asked:
        months = cut_of(each, series, dates)
        rows.append({} if isinstance(months, str) else
                    _second_looks(each, months, series, events, dates, first_shocks))  # fmt: skip
    looks = pd.DataFrame(rows, columns=_LOOKS, dtype="float64")
    answered = stated["p_value"].notna()
    family = pd.Series(np.nan, index=stated.index)
    if answered.any():
        family[answered] = multipletests(stated.loc[answered, "p_value"], method="holm")[1]
    shown = ["shock", "country", "mark", "window", "definition", "source", "estimate", "low", "high",
             "p_value", "why_not"]  # fmt: skip
    state = stated["why_not"].fillna("observed")
    shocks = known_shocks(parameters, tables)
    within = [
        _others_within(shocks, row.shock, row.window) if pd.notna(row.estimate) else ()
        for row in stated.itertuples()
    ]
    outstanding = (family < CLEAR) & (looks["p_dates"] < CLEAR)
    named = stated[shown].assign(
        p_family=family, stands_out=outstanding, state=state, also_within=within
    )
    return pd.concat([named, looks], axis=1)


def _others_within(shocks: pd.DataFrame, shock: str, window: int) -> tuple[str, ...]:
    """The other shocks of the same country that may have happened within a window."""
    own = shocks.loc[shock]
    start = str(pd.Period(own["first"], "M") - window)
    end = str(pd.Period(own["last"], "M") + window)
    inside = shocks[
        (shocks["country"] == own["country"]) & (shocks["first"] <= end) & (shocks["last"] >= start)
    ]
    return tuple(name for name in inside.index if name != shock)


def leave_one_out_at_shocks(
    parameters: Parameters, tables: Tables, answers: pd.DataFrame
) -> pd.DataFrame:
    """The stated answer of each curve without each month in turn.

    Returns
    -------
    DataFrame
        `shock`, `country`, `month` (that was left out; missing for none), `deaths` in it,
        `estimate`, `low`, `high`.
    """
    asked = stated_answers(answers)[["shock", "country", *CHOICES]].to_dict("records")
    series, dates = _inputs(parameters, tables, asked)
    parts = []
    for each in asked:
        months = cut_of(each, series, dates)
        if isinstance(months, str):
            continue
        rows = leave_one_out(
            months.counts, months.after, left_out=months.left_out, design=design_of(each)
        )
        # A month that was left out already cannot be left out again.
        already = [place >= 0 and months.left_out[place] for place in rows["place"]]
        rows = rows[~np.array(already)].rename(columns={"level": "estimate"})
        parts.append(
            rows.assign(
                shock=each["shock"],
                country=each["country"],
                month=[months.months[place] if place >= 0 else None for place in rows["place"]],
                deaths=[months.counts[place] if place >= 0 else np.nan for place in rows["place"]],
            )
        )
    columns = ["shock", "country", "month", "deaths", "estimate", "low", "high"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def most_influential_months(left_out: pd.DataFrame) -> pd.DataFrame:
    """By shock, the month whose absence moves the factor furthest.

    Returns
    -------
    DataFrame
        `shock`, `country`, `month`, `deaths`, `whole` and `without` (the factors with all months,
        and without that one).
    """
    rows = []
    for (shock, country), part in left_out.groupby(["shock", "country"], sort=False):
        whole = part.loc[part["month"].isna(), "estimate"].iloc[0]
        others = part[part["month"].notna()]
        most = others.loc[np.log(others["estimate"] / whole).abs().idxmax()]
        rows.append((shock, country, most["month"], most["deaths"], whole, most["estimate"]))
    return pd.DataFrame(rows, columns=["shock", "country", "month", "deaths", "whole", "without"])


def placebos_at_shocks(
    parameters: Parameters, tables: Tables, answers: pd.DataFrame
) -> pd.DataFrame:
    """The stated answer of each curve beside the same change where no shock is named.

    Placebo dates are all months of the same country with a whole window around them; *clean* ones
    have a window that ends before the first shock of the country. Placebo countries are all that
    the table covers, at the date of the shock; clean ones are not `CONTAMINATED`. *Busy* ones have
    at least one death a month on average on each side: where hardly anything is counted, a factor
    may be anything.

    Returns
    -------
    DataFrame
        `shock`, `country`, `kind` (date, country), `placebo` (a month or a country; missing for
        the change itself), `clean`, `busy`, `estimate` (missing where a placebo has no deaths on a side).
    """
    asked = stated_answers(answers)[["shock", "country", *CHOICES]].to_dict("records")
    series, dates = _inputs(parameters, tables, asked)
    first_shocks = known_shocks(parameters, tables).groupby("country")["first"].min()
    rows, everywhere = [], {}
    for each in asked:
        months = cut_of(each, series, dates)
        if isinstance(months, str):
            continue
        key = (each["source"], each["country"], each["definition"], each["allocation"])
        rows += _placebo_dates(each, series[key], dates[each["shock"]], first_shocks)
        measured = (each["source"], each["definition"], each["allocation"])
        if measured not in everywhere:
            everywhere[measured] = _series_everywhere(parameters, tables, each)
        rows += _placebo_countries(everywhere[measured], each, months)
    return pd.DataFrame(rows, columns=_PLACEBO_COLUMNS)


_PLACEBO_COLUMNS = ["shock", "country", "kind", "placebo", "clean", "busy", "estimate"]


def placebo_verdicts(placebos: pd.DataFrame) -> pd.DataFrame:
    """By shock and kind, how unusual the change is among all placebos, the busy and the clean ones.

    Returns
    -------
    DataFrame
        `shock`, `country`, `kind`, `among` (all, busy, clean), `placebos` (how many could be estimated),
        `larger` (how many of them lie at least as far from 1), `p_value` (the share of all, the
        change itself among them, that do: never below one over their number).
    """
    rows = []
    for (shock, kind), part in placebos.groupby(["shock", "kind"], sort=False):
        own = part.loc[part["placebo"].isna(), "estimate"].iloc[0]
        others = part[part["placebo"].notna()]
        parts = {"all": others, "busy": others[others["busy"]], "clean": others[others["clean"]]}
        for among, kept in parts.items():
            estimates = kept["estimate"].dropna()
            p_value = placebo_p_value(own, estimates)
            larger = 0 if np.isnan(p_value) else round(p_value * (len(estimates) + 1)) - 1
            rows.append(
                (shock, part["country"].iloc[0], kind, among, len(estimates), larger, p_value)
            )
    columns = ["shock", "country", "kind", "among", "placebos", "larger", "p_value"]
    return pd.DataFrame(rows, columns=columns)


def window_path(parameters: Parameters, tables: Tables) -> pd.DataFrame:
    """The change at the step of the study as its window grows from a year to the whole series.

    A step is the first month of the new level; where it is an interval, its months belong to
    neither side. After the step a window takes as many months as before it, or all that there are.

    Parameters
    ----------
    parameters : Parameters
        `step`, `deaths_definition`, `allocation`, `model`, `harmonics`.

    Returns
    -------
    DataFrame
        `country`, `step`, `before`, `after` (months that the window holds), `whole` (whether it is
        the whole series), `trend` (with, without), `largest_month` (with, without), `left_out`
        (the month that was, or missing), `estimate`, `low`, `high`, `p_value`, `why_not`. Empty if
        the country of the step is not of the study.
    """
    country, _, months = parameters.step.partition(":")
    first, _, last = months.partition("/")
    rows = []
    series = {}
    if country in parameters.countries:
        series = settled_series(
            parameters, tables, tables["deaths"], parameters.deaths_definition, countries=(country,)
        )
    for trend in ("without", "with"):
        for largest_month in ("with", "without"):
            for reach in _reaches(series, country, first):
                rows.append(
                    {"country": country, "step": months, "trend": trend,
                     "largest_month": largest_month, "whole": reach is None,
                     **_at_step(parameters, series[country], (first, last or first), reach,
                                trend, largest_month)}
                )  # fmt: skip
    columns = ["country", "step", "before", "after", "whole", "trend", "largest_month", "left_out",
               *_numbers("")]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _reaches(series: Mapping[str, SettledSeries], country: str, first: str) -> list[int | None]:
    """The lengths that a window before a step can have: each once, the whole series last."""
    if country not in series:
        return []
    there = series[country].place(first) - series[country].known()[0]
    return [reach for reach in _REACHES if reach is None or reach < there]


def blind_changepoints(parameters: Parameters, tables: Tables) -> pd.DataFrame:
    """When the series of each country changed its level, no date being given to the search.

    Searched are the square roots of the settled months of the study, whose variance does not grow
    with their mean.

    Returns
    -------
    DataFrame
        `country`, `search` (`best`: the best `count` changes; `single`: the one best change, with
        an interval from resampled residuals; `price`: the `count` changes that are found at a
        price), `count`, `prices` (over which part of the prices, in logarithms, that many are
        found), `month` (the first of a new level), `low`, `high`, `level_before`, `level_after`
        (mean deaths a month; of `single` alone). A country without twelve settled months in a row,
        or with less than one death a month on average, has no rows.
    """
    series = settled_series(
        parameters, tables, tables["deaths"], parameters.deaths_definition
    )  # fmt: skip
    rows = []
    for country, each in series.items():
        low, counts = _longest_run(each, parameters)
        if len(counts) < 12 or counts.mean() < FEWEST_A_MONTH:
            continue
        roots = np.sqrt(counts)
        named = {"country": country}

        def month(place, each=each, low=low):
            return each.month(low + place)

        for count in range(1, _MOST_CHANGES + 1):
            if len(roots) >= (count + 1) * 6:
                rows += [{**named, "search": "best", "count": count, "month": month(place)}
                         for place in best_cuts(roots, count)]  # fmt: skip
        found = single_changepoint(roots, draws=999, block=3, seed=parameters.seed)
        rows.append(
            {**named, "search": "single", "count": 1, "month": month(found.place),
             "low": month(found.low), "high": month(found.high),
             "level_before": counts[: found.place].mean(),
             "level_after": counts[found.place :].mean()}
        )  # fmt: skip
        path = penalty_path(roots)
        for places, part in path.groupby("places", sort=False):
            rows += [{**named, "search": "price", "count": len(places), "prices": len(part) / len(path),
                      "month": month(place)} for place in places]  # fmt: skip
    columns = ["country", "search", "count", "prices", "month", "low", "high", "level_before",
               "level_after"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _own_specifications(parameters: Parameters, tables: Tables) -> list[dict]:
    """The choices of the study for each of its shocks that was known."""
    declaration = tables["deaths"].declaration
    dataset = DATASETS[declaration.dataset]
    shocks = known_shocks(parameters, tables)
    return [
        {
            "shock": shock, "country": shocks.at[shock, "country"],
            "source": next(iter(sources_of_deaths(tables))),
            "definition": parameters.deaths_definition,
            "allocation": parameters.allocation if dataset.chooser == "allocation" else "any",
            "window": parameters.window, "trend": parameters.trend, "model": parameters.model,
            "harmonics": parameters.harmonics, "largest_month": parameters.largest_month,
            "date": BETWEEN,
        }
        for shock in parameters.shocks
        if shock in shocks.index
    ]  # fmt: skip


def _inputs(parameters: Parameters, tables: Tables, asked: list[dict]) -> tuple[dict, dict]:
    """The series that specifications ask for, and the months of all shocks."""
    shocks = known_shocks(parameters, tables)
    dates = {row.Index: (row.first, row.last) for row in shocks.itertuples()}
    return series_of(parameters, tables, asked), dates


def _numbers(fitted) -> dict:
    """The numbers of a fit, or why there is none."""
    if isinstance(fitted, str):
        return {"estimate": np.nan, "low": np.nan, "high": np.nan, "p_value": np.nan,
                "why_not": fitted or None}  # fmt: skip
    level = fitted[1].level
    return {"estimate": level.estimate, "low": level.low, "high": level.high,
            "p_value": fitted[1].p_value, "why_not": None}  # fmt: skip


_LOOKS = ["p_dates", "without_largest", "growth_before", "growth_low", "growth_high", "events",
          "events_low", "events_high"]  # fmt: skip


def _second_looks(each, months, series: dict, events: dict, dates: dict, first_shocks) -> dict:
    """How one stated answer ranks, what rests on one month, the trend before it, and events."""
    key = (each["source"], each["country"], each["definition"], each["allocation"])
    placebos = _placebo_dates(each, series[key], dates[each["shock"]], first_shocks)
    ranks = placebo_verdicts(pd.DataFrame(placebos, columns=_PLACEBO_COLUMNS))
    ranks = ranks.set_index("among")["p_value"]
    before = growth(months.counts[~months.after & ~months.left_out])
    looks = {
        "p_dates": ranks.loc[["all", "busy"]].max(),
        "growth_before": before.estimate, "growth_low": before.low, "growth_high": before.high,
    }  # fmt: skip
    without = fit({**each, "largest_month": "without"}, series, dates)
    if not isinstance(without, str):
        looks["without_largest"] = without[1].level.estimate
    counted = fit(each, events, dates)
    if not isinstance(counted, str):
        level = counted[1].level
        looks |= {"events": level.estimate, "events_low": level.low, "events_high": level.high}
    return looks


def _event_series(parameters: Parameters, tables: Tables, asked: list[dict]) -> dict:
    """Series of events under the keys of the series of deaths."""
    sources, found = sources_of_deaths(tables), {}
    for each in asked:
        key = (each["source"], each["country"], each["definition"], each["allocation"])
        if key in found:
            continue
        table = sources[each["source"]]
        chosen = {} if each["allocation"] == "any" else {"allocation": each["allocation"]}
        counted = settled_series(
            parameters.model_copy(update=chosen), tables, table, each["definition"],
            column=DATASETS[table.declaration.dataset].event_count, countries=(each["country"],),
        )  # fmt: skip
        if each["country"] in counted:
            found[key] = counted[each["country"]]
    return found


def _placebo_dates(
    each: dict, series: SettledSeries, when: tuple[str, str], first_shocks: pd.Series
) -> list[tuple]:
    first, last = (series.place(month) for month in when)
    low, high = series.known()
    values = series.values[low : high + 1]
    # The primary specification has a window on both sides, the whole series none.
    width = each["window"]
    found = placebo_dates(
        values, first - low, window=width, margin=width, gap=last - first + 1,
        design=design_of(each),
    )  # fmt: skip
    first_shock = series.place(first_shocks[each["country"]])
    named = (each["shock"], each["country"], "date")
    rows = [(*named, None, True, True, found.estimate)]
    for place, estimate in found.others.itertuples(index=False):
        end = place + last - first + 1
        clean = low + end - 1 + width < first_shock
        busy = _busy(values[place - width : place], values[end : end + width])
        rows.append((*named, series.month(low + place), clean, busy, estimate))
    return rows


def _busy(*sides: np.ndarray) -> bool:
    """Whether each side has at least one death a month on average."""
    return all(np.nanmean(side) >= FEWEST_A_MONTH for side in sides)


def _series_everywhere(
    parameters: Parameters, tables: Tables, each: dict
) -> dict[str, SettledSeries]:
    """The series of all countries that the table of a specification covers."""
    table = sources_of_deaths(tables)[each["source"]]
    chosen = {} if each["allocation"] == "any" else {"allocation": each["allocation"]}
    return settled_series(
        parameters.model_copy(update=chosen), tables, table, each["definition"],
        countries=tuple(table.declaration.coverage),
    )  # fmt: skip


def _placebo_countries(series: Mapping[str, SettledSeries], each: dict, months) -> list[tuple]:
    counts = {}
    for country, found in series.items():
        first = found.place(months.months[0])
        part = found.values[max(first, 0) : first + len(months.months)]
        if len(part) == len(months.months):
            counts[country] = part
    placebo = placebo_units(
        counts, each["country"], months.after, left_out=months.left_out, design=design_of(each)
    )
    named = (each["shock"], each["country"], "country")
    kept = [~months.left_out & side for side in (~months.after, months.after)]
    return [(*named, None, True, True, placebo.estimate)] + [
        (
            *named,
            country,
            country not in CONTAMINATED,
            _busy(*(counts[country][side] for side in kept)),
            estimate,
        )
        for country, estimate in placebo.others.itertuples(index=False)
    ]


def _at_step(
    parameters: Parameters, series: SettledSeries, months: tuple[str, str], reach: int | None,
    trend: str, largest_month: str,
) -> dict:  # fmt: skip
    """The change at a step within one window, and how many months that window holds."""
    _, high = series.known()
    single = months[0] == months[1]
    left = high - series.place(months[1]) + single
    after = None if reach is None else min(reach, left)
    found = cut(
        series, *months, reach, after, largest_month=largest_month,
        shock_months="after" if single else "left_out",
    )  # fmt: skip
    if isinstance(found, str):
        return {"before": reach, "after": after, **_numbers(found)}
    design = Design(model=parameters.model, harmonics=parameters.harmonics, trend=trend == "with")
    fitted = interruption(found.counts, found.after, left_out=found.left_out, design=design)
    between = 0 if single else int(found.left_out.sum()) - (found.largest is not None)
    return {
        "before": int((~found.after).sum()) - between, "after": int(found.after.sum()),
        "left_out": found.largest, **_numbers((found, fitted)),
    }  # fmt: skip


def _longest_run(series: SettledSeries, parameters: Parameters) -> tuple[int, np.ndarray]:
    """The place and the values of the longest run of settled months within the study."""
    start = max(series.place(parameters.start), 0)
    end = max(series.place(parameters.last_month) + 1, start)
    known = ~np.isnan(series.values[start:end])
    best, run = (start, start), start
    for place, here in enumerate([*known, False], start):
        if not here:
            best = max(best, (run, place), key=lambda span: span[1] - span[0])
            run = place + 1
    return best[0], series.values[best[0] : best[1]]
