"""What is committed follows from what is committed: tables, totals, values, findings.

These tests read the tables without their seals, so that an edited cell is named by the values that
it moves; that the seal is broken is said elsewhere (`test_tables`).
"""

import json

import pandas as pd
import pytest
from conftest import study

from sahel_transitions.indicators import (
    civilian_deaths,
    partner_lags,
    partner_states,
    promises_known,
)
from sahel_transitions.paths import REFERENCE
from sahel_transitions.runs.findings import findings_under, named_notebook
from sahel_transitions.runs.results import differences, unlike_findings
from sahel_transitions.sources import ALLOCATIONS
from sahel_transitions.tables import Tables, plain_value

COUNTS = ["events", "civilians", "unknown", "best", "low", "high"]


@pytest.fixture(scope="module")
def unsealed():
    return Tables(sealed=False)


@pytest.mark.parametrize("rule", ALLOCATIONS)
def test_deaths_sum_to_the_totals_of_country_year_and_type(unsealed, rule):
    """The totals were taken from the events by SQL, apart from the builder (see test_sources)."""
    totals = pd.read_csv(REFERENCE / "deaths_totals.csv")
    deaths = unsealed["deaths"].frame
    deaths = deaths[deaths["allocation"] == rule].assign(
        year=lambda frame: frame["month"].str[:4].astype("int64"),
        type_of_violence=lambda frame: frame["type_of_violence"].astype("int64"),
    )
    keys = ["country", "year", "type_of_violence"]
    found = deaths.groupby(keys)[COUNTS].sum().stack()
    expected = totals.set_index(keys)[COUNTS].stack()
    both = pd.DataFrame({"expected": expected, "found": found})
    moved = both[both["expected"] != both["found"]]
    assert moved.empty, f"data/derived/deaths.csv, {rule}:\n{moved.to_string()}"


def values(tables):
    """The values of the default run, computed here without a notebook."""
    parameters = study()
    for row in civilian_deaths(parameters, tables).itertuples():
        yield f"deaths.{row.country}.{row.period}", row.value
    for row in civilian_deaths(parameters, tables, "month").itertuples():
        yield f"deaths_by_month.{row.country}.{row.period}", row.value
    for row in promises_known(parameters, tables).itertuples():
        yield f"promises.{row.promise_id}.status", row.status
        if isinstance(row.due_on, str):
            yield f"promises.{row.promise_id}.due_on", row.due_on
        for measure in ("own_clock", "since_coup", "drift"):
            days = getattr(row, f"{measure}_days")
            if not pd.isna(days):
                yield f"promises.{row.promise_id}.{measure}_days", days
    for row in partner_states(parameters, tables).itertuples():
        yield f"partners.{row.country}.{row.partner}.{row.channel}", row.state
    for row in partner_lags(parameters, tables).itertuples():
        pair = f"{row.first_country}.{row.second_country}"
        yield f"lags.{row.partner}.{row.channel}.{row.change}.{pair}", row.days


def test_the_reference_values_follow_from_the_tables(unsealed):
    reference = json.loads((REFERENCE / "results.json").read_text(encoding="utf-8"))["values"]
    made = [{"id": id, "value": plain_value(value)} for id, value in values(unsealed)]
    subjects = {entry["id"].split(".")[0] for entry in made}
    expected = [
        {"id": entry["id"], "value": entry["value"]}
        for entry in reference
        if entry["id"].split(".")[0] in subjects
    ]
    # The ends of terms stand under `deadlines`, which only the notebook names.
    assert len(expected) > 300
    assert differences(expected, made) == []


@pytest.mark.parametrize(
    "name", ["01_civilian_deaths", "02_transition_deadlines", "03_partner_shifts"]
)
def test_the_reference_findings_follow_from_the_tables(unsealed, name):
    reference = json.loads((REFERENCE / "results.json").read_text(encoding="utf-8"))["findings"]
    expected = [{**stated, "notebooks": [name]} for stated in reference
                if name in stated["notebooks"]]  # fmt: skip
    found = [
        {"id": row.finding_id, "finding": row.finding, "says": list(row.says),
         "values": row.values, "notebooks": [name]}
        for row in findings_under(study(), unsealed, [named_notebook(name)]).itertuples()
    ]  # fmt: skip
    assert len(expected) > 15
    assert unlike_findings(expected, found) == []
