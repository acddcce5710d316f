"""All words for readers, in English and in French, from one place.

The catalogues are gettext files whose message ids are stable keys (`figure.deaths.title`), so that
neither language is the translation of the other. A text holds named fields with a form:
`{value:number}`, `{value:number1}` (one decimal), `{factor:ratio}`, `{share:percent}`, `{when:day}`,
`{when:month}`, `{when:when}` (a date of any precision), `{who:country}`, `{where:in}` (in Mali,
au Mali), `{who:the}` (Mali, le Mali), `{who:The}` (the same at the head of a sentence),
`{names:list}`, `{release:vintage}`. Numbers and dates are written by Babel, never by the locale of
the operating system.

Whatever is written keeps the value that it was written from (`written.py`), so that a sentence can
be asked what it states.
"""

import math
import re
import string
from collections.abc import Iterable
from datetime import date
from functools import cache, partial

from babel import dates, lists, numbers

from sahel_transitions.errors import nearest
from sahel_transitions.language.catalogue import Language, fields_of, read_catalogue
from sahel_transitions.language.written import Sentence, Written, raw_of

# Remarks with which tables declare their vintage.
_VINTAGES = {
    "vintage.inferred": r"(?P<release>.+) \(inferred\)",
    "vintage.unstated": r"to (?P<year>\d{4}) \(release not stated\)",
    "vintage.exported": r"exported after (?P<day>\d{4}-\d{2}-\d{2})",
    "vintage.taken": r"taken on (?P<day>\d{4}-\d{2}-\d{2})",
    "vintage.as_of": r"as of (?P<day>\d{4}-\d{2}-\d{2})",
    "vintage.weeks": r"weeks to (?P<day>\d{4}-\d{2}-\d{2})",
    "vintage.months": r"months to (?P<month>\d{4}-\d{2})",
    "vintage.events": r"events to (?P<day>\d{4}-\d{2}-\d{2}) \(export not dated\)",
    "vintage.or_later": r"(?P<release>.+) or later \(not stated\)",
    "vintage.not_dated": r"not dated",
    "vintage.edition": r"(?P<release>.+) \(release not stated\)",
    "vintage.coded": r"coded to (?P<day>\d{4}-\d{2}-\d{2})",
}


class Words(string.Formatter):
    """The words of one language.

    Parameters
    ----------
    language : {"en", "fr"}
    definition : str
        The definition of civilian deaths that the fields `{what}` and, at the head of a sentence,
        `{What}` name.
    """

    def __init__(self, language: Language, definition: str = "U2"):
        self.language = language
        self._texts, self._plural = read_catalogue(language)
        what = self._texts[f"what.{definition}"][0]
        self._counted = {"what": Written(what, definition), "What": _capital(what, definition)}

    def of_rates(self) -> "Words":
        """The same words where what is counted is given per 100,000 inhabitants."""
        rates = Words.__new__(Words)
        rates.__dict__.update(self.__dict__)
        rates._counted = {
            name: Written(self("what.per_100k", counted=text), f"{text.raw} per 100,000")
            for name, text in self._counted.items()
        }
        return rates

    def __call__(self, key: str, **values) -> Sentence:
        """The text of a key with its fields filled in; `n` chooses between singular and plural.

        It holds what it was given; what the text does not name tells sentences apart.

        Raises
        ------
        KeyError
            If the catalogue has no such key, naming the nearest, or a field has no value.
        """
        if key not in self._texts:
            raise KeyError(f"no text {key!r} in {self.language}.po; {nearest(key, self._texts)}")
        forms = self._texts[key]
        form = forms[self._plural(values["n"])] if len(forms) > 1 else forms[0]
        values = {**self._counted, **values}
        return Sentence(self.vformat(form, (), values), key, values, fields_of(forms))

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def keys(self) -> set[str]:
        """Every key of the catalogue."""
        return set(self._texts)

    def forms(self, key: str) -> tuple[str, ...]:
        """The raw text of a key: one, or singular and plural."""
        return self._texts[key]

    def format_field(self, value, format_spec: str) -> str:
        forms = {
            "": lambda text: text if isinstance(text, str) else str(text),
            "number": self.number,
            "number1": partial(self.number, decimals=1),
            "ratio": self.ratio,
            "percent": self.percent,
            "day": self.day,
            "month": self.month,
            "when": self.when,
            "vintage": self.vintage,
            "country": lambda code: self(f"country.{code}"),
            "in": lambda code: self(f"country.in.{code}"),
            "the": self.the,
            "The": lambda code: _capital(self.the(code), code),
            "list": self.listed,
        }
        if format_spec in forms:
            return forms[format_spec](value)
        raise ValueError(f"{format_spec!r} is no form of a field")

    def formatted(self, value, form: str) -> Written:
        """One value in one of the forms of a field."""
        return Written(self.format_field(value, form), raw_of(value))

    def listed(self, items: Iterable[str]) -> Written:
        """Several as running text lists them: a, b, and c."""
        items = list(items)
        return Written(lists.format_list(items, locale=self.language), raw_of(items))

    def between(self, key: str, items: Iterable[str]) -> Written:
        """Several with the text of a key between each two."""
        items = list(items)
        return Written(self(key).join(items), raw_of(items))

    def the(self, country: str) -> Written:
        """A country as the subject of a sentence: Mali, le Mali, la Guinée, l’Égypte."""
        return Written(self._with_article(country), country)

    def _with_article(self, country: str) -> str:
        name = self(f"country.{country}")
        if self.language == "en":
            return name
        preposition = self(f"country.in.{country}").removesuffix(name).strip()
        match preposition:
            case "au":
                return f"le {name}"
            case "aux":
                return f"les {name}"
            case "en" if name[0] in "AEÉIOU":
                return f"l’{name}"
            case "en":
                return f"la {name}"
        return name

    def change(self, partner: str, channel: str, change: str, line: str = "main") -> str:
        """A change of a relation: France, troops: ended; Türkiye, arms (TB2 drones): active."""
        name = self(f"channel.{channel}")
        if line != "main":
            name = self("figure.line", channel=name, line=self.line(line))
        return self("figure.partner_change", partner=self(f"partner.{partner}"), channel=name,
                    state=self(f"state.{change}"))  # fmt: skip

    def heading(self, key: str) -> Written:
        """The text of a key with a capital first letter, as a table or axis wants it."""
        return _capital(self(key), key)

    def number(self, value: float, decimals: int = 0) -> Written:
        """A number with the separators of the language, rounded half to even."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        # A number that carries a state is written without it.
        value = float(value) if isinstance(value, float) else value
        text = numbers.format_decimal(value, format=pattern, locale=self.language)
        # A minus sign, not a hyphen, at which a line might break.
        return Written(text.replace("-", "\u2212"), value)

    def exact(self, value: float) -> Written:
        """A number with all its digits, up to ten decimals, without separators of thousands."""
        text = numbers.format_decimal(value, format="0.##########", locale=self.language)
        return Written(text.replace("-", "\u2212"), value)

    def span(self, low: int, high: int) -> Written:
        """A whole number that may lie between two: `2,295 to 2,297`, or one where they are equal."""
        first, last = self.number(int(low)), self.number(int(high))
        text = first if first == last else self("cell.range", first=first, last=last)
        return Written(text, {"low": int(low), "high": int(high)})

    def percent(self, value: float) -> Written:
        """A share in per cent with at most one decimal."""
        pattern = "#,##0.#%" if self.language == "en" else "#,##0.#\u202f%"
        return Written(
            numbers.format_percent(value, format=pattern, locale=self.language), float(value)
        )

    def ratio(self, value: float) -> Written:
        """A factor with two figures that count, or nearly so: 0.29, 3.6, 76; >9,999 at most."""
        return Written(self._two_figures(value), float(value))

    def _two_figures(self, value: float) -> str:
        if math.isnan(value):
            return self("cell.none")
        if value > 9999:
            return f">{self.number(9999)}"
        if 0 < value <= 0.0005:
            return f"<{self.number(0.001, 3)}"
        decimals = 0 if value >= 10 else 1 if value >= 1 else 2 if value >= 0.1 else 3
        text = self.number(value, decimals)
        separator = numbers.get_decimal_symbol(self.language)
        return text.rstrip("0").rstrip(separator) if separator in text else text

    def lag(self, days: float) -> Written:
        """A number of days as a lag: 3 days later, 2 days sooner, the same day."""
        days = round(days)
        key = "lag.same" if days == 0 else "lag.later" if days > 0 else "lag.sooner"
        return Written(self(key, n=abs(days)), days)

    def day(self, value: date | str) -> Written:
        """A date as in running text: 27 March 2022, 27 mars 2022."""
        value = date.fromisoformat(value) if isinstance(value, str) else value
        text = dates.format_date(value, format="d MMMM y", locale=self.language)
        if self.language == "fr" and value.day == 1:
            text = text.replace("1 ", "1er ", 1)
        return Written(text, value.isoformat())

    def month(self, value: str | date) -> Written:
        """A month (`2022-03`) as in running text: March 2022, mars 2022."""
        value = date.fromisoformat(f"{str(value)[:7]}-01")
        return Written(
            dates.format_date(value, format="MMMM y", locale=self.language), f"{value:%Y-%m}"
        )

    def when(self, text: str) -> Written:
        """A date of limited precision: `2022`, `2022-03`, `2022-03-27`, `2022/2023`, `../2019`."""
        return Written(self._when(text), text)

    def _when(self, text: str) -> str:
        first, separator, last = text.partition("/")
        if first == "..":
            return self("cell.before", last=self.when(last))
        if separator and len(first) == len(last) == 10 and first[:7] == last[:7]:
            day = str(int(first[8:]))
            return self("cell.days", first=day, last=self.when(last))
        if separator:
            return self("cell.between", first=self.when(first), last=self.when(last))
        match len(text):
            case 10:
                return self.day(text)
            case 7:
                return self.month(text)
        return text

    def source(self, name: str) -> str:
        """Who reports or publishes: datasets keep their name, institutions are translated."""
        key = f"reported_by.{name}"
        return self(key) if key in self else name

    def line(self, name: str) -> str:
        """A part of a channel."""
        return self(f"line.{name}")

    def supplier(self, name: str) -> str:
        """A supplier of arms as SIPRI names it, in the language."""
        key = f"supplier.{name}"
        return self(key) if key in self else name

    def dated_source(self, text: str) -> str:
        """A source with its vintage (`UCDP GED, 24.1`)."""
        name, _, vintage = text.partition(", ")
        return self("figure.source_of", source=name, vintage=vintage)

    def option(self, choice: str, option: str | int) -> str:
        """An option of a choice of specifications (`window`, 24)."""
        match choice:
            case "definition":
                return str(option)
            case "source":
                return self.dated_source(str(option))
            case "window" if option != "all":
                return self("option.window", n=option)
            case "date" if re.fullmatch(r"\d{4}-\d{2}", str(option)):
                return self("option.date", month=option)
        return self(f"option.{choice}.{option}")

    def vintage(self, text: str) -> Written:
        """A vintage as the tables declare it, its remarks in the language.

        Of several files it is several, separated by semicolons.
        """
        return Written(self._vintage(text), text)

    def _vintage(self, text: str) -> str:
        if match := re.fullmatch(r"([A-Z]{3}(?:, [A-Z]{3})*): (.+?)(?:; ([A-Z]{3}[,:].+))?", text):
            names = self.listed(self(f"country.{code}") for code in match[1].split(", "))
            first = self("vintage.of", countries=names, vintage=self.vintage(match[2]))
            return first + (f"{self('list.and')}{self.vintage(match[3])}" if match[3] else "")
        for key, form in _VINTAGES.items():
            if match := re.fullmatch(form, text):
                return self(key, **match.groupdict())
        return self.when(text) if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?|/\d{4})", text) else text


def _capital(text: str, raw) -> Written:
    return Written(text[:1].upper() + text[1:], raw)


@cache
def words(language: Language, definition: str = "U2") -> Words:
    """The words of a language for one definition of civilian deaths, read once."""
    return Words(language, definition)
