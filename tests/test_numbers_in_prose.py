"""The prose of notebooks holds no number that is a result, neither in digits nor in words."""

import re

import pytest

from sahel_transitions.language import LANGUAGES, words

# Digits in the prose of notebooks that are no result: by cell, each with its reason.
TYPED = {
    "06_claims.title": {"2021": "the years of the documents", "2023": "the same"},
    "00_overview.title": {"2020": "the years of the coups, as in the title", "2022": "the same"},
    "01_civilian_deaths.over-time": {"2024": "the year of a change in UCDP's coding"},
    "01_civilian_deaths.places": {"2023": "the year of a reform of units", "2025": "the same"},
    "01_civilian_deaths.sources": {"2": "the name of a definition, U2"},
    "01_civilian_deaths.years": {
        "1": "the names of definitions, U1 and A1", "2": "U2 and A2", "3": "U3 and A3",
    },
    "02_transition_deadlines.elsewhere": {
        "2010": "the first year of the reference class, by definition",
        "2011": "the name of a case", "2013": "the name of a case", "2019": "the name of a case",
    },
    "03_partner_shifts.recommendations": {"2023": "the year of two texts"},
    "05_robustness.choices": {"1": "the factor of no change"},
    "05_robustness.limits": {"1": "the factor of no change"},
}  # fmt: skip


# Numbers in words, from two upwards, in the same way. French "les deux" is "both".
SPELLED = {
    "en": r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty"
          r"|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|twice",
    "fr": r"(?<!les )(?<!tous )(?<!toutes )deux|trois|quatre|cinq|six|sept|huit|neuf|dix"
          r"|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|cent|cents"
          r"|mille|\w+zaines?|vingtaines?|centaines?|milliers?|millions?",
}  # fmt: skip
IN_WORDS = {
    "00_overview.limits": {("three", "trois"): "the subjects of the suite"},
    "01_civilian_deaths.filter": {("two", "deux"): "the sides of a battle, by definition"},
    "01_civilian_deaths.maps": {("two", "deux"): "any two maps"},
    "02_transition_deadlines.clocks": {("two", "deux"): "the clocks of a term, by definition"},
    "03_partner_shifts.arms": {("five", "cinq"): "the years of a window, by definition"},
    "03_partner_shifts.clocks": {("two", "deux"): "the clocks that are drawn"},
    "03_partner_shifts.moves": {("two", "deux"): "the ends of a distance"},
    "03_partner_shifts.recommendations": {("two", "deux"): "the texts that were coded"},
    "03_partner_shifts.votes": {("two", "deux"): "the states of a distance, and the sets of votes"},
    "04_parallel_paths.limits": {("two", "deux"): "the countries of a test"},
    "04_parallel_paths.sequences": {("two", "deux"): "the countries of a comparison"},
    "06_claims.then": {("twice", "deux"): "the days on which claims are judged"},
    "06_claims.title": {("five", "cinq"): "the texts that were coded"},
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_in_prose_is_spelled_but_for_named_exceptions(language):
    say, place = words(language), LANGUAGES.index(language)
    for key in sorted(say.keys()):
        if key.startswith("narrative."):
            found = re.findall(rf"\b(?:{SPELLED[language]})\b", say(key).lower())
            named = {pair[place] for pair in IN_WORDS.get(key.removeprefix("narrative."), {})}
            assert set(found) <= named, key


def test_every_named_exception_is_still_there():
    for cell, reasons in IN_WORDS.items():
        for pair, reason in reasons.items():
            assert reason and any(
                re.search(rf"\b{number}\b", words(language)(f"narrative.{cell}").lower())
                for language, number in zip(LANGUAGES, pair, strict=True)
            ), cell


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_in_prose_is_typed_but_for_named_exceptions(language):
    say = words(language)
    typed = {
        key.removeprefix("narrative."): set(re.findall(r"\d+", say(key)))
        for key in sorted(say.keys()) if key.startswith("narrative.")
    }  # fmt: skip
    found = {cell: numbers for cell, numbers in typed.items() if numbers}
    assert found == {cell: set(reasons) for cell, reasons in TYPED.items()}
