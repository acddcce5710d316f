"""ACLED event files → the table `deaths`, for files of any size.

Read are exports old and new: with or without the flag of civilian targeting, with codes as numbers
or in words, with one row an event or one row an actor, with a line of HXL tags, as CSV or as the
JSON that the API gives. The file is scanned once by DuckDB within a bound of memory; what is kept
are counts by country, month, first-order unit and perpetrator class, never an event.
"""

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pandas as pd

from sahel_transitions.errors import Problem, Refusal, TableProblems
from sahel_transitions.sources.acled.perpetrators import shares
from sahel_transitions.sources.acled.table import (
    JOINT_EVENTS,
    NOT_LOCATED,
    PROVISIONAL_MONTHS,
    declare,
)
from sahel_transitions.sources.actors import ActorClassifier
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
from sahel_transitions.sources.files.checks import check_header, check_separator
from sahel_transitions.sources.files.database import database
from sahel_transitions.sources.files.progress import watched
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.source import Built, Options, Source

_NEEDED = ["event_date", "event_type", "sub_event_type", "country", "fatalities"]
_OPTIONAL = [
    "event_id_cnty", "year", "actor1", "assoc_actor_1", "actor2", "assoc_actor_2", "inter1",
    "inter2", "interaction", "civilian_targeting", "admin1", "timestamp",
]  # fmt: skip
# Names of columns in exports before 2018.
_FORMER = {"ally_actor_1": "assoc_actor_1", "ally_actor_2": "assoc_actor_2"}
# Exports in one hand or another have used all of these; none can be taken for another, as long as
# years of two digits are tried first, but for the two with slashes.
_DAYS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%d %B %Y",
    "%d-%B-%y",
    "%d-%B-%Y",
    "%d-%b-%y",
    "%d-%b-%Y",
    "%Y/%m/%d",
)
# Of all codebooks since 2010.
_TYPES = (
    "Battles", "Violence against civilians", "Explosions/Remote violence", "Riots", "Protests",
    "Strategic developments", "Strategic development", "Remote violence", "Riots/Protests",
    "Battle-No change of territory", "Battle-Government regains territory",
    "Battle-Non-state actor overtakes territory", "Headquarters or base established",
    "Non-violent transfer of territory",
)  # fmt: skip
_SLASHED = ("%d/%m/%Y", "%m/%d/%Y")
_MEMORY = "200MB"
# The first days of the month of the first event, and the last of that of the last one: an export
# whose events reach into them is taken to hold the whole month.
_EDGE_DAYS = 7
_ACLED_BEGINS = 1997
# A country may be quiet for so long at the edge of a file without being cut off there.
_QUIET_DAYS = 45
_PARALLEL_BYTES = 16 << 20
# The year 2100.
_LAST_STAMP = 4_102_444_800
_MOST_PROBLEMS = 100_000
_CORRECT = "Correct the cell, or go on without the row: --skip-bad-rows."


def build_deaths(opened: Opened, options: Options) -> Built:
    """Count the fatalities of events that target civilians.

    Parameters
    ----------
    opened : Opened
    options : Options
        With `actors`.

    Returns
    -------
    Built
        One row for each country × month × first-order unit × perpetrator class × rule for joint
        events with at least one event that targets civilians. Countries are those of the
        gazetteer. Sums over perpetrator classes are right under `primary` and `fractional`; under
        `any` they exceed the total.

    Raises
    ------
    TableProblems
        With every fault of the file.
    Refusal
        If it holds no event of a country of the gazetteer.
    """
    check_separator(opened, ",;")
    columns = _Columns.of(opened)
    with tempfile.TemporaryDirectory(prefix="sahel-") as folder:
        config = {"memory_limit": _MEMORY, "temp_directory": folder, "threads": 2}
        with database(**config) as connection:
            connection.execute("attach ':memory:' as kept (compress)")
            columns = _without_an_empty_flag(connection, opened, columns)
            with watched(connection, options.told, "Reading events", upto=0.8):
                skipped = _scan(connection, opened, columns, options)
            options.told("Counting", 0.8)
            return _count(connection, opened, columns, options, skipped)


@dataclass(frozen=True)
class _Columns:
    """Which columns the file has, under the names that this module uses."""

    original: dict[str, str]
    rows: tuple[int, ...] = ()

    @classmethod
    def of(cls, opened: Opened) -> "_Columns":
        names = {_FORMER.get(name, name): name for name in opened.names}
        header = tuple(_FORMER.get(name, name) for name in opened.names)
        check_header(opened, _NEEDED, header, _OPTIONAL)
        wanted = [*_NEEDED, *_OPTIONAL]
        return cls({name: names[name] for name in wanted if name in names})

    def __contains__(self, name: str) -> bool:
        return name in self.original

    @property
    def one_row_an_actor(self) -> bool:
        return "actor1" in self and "actor2" not in self and "event_id_cnty" in self

    @property
    def civilian_side(self) -> str | None:
        """SQL for whether a row names civilians, from names or codes; None if neither is there."""
        if "actor1" in self:
            sides = [name for name in ("actor1", "actor2") if name in self]
            parts = [f"starts_with(lower(ltrim({name})), 'civilians')" for name in sides]
        elif "inter1" in self and "inter2" in self:
            parts = [f"trim({name}) = '7' or lower({name}) like 'civilians%'"
                     for name in ("inter1", "inter2")]  # fmt: skip
        elif "interaction" in self:
            # Two digits, one a side, or two names.
            parts = ["interaction like '%7%' or lower(interaction) like '%civilians%'"]
        else:
            return None
        return "coalesce(" + " or ".join(parts) + ", false)"

    @property
    def definitions(self) -> list[str]:
        flagged = "civilian_targeting" in self or self.civilian_side is not None
        return ["A1", "A2", "A3"] if flagged else ["A1"]


# Lengths are known without reading a text, and most types have another one.
_ATTACKED = (
    "case when strlen(event_type) >= 26 "
    "then lower(trim(event_type)) = 'violence against civilians' else false end"
)


def _targeted(columns: _Columns) -> str:
    """SQL for whether civilians were the main or only target.

    Files before 2023 lack the flag. It is rebuilt by the rule that gives ACLED's own totals:
    violence against civilians, explosions and riots with civilians as a main actor, and excessive
    force against protesters.
    """
    if "civilian_targeting" in columns:
        return (
            "case when strlen(civilian_targeting) > 0 "
            "then lower(trim(civilian_targeting)) = 'civilian targeting' else false end"
        )
    civilians = columns.civilian_side or "false"
    indirect = "('explosions/remote violence', 'remote violence', 'riots', 'riots/protests')"
    return (
        f"({_ATTACKED} or (lower(trim(event_type)) in {indirect} and {civilians}) or "
        "lower(trim(sub_event_type)) = 'excessive force against protesters')"
    )


def _scan(connection, opened: Opened, columns: _Columns, options: Options) -> int:
    """Put what the counts need into `kept.events`, one row a row of the file; how many were bad."""
    source, columns = _source(connection, opened, columns)
    day = _day(connection, opened, source, columns)
    wide = [
        name for name in ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2") if name in columns
    ]
    keep_wide = f"({_ATTACKED} or {_targeted(columns)})"
    if columns.one_row_an_actor:
        keep_wide = "true"
    read = {
        "id": "hash(trim(event_id_cnty))" if "event_id_cnty" in columns else "null::ubigint",
        "day": day,
        # Blanks are removed from the few different names, and not from millions of cells.
        "name": "country",
        "unit": "admin1" if "admin1" in columns else "null::varchar",
        "attacked": _ATTACKED,
        "targeted": _targeted(columns),
        "fatalities": "try_cast(fatalities as integer)",
        "stamp": "try_cast(timestamp as bigint)" if "timestamp" in columns else "null::bigint",
        "sides": f"case when {keep_wide} then hash({', '.join(['country', *wide])}) end",
        **{name: f"case when {keep_wide} then {name} end" for name in wide},
        **{f"bad_{name}": f"case when {test} then coalesce({cell}, '') end"
           for name, (test, cell, _, _) in _faults(columns, day).items()},
    }  # fmt: skip
    chosen = ", ".join(f"{expression} as {name}" for name, expression in read.items())
    # Read in parallel, rows do not surely keep their order, which matters where rows are named or
    # belong together: then, and where it costs nothing, the file is read in one go.
    parallel = not columns.one_row_an_actor and opened.content.stat().st_size > _PARALLEL_BYTES
    for threads in (2, 1) if parallel else (1,):
        connection.execute(f"set threads = {threads}")
        connection.execute("drop table if exists kept.events").fetchall()
        connection.execute("drop table if exists kept.wrong").fetchall()
        connection.execute("drop table if exists kept.unknown").fetchall()
        reading(connection, opened, f"create table kept.events as select {chosen} from ({source})")
        rejected = rejected_rows(connection, opened) if opened.form == "csv" else []
        rejected, tags = without_tags(opened, rejected)
        if tags and threads == 2:
            continue
        connection.execute(f"delete from kept.events where rowid < {tags}").fetchall()
        try:
            skipped = _judge(connection, opened, columns, rejected, day, options.skip_bad_rows)
        except TableProblems:
            if threads == 1:
                raise
            continue
        if skipped == 0 or threads == 1:
            break
    connection.execute("set threads = 2")
    return skipped


def _without_an_empty_flag(connection, opened: Opened, columns: _Columns) -> _Columns:
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


def _source(connection, opened: Opened, columns: _Columns) -> tuple[str, _Columns]:
    """SQL for the rows of the file under the names of this module, as text.

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


def _day(connection, opened: Opened, source: str, columns: _Columns) -> str:
    """SQL for the day of an event, in the form that the first rows show."""
    sample = fetched(
        connection, opened,
        f"select event_date from ({source}) where event_date not like '#%' limit 1000",
    )["event_date"]  # fmt: skip
    if (
        sample.str.contains("/", regex=False).mean() > 0.5
        and not sample.str.match(r"\s*\d{4}/").any()
    ):
        return f"try_strptime(trim(event_date), '{_order_of_slashes(connection, opened, source)}')::date"
    # Most exports hold 2022-03-27, for which a cast is several times as fast; what is longer or
    # shorter must be one of the other forms, and nothing else.
    others = ", ".join(f"'{form}'" for form in _DAYS)
    return (
        # Words such as “epoch” are days to the engine, so a digit comes first.
        "case when strlen(event_date) = 10 and event_date >= '0' and event_date < ':' "
        "then coalesce(try_cast(event_date as date), "
        f"try_strptime(event_date, [{others}])::date) "
        "when ltrim(event_date) >= '0' and ltrim(event_date) < ':' "
        f"then try_strptime(trim(event_date), [{others}])::date end"
    )


def _order_of_slashes(connection, opened: Opened, source: str) -> str:
    one, other = (f"try_strptime(trim(event_date), '{form}')" for form in _SLASHED)
    ((day_first, month_first, differ),) = connection.execute(
        f"""
        select count(*) filter ({one} is not null and {other} is null),
            count(*) filter ({other} is not null and {one} is null),
            count(*) filter ({one} <> {other})
        from ({source})
        """
    ).fetchall()
    if (day_first and month_first) or (differ and not day_first and not month_first):
        found = "some in either order" if day_first else "days such as 03/04/2022 alone"
        raise TableProblems(
            [Problem(opened.name, None, "event_date", "days whose month is certain", found,
                     "Export the days as 2022-04-03.")]
        )  # fmt: skip
    return _SLASHED[1] if month_first else _SLASHED[0]


def _faults(columns: _Columns, day: str) -> dict[str, tuple[str, str, str, str]]:
    """By column: SQL that is true for a bad cell, the cell, what is expected, what to do."""
    number = "try_cast(fatalities as integer)"
    known = ", ".join(f"'{kind}'" for kind in _TYPES)
    faults = {
        "event_date": (
            f"{day} is null or {day} not between date '1900-01-01' and date '2100-12-31'",
            "event_date", "a day that exists, such as 2022-03-27", _CORRECT,
        ),
        "fatalities": (
            # A cast alone would take 0x10 for 16, and 5e-1 for 1.
            f"case when strlen(fatalities) = 1 then {number} is null "
            "else not coalesce(regexp_full_match(trim(fatalities), '[0-9]{1,8}([.]0*)?'), false) end",
            "fatalities", "a whole number of at least 0", _CORRECT,
        ),
        "event_type": (
            f"event_type is null or (event_type not in ({known}) and lower(trim(event_type)) not in "
            f"({known.lower()}))",
            "event_type", "a type of event of ACLED, such as Battles",
            "A misspelt type would be counted under none: " + _CORRECT[0].lower() + _CORRECT[1:],
        ),
    }  # fmt: skip
    if "year" in columns:
        faults["year"] = (
            f"case when strlen(year) = 4 and starts_with(event_date, year) then false "
            f"else try_cast(year as integer) is distinct from year({day}) and {day} is not null end",
            "year || ' beside ' || event_date", "the year of event_date",
            "One of the two is wrong: " + _CORRECT[0].lower() + _CORRECT[1:],
        )  # fmt: skip
    if "civilian_targeting" in columns:
        # Every attack on civilians targets civilians: a gap is a file put together of two.
        faults["flag"] = (
            f"{_ATTACKED} and not coalesce({_targeted(columns)}, false)",
            "event_type", "“Civilian targeting” in column civilian_targeting of this type of event",
            "The flag is missing in a part of the file: export it anew as a whole, or without the "
            "column, and it is rebuilt.",
        )  # fmt: skip
        faults["civilian_targeting"] = (
            "case when strlen(civilian_targeting) > 0 then lower(trim(civilian_targeting)) not in "
            "('', 'civilian targeting', 'na', 'nan', 'null') else false end",
            "civilian_targeting", "“Civilian targeting” or an empty cell", _CORRECT,
        )  # fmt: skip
    if "event_id_cnty" in columns:
        faults["event_id_cnty"] = (
            "coalesce(trim(event_id_cnty), '') = ''",
            "event_id_cnty", "a value", _CORRECT,
        )  # fmt: skip
    return faults


def _judge(connection, opened, columns, rejected, day, skip_bad_rows: bool) -> int:
    """Refuse the file with all its problems, or take its bad rows out of `kept.events`."""
    ((total, last),) = connection.execute(
        "select count(*), coalesce(max(rowid), -1) from kept.events"
    ).fetchall()
    if total == 0 and not rejected:
        remedy = "The file holds a header alone: repeat the export."
        raise TableProblems(
            [Problem(opened.name, None, None, "rows below the header", "none", remedy)]
        )
    numbers = columns.rows or row_numbers(opened, last + 1, rejected)
    problems = [renumbered(opened, problem) for problem in rejected]
    connection.execute("create table kept.wrong(place bigint)").fetchall()
    for column, expected, remedy, sql in _searches(connection, columns, day):
        # Named are at most so many that a message can be made of them; all are left out.
        connection.execute(f"insert into kept.wrong select place from ({sql})").fetchall()
        rows = connection.execute(f"{sql} order by 1 limit {_MOST_PROBLEMS}").fetchall()
        problems += [
            Problem(opened.name, int(numbers[place]), column, expected,
                    repr(cell) if cell and cell.strip() else "an empty cell", remedy)
            for place, cell in rows
        ]  # fmt: skip
    if ends_unfinished(opened) and total and opened.names[-1] in columns.original.values():
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
        problems.sort(key=lambda problem: problem.row or 0)
        raise TableProblems(problems)
    connection.execute(
        "delete from kept.events where rowid in (select place from kept.wrong)"
    ).fetchall()
    return wrong + len(rejected)


def _searches(connection, columns: _Columns, day: str):
    """By kind of fault: column, what is expected, what to do, and SQL for place and cell."""
    for column, (_, _, expected, remedy) in _faults(columns, day).items():
        sql = f"select rowid as place, bad_{column} as cell from kept.events where bad_{column} is not null"
        yield column, expected, remedy, sql
    names = connection.execute("select distinct name from kept.events").fetchall()
    unknown = [[name] for (name,) in names if name is None or iso3_of(name) is None]
    if unknown:
        connection.execute("create table kept.unknown(name varchar)").fetchall()
        connection.executemany("insert into kept.unknown values (?)", unknown)
        yield (
            "country",
            "the English name of a country",
            _CORRECT,
            (
                "select e.rowid as place, coalesce(e.name, '') as cell from kept.events e "
                "join kept.unknown u on u.name is not distinct from e.name"
            ),
        )
    if "event_id_cnty" not in columns:
        return
    remedy = (
        "Two exports or vintages may have been joined: take one of them, or go on without these "
        "rows: --skip-bad-rows."
    )
    if columns.one_row_an_actor:
        yield (
            "event_id_cnty",
            "one day, place, type and number of fatalities for all actors of an event",
            remedy,
            (
                "select rowid as place, 'event with two versions' as cell from kept.events where id in ("
                "select id from kept.events group by id "
                "having count(distinct (day, fatalities, name, unit, attacked)) > 1)"
            ),
        )
        return
    ((repeated,),) = connection.execute(
        "select count(*) - count(distinct id) from kept.events"
    ).fetchall()
    if repeated:
        yield (
            "event_id_cnty",
            "an id that occurs once",
            remedy,
            (
                "select place, 'an id of an earlier row' as cell from (select rowid as place, row_number() "
                "over (partition by id order by rowid) as nth from kept.events where id in ("
                "select id from kept.events group by id having count(*) > 1)) where nth > 1"
            ),
        )


def _count(connection, opened, columns: _Columns, options: Options, skipped: int) -> Built:
    names = [
        name for (name,) in connection.execute("select distinct name from kept.events").fetchall()
    ]
    codes = pd.DataFrame({"name": names, "iso3": [iso3_of(name) for name in names]})
    connection.register("codes", codes[codes["iso3"].isin(list(GLEDITSCH_WARD))])
    (whole,) = connection.execute(
        "select min(day), max(day), max(stamp), count(*) from kept.events"
    ).fetchall()
    edges = connection.execute(
        "select iso3, min(day), max(day) from kept.events join codes using (name) group by iso3"
    ).fetchall()
    covered = [code for (code,) in connection.execute("select distinct iso3 from codes").fetchall()]
    if not covered:
        raise Refusal(f"{opened.name} holds no event in West Africa or Chad: nothing was built.")
    _one_row_an_event(connection, columns)
    classify = ActorClassifier(options.actors, "acled")
    _attribute(connection, columns, classify)
    frame = connection.execute(
        f"""
        select country, month, coalesce(nullif(trim(unit), ''), '{NOT_LOCATED}') as admin1,
            perpetrator, joint_events,
            sum(events * share) as events, sum(a1 * share) as a1, sum(a2 * share) as a2,
            sum(a3 * share) as a3
        from kept.counted join shares using (sides)
        group by all order by all
        """
    ).df()
    definitions = columns.definitions
    if "A2" not in definitions:
        frame = frame.drop(columns=["a2", "a3"])
    spans = spans_by_country(edges, whole[0], whole[1])
    declaration = _declaration(opened, columns, whole, spans, options, skipped)
    return Built("deaths", frame, declaration, _notes(columns, whole, frame, classify))


_SIDES = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")


def _one_row_an_event(connection, columns: _Columns) -> None:
    """`kept.counted`, sums by country, month, unit and sides of events that target civilians, and
    `kept.named`, who stood on these sides."""
    if columns.one_row_an_actor:
        _join_actors(connection, columns)
    named = ", ".join(
        f"any_value({name}) as {name}" if name in columns or columns.one_row_an_actor
        else f"null as {name}" for name in _SIDES
    )  # fmt: skip
    connection.execute(
        f"""
        create table kept.named as
        select sides, any_value(name) as name, {named}
        from kept.events where attacked or targeted group by sides
        """
    )
    # Months as numbers: a text for each of millions of days would take longer than the sums.
    connection.execute(
        """
        create table kept.counted as
        select iso3 as country, printf('%04d-%02d', number // 12, 1 + number % 12) as month,
            unit, sides, events, coalesce(a1, 0) as a1, coalesce(a2, 0) as a2, a3
        from (
            select name, year(day) * 12 + month(day) - 1 as number, unit, sides,
                count(*) filter (targeted) as events,
                sum(fatalities) filter (attacked) as a1,
                sum(fatalities) filter (targeted) as a2,
                count(*) filter (targeted and fatalities > 0) as a3
            from kept.events where attacked or targeted
            group by name, number, unit, sides
        ) join codes using (name)
        """
    )


def _join_actors(connection, columns: _Columns) -> None:
    """One row an event, of a file with one row an actor; the first is one side, the last another."""
    associates = "assoc_actor_1" if "assoc_actor_1" in columns else "null::varchar"
    connection.execute(
        f"""
        create table kept.joined as
        select id, any_value(day) as day, any_value(name) as name, any_value(unit) as unit,
            bool_or(attacked) as attacked,
            -- The flag is rebuilt from all actors, so one row with civilians decides.
            bool_or(targeted) as targeted,
            any_value(fatalities) as fatalities,
            arg_min(actor1, place) as actor1, arg_min({associates}, place) as assoc_actor_1,
            case when count(*) > 1 then arg_max(actor1, place) end as actor2,
            case when count(*) > 1 then arg_max({associates}, place) end as assoc_actor_2
        from (select rowid as place, * from kept.events) group by id
        """
    )
    connection.execute("drop table kept.events")
    connection.execute(
        "create table kept.events as "
        "select *, hash(name, actor1, assoc_actor_1, actor2, assoc_actor_2) as sides from kept.joined"
    )


def _attribute(connection, columns: _Columns, classify: ActorClassifier) -> None:
    """`shares`: for every pair of sides, the classes and shares under each rule."""
    pairs = connection.execute(
        f"select sides, name, {', '.join(_SIDES)} from kept.named"
    ).fetchall()
    rows = []
    for key, country, *named in pairs:
        if "actor1" not in columns:
            rows += [(key, rule, "not_attributed", 1.0) for rule in JOINT_EVENTS]
            continue
        actor1, with1, actor2, with2 = (" ".join((each or "").split()) for each in named)
        both = ((actor1, with1), (actor2, with2))
        rows += [(key, *share) for share in shares(both, country.strip(), classify)]
    frame = pd.DataFrame(rows, columns=["sides", "joint_events", "perpetrator", "share"])
    connection.register("shares", frame.astype({"sides": "uint64"}))


def _declaration(opened, columns, whole, spans, options: Options, skipped: int) -> dict:
    first, last, stamp, _ = whole
    exported = None
    # Seconds since 1970; anything else is not believed.
    if stamp and 0 < stamp < _LAST_STAMP:
        exported = datetime.fromtimestamp(stamp, UTC).date()
    released = max(last, exported) if exported else last
    if not spans:
        raise Refusal(
            f"{opened.name}: expected events of at least one whole month, found {first} to {last}. "
            "Export a longer time."
        )
    vintage = options.vintage or (
        f"exported after {exported}" if exported else f"events to {last} (export not dated)"
    )
    return declare(
        description=(
            "Counts from an export of ACLED events. An event is counted in the month of its day; "
            "months between the first and last whole month of the export without an event are "
            "true zeros. The file belongs to its user and may not be passed on."
        ),
        vintage=vintage,
        released=released.isoformat(),
        coverage=spans,
        definitions=columns.definitions,
        breakdowns=["year", "month"]
        + ["admin1"] * ("admin1" in columns)
        + ["perpetrator"] * ("actor1" in columns),
        provisional_from=_months_before(released, PROVISIONAL_MONTHS - 1),
        skipped=skipped,
        warnings=[]
        if "civilian_targeting" in columns or "A2" not in columns.definitions
        else ["acled_flag_rebuilt"],
    )


def spans_by_country(edges, first: date, last: date) -> dict[str, dict[str, str]]:
    """The whole months that an export covers of each country.

    A country whose events begin or end near the edge of the file is taken to be covered up to that
    edge; one whose events end earlier is covered as far as they go, since exports of different
    days may have been put together: its silence is not peace.

    Parameters
    ----------
    edges : iterable of (str, date, date)
        Country (ISO3), day of its first event and day of its last.
    """
    spans = {}
    for country, own_first, own_last in sorted(edges):
        from_start = (own_first - first).days <= _QUIET_DAYS or first.year == _ACLED_BEGINS
        to_end = (last - own_last).days <= _QUIET_DAYS
        span = _span(first if from_start else own_first, last if to_end else own_last)
        if span["first"] <= span["last"]:
            spans[country] = span
    return spans


def _span(first: date, last: date) -> dict[str, str]:
    """The whole months of an export, judged by how near to their edges its events reach."""
    starts = pd.Period(first, "M") + int(first.day > _EDGE_DAYS)
    if first.year == _ACLED_BEGINS:
        # The first event of a country may come late in the first year of the dataset.
        starts = pd.Period(f"{_ACLED_BEGINS}-01", "M")
    ends = pd.Period(last, "M")
    if ends.days_in_month - last.day >= _EDGE_DAYS:
        ends -= 1
    return {"first": str(starts), "last": str(ends)}


def _months_before(day: date, months: int) -> str:
    return str(pd.Period(day, "M") - months)


def _notes(columns, whole, frame: pd.DataFrame, classify: ActorClassifier) -> list[str]:
    first, last, _, rows = whole
    notes = [f"{rows:,} rows, {first} to {last}; definitions {', '.join(columns.definitions)}."]
    if columns.one_row_an_actor:
        notes.append("One row an actor: rows of one event were joined by event_id_cnty.")
    if "event_id_cnty" not in columns:
        notes.append("No event_id_cnty: an event that stands there twice could not be found.")
    if "civilian_targeting" not in columns and "A2" in columns.definitions:
        notes.append("No civilian_targeting: the flag was rebuilt from types and sides of events.")
    if "actor1" not in columns:
        notes.append("No actors: deaths cannot be told apart by perpetrator.")
    if classify.unknown:
        names = ", ".join(sorted(classify.unknown)[:20])
        notes.append(f"Actors that no pattern knows, counted as unidentified: {names}.")
    return notes


ACLED_EVENTS = Source(
    name="acled-events",
    title="ACLED event data",
    signatures=(frozenset(_NEEDED),),
    build=build_deaths,
    cannot={
        "A2": "this export has neither the civilian-targeting flag nor actors or interaction codes "
        "from which it could be rebuilt: A2 cannot be computed",
        "A3": "this export has neither the civilian-targeting flag nor actors or interaction codes "
        "from which it could be rebuilt: A3 cannot be computed",
        "admin1": "this export has no column admin1",
        "perpetrator": "this export names no actors, and interaction codes do not tell groups apart",
    },
)
