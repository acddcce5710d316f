"""Exactly what a run used: tables with their vintages, and the sources of the rows shown."""

from collections.abc import Mapping

from sahel_transitions.language import Words
from sahel_transitions.tables import LICENCES, Tables, parse_partial_date


def datasets_used(records: list[dict], language: Words) -> list[str]:
    """The tables of a run, of a user's file too: title, producer, vintage, licence."""
    return [
        language(
            "report.dataset",
            name=name,
            title=language(f"dataset.{name}"),
            producer=said["producer"],
            vintage=said["vintage"],
            licence=LICENCES[said["licence"]].title,
        )
        for name, said in _used(records).items()
    ]


def references(records: list[dict], tables: Tables, language: Words, as_of: str) -> list[str]:
    """Bibliography entries, in alphabetical order, for the tables used and the rows cited.

    An entry that was published after the day of the study says so: what it is cited for was public
    by then, but not through it.
    """
    cited = {key for record in records for key in record["cited"]}
    keys = cited | {key for said in _used(records).values() for key in said["citation"]}
    sources = tables["sources"].frame.set_index("key")
    return sorted((_entry(sources.loc[key], language, as_of) for key in keys), key=str.casefold)


def _used(records: list[dict]) -> Mapping[str, dict]:
    used = {name: said for record in records for name, said in record["datasets"].items()}
    return dict(sorted(used.items()))


def _entry(row, language: Words, as_of: str) -> str:
    parts = [
        row["author"] if isinstance(row["author"], str) else row["publisher"],
        f"({row['date'] if isinstance(row['date'], str) else language('report.undated')}).",
        f"{row['title']}.",
    ]
    if isinstance(row["author"], str):
        parts.append(f"{row['publisher']}.")
    if isinstance(row["url"], str):
        parts.append(row["url"])
    if _later(row["date"], as_of):
        parts.append(f"[{language('report.later')}]")
    return " ".join(parts)


def _later(published, as_of: str) -> bool:
    """Whether a date, if there is one, is surely after a day."""
    return isinstance(published, str) and parse_partial_date(published).earliest.isoformat() > as_of
