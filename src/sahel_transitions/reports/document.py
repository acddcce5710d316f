"""A report in one language, as every form of it is written from: HTML, PDF, brief and check."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sahel_transitions.figures import ShownTable, shown_table
from sahel_transitions.language import Words, words
from sahel_transitions.parameters import Parameters
from sahel_transitions.reports.content import Chapter, Code, Text, read_chapters
from sahel_transitions.reports.notes import Notes, Warnings
from sahel_transitions.reports.references import datasets_used, references
from sahel_transitions.reports.rendering import shown, state_in_words
from sahel_transitions.runs.folder import Run
from sahel_transitions.tables import Tables


@dataclass(frozen=True)
class Document:
    """What a report says, in the language of its run.

    Attributes
    ----------
    run : Run
    words : Words
    parameters : dict
        Name → value as the command line takes it, in the order of the schema.
    chapters : tuple of Chapter
    warnings : list of (int, str)
        The named warnings that notes refer to by number.
    datasets, references : list of str
        Exactly what was used: tables with their vintages, and the sources of the rows shown.
    """

    run: Run
    words: Words
    parameters: dict[str, str]
    chapters: tuple[Chapter, ...]
    warnings: list[tuple[int, str]]
    datasets: list[str]
    references: list[str]

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def title(self) -> str:
        return self.words("report.title_countries", countries=[
            self.words(f"country.{country}")
            for country in self.run.manifest["inputs"]["parameters"]["countries"]
        ])  # fmt: skip

    @property
    def as_of(self) -> str:
        """The day of the study, as ISO 8601 writes it."""
        return self.parameters["as_of"]

    @property
    def _open(self) -> bool:
        """Whether the deaths are those that may be passed on."""
        return self.parameters["deaths_source"] == "ucdp"

    @property
    def licence(self) -> str:
        return self.words("report.licence" if self._open else "report.licence_own")

    @property
    def command(self) -> str:
        """What makes the report again; in both languages, since one call gives both.

        A user's file is named by its hash in the manifest; what it is called on the user's disk is
        nobody's business.
        """
        given = {name: value for name, value in self.parameters.items() if name != "language"}
        if not self._open:
            given["deaths_source"] = "FILE"
        return "sahel report " + " ".join(f"-p {name}={value}" for name, value in given.items())

    @property
    def environment(self) -> str:
        """Whether the run was made with what the lock says."""
        differing = sorted(self.run.manifest["environment"]["differs_from_lock"])
        if differing:
            return self.words("report.environment_differs", packages=differing)
        return self.words("report.environment_same")

    @property
    def inputs(self) -> dict[str, str]:
        """File → hash of everything that the run depended on."""
        return self.run.manifest["inputs"]["files"]

    @cached_property
    def values(self) -> ShownTable:
        """Every value of `results.json` that the report promises: all of them, in full precision."""
        say = self.words
        frame = pd.DataFrame(
            {
                "value_id": [value["id"] for value in self.run.results()],
                "recorded_value": [_recorded(value, say) for value in self.run.results()],
                "recorded_bounds": [_bounds(value, say) for value in self.run.results()],
                "recorded_unit": [_unit(value["unit"], say) for value in self.run.results()],
            },
            dtype="str",
        )
        return shown_table(frame, say("report.values.caption"), say)


def read_document(run: Run) -> Document:
    """The document of a run."""
    given = run.manifest["inputs"]["parameters"]
    parameters = {name: shown(given[name]) for name in Parameters.model_fields}
    say, records = words(given["language"], given["deaths_definition"]), run.records()
    warnings = Warnings(say)
    chapters = read_chapters(
        run,
        lambda record: Notes(say, given["deaths_definition"], record["datasets"], warnings),
    )
    return Document(
        run, say, parameters, chapters, warnings.listed(), datasets_used(records, say),
        references(records, Tables(), say, given["as_of"]),
    )  # fmt: skip


def without_code(chapter: Chapter) -> tuple:
    """The parts of a chapter that are no code."""
    return tuple(part for part in chapter.parts if not isinstance(part, Code))


def opening(chapter: Chapter) -> str:
    """The question of a chapter: the text below its title."""
    first = next(part.markdown for part in chapter.parts if isinstance(part, Text))
    return first.partition("\n")[2].strip()


def _recorded(value: dict, say: Words) -> str:
    recorded, state = value["value"], value["state"]
    if recorded is None:
        return state_in_words(state, say) if state else say("cell.none")
    return exactly(recorded, say)


def exactly(value, say: Words) -> str:
    """A recorded value as the language writes it, with every digit; texts as they are."""
    return say.exact(value) if isinstance(value, (int, float)) else str(value)


def _bounds(value: dict, say: Words) -> str:
    low, high = value["low"], value["high"]
    if low is None and high is None:
        return ""
    ends = ["" if end is None else exactly(end, say) for end in (low, high)]
    return say("cell.range", first=ends[0], last=ends[1])


def _unit(unit: str | None, say: Words) -> str:
    if unit is None:
        return ""
    key = f"recorded_in.{unit.replace(' ', '_')}"
    return say(key) if key in say else unit
