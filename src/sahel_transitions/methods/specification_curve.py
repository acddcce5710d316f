"""Many defensible ways to ask one question, and what each of them answers.

Simonsohn, Simmons and Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4. A
curve shows how far an answer rests on choices that nobody could defend against the others; it is no
test, and its members are not independent of each other.
"""

import hashlib
import itertools
import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Specification = Mapping[str, Any]
Answer = Mapping[str, Any]
# What an evaluation gives: the factor, its interval and p-value, or why there is none.
ANSWER = ["estimate", "low", "high", "p_value", "why_not"]
_CHUNK = 25
# Fewer than this are answered before processes have started.
_WORTH_PROCESSES = 500


def grid(choices: Mapping[str, Iterable[Any]]) -> list[dict[str, Any]]:
    """Every combination of choices, the last varying fastest.

    Raises
    ------
    ValueError
        If a choice is offered twice, which would count its specifications double.
    """
    offered = {name: list(values) for name, values in choices.items()}
    for name, values in offered.items():
        if len({json.dumps(value) for value in values}) < len(values):
            raise ValueError(f"expected each choice of {name} once, found {values}")
    combined = itertools.product(*offered.values())
    return [dict(zip(offered, values, strict=True)) for values in combined]


def fingerprint(content: Any) -> str:
    """A hash of plain values, whatever the order of their keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def evaluate(
    specifications: Sequence[Specification],
    answer: Callable[[Specification], Answer],
    *,
    workers: int = 1,
    kept_in: Path | None = None,
    inputs: str = "",
    done: Callable[[int, int], None] = lambda count, total: None,
) -> pd.DataFrame:
    """The answers to all specifications, in their order.

    Parameters
    ----------
    specifications : sequence of mappings
        Of plain values.
    answer : callable
        From a specification to the keys of `ANSWER`; it must be importable by name if there is
        more than one worker. What it raises stops all: an answer that cannot be had is
        `why_not`.
    workers : int
        Processes.
    kept_in : Path, optional
        A file to which answers are added as they come, one JSON object a line. What is there of
        the same inputs is not computed again, so that an interrupted evaluation goes on; a line
        that was cut off is computed again.
    inputs : str
        A fingerprint of everything else that answers depend on: data, code.
    done : callable
        Told how many answers there are, of how many.

    Returns
    -------
    DataFrame
        The keys of the specifications, then those of `ANSWER`.
    """
    keys = [fingerprint([inputs, specification]) for specification in specifications]
    known = _kept(kept_in)
    asked = {key: dict(each) for key, each in zip(keys, specifications, strict=True)}
    open_ = [(key, each) for key, each in asked.items() if key not in known]
    count = len(asked) - len(open_)
    done(count, len(asked))
    with _appending(kept_in) as keep:
        for part in _answered(open_, answer, workers):
            known.update(part)
            keep(part)
            count += len(part)
            done(count, len(asked))
    rows = [{**asked[key], **{name: known[key].get(name) for name in ANSWER}} for key in keys]
    frame = pd.DataFrame(rows, columns=[*(specifications[0] if specifications else ()), *ANSWER])
    return frame.astype({name: "float64" for name in ANSWER[:-1]})


@dataclass(frozen=True)
class Verdict:
    """How the answers of a curve are spread.

    Attributes
    ----------
    answered, asked : int
        Specifications with an answer, and all.
    above, below : float
        Shares of the answered with a factor above and below 1.
    above_clearly, below_clearly : float
        Shares whose interval leaves out 1.
    median, lowest, highest : float
        Of the factors.
    """

    answered: int
    asked: int
    above: float
    below: float
    above_clearly: float
    below_clearly: float
    median: float
    lowest: float
    highest: float

    @property
    def minority(self) -> float:
        """The share of factors on the less frequent side of 1."""
        return min(self.above, self.below)

    @property
    def contested(self) -> bool:
        """Whether at least one answer in twenty lies on the other side of 1 than most."""
        return self.minority >= 0.05


def verdict(answers: pd.DataFrame) -> Verdict:
    """The spread of the answers of one curve; shares are NaN where nothing was answered."""
    factors = answers.dropna(subset="estimate")

    def share(rows: pd.Series) -> float:
        return float(rows.mean()) if len(rows) else float("nan")

    return Verdict(
        answered=len(factors),
        asked=len(answers),
        above=share(factors["estimate"] > 1),
        below=share(factors["estimate"] < 1),
        above_clearly=share(factors["low"] > 1),
        below_clearly=share(factors["high"] < 1),
        median=float(factors["estimate"].median()),
        lowest=float(factors["estimate"].min()),
        highest=float(factors["estimate"].max()),
    )


def influence(answers: pd.DataFrame, choices: Iterable[str]) -> pd.DataFrame:
    """By option of each choice that has several, where the factors lie.

    Returns
    -------
    DataFrame
        `choice`, `option`, `answered` (how many), `median`, `low` and `high` (the tenth and
        ninetieth of a hundred), `above` (the share of factors above 1); in the order of the choices.
    """
    factors, rows = answers.dropna(subset="estimate"), []
    for choice in choices:
        if factors[choice].nunique() < 2:
            continue
        for option, part in factors.groupby(choice, sort=False):
            low, median, high = part["estimate"].quantile([0.1, 0.5, 0.9])
            above = (part["estimate"] > 1).mean()
            rows.append((choice, option, len(part), median, low, high, above))
    columns = ["choice", "option", "answered", "median", "low", "high", "above"]
    return pd.DataFrame(rows, columns=columns)


def deciding_choice(influences: pd.DataFrame) -> tuple[str, pd.Series, pd.Series] | None:
    """The choice between whose options the median factor moves furthest, in logarithms.

    Parameters
    ----------
    influences : DataFrame
        Of `influence`.

    Returns
    -------
    (str, Series, Series) or None
        The choice, and the rows of its lowest and highest option; None if no choice has several.
    """
    if influences.empty:
        return None
    medians = np.log(influences["median"])
    choice = medians.groupby(influences["choice"], sort=False).agg(np.ptp).idxmax()
    rows = influences[influences["choice"] == choice]
    return choice, rows.loc[rows["median"].idxmin()], rows.loc[rows["median"].idxmax()]


def _answered(open_: list, answer, workers: int) -> Iterator[dict[str, dict]]:
    parts = [open_[start : start + _CHUNK] for start in range(0, len(open_), _CHUNK)]
    if workers == 1 or len(open_) < _WORTH_PROCESSES:
        yield from (_answer_part(answer, part) for part in parts)
        return
    # Spawned, not forked: whoever asks may have threads running (a progress bar, a kernel).
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(_answer_part, itertools.repeat(answer), parts)


def _answer_part(answer, part: list) -> dict[str, dict]:
    return {key: dict(answer(specification)) for key, specification in part}


def _kept(path: Path | None) -> dict[str, dict]:
    """The answers in a file, but for lines that are cut off, changed or something else."""
    if path is None or not path.is_file():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
            answer = {name: row["answer"][name] for name in ANSWER}
        except (ValueError, KeyError, TypeError):
            continue
        if row.get("seal") == fingerprint([row.get("key"), answer]):
            found[row["key"]] = answer
    return found


@contextmanager
def _appending(path: Path | None) -> Iterator[Callable[[dict[str, dict]], None]]:
    """Adds answers to a file as they come; without a file, to nothing."""
    if path is None:
        yield lambda part: None
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    cut = path.is_file() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        if cut:
            file.write("\n")

        def keep(part: dict[str, dict]) -> None:
            for key, answer in part.items():
                # Not-a-number is no JSON.
                given = {name: answer.get(name) for name in ANSWER}
                plain = {name: None if pd.isna(value) else value for name, value in given.items()}
                row = {"key": key, "answer": plain, "seal": fingerprint([key, plain])}
                file.write(json.dumps(row) + "\n")
            file.flush()

        yield keep
