"""Ideal points of states in the UN General Assembly → the table `un_votes`.

Source: Bailey, Strezhnev and Voeten (2017), "Estimating Dynamic State Preferences from United
Nations Voting Data", and the codebook of 28 July 2025. There are two estimates a year: from all
votes, and from those on the final passage of resolutions. The estimate by session
(`idealpointlegacy`) belongs to no calendar year and is not carried.
"""

import re
from calendar import month_abbr, monthrange
from itertools import pairwise

import pandas as pd

from sahel_transitions.errors import Refusal
from sahel_transitions.sources.files import Checks, Opened
from sahel_transitions.sources.gazetteer import GLEDITSCH_WARD
from sahel_transitions.sources.source import Built, Options, Source

PARTNERS = ("CHN", "DEU", "DZA", "FRA", "GBR", "MAR", "RUS", "TUR", "USA")

_SUFFIXES = {"all": "all", "final_passage": "fp"}
_QUANTILES = ["q5", "q10", "q50", "q90", "q95"]
_COLUMNS = [
    "iso3c", "year",
    *(f"{name}{suffix}" for suffix in _SUFFIXES.values()
      for name in ("idealpoint", *_QUANTILES, "nvotes")),
]  # fmt: skip
_MISSING = ("NA", ".")
# Ideal points lie between -5 and 5; one beyond this has lost its decimal point.
_LARGEST = 20
_MONTHS = [name.casefold() for name in month_abbr if name]
_MONTH = re.compile(rf"({'|'.join(_MONTHS)})[a-z]*[ _-]?(20\d\d)")


def build_un_votes(opened: Opened, options: Options) -> Built:
    """Ideal points with their quantiles, one row a country, year and vote set.

    Countries are those of the gazetteer and the partners with which they are compared. A year in
    which one vote set has no estimate and the other has one is a row with empty cells.

    Parameters
    ----------
    opened : Opened
        The country-year file, in Stata's form or as CSV.
    options : Options
        Without a vintage, it is taken from the name of the file (`IdealpointsJuly2025`) or from
        the day on which Stata wrote it.

    Raises
    ------
    TableProblems
        With every missing column, every cell that is no number and quantiles that are not in order.
    Refusal
        If none of the countries is in the file.
    """
    # Harvard's Dataverse offers its tables between tabs too.
    checks = Checks(opened, _COLUMNS, separators=",\t")
    country = checks.frame["iso3c"]
    year = checks.whole_numbers("year", 1946)
    checks.fault("year", year > 2100, "a year up to 2100")
    wanted = country.isin([*GLEDITSCH_WARD, *PARTNERS])
    keys = pd.DataFrame({"country": country, "year": year})
    checks.fault(
        "iso3c × year", wanted & keys.duplicated(), "a key that occurs once",
        "Remove or correct one of the two rows.", cells=country + ", " + year.astype("str"),
    )  # fmt: skip
    sets = {name: _estimates(checks, keys, name) for name in _SUFFIXES}
    kept = checks.finish(keys, options.skip_bad_rows).index
    estimated = pd.concat([each["ideal_point"].notna() for each in sets.values()], axis=1).any(
        axis=1
    )
    rows = kept[wanted[kept] & estimated[kept]]
    if rows.empty:
        raise Refusal(f"{opened.name} holds no country of the suite: nothing was built.")
    frame = pd.concat([each.loc[rows] for each in sets.values()])
    frame = frame.sort_values(["country", "year", "vote_set"], ignore_index=True)
    lacking = sorted(
        set(frame["year"])
        - set(frame.loc[(frame["vote_set"] == "all") & frame["votes"].notna(), "year"])
    )
    declaration = _declaration(opened, frame, options.vintage, lacking)
    notes = [
        f"{frame['country'].nunique()} countries, {frame['year'].min()} to {frame['year'].max()}.",
        f"Estimates on fewer than 20 votes, kept: {(frame['votes'] < 20).sum()}.",
    ]
    if lacking:
        notes.append(f"No estimate from all votes: {', '.join(map(str, lacking))}; left empty.")
    return Built("un_votes", frame, {**declaration, "skipped_rows": checks.skipped}, notes)


def _estimates(checks: Checks, keys: pd.DataFrame, vote_set: str) -> pd.DataFrame:
    suffix = _SUFFIXES[vote_set]
    frame = keys.assign(vote_set=vote_set)
    for name, column in {"ideal_point": "idealpoint", **dict.fromkeys(_QUANTILES)}.items():
        # Adding zero takes the sign from a zero.
        frame[name] = checks.numbers(f"{column or name}{suffix}", _MISSING).round(4) + 0.0
        beyond = frame[name].notna() & ~frame[name].between(-_LARGEST, _LARGEST)
        checks.fault(
            f"{column or name}{suffix}", beyond, f"a number from -{_LARGEST} to {_LARGEST}"
        )
    for lower, upper in pairwise(_QUANTILES):
        checks.fault(
            f"{lower}{suffix}", frame[lower] > frame[upper],
            f"a quantile not above {upper}{suffix}", cells=frame[lower].astype("str"),
        )  # fmt: skip
    votes = checks.numbers(f"nvotes{suffix}", _MISSING)
    whole = votes.between(1, 10_000) & (votes % 1 == 0)
    checks.fault(f"nvotes{suffix}", votes.notna() & ~whole, "a whole number of at least 1")
    frame["votes"] = votes.where(whole).astype("Int64")
    return frame


def _vintage(opened: Opened, last: int) -> tuple[str, str]:
    """The month of the release, and about the day on which it was there."""
    texts = {opened.path.stem: "", opened.content.stem: ""}
    if opened.form == "dta":
        with pd.read_stata(opened.content, iterator=True) as reader:
            # Whoever saved the file anew left another day there.
            texts[reader.time_stamp] = " (inferred)"
    for text, remark in texts.items():
        if match := _MONTH.search(text.casefold()):
            month, year = _MONTHS.index(match[1]) + 1, int(match[2])
            released = f"{year}-{month:02d}-{monthrange(year, month)[1]}"
            return f"{year}-{month:02d}{remark}", released
    return f"to {last} (release not stated)", f"{last + 1}-07-31"


def _declaration(
    opened: Opened, frame: pd.DataFrame, vintage: str | None, lacking: list[int]
) -> dict:
    years = frame.groupby("country")["year"].agg(["min", "max"])
    stated, released = _vintage(opened, int(frame["year"].max()))
    no_estimate = "No estimate from this vote set for the year"
    quantile = {"type": "number", "missing": no_estimate}
    return {
        "title": "Ideal points in the UN General Assembly",
        "description": (
            "Where states stand on the main line of division of the General Assembly, estimated "
            "from their roll-call votes of a calendar year; higher values are nearer to the "
            "United States. From all votes, and from votes on the final passage of resolutions "
            "alone. Only distances and moves within one vote set are meaningful."
        ),
        "producer": "Erik Voeten, from roll-call votes of the UNGA-DM database",
        "citation": ["bailey_strezhnev_voeten2017", "voeten_ideal_points"],
        "licence": "CC0-1.0",
        "redistribution": True,
        "vintage": vintage or stated,
        "vintage_released": released,
        "coverage": {
            country: {"first": f"{first}-01", "last": f"{last}-12"}
            for country, first, last in years.itertuples()
        },
        "grain": ["country", "year", "vote_set"],
        "columns": {
            "country": {"type": "text", "meaning": "ISO 3166-1 alpha-3; Russia is the Soviet Union "
                        "before 1992, Germany the Federal Republic before 1990",
                        "allowed": list(years.index)},
            "year": {"type": "integer", "meaning": "Calendar year of the votes", "minimum": 1946},
            "vote_set": {"type": "text", "allowed": list(_SUFFIXES),
                         "meaning": "all: all votes, with those on paragraphs and amendments; "
                         "final_passage: votes on whole resolutions alone"},
            "ideal_point": {**quantile, "meaning": "Point estimate"},
            **{name: {**quantile, "meaning": f"Quantile of the posterior at {name[1:]} per cent"}
               for name in _QUANTILES},
            "votes": {"type": "integer", "unit": "votes", "minimum": 0, "missing": no_estimate,
                      "meaning": "Votes that the estimate rests on"},
        },
        "warnings": ["unga_vote_sets_differ", *["unga_all_votes_incomplete"] * bool(lacking)],
    }  # fmt: skip


UNGA_IDEAL_POINTS = Source(
    name="unga-ideal-points",
    title="UN General Assembly ideal points (Bailey, Strezhnev, Voeten)",
    signatures=(frozenset(_COLUMNS),),
    build=build_un_votes,
)
