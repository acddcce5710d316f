"""The command that prints one indicator, and the list of all of them."""

import sys
from dataclasses import dataclass, field
from typing import Annotated

import typer

from sahel_transitions.cli.assignments import Assignments
from sahel_transitions.cli.frames import Format, print_frame
from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.parameters import parse_assignments, read_parameters


class Ask:
    """A function of `indicators` by its name, and how it is asked.

    By name, so that the help of the command imports no statistics.
    """

    def __init__(self, function: str, *given, **named):
        self.function, self.given, self.named = function, given, named

    def __call__(self, parameters, tables):
        from sahel_transitions import indicators

        return getattr(indicators, self.function)(parameters, tables, *self.given, **self.named)


@dataclass(frozen=True)
class Indicator:
    """One indicator as the command knows it.

    Attributes
    ----------
    tables : tuple of str
        The tables that it rests on, of whose coverage and vintage the command warns.
    whole : Ask
        What is printed without `--by`.
    by : dict
        Name of each breakdown → what is printed with it.
    """

    tables: tuple[str, ...]
    whole: Ask
    by: dict[str, Ask] = field(default_factory=dict)


INDICATORS = {
    "civilian-deaths": Indicator(
        ("deaths",),
        Ask("civilian_deaths", "year"),
        {name: Ask("civilian_deaths", name) for name in ("year", "month", "admin1", "perpetrator")},
    ),
    "deadlines": Indicator(
        ("deadlines",), Ask("standing_promises"), {"promise": Ask("every_promise")}
    ),
    "readings": Indicator(("readings",), Ask("every_reading")),
    "partners": Indicator(
        ("partner_events",), Ask("partner_states"), {"line": Ask("partner_states", lines=True)}
    ),
    "partner-lags": Indicator(("partner_events",), Ask("partner_lags")),
    "follow": Indicator(
        ("partner_events",),
        Ask("follow_tests"),
        {
            "change": Ask("common_changes"),
            "month": Ask("monthly_states"),
            "verdict": Ask("parallel_verdicts"),
        },
    ),
    "transitions": Indicator(
        ("spells", "reference_promises"),
        Ask("transitions"),
        {
            "spell": Ask("spells_known"),
            "promise": Ask("promised_lengths"),
            "stratum": Ask("transitions", strata=True),
        },
    ),
    "coups": Indicator(("coups", "coup_records"), Ask("coup_counts")),
    "un-votes": Indicator(
        ("un_votes",),
        Ask("un_votes"),
        {
            "neighbour": Ask("un_votes", neighbours=True),
            "move": Ask("un_moves", since="year", neighbours=True),
            "base": Ask("un_moves", since="base", neighbours=True),
        },
    ),
    "arms": Indicator(("arms",), Ask("arms"), {"window": Ask("arms_windows")}),
    "recommendations": Indicator(
        ("recommendations",),
        Ask("recommendations_followed"),
        {"fact": Ask("recommendation_facts")},
    ),
}
_BREAKDOWNS = "; ".join(
    f"{name}: {', '.join(each.by)}" for name, each in INDICATORS.items() if each.by
)


def indicator(
    name: Annotated[str, typer.Argument(help=", ".join(INDICATORS))],
    parameter: Assignments = None,
    by: Annotated[str | None, typer.Option(help=_BREAKDOWNS)] = None,
    format: Annotated[Format, typer.Option(help="How to print the rows")] = Format.table,
) -> None:
    """Print one indicator as tidy rows."""
    parameters = read_parameters(parse_assignments(parameter or ()))
    if name not in INDICATORS:
        raise Refusal(f"Refused: there is no indicator {name!r}; {nearest(name, INDICATORS)}.")
    asked = INDICATORS[name]
    if by is not None and by not in asked.by:
        valid = nearest(by, asked.by) if asked.by else "it has none"
        raise Refusal(f"Refused: {name} has no breakdown by {by!r}; {valid}.")
    from sahel_transitions.indicators import deaths_table
    from sahel_transitions.language import words
    from sahel_transitions.tables import Tables

    tables = Tables()
    tables = tables.with_table(deaths_table(parameters, tables))
    print_frame((asked.by[by] if by else asked.whole)(parameters, tables), format)
    caveats = (each for table in asked.tables for each in _caveats(table, parameters, tables))
    for said in dict.fromkeys(caveat.in_words(words("en")) for caveat in caveats):
        print(said, file=sys.stderr)


def _caveats(table: str, parameters, tables) -> list:
    from sahel_transitions.indicators import (
        cut_months,
        file_caveats,
        later_than_coded,
        later_vintages,
        uncovered,
    )

    made_here = not tables.declaration(table).citation and table != "deaths"
    later = later_than_coded if made_here else later_vintages
    caveats = [*uncovered(parameters, tables, table), *later(parameters, tables, table)]
    if table == "deaths":
        caveats += [*cut_months(parameters, tables), *file_caveats(parameters, tables)]
    return caveats


def add_to(app: typer.Typer) -> None:
    """Make it a command of `sahel`."""
    app.command()(indicator)
