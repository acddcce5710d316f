"""Runs on files of users, in a kernel as `sahel run` starts it: here with an export of ACLED."""

import json

import nbformat
import pandas as pd
import pytest
from conftest import study
from test_acled import event

from sahel_transitions.errors import Refusal
from sahel_transitions.indicators import civilian_deaths, deaths_table
from sahel_transitions.language import words
from sahel_transitions.paths import NOTEBOOKS
from sahel_transitions.runs import run
from sahel_transitions.sources import named_files

NOTEBOOK = NOTEBOOKS / "01_civilian_deaths.ipynb"
TYPES = ("Violence against civilians", "Battles", "Explosions/Remote violence", "Riots", "Protests")


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """An event a day in both countries, but for three months of 2018 that were lost."""
    days = [day for day in pd.date_range("2017-01-01", "2019-12-31")
            if not "2018-04" <= f"{day:%Y-%m}" <= "2018-06"]  # fmt: skip
    rows = [
        event(event_id_cnty=f"{country}{number}", event_date=f"{day:%Y-%m-%d}", year=str(day.year),
              event_type=TYPES[number % 5], sub_event_type="", country=country,
              actor2=f"Civilians ({country})", fatalities=str(number % 3))
        for country in ("Mali", "Burkina Faso") for number, day in enumerate(days)
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("export") / "events.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module", params=["en", "fr"])
def made(request, export, tmp_path_factory):
    parameters = study(deaths_source=str(export), deaths_definition="A2", end="2019-12",
                       language=request.param)  # fmt: skip
    return run(parameters, runs=tmp_path_factory.mktemp("runs"), notebooks=[NOTEBOOK])


def test_values_of_a_run_are_those_of_the_file(made, export):
    rows = pd.read_csv(export, dtype="str")
    targets = rows["event_type"].isin(
        ["Violence against civilians", "Explosions/Remote violence", "Riots"]
    )
    mali = rows[targets & (rows["country"] == "Mali") & (rows["year"] == "2017")]
    values = {value["id"]: value for value in made.results()}
    assert values["deaths.MLI.2017"]["value"] == mali["fatalities"].astype("int64").sum()
    assert (values["deaths.MLI.2018"]["value"], values["deaths.MLI.2018"]["state"]) == (
        None,
        "missing",
    )
    assert values["deaths_by_month.MLI.2018-05"]["state"] == "missing"


def test_a_run_speaks_of_the_file_and_warns_of_nothing_else(made):
    (record,) = made.records()
    assert record["datasets"]["deaths"]["citation"] == ["acled_event_exports"]
    assert any("2018" in text for text in record["lacking"])
    book = nbformat.read(made.folder / "notebooks" / NOTEBOOK.name, as_version=4)
    outputs = [output for cell in book.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type in {"stream", "error"}]
    assert "UCDP GED" not in json.dumps(record["lacking"])


def test_yearly_totals_are_refused_before_a_kernel_starts(tmp_path):
    totals = tmp_path / "number_of_reported_civilian_fatalities_as-of-20Feb2026.csv"
    totals.write_text("COUNTRY,YEAR,FATALITIES\nMali,2020,962\nMali,2021,531\nMali,2026,9\n")
    with pytest.raises(Refusal, match="whole years, and the notebooks show months"):
        run(study(deaths_source=str(totals), deaths_definition="A2"), runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def two(tmp_path, *countries):
    paths = []
    for country in countries:
        days = pd.date_range("2019-12-20", "2021-01-10")
        rows = [event(event_id_cnty=f"{country}{number}", event_date=f"{day:%Y-%m-%d}",
                      year=str(day.year), country=country, fatalities="1",
                      event_type=TYPES[number % 5], timestamp="1700000000")
                for number, day in enumerate(days)]  # fmt: skip
        paths.append(tmp_path / f"{len(paths)}, {country}.csv")
        pd.DataFrame(rows).to_csv(paths[-1], index=False)
    return paths


def test_two_countries_may_come_in_two_files(tmp_path, tables):
    paths = two(tmp_path, "Mali", "Burkina Faso")
    for path in paths:
        path.rename(path.with_name(path.name.replace(", ", "_")))
    given = ",".join(str(path.with_name(path.name.replace(", ", "_"))) for path in paths)
    parameters = study(deaths_source=given, deaths_definition="A1", start="2020-01", end="2020-12")
    own = tables.with_table(deaths_table(parameters, tables))
    years = civilian_deaths(parameters, own)
    assert years["country"].tolist() == ["MLI", "BFA"]
    assert [float(value) for value in years["value"]] == [73, 73]
    (vintage,) = years["vintage"].unique()
    assert vintage == "exported after 2023-11-14"


def test_files_that_differ_say_so_of_their_own_countries(tmp_path, tables):
    mali, burkina = two(tmp_path, "Mali", "Burkina Faso")
    rows = pd.read_csv(burkina, dtype="str", keep_default_na=False).assign(timestamp="1650000000")
    sides = [
        "actor1",
        "actor2",
        "assoc_actor_1",
        "assoc_actor_2",
        "inter1",
        "inter2",
        "interaction",
    ]
    other = tmp_path / "burkina.csv"
    rows.drop(columns=sides).to_csv(other, index=False)
    given = f"{mali.rename(tmp_path / 'mali.csv')},{other}"
    parameters = study(deaths_source=given, deaths_definition="A2", start="2020-01", end="2020-12")
    own = tables.with_table(deaths_table(parameters, tables))
    years = civilian_deaths(parameters, own).set_index("country")
    assert years["state"].to_dict() == {"MLI": "observed", "BFA": "missing"}
    vintage = years["vintage"].iloc[0]
    assert vintage == "MLI: exported after 2023-11-14; BFA: exported after 2022-04-15"
    assert words("fr").vintage(vintage).startswith("Mali\u202f: ")
    a1 = civilian_deaths(parameters.model_copy(update={"deaths_definition": "A1"}), own)
    assert a1["state"].tolist() == ["observed", "observed"]


def test_a_path_with_a_comma_is_one_file(tmp_path):
    (path,) = two(tmp_path, "Mali")
    assert named_files(str(path)) == (path,)


@pytest.mark.parametrize(
    ("names", "said"),
    [(("Mali", "Mali"), "both hold MLI"), (("Mali", "weekly"), "only files of deaths of one kind")],
)
def test_files_that_do_not_go_together_are_refused(tmp_path, names, said):
    paths = two(tmp_path, *names)
    weekly = "WEEK,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES\n"
    rows = [f"{day:%d-%B-%Y},Niger,Tillaberi,Battles,Armed clash,1,1\n"
            for day in pd.date_range("2020-01-04", "2020-12-26", freq="7D")]  # fmt: skip
    if names[1] == "weekly":
        paths[1].write_text(weekly + "".join(rows))
    plain = [path.rename(path.with_name(path.name.replace(", ", "_"))) for path in paths]
    with pytest.raises(Refusal, match=said):
        study(deaths_source=",".join(map(str, plain)), deaths_definition="A1")


def test_a_file_that_is_not_there_is_named(tmp_path):
    (path,) = two(tmp_path, "Mali")
    with pytest.raises(Refusal, match=r"absent\.csv' is neither"):
        study(
            deaths_source=f"{path.rename(tmp_path / 'there.csv')},absent.csv",
            deaths_definition="A1",
        )
