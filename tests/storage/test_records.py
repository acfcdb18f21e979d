"""Kinds are made from attrs classes; what some database could not have is refused when the program starts."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Literal

import attrs
import pytest
from attrs import field, frozen

from crmcore.storage import LONGEST_ID, LONGEST_INDEXED, LONGEST_TEXT, Entity, Field, Holds, Kind, reference
from crmcore.testing.storages import COMPANY, company


class Colour(StrEnum):
    RED = "red"


@frozen(kw_only=True)
class Thing(Entity):
    text: str
    choice: Colour = Colour.RED
    word: Literal["a", "b"] = "a"
    whole: int | None = None
    exact: Decimal = Decimal(1)
    number: float = 0.5
    yes: bool = True
    day: date | None = None
    instant: datetime | None = None
    tree: Mapping[str, Any] = field(factory=dict)
    items: list[str] = field(factory=list)
    pairs: tuple[int, ...] = ()
    maybe: dict[str, int] | None = None
    owner: str | None = reference("thing", default=None)


def test_what_a_field_holds_follows_from_its_type() -> None:
    fields = Kind("thing", Thing).fields
    assert [one.holds.value for one in fields.values()][2:] == [
        *("text", "text", "text", "whole", "exact", "number", "yes-no", "day", "instant"),
        *("tree", "tree", "tree", "tree", "text"),
    ]
    assert {name for name, one in fields.items() if one.optional} == {"whole", "day", "instant", "maybe", "owner"}
    assert fields["owner"].refers == "thing"
    assert (fields["exact"].default, fields["tree"].default, fields["text"].default) == (Decimal(1), {}, None)


@pytest.mark.parametrize("kind", [Enum, bytes, complex, set[str], str | int, object, Literal[1, 2]])
def test_a_type_that_cannot_be_stored_is_refused_with_those_that_can(kind: Any) -> None:
    made = attrs.make_class("Odd", {"what": attrs.field(type=kind, kw_only=True)}, bases=(Entity,), frozen=True)
    with pytest.raises(ValueError, match=r"'what' of odd is of the type .*: it can be str, int, Decimal"):
        _ = Kind("odd", made).fields


@pytest.mark.parametrize(
    "name", ["Name", "1st", "has space", "semi;colon", "_hidden", "x" * 41, "名" * 14, "ﬁ", "", "a-b", "e\u0301", 'q"']
)
def test_a_name_that_some_database_could_not_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot have a field"):
        Kind("thing", Thing, custom=[Field(name, Holds.TEXT)])


@pytest.mark.parametrize("name", ["tenant", "custom_name"])
def test_a_name_that_storages_use_themselves_is_refused(name: str) -> None:
    made = attrs.make_class("Odd", {name: attrs.field(type=str, kw_only=True)}, bases=(Entity,), frozen=True)
    with pytest.raises(ValueError, match="use the name themselves"):
        _ = Kind("odd", made).fields


@pytest.mark.parametrize("name", ["Thing", "a_thing", "-", "a--b", "1", "", "x" * 41, "东西"])
def test_a_kind_is_called_by_lower_case_words(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case words"):
        Kind(name, Thing)


def test_only_fields_that_are_there_are_indexed() -> None:
    with pytest.raises(ValueError, match="no field 'colour' to index"):
        Kind("thing", Thing, indexed=["colour"])
    with pytest.raises(ValueError, match="no field 'tree' to index"):
        Kind("thing", Thing, indexed=[("text", "tree")])


def test_a_text_that_is_indexed_has_a_length_that_every_index_takes() -> None:
    kind = Kind("thing", Thing, indexed=["text", ("owner", "choice", "word")], custom=[Field("own", Holds.TEXT)])
    assert kind.longest == {
        "id": LONGEST_ID,
        "owner": LONGEST_ID,
        "text": LONGEST_INDEXED,
        "choice": 180,
        "word": 180,
        "custom.own": LONGEST_TEXT,
    }


def test_fields_of_the_company_s_own_stand_behind_the_others_and_may_be_empty() -> None:
    assert list(COMPANY.all_fields)[-2:] == ["custom.行业", "custom.seats"]
    assert all(COMPANY.all_fields[name].optional for name in ("custom.行业", "custom.seats"))
    one = company(name="x", custom={"seats": 5})
    assert [COMPANY.value(one, name) for name in ("name", "custom.seats", "custom.行业")] == ["x", 5, None]


def test_a_company_adds_fields_and_changes_its_own() -> None:
    kind = COMPANY.with_custom(Field("seats", Holds.TEXT), Field("branch", Holds.TEXT))
    assert {one.name: one.holds.value for one in kind.custom} == {"行业": "text", "seats": "text", "branch": "text"}
    assert len(COMPANY.custom) == 2
