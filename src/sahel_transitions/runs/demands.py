"""What must hold before anything is executed."""

from collections.abc import Iterable

from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.indicators import deaths_table
from sahel_transitions.parameters import Parameters
from sahel_transitions.tables import Tables


def demand_answerable(studies: Iterable[Parameters]) -> None:
    """Refuse to start on broken tables, or with a file that the notebooks cannot do with.

    Raises
    ------
    TableProblems
        If a table of the project is broken, or was edited and not accepted.
    Refusal
        If the file of `deaths_source` has years alone.
    """
    tables = Tables()
    _demand_sealed(tables)
    # Many studies of a sweep have the same deaths.
    different = {
        (study.deaths_source, study.deaths_definition, study.allocation): study for study in studies
    }
    for study in different.values():
        _demand_months(study, tables)


def _demand_sealed(tables: Tables) -> None:
    """Refuse to start on tables that are broken or were edited and not accepted."""
    problems = []
    for name in tables:
        try:
            tables[name]
        except TableProblems as error:
            problems += error.problems
    if problems:
        raise TableProblems(problems)


def _demand_months(parameters: Parameters, tables: Tables) -> None:
    """Refuse a file of yearly totals: the notebooks show months."""
    if "year" in deaths_table(parameters, tables).declaration.grain:
        raise Refusal(
            f"Refused: deaths_source: {parameters.deaths_source} holds whole years, and "
            "the notebooks show months. Choose a file of events or months, or ask for the years "
            "alone: `sahel indicator civilian-deaths` with the same parameters."
        )
