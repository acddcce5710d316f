"""What was recommended in two texts of 2023, and what the record shows since, seen from any day."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Table, parse_partial_date

# From the fewest facts to the most that they settle.
RECORD_STATUSES = ("no_record", "unclear", "in_line", "against", "mixed", "overtaken")
DIRECTIONS = ("in_line", "against", "unclear", "context")
# Whose acts are acts of those asked; only these are in line with a text or against it.
ACTORS = {
    "eu": {"eu"},
    "malian_authorities": {"malian_authorities"},
    "ecowas": {"ecowas"},
    "western_partners": {"eu", "united_states"},
}


def recommendations_followed(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """What the record shows since each recommendation, from the facts known on `as_of`.

    The status is worked out from the known facts by these rules, the first that holds:

    - *overtaken*: with one of them the channel or actor ceased to exist on which it rests;
    - *mixed*: some are in line with it and some against it;
    - *in_line*, *against*: all that have a direction have this one;
    - *unclear*: there are facts, and none has a direction: acts of others (`context`), or acts of
      those asked whose bearing is not clear;
    - *no_record*: there is none. That is not a failure of those who were asked.

    It is never said that something was done because a text asked for it.

    Returns
    -------
    DataFrame
        One row for each recommendation that was surely published on the day and concerns a country
        of the study: the columns of the table `recommendations`, then `record_status`, the number
        of `facts` and of each of `DIRECTIONS`, and `last_fact`, the date of the last one as coded,
        empty without one. A country that the texts do not concern has one row, *not_covered*,
        without a recommendation.
    """
    asked = _known_recommendations(parameters, tables)
    facts = recommendation_facts(parameters, tables)
    rows = []
    for row in asked.to_dict("records"):
        mine = facts[facts["recommendation_id"] == row["recommendation_id"]]
        rows.append(
            row
            | {"record_status": _status(mine), "facts": len(mine)}
            | {name: int((mine["direction"] == name).sum()) for name in DIRECTIONS}
            | {"last_fact": mine["fact_on"].iloc[-1] if len(mine) else None}
        )
    rows += [
        {"country": country, "record_status": "not_covered"}
        for country in parameters.countries
        if country not in tables["recommendations"].declaration.coverage
    ]
    columns = [*asked.columns, "record_status", "facts", *DIRECTIONS, "last_fact"]
    result = pd.DataFrame(rows, columns=columns)
    result["sources"] = [keys if isinstance(keys, tuple) else () for keys in result["sources"]]
    texts = [name for name in columns if name not in ("sources", "facts", *DIRECTIONS)]
    types = {name: "Int64" for name in ("facts", *DIRECTIONS)}
    return result.astype(types | {name: "str" for name in texts})


def recommendation_facts(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    """The facts known on `as_of` that bear on a recommendation that is known.

    Returns
    -------
    DataFrame
        In order of time within each recommendation: `recommendation_id`, `country`, `fact_id`,
        `fact_on` (the date as coded), `earliest`, `latest` and `midpoint` (dates), `actor` (whose
        act it is), `direction`, `ends` and `sources`. A fact that bears on several recommendations has a row for each.
    """
    asked = _known_recommendations(parameters, tables).set_index("recommendation_id")
    outcomes = tables["recommendation_outcomes"].frame
    # Days in ISO form sort as text.
    known = outcomes["known_on"] <= parameters.as_of
    outcomes = outcomes[outcomes["recommendation_id"].isin(asked.index) & known]
    when = [parse_partial_date(text) for text in outcomes["date"]]
    facts = pd.DataFrame(
        {
            "recommendation_id": outcomes["recommendation_id"],
            "country": outcomes["recommendation_id"].map(asked["country"]),
            "fact_id": outcomes["fact_id"],
            "fact_on": outcomes["date"],
            "earliest": [each.earliest for each in when],
            "latest": [each.latest for each in when],
            "midpoint": [each.midpoint for each in when],
            "actor": outcomes["actor"],
            "direction": outcomes["direction"],
            "ends": outcomes["ends"],
            "sources": outcomes["sources"],
        }
    )
    rank = {id: position for position, id in enumerate(asked.index)}
    facts["rank"] = facts["recommendation_id"].map(rank)
    facts = facts.sort_values(["rank", "latest", "earliest"], kind="stable", ignore_index=True)
    return facts.drop(columns="rank")


def _known_recommendations(parameters: Parameters, tables: Mapping[str, Table]) -> pd.DataFrame:
    rows = tables["recommendations"].frame
    day = date.fromisoformat(parameters.as_of)
    published = [parse_partial_date(text).latest <= day for text in rows["published_on"]]
    known = pd.Series(published, index=rows.index, dtype=bool)
    return rows[known & rows["country"].isin(parameters.countries)].reset_index(drop=True)


def _status(facts: pd.DataFrame) -> str:
    if facts.empty:
        return "no_record"
    if facts["ends"].any():
        return "overtaken"
    directions = set(facts["direction"]) & {"in_line", "against"}
    if len(directions) == 2:
        return "mixed"
    return directions.pop() if directions else "unclear"
