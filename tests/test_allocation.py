"""Whatever the rule of allocation, a country has the same dead in a year."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sources import event

from sahel_transitions.sources import ALLOCATIONS, Options, derive
from sahel_transitions.tables import Tables

COUNTS = ["events", "civilians", "unknown", "best", "low", "high"]
ACTORS = Tables(sealed=False)["actors"].frame


@st.composite
def events(draw, crossing=False):
    """A few events of several countries, within one calendar year each or over New Year."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        year = draw(st.sampled_from([2021, 2022, 2023]))
        first = date(year, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
        last = first + timedelta(days=draw(st.integers(0, 120)))
        if not crossing:
            last = min(last, date(year, 12, 31))
        country, code = draw(st.sampled_from([("Mali", "432"), ("Burkina Faso", "439")]))
        civilians, unknown = draw(st.integers(0, 400)), draw(st.integers(0, 400))
        made.append(
            event(id=str(number), year=str(year), country=country, country_id=code,
                  date_start=f"{first}", date_end=f"{last}", deaths_civilians=str(civilians),
                  deaths_unknown=str(unknown), best=str(civilians + unknown),
                  low=str(civilians), high=str(civilians + 2 * unknown))
        )  # fmt: skip
    # One without a death in each year around them, so that the file covers all of them.
    made += [
        event(id=f"of {year}", year=year, date_start=f"{year}-06-01", date_end=f"{year}-06-01",
              deaths_civilians="0", best="0", low="0", high="0")
        for year in ("2020", "2024")
    ]  # fmt: skip
    return pd.DataFrame(made)


def allocated(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.csv"
        rows.to_csv(path, index=False)
        frame = derive(path, Options(actors=ACTORS))[1].frame
    return frame.assign(year=frame["month"].str[:4])


def totals(frame, rule, keys):
    mine = frame[frame["allocation"] == rule]
    counted = mine.groupby(keys)[COUNTS].sum()
    return counted[counted.any(axis=1)]


@settings(deadline=None, max_examples=12)
@given(events())
def test_totals_by_country_and_year_are_the_sums_over_the_events(rows):
    frame = allocated(rows)
    rows = rows.assign(country=rows["country"].map({"Mali": "MLI", "Burkina Faso": "BFA"}))
    expected = rows.astype({"best": "int64"}).groupby(["country", "year"])["best"].sum()
    for rule in ALLOCATIONS:
        found = totals(frame, rule, ["country", "year"])
        assert found["best"].to_dict() == expected.to_dict()
        assert found.equals(totals(frame, "start", ["country", "year"]))


@settings(deadline=None, max_examples=12)
@given(events(crossing=True))
def test_an_event_over_new_year_is_counted_once_over_both_years(rows):
    frame = allocated(rows)
    sums = [totals(frame, rule, ["country"]) for rule in ALLOCATIONS]
    assert sums[0].equals(sums[1]) and sums[1].equals(sums[2])
    assert sums[0]["best"].sum() == rows["best"].astype("int64").sum()


def test_the_committed_table_has_the_same_years_under_every_rule():
    frame = Tables(sealed=False)["deaths"].frame
    frame = frame.assign(year=frame["month"].str[:4])
    keys = ["country", "year", "type_of_violence", "perpetrator"]
    for rule in ALLOCATIONS[1:]:
        assert totals(frame, rule, keys).equals(totals(frame, ALLOCATIONS[0], keys))
