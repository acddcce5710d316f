"""The matrix of a sweep: which runs are asked for, read from a file and checked before any starts.

    notebook: one_specification
    parameters: {countries: [MLI, BFA]}
    axes:
      window: [12, 18, 24]
      trend: [with, without, bent]
    exclude:
      - {window: 12, trend: bent}
    where:
      - when: {window: 24}
        parameters: {harmonics: 1}
    include:
      - {window: 60, trend: without}

Every combination of the axes is a run, without those that `exclude` names; `where` gives some of
them parameters of their own, and `include` adds runs that stand on no grid.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yaml.constructor import ConstructorError

from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.methods import grid
from sahel_transitions.parameters import Parameters, read_parameters
from sahel_transitions.runs.findings import named_notebook

Values = dict[str, Any]
# So many faults are named; more of them would hide the first.
_NAMED = 10
_MOST_RUNS = 100_000


class _Where(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    when: Values = Field(min_length=1)
    parameters: Values = Field(min_length=1)


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    notebook: str
    parameters: Values = Field(default_factory=dict)
    axes: dict[str, list[Any]] = Field(default_factory=dict)
    exclude: list[Values] = Field(default_factory=list)
    where: list[_Where] = Field(default_factory=list)
    include: list[Values] = Field(default_factory=list)


@dataclass(frozen=True)
class Matrix:
    """What a sweep asks.

    Attributes
    ----------
    notebook : Path
    studies : tuple of Parameters
        One a run, in the order of the axes, the last varying fastest, then what was included.
    varying : tuple of str
        The parameters in which the runs differ, in the order of the schema.
    """

    notebook: Path
    studies: tuple[Parameters, ...]
    varying: tuple[str, ...]


def read_matrix(path: Path) -> Matrix:
    """The matrix of a file.

    Raises
    ------
    Refusal
        If the file cannot be read, has an unknown key or one that comes twice, names an unknown
        notebook, asks the same twice, or if the parameters of any run are refused; an `exclude` or
        `where` that meets no run is refused too, since it does nothing.
    """
    declared = _declared(path)
    faults: list[str] = []
    cells = _cells(declared, faults)
    studies: dict[str, Parameters] = {}
    for cell in cells:
        try:
            parameters = read_parameters(cell)
        except Refusal as error:
            faults.append(f"the run {_shown(cell)}: {str(error).removeprefix('Refused: ')}")
            continue
        key = str(parameters.plain())
        if key in studies:
            faults.append(f"the run {_shown(cell)} is asked for twice")
        studies[key] = parameters
    if not cells:
        faults.append("it asks for no run: expected `axes` or `include`")
    if faults:
        more = [f"and {len(faults) - _NAMED} more"] if len(faults) > _NAMED else []
        listed = "\n  ".join([*faults[:_NAMED], *more])
        raise Refusal(f"Refused: {path.name}: {len(faults)} faults:\n  {listed}")
    asked = tuple(studies.values())
    plain = [study.plain() for study in asked]
    varying = tuple(
        name
        for name in Parameters.model_fields
        if any(one[name] != plain[0][name] for one in plain)
    )
    return Matrix(named_notebook(declared.notebook), asked, varying)


def _declared(path: Path) -> _Declared:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
        return _Declared.model_validate(content)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"Refused: {path} cannot be read: {error}.") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise Refusal(f"Refused: {path.name} is no YAML that can be read: {error}.") from None
    except ValidationError as error:
        listed = "\n  ".join(_sentence(fault) for fault in error.errors())
        raise Refusal(f"Refused: {path.name}:\n  {listed}") from None


def _sentence(fault) -> str:
    place = ".".join(map(str, fault["loc"])) or "the file"
    if fault["type"] == "extra_forbidden":
        return f"{place} is no key: {nearest(str(fault['loc'][-1]), _Declared.model_fields)}."
    found = "" if fault["type"] == "missing" else f", found {fault['input']!r}"
    return f"{place}: {fault['msg']}{found}."


def _cells(declared: _Declared, faults: list[str]) -> list[Values]:
    """The parameters of each run as they are written, and in `faults` what meets none."""
    size = math.prod(map(len, declared.axes.values()))
    if size > _MOST_RUNS:
        raise Refusal(
            f"Refused: the axes combine to {size:,} runs, more than {_MOST_RUNS:,}: split them over "
            "several files."
        )
    try:
        combined = grid(declared.axes) if declared.axes else []
    except ValueError as error:
        faults.append(str(error))
        combined = []
    met: Counter[tuple[str, int]] = Counter()
    cells = []
    for cell in combined:
        left_out = [n for n, each in enumerate(declared.exclude) if _meets(cell, each)]
        met.update(("exclude", n) for n in left_out)
        if left_out:
            continue
        own: Values = {}
        for n, each in enumerate(declared.where):
            if _meets(cell, each.when):
                met["where", n] += 1
                own |= each.parameters
        cells.append({**declared.parameters, **cell, **own})
    cells += [{**declared.parameters, **each} for each in declared.include]
    faults += [
        f"{kind} {n + 1} meets no run: {_shown(each if kind == 'exclude' else each.when)}"
        for kind in ("exclude", "where")
        for n, each in enumerate(getattr(declared, kind))
        if not met[kind, n]
    ]
    return cells


def _meets(cell: Mapping[str, Any], condition: Mapping[str, Any]) -> bool:
    return all(name in cell and cell[name] == value for name, value in condition.items())


def _shown(cell: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in cell.items()) + "}"


class _Loader(yaml.SafeLoader):
    """YAML in which dates are text, and no key comes twice."""

    def construct_mapping(self, node, deep=False):
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [name for name, count in Counter(map(str, names)).items() if count > 1]
        if twice:
            raise ConstructorError(None, None, f"the key {twice[0]!r} comes twice", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
