"""All outside datasets that the suite reads, and the one way from a file to its table."""

from pathlib import Path

from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.sources.acled import ACLED_SOURCES
from sahel_transitions.sources.cline import CLINE_CDP
from sahel_transitions.sources.files import open_file
from sahel_transitions.sources.geopko import GEO_PKO
from sahel_transitions.sources.ideal_points import UNGA_IDEAL_POINTS
from sahel_transitions.sources.idmc import IDMC_GIDD
from sahel_transitions.sources.natural_earth import NATURAL_EARTH
from sahel_transitions.sources.powell_thyne import POWELL_THYNE
from sahel_transitions.sources.recognition import recognise
from sahel_transitions.sources.rsf import RSF_PRESS_FREEDOM
from sahel_transitions.sources.sipri_expenditure import SIPRI_MILITARY_EXPENDITURE
from sahel_transitions.sources.sipri_register import SIPRI_ARMS_TRANSFERS
from sahel_transitions.sources.source import Built, Options, Source
from sahel_transitions.sources.ucdp import UCDP_GED
from sahel_transitions.sources.ucdp_one_sided import UCDP_ONE_SIDED
from sahel_transitions.sources.unhcr import UNHCR_POPULATION
from sahel_transitions.sources.us_aid import US_FOREIGN_AID
from sahel_transitions.sources.vdem import VDEM
from sahel_transitions.sources.worldbank import WORLD_BANK_POPULATION
from sahel_transitions.sources.wpp import UN_WPP

SOURCES: tuple[Source, ...] = (
    UCDP_GED,
    UCDP_ONE_SIDED,
    *ACLED_SOURCES,
    WORLD_BANK_POPULATION,
    UN_WPP,
    UNHCR_POPULATION,
    IDMC_GIDD,
    VDEM,
    POWELL_THYNE,
    CLINE_CDP,
    UNGA_IDEAL_POINTS,
    SIPRI_ARMS_TRANSFERS,
    SIPRI_MILITARY_EXPENDITURE,
    GEO_PKO,
    US_FOREIGN_AID,
    RSF_PRESS_FREEDOM,
    NATURAL_EARTH,
)


def derive(file: Path, options: Options, name: str | None = None) -> tuple[Source, Built]:
    """The derived table of a file, whatever dataset it is of.

    Parameters
    ----------
    name : str, optional
        The dataset, where the contents of the file should not decide.

    Raises
    ------
    Refusal
        If the file is of no known dataset, or of none of that name.
    TableProblems
        With every fault of the file.
    """
    if name is None:
        opened, source = recognise(file, SOURCES)
    else:
        known = {source.name: source for source in SOURCES}
        if name not in known:
            raise Refusal(f"Refused: there is no source {name!r}; {nearest(name, known)}.")
        opened, source = open_file(file), known[name]
    return source, source.build(opened, options)
