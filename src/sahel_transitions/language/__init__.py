"""English and French: the catalogue, numbers and dates."""

from sahel_transitions.language.words import LANGUAGES, Language, Words, words

__all__ = ["LANGUAGES", "Language", "Words", "words"]
