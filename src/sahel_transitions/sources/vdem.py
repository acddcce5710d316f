"""Varieties of Democracy (V-Dem), country-year → the table `regimes`.

V-Dem revises all years with each version: values of two versions may never stand in one series, and
the version is part of the key. Source: V-Dem codebook; a version appears in March and ends with the
year before (version 15 with 2024).
"""

import re

import pandas as pd

from sahel_transitions.errors import Problem, Refusal, TableProblems
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

# Indices from 0 to 1, classes and scores of V-Dem's measurement model, with what they mean.
INDICES = {
    "v2x_polyarchy": "Electoral democracy index",
    "v2x_libdem": "Liberal democracy index",
    "v2x_partipdem": "Participatory democracy index",
    "v2x_delibdem": "Deliberative democracy index",
    "v2x_egaldem": "Egalitarian democracy index",
    "v2x_civlib": "Civil liberties index",
    "v2xcl_rol": "Equality before the law and individual liberty index",
    "v2x_rule": "Rule of law index",
    "v2x_jucon": "Judicial constraints on the executive index",
    "v2x_neopat": "Neopatrimonial rule index; higher is more neopatrimonial",
}
REGIME = "v2x_regime"
SCORES = {
    "v2cscnsult": "Consultation of civil society organisations",
    "v2csprtcpt": "Participation in civil society organisations",
    "v2caviol": "Political violence by actors that are not part of the state; higher is more",
}

_VALUES = [*INDICES, REGIME, *SCORES]
_MISSING = ("NA", ".")
_VERSION = re.compile(r"(?<![a-z])v[ _-]?(\d{1,2})(?!\d)", re.IGNORECASE)
# Version 15 ends with 2024, and so on; inferring it needs a file that goes to its version's end.
_YEARS_TO_VERSION = 2009
_RECENT = 2024
_WORLD = 60


def build_regimes(opened: Opened, options: Options) -> Built:
    """Indices of democracy and civil liberties, one row a country, year and version.

    Parameters
    ----------
    opened : Opened
        A country-year release, whole or some columns of it. Only `country_text_id`, `year` and the
        variables of the table are read; those that the file lacks are left empty.
    options : Options
        `vintage` is the version (`v15`). Without it, the version is taken from the name of the
        file, or inferred from its last year, and said to be.

    Raises
    ------
    TableProblems
        With every value that is no number or out of its range, or if the version that is named
        ended before the last year of the file.
    Refusal
        If the version cannot be told, or no country of the gazetteer is in the file.
    """
    present = [name for name in _VALUES if name in opened.names]
    checks = Checks(opened, ["country_text_id", "year", *(present or _VALUES[:1])])
    country = checks.frame["country_text_id"]
    typed = pd.DataFrame({"country": country, "year": checks.whole_numbers("year", 1789)})
    checks.fault("year", typed["year"] > 2100, "a year up to 2100")
    ours = country.isin(list(GLEDITSCH_WARD))
    checks.fault(
        "country_text_id × year", ours & typed.duplicated(), "a key that occurs once",
        "Remove or correct one of the two rows.", cells=country + ", " + typed["year"].astype("str"),
    )  # fmt: skip
    for name in _VALUES:
        typed[name] = checks.numbers(name, _MISSING) if name in present else float("nan")
    for name in filter(present.__contains__, INDICES):
        checks.fault(name, ~typed[name].between(0, 1) & typed[name].notna(), "a number from 0 to 1")
    if REGIME in present:
        classes = typed[REGIME].isin([0, 1, 2, 3]) | typed[REGIME].isna()
        checks.fault(REGIME, ~classes, "0, 1, 2 or 3")
    for name in filter(present.__contains__, SCORES):
        beyond = ~typed[name].between(-10, 10) & typed[name].notna()
        checks.fault(name, beyond, "a number from -10 to 10")
    typed = checks.finish(typed, options.skip_bad_rows)
    frame = typed[typed["country"].isin(list(GLEDITSCH_WARD))].dropna(subset=present, how="all")
    if frame.empty:
        raise Refusal(f"{opened.name} holds no country of West Africa or Chad: nothing was built.")
    version, inferred = _version(opened, typed, options.vintage)
    frame = frame.astype({REGIME: "Int64"}).round(3)
    frame.insert(2, "version", version)
    frame = frame.sort_values(["country", "year"], ignore_index=True)
    notes = [
        f"{frame['country'].nunique()} countries, {frame['year'].min()} to {frame['year'].max()}, "
        f"version {version[1:]}{' (inferred from the last year)' if inferred else ''}."
    ]
    if lacking := [name for name in _VALUES if name not in present]:
        notes.append(f"Not in the file, left empty: {', '.join(lacking)}.")
    declaration = {**_declaration(frame, version, inferred), "skipped_rows": checks.skipped}
    return Built("regimes", frame, declaration, notes)


def join_versions(*built: Built, first_year: int | None = None) -> Built:
    """One table of several that have the same columns and no key in common.

    Versions of a dataset stand below each other, never in place of each other; so do datasets on
    one subject, and files of single countries.

    Parameters
    ----------
    built : Built
        At least one.
    first_year : int, optional
        Rows of earlier years are left out.

    Raises
    ------
    Refusal
        If they are of different tables or rights, or a key is in two of them.
    """
    first, *others = built
    fixed = ("title", "licence", "redistribution", "content", "grain", "producer")
    for other in others:
        if other.name != first.name or any(
            other.declaration.get(key) != first.declaration.get(key) for key in fixed
        ):
            raise Refusal(f"The tables {first.name} and {other.name} cannot be joined.")
    frame = pd.concat([each.frame for each in built])
    grain = first.declaration["grain"]
    if (twice := frame[frame.duplicated(grain)]).size:
        key = ", ".join(map(str, twice.iloc[0][grain]))
        raise Refusal(
            f"Two of the files that were to be joined into {first.name} have a row for {key}. "
            "Leave one of them out."
        )
    declarations = [each.declaration for each in built]
    start = f"{first_year or 0:04d}-01"
    if first_year is not None:
        frame = frame[frame["year"] >= first_year]
    joined = {
        **first.declaration,
        "citation": _union(each["citation"] for each in declarations),
        "vintage": ", ".join(_union([each["vintage"]] for each in declarations)),
        "vintage_released": max(each["vintage_released"] for each in declarations),
        "coverage": _coverage(declarations, start),
        "columns": {name: _column(name, declarations) for name in first.declaration["columns"]},
        "warnings": _union(each["warnings"] for each in declarations),
        "skipped_rows": sum(each["skipped_rows"] for each in declarations),
    }
    notes = [note for each in built for note in each.notes]
    return Built(first.name, frame.sort_values(grain, ignore_index=True), joined, notes)


def _union(lists) -> list[str]:
    return list(dict.fromkeys(item for items in lists for item in items))


def _coverage(declarations: list[dict], start: str) -> dict:
    spans = [span for each in declarations for span in each["coverage"].items()]
    return {
        country: {
            "first": max(start, min(span["first"] for name, span in spans if name == country)),
            "last": max(span["last"] for name, span in spans if name == country),
        }
        for country in sorted({name for name, _ in spans})
    }


def _column(name: str, declarations: list[dict]) -> dict:
    columns = [each["columns"][name] for each in declarations]
    column = {**columns[0], "meaning": "; ".join(_union([each["meaning"]] for each in columns))}
    if "allowed" in column:
        column["allowed"] = sorted(_union(each["allowed"] for each in columns))
    if missing := _union([each["missing"]] for each in columns if "missing" in each):
        column["missing"] = "; ".join(missing)
    return column


def _version(opened: Opened, typed: pd.DataFrame, vintage: str | None) -> tuple[str, bool]:
    """The version, and whether it is inferred."""
    last = int(typed["year"].max())
    names = (opened.content.stem, opened.path.stem)
    said = re.fullmatch(r"v?\s*(\d{1,2})", vintage.strip(), re.IGNORECASE) if vintage else None
    if vintage and said is None:
        raise Refusal(f"Expected a version of V-Dem such as v15, found {vintage!r}.")
    match = said or next(filter(None, map(_VERSION.search, names)), None)
    if match is not None:
        version = int(match[1])
        if last > version + _YEARS_TO_VERSION:
            raise TableProblems(
                [
                    Problem(
                        opened.name, None, "year",
                        f"no year after {version + _YEARS_TO_VERSION}, with which version {version} "
                        "ends", str(last), "Name the version of the file: --vintage v16.",
                    )
                ]
            )  # fmt: skip
        return f"v{version}", False
    if last < _RECENT and typed["country"].nunique() <= _WORLD:
        raise Refusal(
            f"{opened.name}: expected the version of V-Dem in the name of the file, found none, "
            f"and an extract to {last} may be of any. Name it: --vintage v15."
        )
    return f"v{last - _YEARS_TO_VERSION}", True


def _declaration(frame: pd.DataFrame, version: str, inferred: bool) -> dict:
    years = frame.groupby("country")["year"].agg(["min", "max"])
    missing = "Not rated by V-Dem for the year, or not in the file"
    return {
        "title": "Indices of democracy and civil liberties",
        "description": (
            "V-Dem's indices for the country and year, as rated by its experts and combined by its "
            "measurement model. Each version rates all years anew: choose one version before "
            "anything is drawn or compared. Each value carries an uncertainty that is not in this "
            "table."
        ),
        "producer": "Varieties of Democracy (V-Dem) Institute, University of Gothenburg",
        "citation": ["vdem_dataset"],
        "licence": "CC-BY-SA-4.0",
        "redistribution": True,
        "vintage": f"{version} (inferred)" if inferred else version,
        "vintage_released": f"{int(version[1:]) + _YEARS_TO_VERSION + 1}-03-31",
        "coverage": {
            country: {"first": f"{first}-01", "last": f"{last}-12"}
            for country, first, last in years.itertuples()
        },
        "grain": ["country", "year", "version"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3",
                        "allowed": list(years.index)},
            "year": {"type": "integer", "meaning": "Calendar year", "minimum": 1789},
            "version": {"type": "text", "meaning": "Version of V-Dem", "pattern": r"v\d{1,2}"},
            **{name: {"type": "number", "unit": "index from 0 to 1", "minimum": 0,
                      "meaning": meaning, "missing": missing}
               for name, meaning in INDICES.items()},
            REGIME: {"type": "integer", "allowed": ["0", "1", "2", "3"], "missing": missing,
                     "meaning": "Regimes of the world: 0 closed autocracy, 1 electoral autocracy, "
                     "2 electoral democracy, 3 liberal democracy"},
            **{name: {"type": "number", "unit": "score of the measurement model",
                      "meaning": meaning, "missing": missing}
               for name, meaning in SCORES.items()},
        },
        "warnings": ["vdem_versions_differ", *["vdem_version_inferred"] * inferred],
    }  # fmt: skip


VDEM = Source(
    name="vdem",
    title="Varieties of Democracy (V-Dem), country-year",
    signatures=(
        frozenset(
            {
                "country_name", "country_text_id", "country_id", "year", "historical_date",
                "v2x_polyarchy", "v2x_libdem", "v2x_partipdem", "v2x_delibdem", "v2x_egaldem",
            }
        ),
    ),
    build=build_regimes,
)  # fmt: skip
