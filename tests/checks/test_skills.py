"""The people who hold roles can do what the roles need."""

from datetime import date

from checking import found

from crmcore.organization import Organization, Person, Role, Staffing

LATIN = Role("teacher", skills=["latin", "greek"])


def company(*people: Person, **staffing: object) -> Organization:
    entry = Staffing("teacher", holders=[person.id for person in people], **staffing)  # type: ignore[arg-type]
    return Organization("x", people=people, roles=[LATIN], staffing=[entry])


def test_a_holder_who_lacks_skills_is_named_with_what_is_missing() -> None:
    (finding,) = found("SKL601", company(Person("a", skills=["latin"])))
    assert finding.message == "a holds teacher without greek"


def test_a_holder_of_one_role_in_many_places_is_named_once() -> None:
    organization = Organization(
        "x", people=[Person("a")], roles=[LATIN], staffing=[Staffing("teacher", holders=["a"]) for _ in range(3)]
    )
    assert len(found("SKL601", organization)) == 1


def test_a_skilled_holder_a_vacant_seat_and_one_who_left_are_not_named() -> None:
    people = [
        Person("a", skills=["greek", "latin", "english"]),
        Person("seat", status="vacant"),
        Person("old", to=date(2026, 1, 1)),
    ]
    assert found("SKL601", company(*people)) == []
    assert found("SKL601", company(Person("b"), to=date(2026, 1, 1))) == []


def test_where_nobody_lists_any_skill_each_check_says_so_once() -> None:
    organization = company(Person("a"), Person("b"))
    (holders,), (skills,) = found("SKL601", organization), found("SKL602", organization)
    assert holders.message == "nobody lists any skill, and 2 people hold roles that need some"
    assert [related.message for related in holders.related] == ["a holds teacher", "b holds teacher"]
    assert skills.message == "nobody lists any skill, and these are needed: latin, greek"
    assert [related.message for related in skills.related] == ["teacher needs these skills"]


def test_a_skill_that_nobody_active_has_is_found_once_for_all_roles() -> None:
    organization = Organization(
        "x",
        people=[Person("a", skills=["latin"]), Person("old", skills=["greek"], to=date(2026, 1, 1))],
        roles=[LATIN, Role("guide", skills=["greek"]), Role("unstaffed", skills=["hebrew"])],
        staffing=[Staffing("teacher", holders=["a"]), Staffing("guide", holders=["a"])],
    )
    (finding,) = found("SKL602", organization)
    assert finding.message == 'teacher needs "greek", which nobody active can do'
    assert [related.message for related in finding.related] == ["guide needs it too"]


def test_a_skill_that_is_spelt_differently_is_suggested() -> None:
    (finding,) = found("SKL602", company(Person("a", skills=["latin", "greeek"])))
    assert finding.message == 'teacher needs "greek", which nobody active can do; did you mean "greeek"?'


def test_a_skill_is_there_when_somebody_else_has_it_but_not_when_they_are_thought_away() -> None:
    organization = Organization(
        "x",
        people=[Person("a", skills=["latin"]), Person("b", skills=["greek"])],
        roles=[LATIN],
        staffing=[Staffing("teacher", holders=["a"])],
    )
    assert found("SKL602", organization) == []
    assert [finding.subject for finding in found("SKL602", organization, without=["b"])] == ["greek"]
