"""Ids are made of labels where they can be, and found again by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization import Touchpoint
from crmcore.organization.shapes import ID
from crmcore.organization.spreadsheets.labels import Names, slug


@pytest.mark.parametrize(
    ("label", "id_"),
    [
        ("First call", "first-call"),
        ("Ménage à 3!", "menage-a-3"),
        ("签约", ""),
        ("CRM 经理", ""),
        ("--", ""),
        ("２０２６", "2026"),
    ],
)
def test_a_label_in_latin_letters_gives_an_id(label: str, id_: str) -> None:
    assert slug(label) == id_


def test_a_label_finds_the_id_that_the_organization_has() -> None:
    names = Names("touchpoint", [Touchpoint("signing", label="签约"), Touchpoint("First")])
    assert [names.of(label) for label in ("签约", "signing", "合同 (signing)", "ＦＩＲＳＴ", " 签约")] == [
        "signing", "signing", "signing", "First", "signing",
    ]  # fmt: skip
    assert names.new == {}


def test_chinese_labels_are_numbered_in_their_order() -> None:
    names = Names("touchpoint", [Touchpoint("touchpoint-2")], ("all",))
    assert [names.of(label) for label in ("签约", "回访", "签约", "All")] == [
        "touchpoint-1", "touchpoint-3", "touchpoint-1", "all-2",
    ]  # fmt: skip


@given(st.lists(st.text(min_size=1, max_size=10)))
def test_every_label_gets_an_id_of_its_own_that_can_be_one(labels: list[str]) -> None:
    names = Names("role", [])
    ids = {label: names.of(label) for label in labels}
    assert all(ID.fullmatch(id_) for id_ in ids.values())
    assert {label: names.of(label) for label in labels} == ids
