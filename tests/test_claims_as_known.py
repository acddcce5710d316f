"""Claims judged by what was known when their text appeared, and by rows other than the text."""

import pandas as pd
import pytest
from conftest import study
from one_change import edited

from sahel_transitions.claims import check_claims, claim_verdicts


@pytest.fixture(scope="module")
def verdicts(tables):
    return claim_verdicts(study(countries="MLI,BFA,NER"), tables).set_index("claim_id")


def test_a_verdict_from_a_later_source_says_since_when_it_is_known(tables):
    """A page of August 2023 cannot have settled what a text of February 2023 said."""
    assert check_claims(tables) == []
    found = check_claims(edited(tables, "claims", "verdict_known_on", pd.NA, claim_id="C183"))
    assert [each.column for each in found] == ["verdict_known_on"] * 2
    assert all("later than the text of C183" in str(each) for each in found)


def test_before_its_source_a_claim_has_its_earlier_verdict(tables):
    before = claim_verdicts(study(as_of="2023-08-25"), tables)
    assert before.set_index("claim_id").loc["C183", "verdict"] == "partly"


def test_a_definition_that_rests_on_the_text_alone_is_named(verdicts):
    alone = verdicts["reason"].str.contains("the figure has no source besides this text")
    assert set(verdicts.index[alone.astype(bool)]) == {"C176", "C177", "C178", "C184"}


def test_what_is_not_decided_says_what_was_found(verdicts):
    assert verdicts.loc["C224", "verdict_then"] == "not_checkable"
    assert "1,379" in verdicts.loc["C224", "reason_then"]
