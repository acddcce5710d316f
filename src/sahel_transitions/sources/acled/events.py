"""ACLED event files → the table `deaths`, for files of any size.

Read are exports old and new: with or without the flag of civilian targeting, with codes as numbers
or in words, with one row an event or one row an actor, with a line of HXL tags, as CSV or as the
JSON that the API gives. The file is scanned once by DuckDB within a bound of memory; what is kept
are counts by country, month, first-order unit and perpetrator class, never an event.
"""

import tempfile
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.acled.event_columns import NEEDED, Columns, Kind
from sahel_transitions.sources.acled.event_counts import (
    count_events,
    join_actors,
    parts_of_countries,
)
from sahel_transitions.sources.acled.event_scan import scan
from sahel_transitions.sources.acled.filters import Answerable, answerable
from sahel_transitions.sources.acled.table import (
    BEGINS,
    PROVISIONAL_MONTHS,
    declare,
    months_before,
)
from sahel_transitions.sources.actors import ActorClassifier
from sahel_transitions.sources.files import Opened
from sahel_transitions.sources.files.checks import check_separator
from sahel_transitions.sources.files.database import database
from sahel_transitions.sources.files.progress import watched
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD, iso3_of
from sahel_transitions.sources.silences import (
    Held,
    both,
    lost_within,
    months_held,
    without_lost,
)
from sahel_transitions.sources.source import Built, Options, Source, Unanswerable

_MEMORY = "200MB"
# How many rows a page of the API holds at most, with and without its header.
_CAPS = (4999, 5000)
_LATEST_CODING = timedelta(days=30 * 366)


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
    Unanswerable
        If it was filtered so that no definition can be answered.
    Refusal
        If it holds no event of a country of the gazetteer, or no whole month.
    """
    check_separator(opened, ",;")
    columns = Columns.of(opened)
    with tempfile.TemporaryDirectory(prefix="sahel-") as folder:
        config = {"memory_limit": _MEMORY, "temp_directory": folder, "threads": 2}
        with database(**config) as connection:
            connection.execute("attach ':memory:' as kept (compress)")
            with watched(connection, options.told, "Reading events", upto=0.8):
                columns, skipped = scan(connection, opened, columns, options)
            options.told("Counting", 0.8)
            return _built(connection, opened, columns, options, skipped)


def _built(connection, opened, columns: Columns, options: Options, skipped: int) -> Built:
    ((rows,),) = connection.execute("select count(*) from kept.events").fetchall()
    if columns.one_row_an_actor:
        join_actors(connection)
    names = [
        name for (name,) in connection.execute("select distinct name from kept.events").fetchall()
    ]
    codes = pd.DataFrame({"name": names, "iso3": [iso3_of(name) for name in names]})
    codes = codes[codes["iso3"].isin(list(GLEDITSCH_WARD))]
    if codes.empty:
        raise Refusal(f"{opened.name} holds no event in West Africa or Chad: nothing was built.")
    connection.register("codes", codes)
    whole = _first_last_exported(connection)
    answers = answerable(
        connection.execute(
            "select iso3 as country, kind, count(*) as events, "
            "count(*) filter (targeted) as targeted, count(*) filter (fatalities > 0) as lethal "
            "from kept.events left join codes using (name) group by all"
        ).df(),
        tells_targets=columns.tells_targets,
    )
    if not answers.definitions:
        raise Unanswerable(next(iter(answers.cannot.values())))
    days = connection.execute(
        f"select iso3 as country, day as start, day as end, bool_or(kind = {Kind.ATTACK:d}) "
        "as attack from kept.events left join codes using (name) group by all"
    ).df()
    held = months_held(days, BEGINS)
    if not held.coverage:
        raise Refusal(
            f"{opened.name}: expected events of at least one whole month, found {whole[0]} to "
            f"{whole[1]}. Export a longer time."
        )
    # Rows of one type may have been lost while others were not.
    lost, notes = lost_within(days[days["attack"]], held.coverage, "attack on civilians")
    held = Held(held.coverage, both(held.lost, lost), [*held.notes, *notes])
    parts = parts_of_countries(connection, columns)
    classify = ActorClassifier(options.actors, "acled")
    frame = count_events(connection, columns, classify, of_all_targets="A2" in answers.definitions)
    unanswered = {"a1", "a2", "a3"} - {name.lower() for name in answers.definitions}
    return Built(
        "deaths",
        without_lost(frame, held.coverage, held.lost).drop(columns=sorted(unanswered)),
        _declaration(columns, whole, held, answers, bool(parts), options, skipped),
        [*_notes(columns, whole, rows, held, answers, classify), *parts],
        answers.cannot,
    )


def _declaration(
    columns: Columns,
    whole,
    held: Held,
    answers: Answerable,
    is_part: bool,
    options: Options,
    skipped: int,
) -> dict:
    _, last, exported = whole
    released = max(last, exported) if exported else last
    vintage = options.vintage or (
        f"exported after {exported}" if exported else f"events to {last} (export not dated)"
    )
    rebuilt = "civilian_targeting" not in columns and "A2" in answers.definitions
    return declare(
        description=(
            "Counts from an export of ACLED events. An event is counted in the month of its day; "
            "months between the first and last whole month of the export without an event are "
            "true zeros, unless no event of any type is there for so long that the export must "
            "have lost them. The file belongs to its user and may not be passed on."
        ),
        vintage=vintage,
        released=released.isoformat(),
        coverage=held.coverage,
        lost=held.lost,
        unanswered=answers.unanswered,
        definitions=list(answers.definitions),
        breakdowns=["year", "month"]
        + ["admin1"] * ("admin1" in columns)
        + ["perpetrator"] * columns.names_all_actors,
        provisional_from=months_before(released, PROVISIONAL_MONTHS - 1),
        skipped=skipped,
        warnings=["acled_flag_rebuilt"] * rebuilt
        + ["acled_types"] * bool(answers.lacking)
        + ["acled_part"] * is_part,
    )


def _first_last_exported(connection) -> tuple[date, date, date | None]:
    """The day of the first and last event, and that of the last coding, which the export follows.

    Times are seconds since 1970; what lies years beyond the last event is not believed.
    """
    ((first, last),) = connection.execute("select min(day), max(day) from kept.events").fetchall()
    latest = (datetime(last.year, 12, 31, tzinfo=UTC) + _LATEST_CODING).timestamp()
    ((stamp,),) = connection.execute(
        "select max(stamp) from kept.events where stamp > 0 and stamp < ?", [latest]
    ).fetchall()
    return first, last, datetime.fromtimestamp(stamp, UTC).date() if stamp else None


def _notes(columns, whole, rows, held: Held, answers: Answerable, classify) -> list[str]:
    first, last, _ = whole
    notes = [
        f"{rows:,} rows, {first} to {last}; definitions {', '.join(answers.definitions)}.",
        *held.notes,
        *(f"{why}." for why in answers.notes),
    ]
    if rows in _CAPS:
        notes.append(
            f"{rows:,} rows are as many as one page of the API holds: older events may be lacking."
        )
    if answers.lacking:
        notes.append(
            f"No event of the types {', '.join(answers.lacking)}: if the export was filtered by "
            "type, deaths are lacking."
        )
    if columns.one_row_an_actor:
        notes.append("One row an actor: rows of one event were joined by event_id_cnty.")
    if "event_id_cnty" not in columns:
        notes.append("No event_id_cnty: an event that stands there twice could not be found.")
    if "civilian_targeting" not in columns and "A2" in answers.definitions:
        notes.append("No civilian_targeting: the flag was rebuilt from types and sides of events.")
    if not columns.names_all_actors:
        notes.append("Not all actors are named: deaths cannot be told apart by perpetrator.")
    if classify.unknown:
        names = ", ".join(sorted(classify.unknown)[:20])
        notes.append(f"Actors that no pattern knows, counted as unidentified: {names}.")
    return notes


ACLED_EVENTS = Source(
    name="acled-events",
    title="ACLED event data",
    signatures=(frozenset(NEEDED),),
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
