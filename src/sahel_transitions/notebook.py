"""The one module that notebooks import: opens a study and records what it shows.

`indicators`, `figures` and `claims` are handed on, so that a notebook has one line of imports.
"""

import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import display

from sahel_transitions import claims, figures, indicators
from sahel_transitions.claims import (
    finding_of,
    finding_of_title,
    plain_values,
    read_findings,
)
from sahel_transitions.errors import Refusal, SahelError, nearest
from sahel_transitions.figures import Figure, panels_of, read_marks, shown_table, undrawn
from sahel_transitions.indicators import (
    cut_months,
    deaths_table,
    file_caveats,
    later_than_coded,
    later_vintages,
    uncovered,
)
from sahel_transitions.language import Sentence, words
from sahel_transitions.parameters import Parameters, read_parameters
from sahel_transitions.paths import ANSWERS, RUN_FOLDER
from sahel_transitions.tables import Tables, csv_text, plain_value

# A longer table of a figure's data would make a page slow, and nobody reads it; its CSV has all.
_MOST_ROWS = 500
# What IPython puts into the names of a session.
_SESSION = {"In", "Out", "exit", "quit", "get_ipython", "open_study"}


@dataclass(frozen=True)
class Said:
    """A finding as a notebook states it: its id, the declared finding, and the sentence or title."""

    id: str
    finding: str
    sentence: Sentence

    def record(self) -> dict[str, Any]:
        """What a run keeps of it, free of language."""
        return {"id": self.id, "finding": self.finding, "says": list(self.sentence.says),
                "values": plain_values(self.sentence)}  # fmt: skip


@dataclass(frozen=True)
class Aside:
    """Where studies rest on given tables, and what they said there."""

    tables: Tables
    said: list[Said]


_ASIDE: ContextVar[Aside | None] = ContextVar("aside", default=None)


@contextmanager
def aside(tables: Tables) -> Iterator[Aside]:
    """Within it, studies rest on these tables, and show, draw and write nothing."""
    given = Aside(tables, [])
    token = _ASIDE.set(given)
    try:
        with undrawn():
            yield given
    finally:
        _ASIDE.reset(token)


class Study:
    """One notebook at work: its parameters, tables and words, and the record of its results.

    Attributes
    ----------
    parameters : Parameters
    rates, counts : Parameters
        The same, asking for rates per 100,000 inhabitants, and for counts.
    tables : Tables
        With the table of deaths that the parameters ask for.
    words : Words
    marks : Marks
        Shocks and closures of access for the figures.
    deaths : Declaration
        What the table of deaths says of itself.
    origin : dict
        Its source and vintage, for records of values that were worked out from it.
    answers : Path
        Where answers of specifications are kept, so that none is computed twice.
    said : list of Said
        The findings that were stated.
    """

    def __init__(self, name: str, parameters: Parameters, *uses: str):
        self.name = name
        self.parameters = parameters
        self.rates = parameters.model_copy(update={"per_100k": True})
        self.counts = parameters.model_copy(update={"per_100k": False})
        self.words = words(parameters.language, parameters.deaths_definition)
        self._aside = _ASIDE.get()
        tables = self._aside.tables if self._aside else Tables()
        self.tables = tables.with_table(deaths_table(parameters, tables))
        # Figures alone have marks.
        self.marks = None if self._aside else read_marks(parameters, self.tables)
        self.deaths = self.tables["deaths"].declaration
        self.origin = {"source": self.deaths.dataset, "vintage": self.deaths.vintage}
        self.answers = ANSWERS
        self._uses = uses
        self.said: list[Said] = self._aside.said if self._aside else []
        self._cited: set[str] = set()
        self._values: list[dict[str, Any]] = []
        self._figures: list[str] = []
        self._tables: list[str] = []
        folder = os.environ.get(RUN_FOLDER)
        self._folder = Path(folder) if folder and not self._aside else None
        self.lacking = self._lacking()
        self.caveats = [*self.lacking, *self._warnings()]
        self._introduce()

    def show(self, figure: Figure) -> None:
        """Show a figure and keep it as SVG, PNG and CSV with its alt text; record its title.

        Sources of the rows of its data join the references.

        Raises
        ------
        LookupError
            If the title is of no declared finding, and not declared as a label either.
        """
        stated = finding_of_title(figure.title)
        # Two figures may have one title, which is stated once.
        if stated and figure.title not in [said.sentence for said in self.said]:
            self.said.append(Said(stated.id_of(figure.title), stated.name, figure.title))
        if self._aside:
            return
        png = figure.png()
        display(
            {"image/png": png, "text/plain": f"{figure.title}\n{figure.alt}"},
            metadata={"image/png": {"alt": figure.alt}, "sahel": {"figure": figure.id}},
            raw=True,
        )
        self._cite(figure.data)
        self._figures.append(figure.id)
        if self._folder:
            self._keep(f"figures/{figure.id}.svg", figure.svg())
            self._keep(f"figures/{figure.id}.png", png)
            self._keep(f"figures/{figure.id}.csv", csv_text(figure.data).encode())
            shown = shown_table(figure.data.head(_MOST_ROWS), figure.title, self.words)
            kept = {
                "title": figure.title, "note": figure.note, "alt": figure.alt,
                "finding": stated.name if stated else None,
                "rows": len(figure.data), "shown": shown.plain(),
                "panels": [panel.plain() for panel in panels_of(figure.canvas)],
            }  # fmt: skip
            self._keep(f"figures/{figure.id}.json", _json(kept))

    def table(self, id: str, frame: pd.DataFrame, columns: Iterable[str] = (), **fields) -> None:
        """Show a table and keep it as CSV and as it is shown; its sources join the references.

        `fields` fill in the caption `table.<id>` of the catalogue.
        """
        if self._aside:
            return
        chosen = frame[list(columns)] if columns else frame
        shown = shown_table(chosen, self.words(f"table.{id}", **fields), self.words)
        self._display({"text/html": shown.html(), "text/plain": shown.text()}, {"table": id})
        self._cite(frame)
        self._tables.append(id)
        if self._folder:
            self._keep(f"tables/{id}.csv", csv_text(chosen).encode())
            self._keep(f"tables/{id}.json", _json(shown.plain()))

    def say(self, sentences: Iterable[str]) -> None:
        """Show sentences that were written from values, and record what they state.

        Raises
        ------
        LookupError
            If one of them is of no declared finding.
        """
        sentences = list(sentences)
        findings = [finding_of(sentence) for sentence in sentences]
        for sentence, finding in zip(sentences, findings, strict=True):
            if finding is not None:
                self.said.append(Said(finding.id_of(sentence), finding.name, sentence))
        text = "\n".join(f"- {sentence}" for sentence in sentences)
        # Each sentence beside what it states: reports say in a note what that rests on.
        stated = [
            {"finding": finding.name if finding else None, "text": str(sentence)}
            for sentence, finding in zip(sentences, findings, strict=True)
        ]
        self._display({"text/markdown": text, "text/plain": text}, {"said": stated})

    def record(self, id: str, frame: pd.DataFrame, value: str = "value", **constant) -> None:
        """Record a value of each row under an id made of its columns.

        Parameters
        ----------
        id : str
            For instance `deaths.{country}.{period}`.
        value : str
            The column of the value. `low`, `high`, `unit`, `months`, `definition`, `source`, `vintage` and
            `state` are taken from the columns of these names, or from `constant`.

        Raises
        ------
        SahelError
            If a value is infinite, which is no result; only ends of intervals may be.
        """
        for row in frame.to_dict("records"):
            entry = {"id": id.format(**row), "value": plain_value(row[value])}
            if isinstance(row[value], float) and math.isinf(row[value]):
                raise SahelError(f"The value {entry['id']} is infinite: say a state instead.")
            for field in (
                "low",
                "high",
                "unit",
                "months",
                "definition",
                "source",
                "vintage",
                "state",
            ):
                entry[field] = plain_value(constant.get(field, row.get(field)))
            self._values.append(entry)

    def origin_of(self, table: str) -> dict[str, str]:
        """Producer and vintage of a table, for records of values that were worked out from it."""
        declaration = self.tables.declaration(table)
        return {"source": declaration.producer, "vintage": declaration.vintage}

    def close(self) -> None:
        """End the study: write its record, and say how much it holds."""
        if self._folder:
            record = {
                "notebook": self.name,
                "values": self._values,
                "figures": self._figures,
                "tables": self._tables,
                "findings": [said.record() for said in self.said],
                "caveats": self.caveats,
                "lacking": self.lacking,
                "datasets": {name: self._dataset(name) for name in sorted(self._rests_on())},
                "cited": sorted(self._cited),
            }
            self._keep(f"records/{self.name}.json", _json(record))
        text = self.words(
            "study.closed", values=len(self._values), figures=len(self._figures),
            tables=len(self._tables),
        )  # fmt: skip
        self._display({"text/markdown": text, "text/plain": text})

    def _cite(self, frame: pd.DataFrame) -> None:
        if "sources" in frame:
            self._cited.update(key for keys in frame["sources"] for key in keys)

    def _rests_on(self) -> set[str]:
        """The tables that the notebook names, and those of what it states."""
        stated = {table for said in self.said for table in read_findings()[said.finding].rests_on}
        return {"deaths", *self._uses} | stated

    def _dataset(self, name: str) -> dict[str, Any]:
        """What a report must say of a table, which for deaths may be a user's own."""
        declaration = self.tables.declaration(name)
        return {
            "producer": declaration.producer,
            "vintage": declaration.vintage,
            "licence": declaration.licence,
            "citation": list(declaration.citation),
            "warnings": list(declaration.warnings),
            "provisional_from": {
                country: month
                for country, month in declaration.provisional_from.items()
                if country in self.parameters.countries
            },
        }

    def _warnings(self) -> list[str]:
        named = dict.fromkeys(
            name for use in self._uses for name in self.tables.declaration(use).warnings
        )
        return [self.words(f"warning.{name}") for name in named]

    def _lacking(self) -> list[str]:
        made = [name for name in self._uses if not self.tables.declaration(name).citation]
        datasets = [name for name in self._uses if name not in made]
        found = [
            *uncovered(self.parameters, self.tables, *self._uses),
            *later_vintages(self.parameters, self.tables, *datasets),
            *later_than_coded(self.parameters, self.tables, *made),
            *(cut_months(self.parameters, self.tables) if "deaths" in self._uses else ()),
            *(file_caveats(self.parameters, self.tables) if "deaths" in self._uses else ()),
        ]
        return [caveat.in_words(self.words) for caveat in found]

    def _introduce(self) -> None:
        used = [
            self.words("study.table", title=self.words(f"dataset.{name}"),
                       vintage=self.tables.declaration(name).vintage)
            for name in self._uses
        ]  # fmt: skip
        lines = [
            self.words("study.data", tables=self.words("list.and").join(used)),
            self.words("study.as_of", as_of=self.parameters.as_of, first=self.parameters.start,
                       last=self.parameters.last_month),
            "",
            *(f"- {caveat}" for caveat in self.caveats),
        ]  # fmt: skip
        text = "\n".join(lines)
        self._display({"text/markdown": text, "text/plain": text}, {"basis": len(self.caveats)})

    def _display(self, forms: dict[str, str], means: Mapping[str, Any] | None = None) -> None:
        """Show something in several forms; `means` tells reports what it is."""
        if not self._aside:
            display(forms, metadata={"sahel": means} if means else None, raw=True)

    def _keep(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


__all__ = [
    "Said",
    "Study",
    "aside",
    "claims",
    "figures",
    "indicators",
    "open_study",
]


def open_study(name: str, namespace: Mapping[str, Any], *uses: str) -> Study:
    """Open the study of a notebook with the parameters that stand in its names.

    Parameters
    ----------
    name : str
        The notebook, without ending.
    namespace : mapping
        The names of the notebook: `globals()`.
    *uses : str
        The tables that the notebook rests on.

    Raises
    ------
    Refusal
        If a value is refused, or a plain value stands under a name that is no parameter: so a
        misspelt parameter stops the notebook instead of leaving the default in force.
    """
    given = {
        key: value
        for key, value in namespace.items()
        if not key.startswith("_")
        and key not in _SESSION
        and isinstance(value, (str, int, float, list, tuple))
    }
    unknown = sorted(set(given) - set(Parameters.model_fields))
    if unknown:
        hints = "; ".join(f"{key!r}: {nearest(key, Parameters.model_fields)}" for key in unknown)
        raise Refusal(f"Refused: there is no such parameter: {hints}.")
    return Study(name, read_parameters(given), *uses)


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
