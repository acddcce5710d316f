"""The ledger of claims at a glance: counts of verdicts, sentences and tables for readers."""

import pandas as pd

from sahel_transitions.claims.claim_checks import VERDICTS
from sahel_transitions.language import Words

# Claims that teach most, in the order in which they are told: definitions that split, counts,
# dates of different steps, a plan that was overtaken, a toll, a poll, and what cannot be checked.
INSTRUCTIVE = (
    "C176", "C223", "C210", "C269", "C073", "C242", "C047", "C282", "C042", "C187",
)  # fmt: skip


def judged_claims(verdicts: pd.DataFrame) -> pd.DataFrame:
    """The rows of `claim_verdicts(…)` that are claims, each claim once.

    Left out are countries without any claim and claims that say the same as another one of their
    document.
    """
    return verdicts[verdicts["claim_id"].notna() & verdicts["same_as"].isna()]


def verdict_counts(verdicts: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many claims have which verdict, by document or by theme.

    Parameters
    ----------
    verdicts : DataFrame
        `claim_verdicts(…)`.
    by : {"document", "theme"}

    Returns
    -------
    DataFrame
        The groups, in the order of their claims, down; `VERDICTS` across, and `claims`, their sum.
    """
    claims = judged_claims(verdicts)
    counts = pd.crosstab(claims[by], claims["verdict"]).reindex(
        index=claims[by].unique(), columns=list(VERDICTS), fill_value=0
    )
    counts.columns.name = None
    return counts.assign(claims=counts.sum(axis=1)).rename_axis(by).reset_index()


def claim_findings(verdicts: pd.DataFrame, words: Words) -> list[str]:
    """How the claims fare: verdicts, how they were reached, what changed since, what splits."""
    sentences = [
        words("finding.claims_not_covered", country=country)
        for country in verdicts.loc[verdicts["verdict"] == "not_covered", "country"]
    ]
    claims = judged_claims(verdicts)
    if claims.empty:
        return [*sentences, words("finding.claims_none")]
    counts = claims["verdict"].value_counts()
    each = [
        words(f"claims.count.{verdict}", n=int(counts[verdict]))
        for verdict in VERDICTS
        if verdict in counts
    ]
    computed = int((claims["basis"] == "computed").sum())
    sentences.append(words("finding.claims", n=len(claims), counts=each))
    merged = int(verdicts["same_as"].notna().sum())
    if merged:
        sentences.append(words("finding.claims_merged", n=merged))
    sentences.append(words("finding.claims_basis", n=computed, total=len(claims)))
    moved = claims[claims["verdict"] != claims["verdict_then"]]
    sentences.append(words("finding.claims_moved", n=len(moved), total=len(claims)))
    alone = int(claims["same_text"].astype(bool).sum())
    if alone:
        sentences.append(words("finding.claims_alone", n=alone))
    return sentences


def instructive_claims(verdicts: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The most instructive claims in detail, as far as they are known on the day.

    Returns
    -------
    DataFrame
        `claim_id`, `claim`, `where_said`, `verdict_then`, `verdict`, `why`, `lesson`, in words, and
        `sources`.
    """
    known = verdicts[verdicts["claim_id"].isin(INSTRUCTIVE)]
    known = known.sort_values("claim_id", key=lambda ids: ids.map(INSTRUCTIVE.index))
    shown = _in_words(known, words)
    shown["lesson"] = [words(f"claim.lesson.{each}") for each in known["claim_id"]]
    columns = ["claim_id", "claim", "where_said", "verdict_then", "verdict", "why", "lesson"]
    return shown[[*columns, "sources"]]


def moved_claims(verdicts: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Claims whose verdict on the day is not that of the day on which the text appeared.

    Returns
    -------
    DataFrame
        `claim_id`, `claim`, `where_said`, `verdict_then`, `why_then`, `verdict`, `why`, in words, and
        `sources`.
    """
    claims = judged_claims(verdicts)
    moved = claims[claims["verdict"] != claims["verdict_then"]]
    shown = _in_words(moved, words).assign(why_then=moved["reason_then"])
    columns = ["claim_id", "claim", "where_said", "verdict_then", "why_then", "verdict", "why"]
    return shown[[*columns, "sources"]]


def claim_table(verdicts: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Every claim with its verdict and reason, in words.

    Returns
    -------
    DataFrame
        `claim_id`, `claim`, `where_said`, `about`, `verdict`, `basis`, `why`, and `sources`.
    """
    known = verdicts[verdicts["claim_id"].notna()]
    shown = _in_words(known, words)
    shown["about"] = [
        words("claims.about", countries=[words(f"country.{each}") for each in row.country.split(" | ")],
              theme=words(f"claims.theme.{row.theme}"))
        for row in known.itertuples()
    ]  # fmt: skip
    shown["basis"] = [words(f"claims.basis.{each}") for each in known["basis"]]
    columns = ["claim_id", "claim", "where_said", "about", "verdict", "basis", "why", "sources"]
    return shown[columns]


def _in_words(known: pd.DataFrame, words: Words) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "claim_id": known["claim_id"],
            "claim": known["claim"],
            "where_said": [
                words(
                    "claims.where", document=words(f"document.{row.document}"), locator=row.locator
                )
                for row in known.itertuples()
            ],
            **{
                name: [words(f"claims.verdict.{each}") for each in known[name]]
                for name in ("verdict_then", "verdict")
            },
            "why": [
                row.reason
                if pd.isna(row.same_as)
                else words("claims.same_as", claim=row.same_as, why=row.reason)
                for row in known.itertuples()
            ],
            "sources": [tuple(keys.split(" | ")) if keys else () for keys in known["sources"]],
        }
    )
