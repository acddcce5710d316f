"""Answering questions: the part that is kept, or what the notebook gives when it is executed now."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sahel_transitions.runs.contract import broken_promises
from sahel_transitions.runs.dependencies import modules_of
from sahel_transitions.runs.engine import Failure, Job, Outcome
from sahel_transitions.runs.parts import InputsTouched, Part, Parts, Question
from sahel_transitions.sources import named_files


@dataclass(frozen=True)
class Answer:
    """What a question got: a part, found or made, or the faults of what was executed for it.

    Attributes
    ----------
    question : Question
    part : Part or None
        None if it failed.
    reused : bool
    changed : tuple of str
        Inputs that differ from those of the nearest part; empty if it was reused, or is the first.
    faults : tuple of Failure
    folder : Path or None
        Where a failed one left what there is.
    """

    question: Question
    part: Part | None = None
    reused: bool = False
    changed: tuple[str, ...] = ()
    faults: tuple[Failure, ...] = ()
    folder: Path | None = None


class Answering:
    """Finds parts, says what must be executed for the others, and keeps what that gives."""

    def __init__(
        self, parts: Parts, workshop: Path, answered: Callable[[Answer], None],
        explain: bool = True,
    ):  # fmt: skip
        """`explain`: look for the nearest part, to say what changed; slow for thousands."""
        self._parts, self._workshop, self._answered = parts, workshop, answered
        self._explain = explain
        self._modules: dict[Path, list[Path]] = {}
        self._open: dict[Path, tuple[Question, tuple[str, ...]]] = {}

    def jobs(self, questions: Iterable[Question]) -> list[Job]:
        """What must be executed; questions that a kept part answers are answered at once."""
        jobs = []
        for question in questions:
            part = self._parts.find(question)
            if part is not None:
                self._answered(Answer(question, part, reused=True))
                continue
            folder = self._workshop / f"{len(self._open)}"
            self._open[folder] = (question, self._parts.why_not(question) if self._explain else ())
            plain, id = _plain(question), question.inputs.id
            jobs.append(Job(question.notebook, folder, plain, inputs_id=id))
            # Now, while nothing runs yet; what cannot be read is told when it is executed.
            with suppress(OSError, ValueError, SyntaxError):
                self._modules_of(question.notebook)
        return jobs

    def take(self, outcome: Outcome) -> None:
        """Hold what was executed to its contract, and keep it."""
        question, changed = self._open[outcome.folder]
        faults = self._faults(question, outcome)
        if faults:
            self._answered(Answer(question, faults=tuple(faults), folder=outcome.folder))
            return
        try:
            modules = self._modules_of(question.notebook)
            part = self._parts.keep(question, outcome.folder, modules, outcome.opened)
        except InputsTouched as error:
            fault = Failure(str(error), kind=type(error).__name__)
            self._answered(Answer(question, faults=(fault,), folder=outcome.folder))
        except OSError as error:
            fault = Failure.of_disk(error)
            self._answered(Answer(question, faults=(fault,), folder=outcome.folder))
        else:
            self._answered(Answer(question, part, changed=changed))

    def _modules_of(self, notebook: Path) -> list[Path]:
        if notebook not in self._modules:
            self._modules[notebook] = modules_of(notebook)
        return self._modules[notebook]

    def _faults(self, question: Question, outcome: Outcome) -> list[Failure]:
        if outcome.failure:
            return [outcome.failure]
        countries = list(question.parameters.countries)
        return broken_promises(question.notebook, outcome.folder, countries)


def _plain(question: Question) -> dict:
    """The parameters as a notebook takes them: files by their places."""
    parameters = question.parameters
    plain = parameters.plain()
    if parameters.deaths_source != "ucdp":
        files = named_files(parameters.deaths_source)
        plain["deaths_source"] = ",".join(str(file.resolve()) for file in files)
    return plain
