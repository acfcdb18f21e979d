"""Letters and words of duties, in one language or the other, in one width or the other."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization.raci.letters import DUTY_LETTERS, Vocabulary, letters_of, vocabulary_of


@given(st.sets(st.sampled_from(sorted(DUTY_LETTERS)), min_size=1))
def test_letters_are_read_as_the_duties_that_they_were_written_for(kinds: set[str]) -> None:
    written = letters_of(kind for kind in DUTY_LETTERS if kind in kinds)
    for sign in ("/", ",", "", " ", "、", "\n"):
        assert set(Vocabulary().duties(written.replace("/", sign)) or ()) == kinds
        assert set(Vocabulary().duties(written.replace("/", sign).lower()) or ()) == kinds


@pytest.mark.parametrize("cell", ["X", "S", "AX", "A/S", "yes", "✓", "总监", "A?", "A" * 50])
def test_what_names_no_duty_is_none(cell: str) -> None:
    assert Vocabulary().duties(cell) is None


@pytest.mark.parametrize("cell", ["-", "—", "N/A", "无", "／"])
def test_a_dash_names_nothing(cell: str) -> None:
    assert Vocabulary().duties(cell) == ()


@pytest.mark.parametrize(
    ("texts", "meaning"),
    [
        (["负责", "批准", "咨询", "知会"], "responsible"),
        (["负责", "执行", "咨询"], "accountable"),
        (["负责", "执行", "批准"], "responsible"),
        (["负责"], "responsible"),
        (["负责 (A)", "R"], "responsible"),
    ],
)
def test_what_being_in_charge_means_depends_on_the_other_words(texts: list[str], meaning: str) -> None:
    for order in permutations(texts):
        assert vocabulary_of(order).duties("负责") == (meaning,)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("负责 (A)", "accountable"), ("R - Responsible", "responsible"), ("知会(I)", "informed"), ("C", "consulted"),
     ("总监", None), ("A/R", None), ("", None), ("V：否决", "veto")],
)  # fmt: skip
def test_a_heading_names_one_duty_and_a_letter_decides(heading: str, kind: str | None) -> None:
    assert Vocabulary().column(heading) == kind
