"""The specification curve: complete, resumable, and right where the answer is known."""

import json
import os

import numpy as np
import pandas as pd
import pytest

from sahel_transitions.methods import (
    Design,
    deciding_choice,
    evaluate,
    fingerprint,
    grid,
    influence,
    interruption,
    verdict,
)

CHOICES = {"window": [12, 24], "model": ["quasi_poisson", "nb2"], "harmonics": [0, 1, 2]}


def doubled(specification):
    """An answer that needs no data."""
    if specification["model"] == "nb2" and specification["window"] == 12:
        return {"why_not": "too short"}
    factor = specification["window"] / 16
    return {"estimate": factor, "low": factor - 0.3, "high": factor + 0.3, "p_value": 0.2}


def test_a_grid_is_every_combination_once():
    specifications = grid(CHOICES)
    assert len(specifications) == 12 == len({fingerprint(each) for each in specifications})
    assert specifications[0] == {"window": 12, "model": "quasi_poisson", "harmonics": 0}
    with pytest.raises(ValueError, match="each choice of model once"):
        grid({"model": ["nb2", "nb2"]})


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_stand_in_the_order_of_the_questions(workers):
    specifications = grid({**CHOICES, "draw": range(10)})
    answers = evaluate(specifications, doubled, workers=workers)
    assert answers["window"].tolist() == [each["window"] for each in specifications]
    assert answers["why_not"].notna().sum() == 30 == answers["estimate"].isna().sum()


def test_an_interrupted_evaluation_goes_on(tmp_path):
    specifications, path, asked = grid(CHOICES), tmp_path / "kept" / "answers.jsonl", []

    def counting(specification):
        asked.append(specification)
        if len(asked) == 8:
            raise KeyboardInterrupt
        return doubled(specification)

    first = evaluate(specifications[:5], doubled, kept_in=path, inputs="a")
    # Cut off in the middle of a line, as a full disk or a stop would leave it.
    path.write_bytes(path.read_bytes()[:-20])
    told = []
    with pytest.raises(KeyboardInterrupt):
        evaluate(specifications, counting, kept_in=path, inputs="a",
                 done=lambda count, total: told.append((count, total)))  # fmt: skip
    assert told[0] == (4, 12) and len(asked) == 8
    whole = evaluate(specifications, doubled, kept_in=path, inputs="a")
    pd.testing.assert_frame_equal(whole, evaluate(specifications, doubled))
    pd.testing.assert_frame_equal(whole.head(5), first)


def test_a_kept_answer_that_was_changed_is_computed_again(tmp_path):
    path = tmp_path / "answers.jsonl"
    whole = evaluate(grid(CHOICES), doubled, kept_in=path)
    lines = path.read_text().splitlines()
    broken = [
        lines[0].replace("0.75", "99.0"),
        lines[1].replace('"estimate": ', '"estimate": "x", "other": '),
        '{"key": "a", "answer": {}}',
        "[1, 2]",
        *lines[2:],
    ]
    path.write_bytes("\n".join(broken).encode() + b"\n\xff\xfe\n")
    pd.testing.assert_frame_equal(evaluate(grid(CHOICES), doubled, kept_in=path), whole)


def test_answers_of_other_inputs_are_not_taken(tmp_path):
    path, asked = tmp_path / "answers.jsonl", []

    def counting(specification):
        asked.append(os.getpid())
        return doubled(specification)

    for inputs in ("a", "a", "b"):
        evaluate(grid(CHOICES), counting, kept_in=path, inputs=inputs)
    assert len(asked) == 24
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 24


def test_a_verdict_counts_the_answered_alone():
    found = verdict(evaluate(grid(CHOICES), doubled))
    assert (found.answered, found.asked) == (9, 12)
    assert (found.above, found.below) == (pytest.approx(6 / 9), pytest.approx(3 / 9))
    assert (found.above_clearly, found.below_clearly) == (pytest.approx(6 / 9), 0)
    assert found.contested and found.minority == pytest.approx(3 / 9)
    assert (found.lowest, found.highest) == (0.75, 1.5)
    nothing = verdict(evaluate(grid({"model": ["nb2"], "window": [12]}), doubled))
    assert nothing.answered == 0 and np.isnan(nothing.above) and not nothing.contested


def test_the_choice_that_moves_the_answer_is_named_with_its_options():
    rows = influence(evaluate(grid(CHOICES), doubled), CHOICES)
    assert set(rows["choice"]) == {"window", "model", "harmonics"}
    assert rows.set_index(["choice", "option"]).loc[("window", 24), "median"] == 1.5
    choice, low, high = deciding_choice(rows)
    assert (choice, low["option"], high["option"]) == ("window", 12, 24)
    assert (low["median"], high["answered"], high["above"]) == (0.75, 6, 1)
    alone = influence(evaluate(grid({"window": [12], "model": ["nb2"]}), doubled), ["window"])
    assert deciding_choice(alone) is None


def test_a_curve_over_a_known_effect_holds_it():
    rng, time = np.random.default_rng(21), np.arange(96)
    held, asked = 0, 0
    for _ in range(20):
        counts = rng.negative_binomial(3, 3 / (3 + np.exp(3 + 0.5 * (time >= 48))))

        def answer(specification, counts=counts):
            part = slice(48 - specification["window"], 48 + specification["window"])
            design = Design(model=specification["model"], harmonics=specification["harmonics"])
            fit = interruption(counts[part], time[part] >= 48, design=design)
            return {"estimate": fit.level.estimate, "low": fit.level.low, "high": fit.level.high,
                    "p_value": fit.p_value}  # fmt: skip

        answers = evaluate(grid({**CHOICES, "window": [24, 36, 48]}), answer)
        held += ((answers["low"] <= np.exp(0.5)) & (answers["high"] >= np.exp(0.5))).sum()
        asked += len(answers)
    assert held / asked >= 0.93
