"""From the rows in `kept.events` to counts by country, month, unit and perpetrator class."""

import pandas as pd

from sahel_transitions.sources.acled.event_columns import SIDES, Columns, Kind
from sahel_transitions.sources.acled.perpetrators import shares
from sahel_transitions.sources.acled.table import NOT_LOCATED
from sahel_transitions.sources.actors import ActorClassifier
from sahel_transitions.sources.joint_events import JOINT_EVENTS

_ATTACKED = f"kind = {Kind.ATTACK:d}"
# So many events in one place, or with one actor, are no chance.
_MANY = 100


def count_events(
    connection, columns: Columns, classify: ActorClassifier, *, of_all_targets: bool
) -> pd.DataFrame:
    """The rows of the table `deaths`, of the countries of `codes` (a table of `name` and `iso3`).

    `events` are those that target civilians, or attacks on them where others are not known
    (`of_all_targets`).

    Returns
    -------
    DataFrame
        `country`, `month`, `admin1`, `perpetrator`, `joint_events`, `events`, `a1`, `a2`, `a3`.
    """
    _sum_by_sides(connection, "targeted" if of_all_targets else _ATTACKED)
    _attribute(connection, columns, classify)
    return connection.execute(
        f"""
        select country, month, coalesce(nullif(trim(unit), ''), '{NOT_LOCATED}') as admin1,
            perpetrator, joint_events,
            sum(events * share) as events, sum(a1 * share) as a1, sum(a2 * share) as a2,
            sum(a3 * share) as a3
        from kept.counted join shares using (sides)
        group by all order by all
        """
    ).df()


def join_actors(connection) -> None:
    """One row an event, of a file with one row an actor; the first is one side, the last another."""
    connection.execute(
        """
        create table kept.joined as
        select id, any_value(day) as day, any_value(name) as name, any_value(unit) as unit,
            any_value(kind) as kind,
            -- The flag is rebuilt from all actors, so one row with civilians decides.
            bool_or(targeted) as targeted, any_value(stamp) as stamp,
            any_value(fatalities) as fatalities,
            arg_min(actor1, place) as actor1, arg_min(assoc_actor_1, place) as assoc_actor_1,
            case when count(*) > 1 then arg_max(actor1, place) end as actor2,
            case when count(*) > 1 then arg_max(assoc_actor_1, place) end as assoc_actor_2
        from (select rowid as place, * from kept.events) group by id
        """
    )
    connection.execute("drop table kept.events")
    connection.execute(
        "create table kept.events as "
        f"select *, hash(name, {', '.join(SIDES)}) as sides from kept.joined"
    )


def parts_of_countries(connection, columns: Columns) -> list[str]:
    """Sentences on countries of which the file seems to hold one unit, or the deeds of one actor.

    Of many events that target civilians, a whole export names several of both.
    """
    if "admin1" not in columns and "actor2" not in columns:
        return []
    rows = connection.execute(
        f"""
        with most as (
            select name, mode(case when actor1 not ilike 'civilians%' then actor1 else actor2 end)
                as actor
            from kept.events where sides is not null group by name
        )
        select iso3, count(*), count(distinct trim(unit)), any_value(trim(unit)),
            bool_and(coalesce(actor1 = actor or actor2 = actor, false)), any_value(actor)
        from kept.events join most using (name) join codes using (name)
        where sides is not null group by iso3 having count(*) >= {_MANY} order by iso3
        """
    ).fetchall()
    sentences = []
    for country, number, units, unit, one_actor, actor in rows:
        if "admin1" in columns and units == 1:
            sentences.append(
                f"{country}: all {number:,} events that target civilians are in {unit}: the file "
                "holds a part of the country, and its sums are of that part."
            )
        if "actor2" in columns and one_actor:
            sentences.append(
                f"{country}: all {number:,} events that target civilians name {actor}: the file "
                "holds the events of one actor, and its sums are of that actor."
            )
    return sentences


def _sum_by_sides(connection, counted: str) -> None:
    """`kept.counted`, sums by country, month, unit and sides of events that target civilians, and
    `kept.named`, who stood on these sides."""
    named = ", ".join(f"any_value({name}) as {name}" for name in SIDES)
    connection.execute(
        f"""
        create table kept.named as
        select sides, any_value(name) as name, {named}
        from kept.events where {_ATTACKED} or targeted group by sides
        """
    )
    # Months as numbers: a text for each of millions of days would take longer than the sums.
    connection.execute(
        f"""
        create table kept.counted as
        select iso3 as country, printf('%04d-%02d', number // 12, 1 + number % 12) as month,
            unit, sides, events, coalesce(a1, 0) as a1, coalesce(a2, 0) as a2, a3
        from (
            select name, year(day) * 12 + month(day) - 1 as number, unit, sides,
                count(*) filter ({counted}) as events,
                sum(fatalities) filter ({_ATTACKED}) as a1,
                sum(fatalities) filter (targeted) as a2,
                count(*) filter (targeted and fatalities > 0) as a3
            from kept.events where {_ATTACKED} or targeted
            group by name, number, unit, sides
        ) join codes using (name)
        """
    )


def _attribute(connection, columns: Columns, classify: ActorClassifier) -> None:
    """`shares`: for every pair of sides, the classes and shares under each rule."""
    pairs = connection.execute(f"select sides, name, {', '.join(SIDES)} from kept.named").fetchall()
    rows = []
    for key, country, *named in pairs:
        if not columns.names_all_actors:
            rows += [(key, rule, "not_attributed", 1.0) for rule in JOINT_EVENTS]
            continue
        actor1, with1, actor2, with2 = (" ".join((each or "").split()) for each in named)
        both = ((actor1, with1), (actor2, with2))
        rows += [(key, *share) for share in shares(both, country.strip(), classify)]
    frame = pd.DataFrame(rows, columns=["sides", "joint_events", "perpetrator", "share"])
    connection.register("shares", frame.astype({"sides": "uint64"}))
