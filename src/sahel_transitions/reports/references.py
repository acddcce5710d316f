"""Exactly what a run used: tables with their vintages, and the sources of the rows shown."""

from sahel_transitions.language import Words
from sahel_transitions.tables import Tables


def datasets_used(uses: list[str], tables: Tables, language: Words) -> list[dict]:
    """The tables of a run: title, producer, vintage, licence."""
    rows = []
    for name in uses:
        declaration = tables.declaration(name)
        rows.append(
            {
                "name": name,
                "title": language(f"dataset.{name}"),
                "producer": declaration.producer,
                "vintage": language.vintage(declaration.vintage),
                "licence": declaration.licence,
            }
        )
    return rows


def references(uses: list[str], cited: list[str], tables: Tables, language: Words) -> list[str]:
    """Bibliography entries, in alphabetical order, for the tables used and the rows cited."""
    keys = {*cited, *(key for name in uses for key in tables.declaration(name).citation)}
    sources = tables["sources"].frame.set_index("key")
    return sorted((_entry(sources.loc[key], language) for key in keys), key=str.casefold)


def _entry(row, language: Words) -> str:
    parts = [
        row["author"] if isinstance(row["author"], str) else row["publisher"],
        f"({row['date'] if isinstance(row['date'], str) else language('report.undated')}).",
        f"{row['title']}.",
    ]
    if isinstance(row["author"], str):
        parts.append(f"{row['publisher']}.")
    if isinstance(row["url"], str):
        parts.append(row["url"])
    return " ".join(parts)
