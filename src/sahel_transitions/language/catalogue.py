"""The catalogues: gettext files whose message ids are stable keys."""

import gettext
import io
import string
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Literal

from babel.messages import pofile

from sahel_transitions.paths import PACKAGE

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")

_FOLDER = PACKAGE / "language" / "catalogues"


@cache
def read_catalogue(language: Language) -> tuple[dict[str, tuple[str, ...]], Callable[[int], int]]:
    """Key → its text, or singular and plural; and which of the two a number takes.

    Raises
    ------
    ValueError
        If a text is empty.
    """
    return _parsed((_FOLDER / f"{language}.po").read_bytes(), language)


@lru_cache(maxsize=len(LANGUAGES))
def _parsed(content: bytes, language: Language):
    """Parsed once for the same bytes: a notebook that starts warm finds its words ready."""
    catalogue = pofile.read_po(io.BytesIO(content), locale=language, abort_invalid=True)
    texts = {}
    for message in catalogue:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        if not all(forms):
            raise ValueError(f"the text {key!r} of {language}.po is empty")
        texts[key] = forms
    return texts, gettext.c2py(catalogue.plural_expr)


@cache
def fields_of(forms: tuple[str, ...]) -> tuple[str, ...]:
    """The fields that a text names, in their order, with the number that chooses its form."""
    named = [name for form in forms for _, name, *_ in string.Formatter().parse(form) if name]
    return tuple(dict.fromkeys([*named, "n"] if len(forms) > 1 else named))
