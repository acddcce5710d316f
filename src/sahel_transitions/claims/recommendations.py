"""Sentences on what was recommended and what the record shows since."""

import pandas as pd

from sahel_transitions.language import Words

_SAID = ("in_line", "against", "mixed", "overtaken", "unclear", "no_record")


def recommendation_findings(followed: pd.DataFrame, facts: pd.DataFrame, words: Words) -> list[str]:
    """What the record shows since the recommendations, by addressee, and what it does not show.

    Parameters
    ----------
    followed, facts : DataFrame
        `recommendations_followed(…)` and `recommendation_facts(…)`.
    """
    sentences = [
        words("finding.not_covered", country=country, ledger="recommendations")
        for country in followed.loc[followed["record_status"] == "not_covered", "country"]
    ]
    asked = followed[followed["recommendation_id"].notna()]
    if asked.empty:
        return [*sentences, words("finding.recommendations_none")]
    for addressee, rows in asked.groupby("addressee", sort=False):
        counts = rows["record_status"].value_counts()
        said = [
            words(f"figure.recommendations.count.{status}", n=int(counts[status]))
            for status in _SAID
            if status in counts
        ]
        sentences.append(
            words("finding.recommendations", who=words.heading(f"addressee.{addressee}"),
                  n=len(rows), counts=said)
        )  # fmt: skip
    acts = asked["in_line"] + asked["against"]
    one_way = asked["record_status"].isin(["in_line", "against"])
    sentences.append(
        words("finding.recommendations_single", n=int((one_way & (acts == 1)).sum()),
              total=int(one_way.sum()))
    )  # fmt: skip
    sentences.append(
        words("finding.recommendations_facts", n=facts["fact_id"].nunique(), rows=len(facts),
              others=int((facts["direction"] == "context").sum()))
    )  # fmt: skip
    return [*sentences, words("finding.recommendations_caution")]
