"""A storage knows its kinds, and what each refers to."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.errors import UnknownName
from crmcore.storage import EVENT, Entity, Event, Field, Holds, Kind, Kinds, reference
from crmcore.testing.storages import COMPANY, KINDS, PERSON, Company


def made(name: str, refers: list[str]) -> Kind:
    """A kind that refers to others."""
    fields = {f"to_{number}": reference(other, kw_only=True, type=str) for number, other in enumerate(refers)}
    return Kind(name, attrs.make_class(name, fields, bases=(Entity,), frozen=True))


def test_events_and_parcels_are_always_there() -> None:
    assert set(Kinds()) == {"event", "parcel"}
    assert list(KINDS) == ["event", "parcel", "company", "person"]
    assert len(KINDS) == 4
    assert "company" in KINDS
    assert "firm" not in KINDS
    assert KINDS.of(Company) is COMPANY


def test_a_company_may_give_events_fields_of_its_own() -> None:
    kinds = Kinds([EVENT.with_custom(Field("branch", Holds.TEXT))])
    assert "custom.branch" in kinds.of(Event).all_fields


def test_a_name_or_class_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'company'"):
        KINDS["compani"]
    with pytest.raises(UnknownName, match="Entity"):
        KINDS.of(Entity)


def test_two_kinds_of_one_name_or_one_class_are_refused() -> None:
    with pytest.raises(ValueError, match="two kinds are called 'company'"):
        Kinds([COMPANY, made("company", [])])
    with pytest.raises(ValueError, match="two kinds have the same class"):
        Kinds([COMPANY, Kind("firm", Company)])


def test_a_reference_to_a_kind_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"person\.company refers to 'company', which is no kind"):
        Kinds([PERSON])


def test_what_refers_to_a_kind_is_known() -> None:
    assert [(kind.name, name) for kind, name in KINDS.references["company"]] == [
        ("company", "parent"),
        ("person", "company"),
    ]
    assert KINDS.references["person"] == ()


@given(st.permutations(range(6)), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12, unique=True))
def test_kinds_come_behind_those_that_they_refer_to(given_order: list[int], pairs: list[tuple[int, int]]) -> None:
    refers = {one: sorted({low for low, high in pairs if high == one and low < one}) for one in range(6)}
    kinds = Kinds([made(f"k{one}", [f"k{other}" for other in refers[one]]) for one in given_order])
    order = [kind.name for kind in kinds.in_order]
    assert sorted(order) == sorted(kinds)
    for one, others in refers.items():
        assert all(order.index(f"k{other}") < order.index(f"k{one}") for other in others)


def test_kinds_that_refer_to_one_another_in_a_circle_are_in_order_too() -> None:
    kinds = Kinds([made("a", ["b"]), made("b", ["c"]), made("c", ["a"])])
    assert sorted(kind.name for kind in kinds.in_order) == ["a", "b", "c", "event", "parcel"]
