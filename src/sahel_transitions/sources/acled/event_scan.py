"""The rows of an ACLED event export, checked and brought into `kept.events` of a database.

The file is read in one go within a bound of memory: of each row stays what the counts need, and of
events that target nobody hardly anything.
"""

from dataclasses import replace

from sahel_transitions.errors import Problem, TableProblems
from sahel_transitions.sources.acled.event_columns import SIDES, Columns, Kind
from sahel_transitions.sources.acled.event_faults import bad_cells, faults, searches
from sahel_transitions.sources.files import Opened, read_cells
from sahel_transitions.sources.files.cells import (
    csv_rows,
    ends_unfinished,
    fetched,
    reading,
    rejected_rows,
    renumbered,
    row_numbers,
    without_tags,
)
from sahel_transitions.sources.files.checks import without_second_headers
from sahel_transitions.sources.files.days import day_of
from sahel_transitions.sources.source import Options

_PARALLEL_BYTES = 16 << 20
_MOST_PROBLEMS = 100_000


def scan(connection, opened: Opened, columns: Columns, options: Options) -> tuple[Columns, int]:
    """Put what the counts need into `kept.events`, one row a row of the file.

    Its columns are `id` (a hash), `day`, `name` (of the country), `kind`, `targeted`,
    `fatalities`, `stamp`, `bad`, and of rows that target civilians (of all, where a row is an
    actor) `unit`, `sides` (a hash of those who took part) and the names on both sides.

    Returns
    -------
    Columns
        Those of the file that hold something, and whether a row is an actor.
    int
        How many rows were left out, as `options` ask for.

    Raises
    ------
    TableProblems
        With every fault of the file.
    """
    columns = _without_an_empty_flag(connection, opened, columns)
    columns = _with_rows_of_actors(connection, opened, columns)
    source, columns = _source(connection, opened, columns)
    sql = _chosen(columns, source, day_of(connection, opened, source, "event_date"))
    # Read in parallel, rows do not keep their order, which matters where rows are named or belong
    # together: then, and where it costs nothing, the file is read in one go.
    parallel = not columns.one_row_an_actor and opened.content.stat().st_size > _PARALLEL_BYTES
    for threads in (2, 1) if parallel else (1,):
        connection.execute(f"set threads = {threads}")
        connection.execute(f"set preserve_insertion_order = {threads == 1}")
        for table in ("events", "wrong", "unknown"):
            connection.execute(f"drop table if exists kept.{table}").fetchall()
        reading(connection, opened, f"create table kept.events as {sql}")
        rejected = rejected_rows(connection, opened) if opened.form == "csv" else []
        rejected, tags = without_tags(opened, rejected)
        if tags and threads == 2:
            continue
        connection.execute(f"delete from kept.events where rowid < {tags}").fetchall()
        try:
            skipped = _judge(connection, opened, columns, rejected, options.skip_bad_rows)
        except TableProblems:
            if threads == 1:
                raise
            continue
        if skipped == 0 or threads == 1:
            break
    connection.execute("set threads = 2")
    return columns, skipped


def _chosen(columns: Columns, source: str, day: str) -> str:
    sides = columns.sides
    # Whoever took part in events that target nobody is not asked for.
    wide = "true" if columns.one_row_an_actor else f"kind = {Kind.ATTACK:d} or targeted"
    chosen = {
        "id": "hash(trim(event_id_cnty))" if "event_id_cnty" in columns else "null::ubigint",
        "day": "day",
        # Blanks are removed from the few different names, and not from millions of cells.
        "name": "country",
        "kind": "kind",
        "targeted": "targeted",
        "fatalities": "try_cast(fatalities as integer)",
        "stamp": "try_cast(timestamp as bigint)" if "timestamp" in columns else "null::bigint",
        "unit": f"case when {wide} then admin1 end" if "admin1" in columns else "null::varchar",
        "sides": f"case when {wide} then hash({', '.join(['country', *sides])}) end",
        **{
            name: f"case when {wide} then {name} end" if name in sides else "null::varchar"
            for name in SIDES
        },
        "bad": bad_cells(faults(columns)),
    }
    listed = ", ".join(f"{expression} as {name}" for name, expression in chosen.items())
    return (
        f"select {listed} from (select *, {columns.targeted} as targeted from "
        f"(select *, {columns.kind} as kind, {day} as day from ({source})))"
    )


def _without_an_empty_flag(connection, opened: Opened, columns: Columns) -> Columns:
    """The columns but for a flag of civilian targeting that is empty in every row."""
    if "civilian_targeting" not in columns:
        return columns
    source, _ = _source(connection, opened, columns)
    filled = fetched(
        connection, opened,
        f"select 1 from ({source}) where strlen(trim(civilian_targeting)) > 0 "
        "and civilian_targeting not like '#%' limit 1",
    )  # fmt: skip
    if len(filled):
        return columns
    left = {name: there for name, there in columns.original.items() if name != "civilian_targeting"}
    return replace(columns, original=left)


def _with_rows_of_actors(connection, opened: Opened, columns: Columns) -> Columns:
    """The columns, told whether ids that come several times are of rows of one event."""
    if not columns.may_have_one_row_an_actor:
        return columns
    source, _ = _source(connection, opened, columns)
    repeated = fetched(
        connection, opened,
        f"select 1 from ({source}) where event_id_cnty not like '#%' "
        "group by trim(event_id_cnty) having count(*) > 1 limit 1",
    )  # fmt: skip
    return replace(columns, one_row_an_actor=len(repeated) > 0)


def _source(connection, opened: Opened, columns: Columns) -> tuple[str, Columns]:
    """SQL for the rows of the file under the names of this package, as text.

    Returned are also the columns, with the rows of the file where it is no CSV.
    """
    if opened.form == "csv":
        rows = csv_rows(opened, columns.original.values(), trimmed=False)
    else:
        frame, _ = read_cells(opened, columns.original.values())
        connection.register("cells", frame.astype("object").where(frame.notna(), None))
        rows = "select * from cells"
        columns = replace(columns, rows=tuple(frame.index))
    renamed = ", ".join(f'"{there}" as {name}' for name, there in columns.original.items())
    return f"select {renamed} from ({rows})", columns


def _judge(connection, opened, columns, rejected, skip_bad_rows: bool) -> int:
    """Refuse the file with all its problems, or take its bad rows out of `kept.events`."""
    ((total, last),) = connection.execute(
        "select count(*), coalesce(max(rowid), -1) from kept.events"
    ).fetchall()
    if total == 0 and not rejected:
        remedy = "The file holds a header alone: repeat the export."
        raise TableProblems(
            [Problem(opened.name, None, None, "rows below the header", "none", remedy)]
        )
    problems = [renumbered(opened, problem) for problem in rejected]
    unfinished = ends_unfinished(opened) and total and opened.names[-1] in columns.original.values()
    found = list(searches(connection, columns))
    if not (found or problems or unfinished):
        return 0
    numbers = columns.rows or row_numbers(opened, last + 1, rejected)
    connection.execute("create table kept.wrong(place bigint)").fetchall()
    for column, expected, remedy, sql in found:
        # Named are at most so many that a message can be made of them; all are left out.
        connection.execute(f"insert into kept.wrong select place from ({sql})").fetchall()
        rows = connection.execute(f"{sql} order by 1 limit {_MOST_PROBLEMS}").fetchall()
        problems += [
            Problem(opened.name, int(numbers[place]), column, expected,
                    repr(cell) if cell and cell.strip() else "an empty cell", remedy)
            for place, cell in rows
        ]  # fmt: skip
    if unfinished:
        row = int(numbers[last])
        if all(problem.row is None or problem.row < row for problem in problems):
            connection.execute(f"insert into kept.wrong values ({last})").fetchall()
            problems.append(
                Problem(opened.name, row, None, "a line end after the last row", "none",
                        "The file may be cut off in its last cell: download it again, or go on "
                        "without the row: --skip-bad-rows.")
            )  # fmt: skip
    if not problems:
        return 0
    ((wrong,),) = connection.execute("select count(distinct place) from kept.wrong").fetchall()
    if not skip_bad_rows or wrong >= total:
        problems = without_second_headers(problems)
        problems.sort(key=lambda problem: problem.row or 0)
        raise TableProblems(problems)
    connection.execute(
        "delete from kept.events where rowid in (select place from kept.wrong)"
    ).fetchall()
    return wrong + len(rejected)
