"""The command line: tidy rows on standard output and nothing else, and clear refusals."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from test_sources import event

from sahel_transitions.cli.studies import parameters_markdown
from sahel_transitions.paths import PROJECT

FIRST_COLUMNS = {
    "civilian-deaths": "country,period,value,low,high,unit,definition,source,vintage,state",
    "deadlines": "country,event_promised,announced_on,due_on,authority,months_promised,"
    "slippage_days,notice_days,status,promise_id",
    "partners": "country,partner,channel,state,since_earliest,since_latest,sources",
    "partner-lags": "partner,channel,change,first_country,second_country,days_low,days,days_high",
    "transitions": "counting,stratum,cause,days,at_risk,events,share,low,high",
    "coups": "country,counted_by,since,outcome,count,until,state",
    "un-votes": "country,year,vote_set,ideal_point,q5,q95,partner,distance,distance_q5,distance_q95",
    "arms": "country,window_start,window_end,supplier,tiv,share,hhi_low,hhi,hhi_high,entropy",
    "readings": "country,row,field,reading,by,adopted,apart_low,apart_high,sources",
    "follow": "leader,follower,kind,null,measure,clock,joint,acts,lines,primary",
}


def rows(text):
    return pd.read_csv(io.StringIO(text))


@pytest.mark.parametrize(("name", "columns"), FIRST_COLUMNS.items())
def test_scripts_can_rest_on_the_first_columns(sahel, name, columns):
    code, out, err = sahel("indicator", name, "--format", "csv")
    assert (code, err) == (0, "")
    assert out.startswith(columns + ",")


@pytest.mark.parametrize(
    ("by", "columns"),
    [
        ("change", "leader,follower,kind,partner,channel,line,change,"),
        ("month", "country,partner,channel,month,state"),
        ("verdict", "first_country,second_country,subject,clock,first_value,second_value,"),
    ],
)
def test_what_a_test_of_following_rests_on_can_be_printed(sahel, by, columns):
    code, out, err = sahel("indicator", "follow", "--by", by, "--format", "csv")
    assert (code, err) == (0, "")
    assert out.startswith(columns)


@pytest.mark.parametrize("by", ["admin1", "perpetrator"])
def test_a_breakdown_has_its_column_after_the_period(sahel, by):
    _, out, _ = sahel("indicator", "civilian-deaths", "--by", by, "--format", "csv")
    assert out.startswith(f"country,period,{by},value,")


def test_the_headline_numbers(sahel):
    _, out, _ = sahel(
        "indicator", "civilian-deaths", "-p", "deaths_definition=U2", "--by", "year",
        "--format", "csv",
    )  # fmt: skip
    values = rows(out).groupby("country", sort=False)["value"].apply(list)
    assert values["MLI"] == [82, 584, 528, 521, 269, 1798, 732]
    assert values["BFA"] == [37, 94, 896, 565, 499, 848, 1576]


def test_an_absent_value_is_empty_and_says_why(sahel):
    _, out, err = sahel(
        "indicator",
        "civilian-deaths",
        "-p",
        "start=1988-01",
        "-p",
        "end=1989-12",
        "--format",
        "csv",
    )
    first = rows(out).iloc[0]
    assert (pd.isna(first["value"]), first["state"]) == (True, "not_covered")
    assert "January 1989" in err


def test_json_has_the_same_rows(sahel):
    _, out, _ = sahel("indicator", "deadlines", "-p", "as_of=2024-05-26", "--format", "json")
    end = [row for row in json.loads(out) if row["country"] == "BFA"]
    assert (end[0]["due_on"], end[0]["slippage_days"]) == ("2029-07-02", 1827)


def test_a_country_without_a_ledger_is_named_on_standard_error(sahel):
    code, out, err = sahel(
        "indicator", "deadlines", "-p", "countries=MLI,BFA,NER", "--format", "csv"
    )
    assert code == 0
    assert rows(out).set_index("country").loc["NER", "status"] == "not_covered"
    assert "Niger" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "-p", "contry=MLI"), "'countries'"),
        (("run", "-p", "countries=XXX"), "XXX"),
        (("report", "-p", "start=2024-13"), "2024-13"),
        (("run", "-p", "a\nb=1"), "not the name of a parameter"),
        (("run", "-p", "window"), "key=value"),
        (("indicator", "deaths"), "valid are"),
        (("indicator", "deadline"), "'deadlines'"),
        (("indicator", "civilian-deaths", "--by", "mont"), "'month'"),
        (("indicator", "partner-lags", "--by", "month"), "it has none"),
        (("indicator", "follow", "--by", "verdicts"), "'verdict'"),
        (("data", "build", "ucdp-gde", "--from", "x.csv"), "'ucdp-ged'"),
        (("data", "build", "ucdp-ged", "--from", "nowhere.csv"), "found none"),
        (("data", "inspect", "nowhere.csv"), "found none"),
        (("data", "fetch", "ucdp-ged"), "--release 25.1"),
        (("data", "fetch", "ucdp-ged", "--release", "25.2"), "25.1"),
        (("data", "fetch", "acled", "-p", "language=fr"), "countries, start and end"),
    ],
)
def test_refusals_exit_with_two_before_anything_is_written(sahel, arguments, said, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("something was about to run")

    monkeypatch.setattr("sahel_transitions.runs.making.prepared", refuse)
    before = sorted(path.name for path in PROJECT.iterdir())
    code, out, err = sahel(*arguments)
    assert (code, out) == (2, "")
    assert said in err and "Traceback" not in err
    assert sorted(path.name for path in PROJECT.iterdir()) == before


def test_the_tables_of_the_project_are_checked(sahel):
    code, out, _ = sahel("data", "check")
    assert code == 0 and "no problem" in out


def test_a_table_is_built_where_one_wants_it(sahel, tmp_path):
    path = tmp_path / "ged.csv"
    pd.DataFrame([event()]).to_csv(path, index=False)
    code, out, _ = sahel(
        "data", "build", "ucdp-ged", "--from", str(path), "--to", str(tmp_path / "out")
    )
    assert code == 0 and "Written" in out
    assert rows((tmp_path / "out" / "deaths.csv").read_text())["best"].tolist() == [4, 4, 4]


def test_the_readme_has_the_parameters_of_the_schema():
    assert parameters_markdown() in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_command_is_installed():
    done = subprocess.run(
        [Path(sys.executable).parent / "sahel", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in ("run", "report", "indicator", "data"):
        assert name in done.stdout


def test_every_table_of_an_indicator_is_warned_of(sahel):
    _, _, err = sahel("indicator", "coups", "-p", "as_of=2022-06-30", "--format", "csv")
    assert "V2026.01.13" in err and "released after 30 June 2022" in err
    # The two ledgers of transitions are coded to one day.
    _, _, err = sahel("indicator", "transitions", "-p", "as_of=2026-06-30", "--format", "csv")
    assert err.count("4 May 2026") >= 2
