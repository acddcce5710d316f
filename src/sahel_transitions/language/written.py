"""Text for readers that still holds the values from which it was written."""

from collections.abc import Iterable, Mapping
from typing import Any


class Written(str):
    """Text that was written from a value: `1,013` from 1013.

    Attributes
    ----------
    raw : object
        The value, free of language: a number, a code, a date as the tables write it, a list or a
        dict of such values.
    """

    raw: Any

    def __new__(cls, text: str, raw: Any = None) -> "Written":
        written = super().__new__(cls, text)
        written.raw = raw
        return written


class Sentence(Written):
    """The text of a key with its fields filled in; it holds the key and what it was given.

    Attributes
    ----------
    key : str
        The key of the catalogue.
    values : dict
        The values of the fields that the text names, free of language.
    given : dict
        All that was handed over, also what the text does not name: by it, sentences without a
        field can be told apart.
    parts : tuple of Sentence
        Of several sentences that were joined, those after the first.
    """

    key: str
    values: dict[str, Any]
    given: dict[str, Any]
    parts: tuple["Sentence", ...]

    def __new__(
        cls, text: str, key: str = "", given: Mapping[str, Any] | None = None,
        fields: Iterable[str] = (),
    ) -> "Sentence":  # fmt: skip
        given = {name: raw_of(value) for name, value in (given or {}).items()}
        values = {name: given[name] for name in fields if name in given}
        sentence = super().__new__(cls, text, {"says": key, **values} if values else key)
        sentence.key, sentence.values, sentence.given, sentence.parts = key, values, given, ()
        return sentence

    @property
    def says(self) -> tuple[str, ...]:
        """Its key and those of the sentences joined to it."""
        return (self.key, *(part.key for part in self.parts))


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """Several sentences as one that keeps what each of them holds; the first gives it its key.

    The values of the others stand under the last part of their keys; a sentence without a value is
    true there.
    """
    first, *others = sentences
    whole = Sentence(" ".join([first, *others]), first.key)
    whole.given, whole.parts = first.given, tuple(others)
    more = {part.key.rpartition(".")[2]: part.values or True for part in others}
    whole.values = {**first.values, **more}
    return whole


def raw_of(value: Any) -> Any:
    """What a text was written from; every other value as it is."""
    if isinstance(value, Written):
        return value.raw
    if isinstance(value, (list, tuple)):
        return [raw_of(each) for each in value]
    return value
