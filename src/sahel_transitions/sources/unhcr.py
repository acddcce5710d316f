"""UNHCR, Refugee Population Statistics → the table `displacement`.

Source: UNHCR, Refugee Data Finder, methodology. Figures are of the end of the year; the last year
may hold those of the middle of the year. A file is a table of countries of origin by countries of
asylum: people who fled abroad are summed over the latter, and those hosted over the former.
"""

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

# The columns of UNHCR's interface for programs, and of the download from its pages.
_INTERFACE = {
    "year": "year",
    "origin": "coo_iso",
    "asylum": "coa_iso",
    "refugees": "refugees",
    "asylum_seekers": "asylum_seekers",
    "idps": "idps",
}
_DOWNLOAD = {
    "year": "year",
    "origin": "country of origin (iso)",
    "asylum": "country of asylum (iso)",
    "refugees": "refugees under unhcr's mandate",
    "asylum_seekers": "asylum-seekers",
    "idps": "idps of concern to unhcr",
}
MEASURES = {
    "idps": "internally displaced people protected or assisted by UNHCR",
    "refugees_abroad": "refugees from the country, under UNHCR's mandate",
    "asylum_seekers_abroad": "asylum seekers from the country",
    "refugees_hosted": "refugees in the country, of any origin",
    "refugees_hosted_region": "refugees in the country from the other countries of this table",
}
# A sum over all countries of asylum (or origin) needs a file that was not cut to a few of them.
_ALL = 25


def build_displacement(opened: Opened, options: Options) -> Built:
    """People displaced within and across borders, one row a country, year and measure.

    A sum that the file cannot give, since it was cut to some countries of origin or asylum, is an
    empty cell. `repeated` marks a figure that is that of the year before to the last person.

    Parameters
    ----------
    opened : Opened
        Countries of origin by countries of asylum, with the column names of UNHCR's interface for
        programs or of its download.
    options : Options
        Without a vintage, it is named after the last year.

    Raises
    ------
    TableProblems
        With every missing column, every cell that is no whole number, and every pair of countries
        that is there twice for a year.
    Refusal
        If no country of the gazetteer is in the file.
    """
    columns = max(
        (_INTERFACE, _DOWNLOAD), key=lambda each: len(set(each.values()) & set(opened.names))
    )
    checks = Checks(opened, columns.values())
    flows = pd.DataFrame(
        {
            "origin": checks.frame[columns["origin"]],
            "asylum": checks.frame[columns["asylum"]],
            "year": checks.whole_numbers(columns["year"], 1951),
        }
    )
    checks.fault(columns["year"], flows["year"] > 2100, "a year up to 2100")
    for name in ("refugees", "asylum_seekers", "idps"):
        # UNHCR's download has a dash where there is nothing to report.
        flows[name] = checks.numbers(columns[name], ("-",))
        whole = flows[name].between(0, 1e9) & (flows[name] % 1 == 0)
        checks.fault(columns[name], flows[name].notna() & ~whole, "a whole number of at least 0")
    checks.unique(
        columns["year"], columns["origin"], columns["asylum"],
        remedy="Two downloads may have been joined: take one of them.",
    )  # fmt: skip
    flows = checks.finish(flows, options.skip_bad_rows)
    region = sorted(set(GLEDITSCH_WARD) & set(flows["origin"].dropna()))
    if not region:
        raise Refusal(f"{opened.name} holds no country of West Africa or Chad: nothing was built.")
    frame = _measures(flows, region)
    last = int(flows["year"].max())
    frame["provisional"] = frame["year"] == last
    declaration = _declaration(frame, options.vintage, last)
    return Built(
        "displacement", frame, {**declaration, "skipped_rows": checks.skipped}, _notes(frame, last)
    )


def _measures(flows: pd.DataFrame, region: list[str]) -> pd.DataFrame:
    abroad = flows[flows["origin"] != flows["asylum"]]
    asylums, origins = flows["asylum"].nunique() >= _ALL, flows["origin"].nunique() >= _ALL
    sums = {
        "idps": (flows, "origin", "idps", True),
        "refugees_abroad": (abroad, "origin", "refugees", asylums),
        "asylum_seekers_abroad": (abroad, "origin", "asylum_seekers", asylums),
        "refugees_hosted": (abroad, "asylum", "refugees", origins),
        "refugees_hosted_region": (
            abroad[abroad["origin"].isin(region)], "asylum", "refugees", asylums or origins,
        ),
    }  # fmt: skip
    spans = flows[flows["origin"].isin(region)].groupby("origin")["year"].agg(["min", "max"])
    keys = pd.MultiIndex.from_tuples(
        [
            (country, year)
            for country, first, last in spans.itertuples()
            for year in sorted(flows["year"].unique())
            if first <= year <= last
        ],
        names=["country", "year"],
    )
    before = pd.MultiIndex.from_arrays([keys.get_level_values(0), keys.get_level_values(1) - 1])
    parts = []
    for measure, (rows, side, column, known) in sums.items():
        people = rows.groupby([side, "year"])[column].sum()
        # A pair of countries without people has no row.
        counted = people.reindex(keys, fill_value=0).to_numpy()
        part = keys.to_frame(index=False).assign(measure=measure)
        part["people"] = pd.array(counted if known else [None] * len(keys), dtype="Int64")
        same = counted == people.reindex(before).to_numpy()
        part["repeated"] = same & (counted > 0) & known
        parts.append(part)
    frame = pd.concat(parts)
    return frame.sort_values(["country", "year", "measure"], ignore_index=True)


def _notes(frame: pd.DataFrame, last: int) -> list[str]:
    empty = sorted(frame.loc[frame["people"].isna(), "measure"].unique())
    notes = [
        f"{frame['country'].nunique()} countries, {frame['year'].min()} to {last}; {last} may hold "
        "figures of the middle of the year.",
        f"Figures equal to those of the year before, marked as repeated: {frame['repeated'].sum()}.",
    ]
    if empty:
        notes.append(f"Cut to some countries, the file cannot give {', '.join(empty)}; left empty.")
    return notes


def _declaration(frame: pd.DataFrame, vintage: str | None, last: int) -> dict:
    years = frame.groupby("country")["year"].agg(["min", "max"])
    measures = "; ".join(f"{name}: {words}" for name, words in MEASURES.items())
    return {
        "title": "Displaced people",
        "description": (
            "People displaced within the country, refugees and asylum seekers from it, and "
            "refugees in it, at the end of the year. UNHCR counts the internally displaced people "
            "that it protects or assists: a zero says that it counted none, not that none were "
            "displaced. A figure repeated from the year before was not counted anew."
        ),
        "producer": "UNHCR, Refugee Population Statistics; summed by Sahel Transitions",
        "citation": ["unhcr_population"],
        "licence": "CC-BY-4.0",
        "redistribution": True,
        "vintage": vintage or f"to {last} (release not stated)",
        # Figures of the middle of a year appear in its autumn, those of its end in June.
        "vintage_released": f"{last}-12-31",
        "coverage": {
            country: {"first": f"{first}-01", "last": f"{last_}-12"}
            for country, first, last_ in years.itertuples()
        },
        "grain": ["country", "year", "measure"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3",
                        "allowed": list(years.index)},
            "year": {"type": "integer", "meaning": "Calendar year", "minimum": 1951},
            "measure": {"type": "text", "meaning": measures, "allowed": list(MEASURES)},
            "people": {"type": "integer", "unit": "people", "minimum": 0,
                       "meaning": "At the end of the year; see provisional for the last one",
                       "missing": "The file was cut to some countries, so that a sum would be too "
                       "low"},
            "repeated": {"type": "boolean", "meaning": "Whether a figure above zero is exactly "
                         "that of the year before: stale, not stable"},
            "provisional": {"type": "boolean", "meaning": "Whether the year is the last of the "
                            "file, whose figures may be those of the middle of the year"},
        },
        "warnings": ["displacement_stale_figures", "displacement_last_year_partial",
                     "displacement_idps_of_concern"],
    }  # fmt: skip


UNHCR_POPULATION = Source(
    name="unhcr-population",
    title="UNHCR, Refugee Population Statistics",
    signatures=(frozenset(_INTERFACE.values()), frozenset(_DOWNLOAD.values())),
    build=build_displacement,
)
