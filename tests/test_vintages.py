"""New releases lie beside the old; what differs is shown; nothing changes until it is accepted."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from conftest import study
from test_sources import event

from sahel_transitions.claims.revisions import (
    Finding,
    changed_findings,
    findings_of,
    partial_years,
    revision_triangle,
)
from sahel_transitions.cli.agreement import agreement
from sahel_transitions.cli.differences import differences
from sahel_transitions.errors import Refusal, TableProblems
from sahel_transitions.indicators import check_consistency
from sahel_transitions.methods import Ratio, ratio_of_means
from sahel_transitions.paths import CORRECTIONS, PROJECT
from sahel_transitions.sources import Options, derive, open_file
from sahel_transitions.sources.acled.events import ACLED_EVENTS
from sahel_transitions.sources.event_revisions import event_revisions
from sahel_transitions.sources.ucdp import UCDP_GED, read_ged
from sahel_transitions.sources.ucdp_one_sided import build_one_sided, one_sided_disagreements
from sahel_transitions.tables import (
    Table,
    Tables,
    accept_vintage,
    apply_corrections,
    lay_beside,
    lost_coverage,
    read_corrections,
    read_vintage,
    vintages_of,
)


@pytest.fixture
def ged(tmp_path):
    def written(name, *events):
        path = tmp_path / name
        pd.DataFrame(events).to_csv(path, index=False)
        return path

    return written


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A project of one table, away from the real one."""
    derived, beside = tmp_path / "derived", tmp_path / "vintages"
    monkeypatch.setattr("sahel_transitions.tables.vintages.DERIVED", derived)
    monkeypatch.setattr("sahel_transitions.tables.vintages.VINTAGES", beside)
    derived.mkdir()
    return derived


def built(path, tables, **options):
    return derive(path, Options(actors=tables["actors"].frame, **options))[1]


def test_a_vintage_lies_beside_the_table_until_it_is_accepted(ged, folders, tables):
    for name, release, deaths in (("a.csv", "24.1", "4"), ("b.csv", "25.1", "9")):
        new = built(ged(name, event(deaths_civilians=deaths, best=deaths)), tables, vintage=release)
        lay_beside(new.name, new.frame, new.declaration)
    assert vintages_of("deaths") == ["deaths@24.1", "deaths@25.1"]
    accept_vintage("deaths@24.1", "the first")
    assert read_vintage("deaths").frame["best"].unique().tolist() == [4]
    accept_vintage("deaths@25.1", "a newer release")
    assert read_vintage("deaths").frame["best"].unique().tolist() == [9]
    assert read_vintage("deaths").declaration.last_change == "a newer release"
    # The one that was in use stays, and can be put back.
    assert vintages_of("deaths") == ["deaths@24.1"]
    accept_vintage("deaths@24.1", "back")
    assert read_vintage("deaths").frame["best"].unique().tolist() == [4]


def laid(ged, tables, name, release, *events):
    new = built(ged(name, *events), tables, vintage=release)
    return lay_beside(new.name, new.frame, new.declaration)


def test_a_vintage_that_covers_less_is_not_accepted_by_mistake(ged, folders, tables):
    earlier = event(id="2", year="2019", date_start="2019-05-01", date_end="2019-05-01")
    laid(ged, tables, "a.csv", "24.1", event(), earlier)
    laid(ged, tables, "b.csv", "25.1", event(id="3"))
    accept_vintage("deaths@24.1", "the first")
    with pytest.raises(Refusal, match=r"lacks MLI before 20\d\d-01"):
        accept_vintage("deaths@25.1", "fewer years")
    assert read_vintage("deaths").declaration.vintage == "24.1"
    accept_vintage("deaths@25.1", "fewer years", narrower=True)
    assert read_vintage("deaths").declaration.vintage == "25.1"


def test_accepting_a_vintage_destroys_no_other(ged, folders, tables):
    laid(ged, tables, "a.csv", "24.1", event())
    accept_vintage("deaths@24.1", "the first")
    laid(ged, tables, "b.csv", "24.1", event(deaths_civilians="9", best="9"))
    laid(ged, tables, "c.csv", "25.1", event(deaths_civilians="5", best="5"))
    # Of the same vintage, and then over one that waits under the name of the one in use.
    accept_vintage("deaths@24.1", "another file of it")
    assert read_vintage("deaths").frame["best"].unique().tolist() == [9]
    accept_vintage("deaths@25.1", "a newer release")
    beside = sorted(int(read_vintage(name).frame["best"].iloc[0]) for name in vintages_of("deaths"))
    assert beside == [4, 9]


def test_another_table_of_the_same_name_is_not_overwritten(ged, folders, tables):
    laid(ged, tables, "a.csv", "24.1", event())
    laid(ged, tables, "same.csv", "24.1", event())
    with pytest.raises(Refusal, match="with other contents"):
        laid(ged, tables, "b.csv", "24.1", event(deaths_civilians="9", best="9"))


def test_coverage_that_is_lost_is_named_once_for_all_countries(tables):
    old = tables["deaths"].declaration
    spans = {code: span.model_copy(update={"last": "2020-12"}) for code, span in
             old.coverage.items() if code != "BFA"}  # fmt: skip
    new = old.model_copy(update={"coverage": spans})
    lost = lost_coverage(old, new)
    assert lost[0] == "BFA altogether" or lost[1] == "BFA altogether"
    assert len(lost) == 2 and any(each.endswith("after 2020-12") for each in lost)
    assert lost_coverage(old, old) == []


@pytest.mark.parametrize("name", ["deaths", "deaths@99.9"])
def test_what_is_no_vintage_cannot_be_accepted(folders, name):
    with pytest.raises(Refusal):
        accept_vintage(name, "why not")


def test_data_that_may_not_be_passed_on_are_not_laid_in_the_project(folders):
    declaration = {"redistribution": False, "licence": "ACLED-terms", "vintage": "x"}
    with pytest.raises(Refusal, match="--to FOLDER"):
        lay_beside("deaths", pd.DataFrame(), declaration)


def with_deaths(tables, factor, rows):
    """The table of deaths with the civilians of some rows multiplied."""
    table = tables["deaths"]
    frame = table.frame.copy()
    chosen = rows(frame)
    for name in ("civilians", "best"):
        frame.loc[chosen, name] = (frame.loc[chosen, name] * factor).astype("int64")
    return Table("deaths", frame, table.declaration)


def test_a_revision_is_shown_by_country_year_and_definition(tables):
    new = with_deaths(tables, 2, lambda frame: (frame["country"] == "MLI")
                      & frame["month"].str.startswith("2021"))  # fmt: skip
    triangle = revision_triangle(study(), tables, tables["deaths"], new)
    moved = triangle[triangle["old"] != triangle["new"]].set_index("definition")
    assert set(moved["country"]) == {"MLI"} and set(moved["year"]) == {"2021"}
    assert moved.loc["U2", ["old", "new", "change"]].tolist() == [269, 538, 269]


def test_findings_that_change_are_named_with_what_changes(tables):
    old = findings_of(study(), tables, tables["deaths"])
    assert changed_findings(old, old) == []
    shift = with_deaths(tables, 8, lambda frame: (frame["country"] == "MLI")
                        & frame["month"].str.startswith("2021"))  # fmt: skip
    said = changed_findings(old, findings_of(study(), tables, shift))
    growth = [line for line in said if line.startswith("growth MLI 2021 to 2022")]
    assert len(growth) == 1 and "sign" in growth[0] and "size" in growth[0]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (Ratio(1.5, 1.2, 1.9), Ratio(1.5, 1.2, 1.9), []),
        (Ratio(1.5, 1.2, 1.9), Ratio(1.5, 0.9, 2.5), ["significance"]),
        (Ratio(1.02, 0.9, 1.2), Ratio(0.98, 0.8, 1.1), ["sign"]),
        (Ratio(1.5, 1.2, 1.9), Ratio(1.8, 1.3, 2.4), ["size"]),
    ],
)
def test_sign_size_and_significance_are_told_apart(before, after, kinds):
    said = " ".join(changed_findings({"it": Finding(before)}, {"it": Finding(after)}))
    named = said.removeprefix("it: ").split(" (")[0]
    assert [kind for kind in named.split(", ") if kind] == kinds


def test_the_ratio_of_means_allows_for_overdispersion():
    generator = np.random.default_rng(1)
    before = generator.negative_binomial(1, 1 / 41, 12)
    after = generator.negative_binomial(1, 1 / 81, 12)
    ratio = ratio_of_means(before, after)
    assert ratio.estimate == pytest.approx(after.mean() / before.mean())
    # By hand: the log ratio of two means has the variance φ (1/Σ before + 1/Σ after).
    means = np.repeat([before.mean(), after.mean()], 12)
    counts = np.concatenate([before, after])
    dispersion = ((counts - means) ** 2 / means).sum() / (24 - 2)
    width = 1.959964 * np.sqrt(dispersion * (1 / before.sum() + 1 / after.sum()))
    assert np.log(ratio.high / ratio.estimate) == pytest.approx(width, rel=1e-4)
    poisson = sm.GLM(counts, sm.add_constant(np.repeat([0, 1], 12)), family=sm.families.Poisson())
    low, high = np.exp(poisson.fit().conf_int()[1])
    assert ratio.high / ratio.low > 2 * high / low


@pytest.mark.parametrize(("before", "after"), [([0, 0], [1, 2]), ([1], [2]), ([1, np.nan], [2, 3])])
def test_what_cannot_be_estimated_has_no_ratio(before, after):
    ratio = ratio_of_means(before, after)
    assert np.isnan(ratio.estimate) and not ratio.differs_from_one


def test_events_are_added_deleted_or_modified(ged):
    old = ged("old.csv", event(id="1"), event(id="2"), event(id="3"), event(id="9"))
    new = ged("new.csv", event(id="1"), event(id="2", deaths_civilians="6", best="6"),
              event(id="4", deaths_civilians="1", best="1"), event(id="9"))  # fmt: skip
    row = event_revisions(UCDP_GED, open_file(old), open_file(new)).iloc[0]
    counts = row[["kept", "added", "deleted", "modified"]].tolist()
    assert counts == [2, 1, 1, 1]
    assert row[["deaths_added", "deaths_deleted", "deaths_modified"]].tolist() == [1, 4, 2]


def acled(tmp_path, name, *changes):
    rows = [
        {"event_id_cnty": f"MLI{number}", "event_date": "27/03/2022", "event_type": "Battles",
         "sub_event_type": "Armed clash", "actor1": "JNIM", "country": "Mali", "fatalities": "3",
         "civilian_targeting": "", **change}
        for number, change in enumerate(changes)
    ]  # fmt: skip
    path = tmp_path / name
    pd.DataFrame(rows).to_csv(path, index=False)
    return open_file(path)


@pytest.mark.parametrize("change", [{"civilian_targeting": "Civilian targeting"},
                                    {"event_date": "28/03/2022"}])  # fmt: skip
def test_an_event_of_acled_is_modified_if_its_target_or_day_is(tmp_path, change):
    edges = [{"event_date": "13/01/2022"}, {"event_date": "31/12/2022"}]
    old = acled(tmp_path, "old.csv", *edges, {})
    new = acled(tmp_path, "new.csv", *edges, change)
    row = event_revisions(ACLED_EVENTS, old, new).iloc[0]
    assert row[["year", "kept", "added", "deleted", "modified"]].tolist() == [2022, 2, 0, 0, 1]


def test_an_event_whose_actors_alone_differ_is_renamed(tmp_path):
    edges = [{"event_date": "13/01/2022"}, {"event_date": "31/12/2022"}]
    changes = [{"actor2": "A"}, {"actor2": "B"}]
    old, new = (acled(tmp_path, f"{n}.csv", *edges, change) for n, change in enumerate(changes))
    row = event_revisions(ACLED_EVENTS, old, new).iloc[0]
    assert row[["kept", "modified", "renamed"]].tolist() == [2, 0, 1]


def test_rows_of_actors_are_not_held_against_each_other(tmp_path):
    # One row an actor: there is no actor2.
    rows = [{"event_date": "13/01/2022"}, {"event_date": "31/12/2022"}]
    old = acled(tmp_path, "old.csv", *rows)
    new = acled(tmp_path, "new.csv", *({**row, "actor1": "Civilians"} for row in rows))
    assert event_revisions(ACLED_EVENTS, old, new)["kept"].tolist() == [2]


def test_events_outside_the_days_that_both_cover_are_no_revision(ged):
    old = ged(
        "old.csv", event(id="1", date_start="2020-01-01", date_end="2020-01-01"), event(id="2")
    )
    new = ged(
        "new.csv", event(id="2"), event(id="3", date_start="2024-01-01", date_end="2024-01-01")
    )
    assert event_revisions(UCDP_GED, open_file(old), open_file(new))["kept"].tolist() == [1]


def test_two_files_are_compared_whole(ged):
    days = [("2021-01-01", "1"), ("2023-12-31", "2")]
    edges = [event(id=number, date_start=day, date_end=day, year=day[:4]) for day, number in days]
    old = ged("old.csv", *edges, event(id="3"))
    new = ged("new.csv", *edges, event(id="3", deaths_civilians="7", best="7"))
    text = "\n".join(differences(str(old), str(new), None))
    assert "MLI         U2 2022   4   7      3 +75.0%" in text
    assert "2 kept, 0 added, 0 deleted, 1 modified" in text


def test_a_year_that_one_side_holds_in_part_is_compared_over_common_months(tables):
    old, new = tables["deaths"], with_deaths(tables, 2, lambda frame: (frame["country"] == "MLI")
                                             & (frame["month"] == "2021-02"))  # fmt: skip
    spans = {code: span.model_copy(update={"last": "2021-06"})
             for code, span in old.declaration.coverage.items()}  # fmt: skip
    cut = Table("deaths", new.frame, new.declaration.model_copy(update={"coverage": spans}))
    partial = partial_years(study(), tables, old, cut)
    moved = partial[partial["old"] != partial["new"]]
    assert set(moved["year"]) == {"2021"} and set(moved["months"]) == {6}
    whole = revision_triangle(study(), tables, old, cut).dropna(subset=["old", "new"])
    assert (whole["old"] == whole["new"]).all()


def test_a_hole_of_the_newer_file_is_named_and_not_taken_for_a_revision(ged, tables):
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2020-01-01", "2022-12-31", freq="2D")]
    rows = [event(id=str(number), date_start=day, date_end=day, year=day[:4])
            for number, day in enumerate(days)]  # fmt: skip
    old = ged("old.csv", *rows)
    new = ged("new.csv", *(row for row in rows if not "2021-03" <= row["date_start"] < "2021-06"))
    text = "\n".join(differences(str(old), str(new), None))
    assert "Lost: MLI 2021-03 to 2021-05." in text
    assert "was not revised" in text


def test_an_event_under_another_spelling_is_the_same_event(tmp_path):
    edges = [{"event_date": "13/01/2022"}, {"event_date": "31/12/2022"}]
    old = acled(tmp_path, "old.csv", *edges)
    new = acled(
        tmp_path,
        "new.csv",
        *({**edge, "country": "MLI", "event_type": "BATTLES"} for edge in edges),
    )
    assert event_revisions(ACLED_EVENTS, old, new)["kept"].tolist() == [2]


def test_what_one_file_does_not_hold_whole_is_said_not_to_be_compared(ged, tables):
    whole = [event(id=str(n), year=str(y), date_start=f"{y}-05-01", date_end=f"{y}-05-01")
             for n, y in enumerate((2020, 2021, 2022))]  # fmt: skip
    lines, problems = agreement(ged("a.csv", *whole), ged("b.csv", *whole[:2]))
    assert problems == []
    assert any(line.startswith("Not compared") and "MLI 2022 to 2022" in line for line in lines)


def test_unlike_datasets_are_not_compared(ged, tmp_path):
    other = tmp_path / "number_of_reported_civilian_fatalities_as-of-20Feb2026.csv"
    other.write_text("COUNTRY,YEAR,FATALITIES\nMali,2022,9\n")
    with pytest.raises(Refusal, match="unlike definitions"):
        differences("deaths", str(other), None)


def test_a_correction_replaces_what_it_expects_and_fails_when_needless():
    cells = pd.DataFrame({"id": ["2719", "7"], "adm_1": ["Timetrine region", "Gao region"],
                          "country_id": ["432", "432"], "year": ["2009", "2009"]})  # fmt: skip
    corrections = [each for each in read_corrections("ucdp-ged") if each.where["id"] == "2719"]
    parts = {"country": "country_id", "year": "year"}
    corrected, problems = apply_corrections(cells, corrections, **parts)
    assert corrected["adm_1"].tolist() == ["Kidal region", "Gao region"] and problems == []
    _, needless = apply_corrections(corrected, corrections, **parts)
    assert "remove the correction" in str(needless[0])
    _, gone = apply_corrections(cells[1:], corrections, **parts)
    assert "no such row" in str(gone[0])
    # A file without that part of the data cannot tell.
    assert apply_corrections(cells[1:].assign(year="2010"), corrections, **parts)[1] == []


def test_every_correction_has_a_reason_and_a_source(tables):
    for path in CORRECTIONS.glob("*.yml"):
        for correction in read_corrections(path.stem):
            assert len(correction.reason) > 20
            assert correction.source in set(tables["sources"].frame["key"])


def test_a_misspelt_correction_is_named(tmp_path):
    (tmp_path / "x.yml").write_text("- where: {id: '1'}\n  colum: a\n")
    with pytest.raises(TableProblems, match="colum"):
        read_corrections("x", tmp_path)


def test_a_needless_correction_stops_a_build_and_not_a_users_file(ged, tables):
    row = event(
        id="2719", adm_1="Kidal region", date_start="2009-05-01", date_end="2009-05-01", year="2009"
    )
    path = ged("ged.csv", row)
    with pytest.raises(TableProblems, match="remove the correction"):
        built(path, tables)
    notes = built(path, tables, strict_corrections=False).notes
    assert any("remove the correction" in note for note in notes)


def test_the_tables_agree_with_each_other(tables):
    assert check_consistency(tables) == []


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "deaths",
            lambda frame: frame.assign(best=frame["best"].where(frame.index > 0, 999999)),
            "totals of start",
        ),
        (
            "population",
            lambda frame: frame.assign(population=frame["population"] * 2),
            "projection",
        ),
        ("coups", lambda frame: frame.assign(date_cline="1999-01-01"), "a date of cline"),
        (
            "exceptions",
            lambda frame: frame.assign(key="powell_thyne MLI 1999-01-01"),
            "still exists",
        ),
    ],
)
def test_each_disagreement_is_named(tables, name, change, said):
    table = tables[name]
    changed = Tables(sealed=False).with_table(Table(name, change(table.frame), table.declaration))
    assert any(said in str(problem) for problem in check_consistency(changed))


ONE_SIDED = {
    "actor_id": "7", "actor_name": "A", "year": "2022", "best_fatality_estimate": "400",
    "low_fatality_estimate": "390", "high_fatality_estimate": "450",
}  # fmt: skip


def world(deaths, active="True"):
    """Events of one actor, and of so many countries that the file is one of the world."""
    rows = [
        event(
            id="0",
            deaths_civilians=str(deaths),
            best=str(deaths),
            side_a_new_id="7",
            active_year=active,
        )
    ]
    rows += [event(id=str(900 + n), country=f"Land {n}", country_id=str(900 + n), side_a_new_id="8",
                   active_year="False") for n in range(70)]  # fmt: skip
    return rows


@pytest.mark.parametrize(("deaths", "disagree"), [(400, 0), (405, 0), (410, 1)])
def test_one_sided_violence_is_held_against_its_own_dataset(ged, deaths, disagree):
    yearly = build_one_sided(open_file(ged("one.csv", ONE_SIDED)), Options())
    assert (
        len(one_sided_disagreements(open_file(ged("ged.csv", *world(deaths))), yearly)) == disagree
    )


def test_inactive_years_are_not_in_the_one_sided_dataset(ged):
    events, _, _ = read_ged(open_file(ged("ged.csv", *world(400, active="False"))))
    assert not events["active_year"].any()
    yearly = build_one_sided(open_file(ged("one.csv", ONE_SIDED)), Options())
    assert (
        len(one_sided_disagreements(open_file(ged("ged.csv", *world(400, "False"))), yearly)) == 1
    )


def test_a_regional_file_is_not_held_against_a_dataset_of_the_world(ged):
    yearly = build_one_sided(open_file(ged("one.csv", ONE_SIDED)), Options())
    with pytest.raises(Refusal, match="release of the world"):
        one_sided_disagreements(open_file(ged("ged.csv", event())), yearly)


@pytest.mark.shared
def test_events_agree_with_the_published_totals(shared):
    folder = shared / "data/acled"
    official = folder / "number_of_reported_civilian_fatalities_by_country-year_as-of-20Feb2026.csv"
    lines, problems = agreement(
        folder / "acled_events_mli_2017-2020_monadic_vintage2022-03.csv", official
    )
    assert lines == [
        "Country-years and definitions compared: 4; 3 are equal.",
        "Not compared, since one of the two does not hold them whole: 25 (MLI 1997 to 2025).",
        "Not compared, since one of the two does not answer them: A1, A3.",
        "MLI 2020 A2: 959 against 962, 0.3% apart.",
    ]
    assert problems == []


@pytest.mark.shared
def test_revisions_of_real_exports_are_found(shared):
    folder = shared / "data/acled"
    text = "\n".join(
        differences(
            str(folder / "acled_events_mli_1997-2020-10-31.csv"),
            str(folder / "acled_events_mli_2017-2020_monadic_vintage2022-03.csv"), None,
        )
    )  # fmt: skip
    assert "MLI         A2 2019 888 876    -12 -1.4%" in text
    assert "37 added, 1 deleted, 204 modified" in text


def test_no_vintage_is_left_in_the_project_by_the_tests():
    assert not (PROJECT / "data" / "vintages").exists()
