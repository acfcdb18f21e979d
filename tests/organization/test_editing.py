"""Another organization from one: records are added, replaced and taken away, and the first stays as it was."""

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from crmcore import InvalidOrganization, Organization, UnknownName
from crmcore.organization import Calendar, Choice, Dimension, Duty, Person, Role, Touchpoint
from crmcore.testing import organizations

COMPANY = Organization(
    "company",
    dimensions=[Dimension("tier", Choice(["key", "standard"]))],
    people=[Person("li.na", name="李娜"), Person("wang.wei", name="王伟")],
    roles=[Role("manager")],
    touchpoints=[Touchpoint("call")],
    duties=[Duty(["call"], "manager", "accountable")],
)


def test_a_record_is_added_at_the_end_of_its_section() -> None:
    more = COMPANY.with_(Person("zhao.lei"), Duty("all", "manager", "informed"))
    assert [person.id for person in more.people] == ["li.na", "wang.wei", "zhao.lei"]
    assert more.duties == (*COMPANY.duties, Duty("all", "manager", "informed"))


def test_a_record_with_the_id_of_another_takes_its_place() -> None:
    married = COMPANY.with_(Person("li.na", name="李娜娜"))
    assert [person.name for person in married.people] == ["李娜娜", "王伟"]


def test_a_dimension_and_what_stands_alone_are_replaced_too() -> None:
    calendar = Calendar(hours=["08:00-12:00"])
    other = COMPANY.with_(Dimension("tier", Choice(["key"])), calendar, name="other")
    assert (other.dimensions[0].domain, other.calendar, other.name) == (Choice(["key"]), calendar, "other")


def test_records_are_taken_away() -> None:
    assert COMPANY.without(COMPANY.people[0], *COMPANY.duties) == evolve(COMPANY, people=COMPANY.people[1:], duties=[])


def test_what_is_not_there_cannot_be_taken_away_and_the_nearest_is_named() -> None:
    with pytest.raises(UnknownName, match=r"no record of people 'li.ma'; did you mean 'li.na'\?"):
        COMPANY.without(Person("li.ma"))


def test_a_record_with_an_id_is_taken_away_by_it_whatever_else_it_holds() -> None:
    assert [person.id for person in COMPANY.without(Person("li.na")).people] == ["wang.wei"]


def test_a_field_that_does_not_exist_is_refused_and_the_nearest_is_named() -> None:
    with pytest.raises(UnknownName, match=r"no field of the organization 'nam'; did you mean 'name'\?"):
        COMPANY.with_(nam="other")


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError, match="an organization holds records"):
        COMPANY.with_("li.na")  # type: ignore[arg-type]


def test_a_result_that_breaks_a_rule_is_refused_with_its_faults() -> None:
    with pytest.raises(InvalidOrganization, match=r"li\.na"):
        COMPANY.with_(people=[Person("li.na"), Person("li.na")])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # how fast is the machine's affair
@given(organizations())
def test_adding_what_is_new_and_taking_it_away_again_gives_the_same(organization: Organization) -> None:
    person, duty = Person("someone.new"), Duty("all", "a-role-that-is-new", "informed")
    edited = organization.with_(person, duty)
    assert edited != organization
    assert edited.without(person, duty) == organization
