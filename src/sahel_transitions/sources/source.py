"""What every module of an outside dataset gives: how to know its files, and what to make of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Opened


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a builder is told besides the file.

    Parameters
    ----------
    vintage : str, optional
        The release, where the file does not say.
    skip_bad_rows : bool
        Leave out the rows that have a problem, and count them, in place of refusing the file.
    actors : DataFrame, optional
        The table `actors`; the datasets that name perpetrators need it.
    strict_corrections : bool
        Refuse a file for which a correction of the project is no longer needed, as the project
        wants it of its own tables; for a user's file it is a note.
    told : callable
        Told of the progress of long work: a phase in words, and how much of it is done (0 to 1).
    """

    vintage: str | None = None
    skip_bad_rows: bool = False
    actors: pd.DataFrame | None = None
    strict_corrections: bool = True
    told: Callable[[str, float], None] = lambda phase, share: None


@dataclass(frozen=True)
class Built:
    """A derived table before it is written.

    `declaration` has the keys of a table declaration except `rows` and `sha256`, which follow
    from the rows. `notes` are sentences for whoever runs the build. `cannot` says why this file
    does not answer a definition that others of its dataset do.
    """

    name: str
    frame: pd.DataFrame
    declaration: dict
    notes: list[str] = field(default_factory=list)
    cannot: Mapping[str, str] = field(default_factory=dict)


class Unanswerable(Refusal):
    """A sound file that answers none of the suite's questions; the message says why."""


@dataclass(frozen=True)
class Source:
    """An outside dataset.

    Attributes
    ----------
    name : str
        As the command line names it.
    title : str
        As its producer names it.
    signatures : tuple of frozenset of str
        Column names, in lower case, by which a file is known; one set a variant of the file.
    build : callable
        From an opened file and options to the derived table. Raises `TableProblems` with every
        fault of the file, `Refusal` if nothing can be derived.
    cannot : mapping of str to str
        Why its files do not answer a definition or a breakdown of deaths, where they do not.
    narrow : bool
        Its files have hardly any column besides those of the signature, so that others speak
        against it.
    """

    name: str
    title: str
    signatures: tuple[frozenset[str], ...]
    build: Callable[[Opened, Options], Built]
    cannot: Mapping[str, str] = field(default_factory=dict)
    narrow: bool = False

    def likeness(self, opened: Opened) -> tuple[float, int]:
        """How much of a signature is in the file, as a share and as a count; the best of all."""
        return max(
            self._likeness(signature, set(sheet.names) - {""})
            for sheet in opened.sheets
            for signature in self.signatures
        )

    def _likeness(self, signature: frozenset[str], names: set[str]) -> tuple[float, int]:
        common = len(signature & names)
        others = len(names - signature) if self.narrow else 0
        return common / (len(signature) + others), common
