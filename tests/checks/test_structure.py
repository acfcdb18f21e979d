"""Departments and people hang together, and somebody leads the customer side."""

from datetime import date

import networkx
from checking import found
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization import (
    Absence,
    Department,
    Duty,
    Metric,
    Organization,
    Person,
    Role,
    Settings,
    Staffing,
    Touchpoint,
)

LEAD = Role("lead", leads_customers=True)
CEO = Person("ceo")


def subjects(code: str, organization: Organization) -> list[str]:
    return [finding.subject for finding in found(code, organization)]


# ORG201


def test_a_circle_of_superiors_is_found_once_with_its_way() -> None:
    organization = Organization(
        "x", people=[Person("d", reports_to="a"), Person("a", reports_to="b"), Person("b", reports_to="a")]
    )
    (finding,) = found("ORG201", organization)
    assert finding.message == "a reports to themself: a → b → a"
    assert [related.message for related in finding.related] == ["a reports to b", "b reports to a"]


def test_who_reports_to_themself_is_a_circle_of_one() -> None:
    (finding,) = found("ORG201", Organization("x", people=[Person("a", reports_to="a")]))
    assert finding.message == "a reports to themself"


def test_a_department_that_contains_itself_is_found() -> None:
    organization = Organization("x", departments=[Department("a", parent="b"), Department("b", parent="a")])
    (finding,) = found("ORG201", organization)
    assert finding.message == "a contains itself: a → b → a"


def test_a_tree_and_a_superior_who_does_not_exist_are_no_circle() -> None:
    organization = Organization("x", people=[CEO, Person("a", reports_to="ceo"), Person("b", reports_to="gone")])
    assert found("ORG201", organization) == []


@given(st.lists(st.none() | st.integers(0, 9), max_size=10))
def test_the_circles_are_those_of_the_graph(superiors: list[int | None]) -> None:
    people = [Person(f"p{n}", reports_to=None if up is None else f"p{up}") for n, up in enumerate(superiors)]
    graph: networkx.DiGraph[str] = networkx.DiGraph(
        (f"p{n}", f"p{up}") for n, up in enumerate(superiors) if up is not None and up < len(superiors)
    )
    reported = {
        frozenset(related.message.split()[0] for related in finding.related)
        for finding in found("ORG201", Organization("x", people=people))
    }
    assert reported == {frozenset(cycle) for cycle in networkx.simple_cycles(graph)}


# ORG202


def test_a_second_top_is_detached_and_the_larger_one_is_the_top() -> None:
    organization = Organization(
        "x",
        departments=[Department("lonely"), Department("company"), Department("sales", parent="company")],
        people=[
            Person("loner", department="sales"),
            Person("ceo", department="company"),
            Person("a", department="sales", reports_to="ceo"),
        ],
    )
    assert [finding.message for finding in found("ORG202", organization)] == [
        "lonely belongs to no department, and neither does company",
        "loner reports to nobody, and neither does ceo",
    ]


def test_where_nobody_says_whom_they_report_to_one_finding_says_so() -> None:
    organization = Organization("x", people=[CEO, Person("a"), Person("b")])
    (finding,) = found("ORG202", organization)
    assert finding.message == "none of 3 people says whom they report to"


def test_a_vacant_seat_is_a_seat_but_partners_and_the_departed_stand_outside() -> None:
    vacant = Person("seat", status="vacant")
    below = Person("a", reports_to="ceo")
    outside = [Person("agency", external=True), Person("old", to=date(2026, 1, 31))]
    assert subjects("ORG202", Organization("x", people=[CEO, below, vacant])) == ["seat"]
    assert found("ORG202", Organization("x", people=[CEO, below, *outside])) == []


def test_who_reports_to_somebody_who_left_is_detached() -> None:
    organization = Organization(
        "x", people=[CEO, Person("old", reports_to="ceo", to=date(2026, 1, 31)), Person("a", reports_to="old")]
    )
    (finding,) = found("ORG202", organization)
    assert finding.message == "a reports to old, who left after 2026-01-31"


def test_a_person_without_department_is_detached_unless_they_lead_one() -> None:
    organization = Organization(
        "x",
        departments=[Department("company", lead="ceo")],
        people=[CEO, Person("a", reports_to="ceo"), Person("b", reports_to="ceo", department="company")],
    )
    (finding,) = found("ORG202", organization)
    assert finding.message == "a works in no department"


def test_one_department_one_person_or_none_is_no_detachment() -> None:
    assert found("ORG202", Organization("x")) == []
    assert found("ORG202", Organization("x", people=[CEO])) == []
    assert found("ORG202", Organization("x", departments=[Department("company")])) == []


def test_a_circle_or_an_unknown_superior_is_not_reported_as_detached_too() -> None:
    organization = Organization(
        "x",
        people=[CEO, Person("a", reports_to="b"), Person("b", reports_to="a"), Person("c", reports_to="gone")],
    )
    assert found("ORG202", organization) == []


# ORG203


def test_more_direct_reports_than_the_limit_are_too_many() -> None:
    people = [CEO, *(Person(f"p{n}", reports_to="ceo") for n in range(3))]
    (finding,) = found("ORG203", Organization("x", people=people, checks=Settings(span_of_control=2)))
    assert finding.message == "ceo leads 3 people directly; the limit is 2"
    assert found("ORG203", Organization("x", people=people, checks=Settings(span_of_control=3))) == []


def test_only_those_who_are_employed_are_led() -> None:
    people = [CEO, Person("a", reports_to="ceo"), Person("b", reports_to="ceo", to=date(2026, 1, 1))]
    people.append(Person("c", reports_to="ceo", status="vacant"))
    assert found("ORG203", Organization("x", people=people, checks=Settings(span_of_control=1))) == []


# ORG205


def test_who_has_left_or_starts_later_holds_no_role() -> None:
    organization = Organization(
        "x",
        people=[Person("old", to=date(2026, 1, 31)), Person("new", from_=date(2027, 1, 1)), Person("a")],
        roles=[Role("agent")],
        staffing=[Staffing("agent", holders=["old", "new", "a"])],
    )
    assert [finding.message for finding in found("ORG205", organization)] == [
        "old holds agent, but left after 2026-01-31",
        "new holds agent, but starts only on 2027-01-01",
    ]


def test_an_entry_that_ended_or_begins_with_its_holder_and_a_vacant_seat_are_in_order() -> None:
    organization = Organization(
        "x",
        people=[
            Person("old", to=date(2026, 1, 31)),
            Person("new", from_=date(2027, 1, 1)),
            Person("seat", status="vacant", to=date(2026, 1, 31)),
        ],
        roles=[Role("agent")],
        staffing=[
            Staffing("agent", holders=["old"], to=date(2026, 1, 31)),
            Staffing("agent", holders=["new"], from_=date(2027, 1, 1)),
            Staffing("agent", holders=["seat"]),
        ],
    )
    assert found("ORG205", organization) == []


# ORG206


def test_a_role_without_duty_is_idle_unless_it_is_named_elsewhere() -> None:
    organization = Organization(
        "x",
        roles=[Role("idle"), Role("busy"), Role("former"), Role("owner"), LEAD],
        touchpoints=[Touchpoint("demo")],
        duties=[
            Duty(["demo"], "busy", "informed"),
            Duty(["demo"], "former", "accountable", to=date(2025, 12, 31)),
        ],
        metrics=[Metric("csat", owner="owner")],
    )
    assert subjects("ORG206", organization) == ["idle", "former"]


def test_a_person_of_the_customer_side_without_a_role_is_idle() -> None:
    def of_sales(name: str, **more: object) -> Person:
        return Person(name, department="sales", reports_to="ceo", **more)  # type: ignore[arg-type]

    organization = Organization(
        "x",
        departments=[Department("company"), Department("sales", parent="company", lead="boss"), Department("finance")],
        people=[
            Person("ceo", department="sales"),
            of_sales("boss"),
            of_sales("holder", absences=[Absence(from_=date(2026, 1, 1), to=date(2026, 1, 2), cover="cover")]),
            of_sales("backup"),
            of_sales("cover"),
            of_sales("idle"),
            of_sales("agency", external=True),
            of_sales("old", to=date(2026, 1, 1)),
            of_sales("seat", status="vacant"),
            Person("accountant", department="finance", reports_to="ceo"),
        ],
        roles=[Role("agent", department="sales")],
        staffing=[Staffing("agent", holders=["holder"], backup=["backup"])],
        touchpoints=[Touchpoint("demo")],
        duties=[Duty(["demo"], "agent", "accountable")],
    )
    (finding,) = found("ORG206", organization)
    assert finding.message == "idle works in sales and holds no role"


# ORG207


def chain(length: int, **more: object) -> Organization:
    """A company in which `p0` is the top, everybody reports to the one before, and the last leads customers."""
    people = [Person(f"p{n}", reports_to=f"p{n - 1}" if n else None) for n in range(length)]
    staffing = [Staffing("lead", holders=[people[-1].id])]
    return Organization("x", people=people, roles=[LEAD], staffing=staffing, **more)  # type: ignore[arg-type]


def test_without_a_role_that_leads_customers_even_an_empty_company_has_no_customer_lead() -> None:
    (finding,) = found("ORG207", Organization("x"))
    assert finding.message == "no role leads customers"


def test_two_roles_that_lead_customers_are_one_too_many() -> None:
    organization = Organization(
        "x",
        people=[CEO],
        roles=[LEAD, Role("other", leads_customers=True)],
        staffing=[Staffing("lead", holders=["ceo"])],
    )
    (finding,) = found("ORG207", organization)
    assert finding.message == "other leads customers, and so does lead"


def test_the_customer_lead_has_to_be_there_on_the_first_day() -> None:
    away = Person("ceo", absences=[Absence(from_=date(2026, 11, 1), to=date(2026, 11, 30))])
    for people, staffing in (([CEO], []), ([away], [Staffing("lead", holders=["ceo"])])):
        organization = Organization("x", people=people, roles=[LEAD], staffing=staffing)
        (finding,) = found("ORG207", organization)
        assert finding.message == "nobody holds lead, which leads customers"
    with_backup = Organization(
        "x", people=[away, Person("vice")], roles=[LEAD], staffing=[Staffing("lead", holders=["ceo"], backup=["vice"])]
    )
    assert found("ORG207", with_backup) == []


def test_the_customer_lead_is_near_the_top() -> None:
    assert found("ORG207", chain(3)) == []
    (finding,) = found("ORG207", chain(4))
    assert finding.message == "p3 holds lead 3 steps below the top; the limit is 2"
    assert len(finding.related) == 3
    assert found("ORG207", chain(4, checks=Settings(customer_lead_distance=3))) == []


def test_in_a_circle_there_is_no_distance_to_the_top() -> None:
    organization = Organization(
        "x",
        people=[Person("a", reports_to="b"), Person("b", reports_to="a")],
        roles=[LEAD],
        staffing=[Staffing("lead", holders=["a"])],
    )
    assert found("ORG207", organization) == []
