"""Titles of figures: each is a declared finding, or a label that states no result."""

import ast
import dataclasses
import re

import pandas as pd
import pytest
from conftest import study
from matplotlib.figure import Figure as Canvas

from sahel_transitions.claims import read_findings, title_labels
from sahel_transitions.figures import Figure
from sahel_transitions.language import words
from sahel_transitions.notebook import Study
from sahel_transitions.paths import PACKAGE

EN = words("en")
DECLARED = read_findings()
FIGURES = sorted((PACKAGE / "figures").glob("*.py"))


def keys_of_titles(module):
    """The keys from which the figures of a module take their titles, and all that they can be."""
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    for function in functions.values():
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and re.match(
                r"\(?title\b", ast.unparse(node.targets[0])
            ):
                yield from possible_keys(node.value, function.name, functions)


def pattern_of(part):
    match part:
        case ast.Constant():
            return re.escape(part.value)
        case ast.FormattedValue(
            value=ast.IfExp(body=ast.Constant(one), orelse=ast.Constant(other))
        ):
            return f"({one}|{other})"
    return r"\w*"


def possible_keys(node, figure, functions):
    match node:
        case ast.IfExp():
            for part in (node.body, node.orelse):
                yield from possible_keys(part, figure, functions)
        case ast.Tuple():
            yield from possible_keys(node.elts[0], figure, functions)
        case ast.Call(func=ast.Name(id="words")):
            yield from possible_keys(node.args[0], figure, functions)
        case ast.Call(func=ast.Name(id="why_empty")):
            yield from (key for key in sorted(EN.keys()) if key.startswith("figure.deaths.no"))
        case ast.Call(func=ast.Name(id=name)) if name in functions:
            for part in ast.walk(functions[name]):
                if isinstance(part, ast.Return):
                    yield from possible_keys(part.value, figure, functions)
        case ast.JoinedStr():
            # Texts of a figure begin with its name, which may have an ending.
            form = "".join(map(pattern_of, node.values))
            form = f"figure.{figure}{form}" if form.startswith("\\") else form
            yield from (key for key in sorted(EN.keys()) if re.fullmatch(form, key))
        case ast.Constant():
            yield node.value
        case _:
            raise AssertionError(f"a title of {figure} from {ast.unparse(node)}")


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_every_title_of_a_figure_is_a_declared_finding_or_a_label_with_its_reason(path):
    said, labels = {key for each in DECLARED.values() for key in each.says}, title_labels()
    for key in keys_of_titles(ast.parse(path.read_text(encoding="utf-8"))):
        assert key in said or labels.get(key), key


def test_every_text_that_is_named_a_title_is_declared_and_none_besides():
    declared = {key for each in DECLARED.values() for key in each.says} | set(title_labels())
    named = {key for key in sorted(EN.keys()) if re.fullmatch(r"figure\..+\.title(_.+)?", key)}
    assert named <= declared <= EN.keys()


def test_a_figure_whose_title_is_not_declared_is_refused():
    shown = Study("x", study())
    figure = Figure("x", Canvas(), pd.DataFrame(), EN("figure.marks.note"), "", "")
    with pytest.raises(LookupError, match=r"No finding .* says 'figure\.marks\.note'"):
        shown.show(figure)
    with pytest.raises(LookupError, match="not written from the catalogue"):
        shown.show(dataclasses.replace(figure, title="Deaths rose"))
    assert shown.said == []
