"""What the tables cannot say about the countries and the day of a study."""

from collections.abc import Mapping
from dataclasses import dataclass

from sahel_transitions.language import Words
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Declaration, Table


@dataclass(frozen=True)
class Caveat:
    """A named remark on the tables of a study: its text is `caveat.<name>` in the catalogue."""

    name: str
    values: tuple[tuple[str, object], ...] = ()

    def in_words(self, words: Words) -> str:
        """The remark as a sentence."""
        values = dict(self.values)
        if "table" in values:
            values["table"] = words(f"dataset.{values['table']}")
        if "countries" in values:
            values["countries"] = [words(f"country.{each}") for each in values["countries"]]
        return words(f"caveat.{self.name}", **values)


# Ledgers of one form that share out the countries: asked together, they are one.
_ONE_LEDGER = frozenset({"partner_events", "neighbour_events"})


def uncovered(parameters: Parameters, tables: Mapping[str, Table], *names: str) -> list[Caveat]:
    """A caveat for each table that lacks countries of the study.

    A country that only the other of two ledgers of partners covers lacks none, if both are asked.
    """
    caveats = []
    shared = {
        country
        for name in (_ONE_LEDGER if set(names) >= _ONE_LEDGER else ())
        for country in tables[name].declaration.coverage
    }
    for name in names:
        coverage = set(tables[name].declaration.coverage)
        if name in _ONE_LEDGER:
            coverage |= shared
        lacking = tuple(country for country in parameters.countries if country not in coverage)
        # A table without months declares no coverage by country.
        if lacking and coverage:
            values = (("table", name), ("countries", lacking), ("n", len(lacking)))
            caveats.append(Caveat("not_covered", values))
    return caveats


def later_vintages(
    parameters: Parameters, tables: Mapping[str, Table], *names: str
) -> list[Caveat]:
    """A caveat for each table that was released after `as_of`.

    Ledgers are left out: their views use only the rows known on the day.
    """
    return [
        Caveat(
            "later_vintage",
            (("table", name), ("vintage", declaration.vintage), ("as_of", parameters.as_of)),
        )
        for name in names
        if (declaration := tables[name].declaration).vintage_released > parameters.as_of
    ]


def cut_months(parameters: Parameters, tables: Mapping[str, Table]) -> list[Caveat]:
    """Caveats for months that were asked for and are cut by `as_of` or not covered by `deaths`."""
    caveats = []
    if parameters.end > parameters.last_known_month:
        caveats.append(Caveat("cut_by_as_of", (("as_of", parameters.as_of),)))
    first_year, last_year = int(parameters.start[:4]), int(parameters.last_month[:4])
    if not any(
        parameters.start <= f"{year}-01" and f"{year}-12" <= parameters.last_month
        for year in range(first_year, last_year + 1)
    ):
        caveats.append(Caveat("no_whole_year"))
    for country in parameters.countries:
        span = tables["deaths"].declaration.coverage.get(country)
        if span and (parameters.start < span.first or parameters.last_month > span.last):
            values = (("country", country), ("first", span.first), ("last", span.last))
            caveats.append(Caveat("outside_coverage", values))
    return caveats


def file_caveats(parameters: Parameters, tables: Mapping[str, Table]) -> list[Caveat]:
    """Caveats of the file of deaths: rows left out, months lost or provisional, parts it lacks."""
    declaration, caveats = tables["deaths"].declaration, []
    if declaration.skipped_rows:
        caveats.append(Caveat("skipped_rows", (("n", declaration.skipped_rows),)))
    caveats += _lost(parameters, declaration) + _provisional(parameters, declaration)
    joint = "joint_events" in declaration.grain and "perpetrator" in declaration.breakdowns
    if joint and parameters.joint_events == "any":
        caveats.append(Caveat("joint_any"))
    if parameters.per_100k:
        last = int(tables["population"].frame["year"].max())
        if int(parameters.last_month[:4]) > last:
            caveats.append(Caveat("no_population", (("year", last),)))
    for breakdown in ("admin1", "perpetrator"):
        if breakdown not in declaration.breakdowns:
            caveats.append(Caveat(f"no_breakdown_{breakdown}"))
    return caveats


def _lost(parameters: Parameters, declaration: Declaration) -> list[Caveat]:
    caveats = []
    for country in parameters.countries:
        if parameters.deaths_definition in declaration.unanswered.get(country, ()):
            values = (("country", country), ("definition", parameters.deaths_definition))
            caveats.append(Caveat("unanswered", values))
        for span in declaration.lost.get(country, ()):
            if span.first <= parameters.last_month and span.last >= parameters.start:
                values = (("country", country), ("first", span.first), ("last", span.last))
                caveats.append(Caveat("lost", values))
    return caveats


def _provisional(parameters: Parameters, declaration: Declaration) -> list[Caveat]:
    since: dict[str, list[str]] = {}
    for country in parameters.countries:
        if declaration.revises(country, parameters.last_month):
            since.setdefault(declaration.provisional_from[country], []).append(country)
    return [
        Caveat("provisional", (("month", month), ("countries", tuple(countries))))
        for month, countries in since.items()
    ]


def later_than_coded(
    parameters: Parameters, tables: Mapping[str, Table], *names: str
) -> list[Caveat]:
    """A caveat for each ledger that is coded to an earlier day than `as_of`."""
    return [
        Caveat("later_than_coded", (("table", name), ("coded", declaration.vintage_released)))
        for name in names
        if (declaration := tables[name].declaration).vintage_released < parameters.as_of
    ]
