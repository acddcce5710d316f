"""Two releases of one dataset of events, event by event: added, deleted, modified."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Opened, read_cells
from sahel_transitions.sources.files.cells import csv_rows, quoted, reading
from sahel_transitions.sources.files.database import database
from sahel_transitions.sources.files.days import day_of
from sahel_transitions.sources.gazetteer import iso3_of
from sahel_transitions.sources.source import Source


@dataclass(frozen=True)
class _Compared:
    """The columns of a dataset that make an event what it is."""

    id: str
    date: str
    deaths: str
    texts: tuple[str, ...]
    actors: tuple[str, ...]
    numbers: tuple[str, ...]


_DATASETS = {
    "ucdp-ged": _Compared(
        "id", "date_start", "best", ("country",), ("side_a", "side_b"),
        ("type_of_violence", "deaths_civilians", "deaths_unknown", "low", "high"),
    ),
    "acled-events": _Compared(
        "event_id_cnty", "event_date", "fatalities",
        ("country", "admin1", "event_type", "sub_event_type", "civilian_targeting"),
        ("actor1", "actor2", "assoc_actor_1", "assoc_actor_2"), (),
    ),
}  # fmt: skip


def event_revisions(source: Source, old: Opened, new: Opened) -> pd.DataFrame:
    """How the events of a newer release differ from those of an older one.

    An event is known by its id; it is modified if its day, country, deaths or kind differ, or
    whether it targets civilians, and renamed if only those who took part are named otherwise.
    Columns that one of the two lacks are not compared, and neither are days before the first or after the
    last event of either.

    Returns
    -------
    DataFrame
        `country` (as the source names it), `year`, `kept`, `added`, `deleted`, `modified`,
        `renamed` (events)
        and `deaths_added`, `deaths_deleted`, `deaths_modified` (their deaths, of modified ones the
        change). A modified event counts in its new country and year.

    Raises
    ------
    Refusal
        If the dataset has no events, or a file no ids.
    """
    compared = _DATASETS.get(source.name)
    if compared is None:
        raise Refusal(f"Refused: {source.title} has no single events that could be compared.")
    for opened in (old, new):
        if compared.id not in opened.names:
            raise Refusal(
                f"{opened.name}: expected the column {compared.id}, found none: events cannot be "
                "matched without their ids."
            )
    with database() as connection:
        for name, opened in (("old", old), ("new", new)):
            other = new if opened is old else old
            _load(connection, name, opened, other, compared)
        _name_countries_alike(connection)
        connection.execute(
            """
            create temp table span as
            select max(first) as first, min(last) as last
            from (select min(day) as first, max(day) as last from old
                  union all select min(day), max(day) from new)
            """
        )
        columns = [
            name for (name, *_) in connection.execute("describe old").fetchall()
            if name not in {"id", "year"}
        ]  # fmt: skip
        differs = _any_differs(name for name in columns if name not in compared.actors)
        renamed = _any_differs(name for name in columns if name in compared.actors)
        return connection.execute(
            f"""
            with matched as (
                select coalesce(new.country, old.country) as country,
                    coalesce(new.year, old.year) as year, new.deaths as after,
                    old.deaths as before, old.id is null as added, new.id is null as deleted,
                    old.id is not null and new.id is not null and ({differs}) as modified,
                    old.id is not null and new.id is not null and ({renamed}) as renamed
                from old full join new on old.id = new.id, span
                where coalesce(new.day, old.day) between span.first and span.last
            )
            select country, year,
                count(*) filter (not added and not deleted and not modified and not renamed)
                    as kept,
                count(*) filter (added) as added, count(*) filter (deleted) as deleted,
                count(*) filter (modified) as modified,
                count(*) filter (renamed and not modified) as renamed,
                coalesce(sum(after) filter (added), 0)::bigint as deaths_added,
                coalesce(sum(before) filter (deleted), 0)::bigint as deaths_deleted,
                coalesce(sum(after - before) filter (modified), 0)::bigint as deaths_modified
            from matched group by all order by all
            """
        ).df()


def _name_countries_alike(connection) -> None:
    """One spelling for each country in both releases, the longest that occurs."""
    names = [
        name for (name,) in connection.execute(
            "select distinct country from old union select distinct country from new"
        ).fetchall()
        if name is not None
    ]  # fmt: skip
    longest: dict[str, str] = {}
    for name in sorted(names, key=len):
        longest[iso3_of(name) or name] = name
    spelt = [(name, longest[iso3_of(name) or name]) for name in names]
    connection.execute("create temp table spelt(name varchar, one varchar)")
    connection.executemany("insert into spelt values (?, ?)", spelt)
    for table in ("old", "new"):
        connection.execute(
            f"update {table} set country = spelt.one from spelt where {table}.country = spelt.name"
        )


def _any_differs(columns: Iterable[str]) -> str:
    return " or ".join(f"old.{name} is distinct from new.{name}" for name in columns) or "false"


def _load(connection, name: str, opened: Opened, other: Opened, compared: _Compared) -> None:
    both = set(opened.names) & set(other.names)
    deaths = _deaths(opened, compared)
    columns = [compared.id, compared.date, deaths]
    texts = [column for column in compared.texts if column in both]
    # With one row an actor, which of them a row names is no property of the event.
    if both >= set(compared.actors[:2]):
        texts += [column for column in compared.actors if column in both]
    numbers = [
        column for column in compared.numbers
        if column in opened.names or f"{column}_est" in opened.names
        if column in other.names or f"{column}_est" in other.names
    ]  # fmt: skip
    there = {column: column if column in opened.names else f"{column}_est" for column in numbers}
    wanted = [*columns, *texts, *there.values()]
    if opened.form == "csv":
        rows = csv_rows(opened, wanted)
    else:
        frame, _ = read_cells(opened, wanted)
        connection.register(f"cells_{name}", frame.astype("object").where(frame.notna(), None))
        rows = f"select * from cells_{name}"
    # A time of day after the day says nothing.
    rows = (
        f"select * replace (regexp_replace({compared.date}, '[ T]\\d\\d:\\d\\d.*$', '') "
        f"as {compared.date}) from ({rows})"
    )
    day = day_of(connection, opened, rows, compared.date)
    chosen = [
        f"{compared.id} as id", f"{day} as day", f"year({day}) as year",
        f"try_cast({deaths} as double)::bigint as deaths",
        *(_alike(column) for column in texts),
        *(f"try_cast({quoted(found)} as double) as {quoted(column)}" for column, found in there.items()),
    ]  # fmt: skip
    reading(
        connection, opened,
        # Exports with one row an actor repeat an event.
        f"create table {name} as select distinct on (id) {', '.join(chosen)} from ({rows}) "
        f"where {compared.id} is not null and {compared.id} not like '#%'",
    )  # fmt: skip


def _alike(column: str) -> str:
    """A column of text in which only the spelling of letters differs between exports."""
    return quoted(column) if column == "country" else f"lower({quoted(column)}) as {quoted(column)}"


def _deaths(opened: Opened, compared: _Compared) -> str:
    return compared.deaths if compared.deaths in opened.names else f"{compared.deaths}_est"
