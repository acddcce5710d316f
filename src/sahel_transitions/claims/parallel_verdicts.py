"""Verdicts on what runs in parallel, as a table and as sentences."""

import pandas as pd

from sahel_transitions.language import Words

# Told by the primary test, and not by one of the two others.
_LOOKS = ["own_acts", "own_acts_weak", "one_partner", "one_partner_weak"]


def parallel_table(verdicts: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The verdicts with their values and reasons in words.

    Parameters
    ----------
    verdicts : DataFrame
        `indicators.parallel_verdicts`.
    """
    return pd.DataFrame(
        {
            "first_country": verdicts["first_country"],
            "second_country": verdicts["second_country"],
            "subject": [words(f"subject.{each}") for each in verdicts["subject"]],
            "clock": [words(f"clock.{each}") for each in verdicts["clock"]],
            "first_value": [_value(row, row.first_value, words) for row in verdicts.itertuples()],
            "second_value": [_value(row, row.second_value, words) for row in verdicts.itertuples()],
            "verdict": [words(f"verdict.{each}") for each in verdicts["verdict"]],
            "because": [_reason(row, words) for row in verdicts.itertuples()],
        }
    )


def parallel_findings(verdicts: pd.DataFrame, words: Words) -> list[str]:
    """What runs in parallel for each pair, what does not, and what looks so and cannot be told."""
    sentences = []
    for (first, second), rows in verdicts.groupby(["first_country", "second_country"], sort=False):
        for verdict, key in (
            ("parallel", "some"), ("not_parallel", "not"), ("alike_untested", "alike"),
        ):  # fmt: skip
            cells = [_cell(row, words) for row in rows[rows["verdict"] == verdict].itertuples()]
            if cells:
                sentences.append(
                    words(f"finding.parallel.{key}", first=first, second=second, cells=cells)
                )
        looks = rows[rows["reason"].isin(_LOOKS)]
        sentences += [
            words("finding.parallel.looks", first=first, second=second,
                  subject=words.heading(f"subject.{row.subject}"), why=_reason(row, words))
            for row in looks.itertuples()
        ]  # fmt: skip
        unknown = int((rows["verdict"] == "cannot_tell").sum())
        if unknown:
            sentences.append(
                words("finding.parallel.cannot", first=first, second=second, n=unknown)
            )
    return [*sentences, words("finding.parallel.caution")]


def _cell(row, words: Words) -> str:
    return words("finding.parallel.cell", subject=words(f"subject.{row.subject}"),
                 clock=words(f"clock.{row.clock}"))  # fmt: skip


def _value(row, value: float, words: Words) -> str | None:
    if pd.isna(value):
        return None
    match row.subject, row.clock:
        case "deaths", "calendar":
            return words("parallel.rises", n=int(value))
        case "deaths", _:
            return words("parallel.factor", factor=value)
        case "promises", "calendar":
            return words("parallel.put_off", n=int(value))
        case "promises", _:
            return words("parallel.days_later", days=int(value))
    return words("parallel.lag", lag=words.lag(value))


def _reason(row, words: Words) -> str:
    counts = {
        name: 0 if pd.isna(value) else int(value)
        for name, value in (("alike", row.alike), ("compared", row.compared))
    }
    return words(f"because.{row.reason}", **counts, p=words.ratio(row.p_value))
