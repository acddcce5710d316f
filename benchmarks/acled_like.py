"""Write a made-up event file in the form of an ACLED export, of any size.

    python benchmarks/acled_like.py events.csv --rows 3000000

Thirty columns in the order of an export of 2023, about 450 bytes a row. Nothing in it is real: days, places, actors
and deaths follow from the number of the row and a seed, so that two files of one size are equal.
"""

import argparse
from pathlib import Path

import duckdb

_COUNTRIES = (
    ("Mali", 466, "MLI"), ("Burkina Faso", 854, "BFO"), ("Niger", 562, "NIR"),
    ("Nigeria", 566, "NIG"), ("Chad", 148, "CHA"), ("Ghana", 288, "GHA"),
)  # fmt: skip
_EVENTS = (
    ("Political violence", "Battles", "Armed clash", ""),
    ("Political violence", "Violence against civilians", "Attack", "Civilian targeting"),
    ("Political violence", "Violence against civilians", "Abduction/forced disappearance",
     "Civilian targeting"),
    ("Political violence", "Explosions/Remote violence", "Air/drone strike", ""),
    ("Political violence", "Explosions/Remote violence", "Remote explosive/landmine/IED",
     "Civilian targeting"),
    ("Demonstrations", "Protests", "Peaceful protest", ""),
    ("Demonstrations", "Riots", "Mob violence", ""),
    ("Political violence", "Battles", "Government regains territory", ""),
    ("Strategic developments", "Strategic developments", "Arrests", ""),
    ("Strategic developments", "Strategic developments", "Looting/property destruction", ""),
)  # fmt: skip
_ACTORS = (
    ("JNIM: Group for Support of Islam and Muslims", "Rebel group"),
    ("Islamic State Sahel Province (ISSP)", "Rebel group"),
    ("Military Forces of {country} (2021-)", "State forces"),
    ("Unidentified Armed Group ({country})", "Political militia"),
    ("Fulani Ethnic Militia ({country})", "Identity militia"),
)  # fmt: skip


def write_events(path: Path, rows: int, seed: int = 1) -> None:
    """Write `rows` events to a CSV file.

    Events of 2010 to 2024 in six countries; three in ten target civilians, and one in six of those kills.
    """
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        connection.execute("create table countries(place int, name text, iso int, code text)")
        connection.executemany(
            "insert into countries values (?, ?, ?, ?)",
            [(place, *each) for place, each in enumerate(_COUNTRIES)],
        )
        connection.execute(
            "create table kinds(place int, disorder text, kind text, sub text, target text)"
        )
        connection.executemany(
            "insert into kinds values (?, ?, ?, ?, ?)",
            [(place, *each) for place, each in enumerate(_EVENTS)],
        )
        connection.execute("create table actors(place int, name text, inter text)")
        connection.executemany(
            "insert into actors values (?, ?, ?)",
            [(place, *each) for place, each in enumerate(_ACTORS)],
        )
        connection.execute(_QUERY.format(rows=rows, seed=seed, path=str(path).replace("'", "''")))


_QUERY = """
copy (
  with numbered as (
    select i, hash(i, {seed}) as h, hash(i + 1, {seed}) as g from range({rows}) t(i)
  )
  select
    c.code || i as event_id_cnty,
    strftime(date '2010-01-01' + (h % 5478)::int, '%Y-%m-%d') as event_date,
    year(date '2010-01-01' + (h % 5478)::int) as year,
    1 + (g % 3)::int as time_precision,
    k.disorder as disorder_type, k.kind as event_type, k.sub as sub_event_type,
    replace(a.name, '{{country}}', c.name) as actor1,
    case when g % 11 = 0 then 'Wagner Group' else '' end as assoc_actor_1,
    a.inter as inter1,
    case when k.target = '' then 'Police Forces of ' || c.name || ' (2021-)'
         else 'Civilians (' || c.name || ')' end as actor2,
    case when g % 7 = 0 then 'Farmers (' || c.name || ')' else '' end as assoc_actor_2,
    case when k.target = '' then 'State forces' else 'Civilians' end as inter2,
    a.inter || '-' || case when k.target = '' then 'State forces' else 'Civilians' end as interaction,
    k.target as civilian_targeting, c.iso as iso, 'Western Africa' as region, c.name as country,
    'Region ' || (g % 11) as admin1, 'Cercle ' || (g % 53) as admin2, 'Commune ' || (g % 701) as admin3,
    'Place ' || (g % 9001) as location,
    round(10 + (h % 70000) / 10000, 4) as latitude, round(-10 + (g % 120000) / 10000, 4) as longitude,
    1 + (h % 3)::int as geo_precision, 'A newspaper; another' as source, 'National' as source_scale,
    'On a day, an event of no. ' || i || ' was made up, and nothing of the kind happened, in a text as long as notes are.' as notes,
    case when h % 5 = 0 then (g % 9)::int else 0 end as fatalities,
    1700000000 + (h % 30000000)::int as timestamp
  from numbered
  join countries c on c.place = h % 6
  join kinds k on k.place = g % 10
  join actors a on a.place = (h // 64) % 5
) to '{path}' (header true, delimiter ',', quote '"')
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write_events(given.file, given.rows, given.seed)
    print(f"{given.file}: {given.rows:,} rows, {given.file.stat().st_size / 2**20:,.0f} MB")


if __name__ == "__main__":
    main()
