"""What can be wrong with a row of an ACLED event export, as SQL, and how it is said."""

from collections.abc import Iterator
from dataclasses import dataclass

from sahel_transitions.sources.acled.event_columns import TYPES, Columns, Kind
from sahel_transitions.sources.gazetteer import iso3_of

_CORRECT = "Correct the cell, or go on without the row: --skip-bad-rows."
# Among more, the times of coding are not those of this export.
_FEW = 0.01
_ANOTHER_VINTAGE = (
    "Two exports or vintages may have been joined: take one of them, or go on without these rows: "
    "--skip-bad-rows."
)


@dataclass(frozen=True)
class Fault:
    """A kind of fault of single cells.

    `test` is SQL that is true for a bad row and cheap for a good one, where `kind`, `day` and
    `targeted` are columns; `cell` is SQL for what is shown of it.
    """

    column: str
    test: str
    cell: str
    expected: str
    remedy: str = _CORRECT


def faults(columns: Columns) -> list[Fault]:
    """All kinds of faults that a row alone can show."""
    found = [
        Fault(
            "event_date",
            "day is null or day < date '1900-01-01' or day > date '2100-12-31'",
            "event_date",
            "a day that exists, such as 2022-03-27",
            _CORRECT + " A number such as 44647 is a day as a spreadsheet counts: give the column "
            "the form 2022-03-27 there.",
        ),
        Fault(
            "fatalities",
            # A cast alone would take 0x10 for 16, and 5e-1 for 1.
            "case when strlen(fatalities) = 1 then fatalities < '0' or fatalities > '9' "
            "else not coalesce(regexp_full_match(trim(fatalities), '[0-9]{1,8}([.]0*)?'), false) end",
            "fatalities",
            "a whole number of at least 0",
        ),
        Fault(
            "event_type",
            f"kind = {Kind.UNKNOWN:d}",
            "event_type",
            f"a type of event of ACLED, such as {next(iter(TYPES))}",
            "A misspelt type would be counted under none: " + _CORRECT[0].lower() + _CORRECT[1:],
        ),
    ]
    if "year" in columns:
        found.append(
            Fault(
                "year",
                "case when strlen(year) = 4 and starts_with(event_date, year) then false "
                "else day is not null and try_cast(year as integer) is distinct from year(day) end",
                "year || ' beside ' || event_date",
                "the year of event_date",
                "One of the two is wrong: " + _CORRECT[0].lower() + _CORRECT[1:],
            )
        )
    if "civilian_targeting" in columns:
        # Every attack on civilians targets civilians: a gap is a file put together of two.
        found += [
            Fault(
                "flag",
                f"kind = {Kind.ATTACK:d} and not targeted",
                "event_type",
                "“Civilian targeting” in column civilian_targeting of this type of event",
                "The flag is missing in a part of the file: export it anew as a whole, or without "
                "the column, and it is rebuilt.",
            ),
            Fault(
                "civilian_targeting",
                "case when strlen(civilian_targeting) = 0 or targeted then false "
                "else lower(trim(civilian_targeting)) not in ('', 'na', 'nan', 'null') end",
                "civilian_targeting",
                "“Civilian targeting” or an empty cell",
            ),
        ]
    if "event_id_cnty" in columns:
        found.append(
            Fault(
                "event_id_cnty",
                "coalesce(trim(event_id_cnty), '') = ''",
                "event_id_cnty",
                "a value",
            )
        )
    return found


def bad_cells(found: list[Fault]) -> str:
    """SQL for the bad cells of a row as a list, in the order of the faults; null for a good row."""
    tests = " or ".join(f"coalesce({fault.test}, false)" for fault in found)
    cells = ", ".join(
        f"case when {fault.test} then coalesce({fault.cell}, '') end" for fault in found
    )
    return f"case when {tests} then [{cells}] end"


def searches(connection, columns: Columns) -> Iterator[tuple[str, str, str, str]]:
    """By kind of fault: column, what is expected, what to do, and SQL for place and cell.

    The rows lie in `kept.events`.
    """
    ((bad,),) = connection.execute("select count(bad) from kept.events").fetchall()
    for place, fault in enumerate(faults(columns) if bad else [], start=1):
        yield fault.column, fault.expected, fault.remedy, (
            f"select rowid as place, bad[{place}] as cell from kept.events "
            f"where bad is not null and bad[{place}] is not null"
        )  # fmt: skip
    names = connection.execute("select distinct name from kept.events").fetchall()
    unknown = [[name] for (name,) in names if name is None or iso3_of(name) is None]
    if unknown:
        connection.execute("create table kept.unknown(name varchar)").fetchall()
        connection.executemany("insert into kept.unknown values (?)", unknown)
        yield "country", "the English name of a country", _CORRECT, (
            "select e.rowid as place, coalesce(e.name, '') as cell from kept.events e "
            "join kept.unknown u on u.name is not distinct from e.name"
        )  # fmt: skip
    if "timestamp" in columns:
        yield from _after_the_export(connection)
    if "event_id_cnty" not in columns:
        return
    if columns.one_row_an_actor:
        yield (
            "event_id_cnty",
            "one day, place, type and number of fatalities for all actors of an event",
            _ANOTHER_VINTAGE,
            "select rowid as place, 'event with two versions' as cell from kept.events "
            "where id in (select id from kept.events group by id "
            "having count(distinct (day, fatalities, name, unit, kind)) > 1)",
        )
        return
    ((repeated,),) = connection.execute(
        "select count(*) - count(distinct id) from kept.events"
    ).fetchall()
    if repeated:
        yield (
            "event_id_cnty",
            "an id that occurs once",
            _ANOTHER_VINTAGE,
            "select place, 'an id of an earlier row' as cell from (select rowid as place, "
            "row_number() over (partition by id order by rowid) as nth from kept.events "
            "where id in (select id from kept.events group by id having count(*) > 1)) "
            "where nth > 1",
        )


def _after_the_export(connection) -> Iterator[tuple[str, str, str, str]]:
    """Days after the last coding of any event, if they are few: then they are misspelt."""
    ((coded, after, total),) = connection.execute(
        """
        with export as (
            select epoch_ms(max(stamp) * 1000)::date as coded from kept.events
            where stamp > 0 and stamp < 4102444800
        )
        select any_value(coded), count(*) filter (day > coded + 1), count(*)
        from kept.events, export
        """
    ).fetchall()
    if coded is None or after == 0 or after > total * _FEW:
        return
    yield (
        "event_date",
        f"a day not after {coded}, when the last event was coded",
        _CORRECT,
        "select rowid as place, day::varchar as cell from kept.events "
        f"where day > date '{coded}' + 1",
    )
