"""English and French: the catalogue, numbers and dates, and text that keeps its values."""

from sahel_transitions.language.catalogue import LANGUAGES, Language
from sahel_transitions.language.words import Words, words
from sahel_transitions.language.written import Sentence, Written, joined, raw_of

__all__ = [
    "LANGUAGES",
    "Language",
    "Sentence",
    "Words",
    "Written",
    "joined",
    "raw_of",
    "words",
]
