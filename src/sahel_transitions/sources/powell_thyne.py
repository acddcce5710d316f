"""Powell and Thyne, Global Instances of Coups → the table `coup_records`.

Source: Powell and Thyne (2011), "Global Instances of Coups from 1950 to 2010: A New Dataset". A coup
is successful if its leaders hold power for at least seven days; plots and allegations are no coups.
"""

import re

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import iso3_of
from sahel_transitions.sources.source import Built, Options, Source

# African states by their numbers in the Correlates of War; those of Gleditsch and Ward are the same.
AFRICA = {
    402: "CPV", 403: "STP", 404: "GNB", 411: "GNQ", 420: "GMB", 432: "MLI", 433: "SEN", 434: "BEN",
    435: "MRT", 436: "NER", 437: "CIV", 438: "GIN", 439: "BFA", 450: "LBR", 451: "SLE", 452: "GHA",
    461: "TGO", 471: "CMR", 475: "NGA", 481: "GAB", 482: "CAF", 483: "TCD", 484: "COG", 490: "COD",
    500: "UGA", 501: "KEN", 510: "TZA", 516: "BDI", 517: "RWA", 520: "SOM", 522: "DJI", 530: "ETH",
    531: "ERI", 540: "AGO", 541: "MOZ", 551: "ZMB", 552: "ZWE", 553: "MWI", 560: "ZAF", 565: "NAM",
    570: "LSO", 571: "BWA", 572: "SWZ", 580: "MDG", 581: "COM", 590: "MUS", 591: "SYC", 600: "MAR",
    615: "DZA", 616: "TUN", 620: "LBY", 625: "SDN", 626: "SSD", 651: "EGY",
}  # fmt: skip
OUTCOMES = ("successful", "failed", "conspiracy")

_OUTCOMES = {1: "failed", 2: "successful"}
# A file with events in more countries is that of the world: the others had none.
_WORLD = 60


def build_coup_records(opened: Opened, options: Options) -> Built:
    """Coups in African states, one row a country, day and outcome.

    Parameters
    ----------
    opened : Opened
        The list as its authors give it (separated by tabs) or as CSV.
    options : Options
        Without a vintage, it is the column `version` of the file.

    Raises
    ------
    TableProblems
        With every day that does not exist, every outcome but 1 and 2, every number that is not of
        the country that is named, and more than one version.
    Refusal
        If no African state is in the file.
    """
    checks = Checks(
        opened, ["country", "ccode", "year", "month", "day", "coup", "version"], separators=",\t"
    )
    typed = located(checks, "ccode")
    outcome = checks.whole_numbers("coup")
    checks.fault("coup", ~outcome.isin([1, 2]), "1 (failed) or 2 (successful)")
    typed["outcome"] = outcome.map(_OUTCOMES)
    versions = checks.frame["version"]
    stated = versions.mode().get(0, "")
    checks.fault(
        "version", versions.ne(stated) & versions.notna(), f"one version, {stated}",
        "Two releases may have been joined: take one of them.",
    )  # fmt: skip
    checks.unique(
        "ccode", "year", "month", "day", "coup", remedy="Remove or correct one of the two rows."
    )
    typed = checks.finish(typed, options.skip_bad_rows)
    day = re.search(r"(\d{4})\.(\d{2})\.(\d{2})", stated)
    released = "-".join(day.groups()) if day else f"{typed['date'].max():%Y}-12-31"
    vintage = f"Powell and Thyne {stated}" if stated else f"to {released[:4]} (release not stated)"
    records, declaration = coup_records(
        opened, typed.assign(types=[()] * len(typed)), "powell_thyne", released[:7]
    )
    declaration.update(
        citation=["powell_thyne_2026"],
        vintage=options.vintage or vintage,
        vintage_released=released,
        skipped_rows=checks.skipped,
    )
    notes = [
        f"{len(records)} records of Powell and Thyne in {records['country'].nunique()} states."
    ]
    return Built("coup_records", records, declaration, notes)


def located(checks: Checks, number: str) -> pd.DataFrame:
    """Country, day and number of the state of each event, and a problem for each that has none.

    Parameters
    ----------
    checks : Checks
        With the columns `country`, `year`, `month` and `day`.
    number : str
        The column with the number of the state in the Correlates of War.

    Returns
    -------
    DataFrame
        `country` (ISO 3166-1 alpha-3, missing outside Africa), `date` and `state`.
    """
    code = checks.whole_numbers(number, 1)
    name = checks.present("country")
    country = code.map(AFRICA)
    named = name.map(iso3_of)
    ours = country.notna() | named.isin(AFRICA.values())
    checks.fault(
        number, ours & named.notna() & (named != country),
        "the number of the country that column country names",
        cells=checks.frame[number] + " for " + name,
    )  # fmt: skip
    parts = checks.frame[["year", "month", "day"]]
    whole = parts.apply(lambda cells: cells.str.replace(r"\.0+$", "", regex=True))
    checks.frame["year-month-day"] = (
        whole["year"] + "-" + whole["month"].str.zfill(2) + "-" + whole["day"].str.zfill(2)
    )
    date = checks.days("year-month-day")
    return pd.DataFrame({"country": country, "date": date, "state": code})


def coup_records(
    opened: Opened, events: pd.DataFrame, dataset: str, last: str
) -> tuple[pd.DataFrame, dict]:
    """The rows and the declaration of one dataset's events in Africa.

    Parameters
    ----------
    events : DataFrame
        With `country` (missing outside Africa), `date`, `state` (its number), `outcome`, `types`.
    dataset : str
        As the table names it.
    last : str
        The last month that the dataset covers.

    Returns
    -------
    DataFrame
        One row a country, day and outcome.
    dict
        The declaration, but for what differs by release.
    """
    first = f"{events['date'].min():%Y-%m}"
    inside = AFRICA.values() if events["state"].nunique() > _WORLD else events["country"].dropna()
    span = {"first": f"{first[:4]}-01", "last": last}
    events = events.dropna(subset="country")
    if events.empty:
        raise Refusal(f"{opened.name} holds no African state: nothing was built.")
    events = events.assign(dataset=dataset, date=events["date"].dt.strftime("%Y-%m-%d"))
    keys = ["dataset", "country", "date", "outcome"]
    records = events.groupby(keys, as_index=False, sort=True).agg(
        types=("types", lambda lists: tuple(sorted({each for one in lists for each in one}))),
        records=("types", "size"),
    )
    declaration = {
        "title": "Coups as two datasets record them",
        "description": (
            "Coups in African states by country, day and outcome, as recorded by Powell and Thyne "
            "and by the Cline Center. The two disagree on dates and on what counts: they are "
            "shown beside each other and never added."
        ),
        "producer": "Powell and Thyne; Cline Center; facts selected by Sahel Transitions",
        "licence": "cited-facts",
        "redistribution": True,
        "content": "facts",
        "coverage": {country: span for country in sorted(set(inside))},
        "grain": keys,
        "columns": {
            "dataset": {"type": "text", "allowed": [dataset],
                        "meaning": f"{dataset} covers {span['first']} to {span['last']}"},
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3",
                        "allowed": sorted(set(inside))},
            "date": {"type": "day", "meaning": "Day of the event as the dataset dates it"},
            "outcome": {"type": "text", "allowed": list(OUTCOMES),
                        "meaning": "successful; failed (attempted); conspiracy (uncovered before "
                        "an attempt; by the Cline Center alone)"},
            "types": {"type": "list", "meaning": "Types of the event by who began it or how, as "
                      "the Cline Center codes them; several may hold",
                      "missing": "Not coded; Powell and Thyne give none"},
            "records": {"type": "integer", "unit": "records", "minimum": 1,
                        "meaning": "Records of the dataset under this key"},
        },
        "warnings": ["coup_datasets_disagree"],
    }  # fmt: skip
    return records, declaration


POWELL_THYNE = Source(
    name="powell-thyne",
    title="Powell and Thyne, Global Instances of Coups",
    signatures=(frozenset({"country", "ccode", "year", "month", "day", "coup", "version"}),),
    build=build_coup_records,
)
