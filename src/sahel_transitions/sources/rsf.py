"""Reporters Without Borders (RSF), World Press Freedom Index → the table `press_freedom`.

Only ranks are kept: scores are not comparable over the changes of method of 2013 and 2022, and
copies of the data have lost their decimal commas. There was no ranking of 2011: that of 2011-12
counts as 2012.
"""

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

# The columns of tidy copies, and of RSF's yearly files to 2021 and since.
_LAYOUTS = (
    {"year": "year", "country": "iso", "rank": "rank", "countries": "n"},
    {"year": "year (n)", "country": "iso", "rank": "rank n"},
    {"year": "year (n)", "country": "iso", "rank": "rank"},
)
# A file with fewer ranks for a year does not tell how many countries were ranked.
_WHOLE = 100


def build_press_freedom(opened: Opened, options: Options) -> Built:
    """Rank and number of ranked countries, one row a country and year.

    Parameters
    ----------
    opened : Opened
        RSF's file of a year (cells between semicolons), or a tidy copy of several years with the
        number of ranked countries in column `n`.
    options : Options
        Without a vintage, it is named after the last year.

    Raises
    ------
    TableProblems
        With every year or rank that is no whole number, every rank beyond the number of countries,
        and every country that is there twice for a year.
    Refusal
        If no country of the gazetteer is ranked in the file.
    """
    layout = max(_LAYOUTS, key=lambda each: len(set(each.values()) & set(opened.names)) / len(each))
    checks = Checks(opened, layout.values(), separators=",;")
    column = layout["year"]
    checks.frame[column] = checks.frame[column].str.replace(
        r"^2011(?:\D+(?:20)?12)?$", "2012", regex=True
    )
    typed = pd.DataFrame(
        {"country": checks.frame["iso"], "year": checks.whole_numbers(column, 2002)}
    )
    checks.fault(column, typed["year"] > 2100, "a year up to 2100")
    rank = checks.numbers(layout["rank"])
    wrong = rank.notna() & ~(rank.between(1, 1000) & (rank % 1 == 0))
    if "countries" in layout:
        typed["countries"] = checks.whole_numbers("n", 1)
        wrong |= rank > typed["countries"]
    checks.fault(layout["rank"], wrong, "a whole number from 1 to the number of countries")
    checks.unique(column, "iso", remedy="Remove or correct one of the two rows.")
    typed["rank"] = rank.where(~wrong).astype("Int64")
    typed = checks.finish(typed, options.skip_bad_rows).dropna(subset=["country", "rank"])
    if "countries" not in layout:
        ranked = typed.groupby("year")["rank"].transform("size")
        typed["countries"] = ranked.where(ranked >= _WHOLE)
    frame = typed[typed["country"].isin(list(GLEDITSCH_WARD))]
    if frame.empty:
        raise Refusal(f"{opened.name} ranks no country of West Africa or Chad: nothing was built.")
    frame = frame[["country", "year", "rank", "countries"]]
    frame = frame.astype({"rank": "int64", "countries": "Int64"})
    frame = frame.sort_values(["country", "year"], ignore_index=True)
    first, last = int(frame["year"].min()), int(frame["year"].max())
    lacking = sorted(set(range(first, last + 1)) - set(frame["year"]))
    notes = [f"{frame['country'].nunique()} countries, {first} to {last}."]
    if lacking:
        notes.append(f"No ranking for {', '.join(map(str, lacking))}: no rows.")
    declaration = {**_declaration(frame, options.vintage, last), "skipped_rows": checks.skipped}
    return Built("press_freedom", frame, declaration, notes)


def _declaration(frame: pd.DataFrame, vintage: str | None, last: int) -> dict:
    years = frame.groupby("country")["year"].agg(["min", "max"])
    return {
        "title": "Rank in the World Press Freedom Index",
        "description": (
            "Rank of the country among those ranked; 1 is the freest. The year is that of the "
            "edition, which judges the year before. No edition is of 2011: it has no rows. The "
            "method changed in 2013 and in 2022, so that moves across these years say little."
        ),
        "producer": "Reporters Without Borders (RSF); ranks selected by Sahel Transitions",
        "citation": ["rsf_press_freedom"],
        "licence": "cited-facts",
        "redistribution": True,
        "content": "facts",
        "vintage": vintage or f"to {last} (release not stated)",
        # Editions appear about World Press Freedom Day.
        "vintage_released": f"{last}-05-03",
        "coverage": {
            country: {"first": f"{first}-01", "last": f"{last_}-12"}
            for country, first, last_ in years.itertuples()
        },
        "grain": ["country", "year"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3",
                        "allowed": list(years.index)},
            "year": {"type": "integer", "meaning": "Year of the edition; 2012 is that of 2011-12",
                     "minimum": 2002},
            "rank": {"type": "integer", "minimum": 1, "meaning": "Rank; 1 is the freest"},
            "countries": {"type": "integer", "unit": "countries", "minimum": 1,
                          "meaning": "Countries and territories ranked in the edition",
                          "missing": "The file holds some of the ranked countries only"},
        },
        "warnings": ["press_freedom_ranks_only"],
    }  # fmt: skip


RSF_PRESS_FREEDOM = Source(
    name="rsf-press-freedom",
    title="Reporters Without Borders, World Press Freedom Index",
    signatures=(
        frozenset({"year", "iso", "rank", "score", "n"}),
        frozenset({"year (n)", "iso", "rank n", "score n", "rank n-1", "score n-1"}),
        frozenset({"year (n)", "iso", "rank", "rank_pol", "rank_eco", "rank_leg", "rank_soc"}),
    ),
    build=build_press_freedom,
)
