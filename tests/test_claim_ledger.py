"""The ledger of claims at a glance: counts, sentences, tables and figures."""

import pytest
from conftest import study
from drawn_labels import labels_outside, touching_labels

from sahel_transitions import claims, figures
from sahel_transitions.language import words

STUDIES = {
    "default": {},
    "french": {"language": "fr"},
    "few claims": {"countries": "NER,SEN"},
    "early day": {"as_of": "2022-06-30", "language": "fr"},
    "no claim": {"countries": "SEN,TCD"},
}


@pytest.fixture(scope="module", params=STUDIES.values(), ids=STUDIES.keys())
def given(request, tables):
    parameters = study(**request.param)
    return parameters, claims.claim_verdicts(parameters, tables), words(parameters.language)


@pytest.fixture(scope="module")
def verdicts(tables):
    return claims.claim_verdicts(study(), tables)


def drawn(parameters, verdicts, say):
    counts = [claims.verdict_counts(verdicts, by) for by in ("document", "theme")]
    return (
        figures.verdicts_by_document(*counts, parameters.as_of, say),
        figures.verdicts_then_and_now(claims.judged_claims(verdicts), parameters.as_of, say),
    )


def test_every_claim_is_counted_once_by_document_and_by_theme(given):
    _, verdicts, _ = given
    single = len(claims.judged_claims(verdicts))
    for by in ("document", "theme"):
        counts = claims.verdict_counts(verdicts, by)
        assert counts["claims"].sum() == single
        assert counts[list(claims.VERDICTS)].to_numpy().sum() == single


def test_duplicates_are_shown_and_not_counted(verdicts):
    judged = claims.judged_claims(verdicts)
    assert "C093" not in set(judged["claim_id"]) and "C142" in set(judged["claim_id"])
    assert "C093" in set(claims.claim_table(verdicts, words("en"))["claim_id"])


def test_sentences_say_the_counts(verdicts):
    said = claims.claim_findings(verdicts, words("en"))
    judged = claims.judged_claims(verdicts)
    held = int((judged["verdict"] == "reproduced").sum())
    assert said[0].startswith(f"{len(judged)} claims are judged: {held} reproduced, ")
    computed = int((judged["basis"] == "computed").sum())
    assert f"of {computed} of the {len(judged)} are computed" in said[2]


def test_at_least_120_verdicts_are_computed(verdicts):
    assert (claims.judged_claims(verdicts)["basis"] == "computed").sum() >= 120


def test_what_moved_was_judged_otherwise_then(verdicts):
    moved = claims.moved_claims(verdicts, words("en"))
    assert len(moved) and (moved["verdict"] != moved["verdict_then"]).all()
    assert "C029" in set(moved["claim_id"])


def test_a_country_without_claims_is_said_to_have_none(tables):
    verdicts = claims.claim_verdicts(study(countries="SEN,TCD"), tables)
    said = claims.claim_findings(verdicts, words("en"))
    assert said[0].startswith("Senegal: none of the five documents")
    assert said[-1].startswith("None of the five documents")


def test_the_instructive_claims_are_of_all_documents_and_most_verdicts(verdicts):
    table = claims.instructive_claims(verdicts, words("en"))
    assert table["claim_id"].tolist() == list(claims.INSTRUCTIVE)
    shown = verdicts[verdicts["claim_id"].isin(claims.INSTRUCTIVE)]
    assert set(shown["document"]) == set(verdicts["document"].dropna())
    assert len(set(shown["verdict"])) >= 4


def test_tables_are_in_the_language_of_the_study(given):
    _, verdicts, say = given
    table = claims.claim_table(verdicts, say)
    assert set(table["verdict"]) <= {say(f"claims.verdict.{name}") for name in claims.VERDICTS}
    assert len(table) == verdicts["claim_id"].notna().sum()


def test_figures_have_words_and_keep_their_labels_apart(given):
    parameters, verdicts, say = given
    for figure in drawn(parameters, verdicts, say):
        assert figure.title and figure.note and len(figure.alt) > 20
        assert touching_labels(figure) == [] and labels_outside(figure) == []


def test_bars_are_as_long_as_the_counts(verdicts):
    figure, _ = drawn(study(), verdicts, words("en"))
    for axes, by in zip(figure.canvas.axes, ("document", "theme"), strict=True):
        counts = claims.verdict_counts(verdicts, by)
        ends = [
            max(bar.get_x() + bar.get_width() for bar in row)
            for row in zip(*axes.containers, strict=True)
        ]
        assert ends == counts["claims"].tolist()
