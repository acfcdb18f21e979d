"""What is known of Northwind's sales force comes out of its tables as findings, and nothing else of these kinds."""

import csv
from datetime import date
from pathlib import Path

import pytest
from converting import Converted, converted

from crmcore.errors import VacantRole
from crmcore.organization import Organization, Tree
from crmcore.responsibility import Question

DAY = date(1997, 1, 1)


@pytest.fixture(scope="module")
def northwind(examples: Path, shared_data: Path) -> Converted:
    return converted(examples / "crm-northwind" / "convert_northwind.py", shared_data / "crm-northwind")


def tree(northwind: Converted) -> Tree:
    domain = northwind.organization.dimensions[0].domain
    assert isinstance(domain, Tree)
    return domain


def visitor(organization: Organization, territory: str) -> str | None:
    question = Question("sales-visit", customer={"territory": territory}, day=DAY)
    try:
        person = organization.who(question).person
    except VacantRole:
        return None
    assert person is not None
    return person.id


def test_every_region_territory_and_employee_is_there(northwind: Converted) -> None:
    rows = northwind.known["rows"]
    assert len(tree(northwind).roots) == rows["regions"]
    assert len(tree(northwind).leaves) == rows["territories"]
    assert len(northwind.organization.people) == rows["employees"]


def test_exactly_the_territories_without_an_employee_are_vacant(northwind: Converted) -> None:
    [vacancy] = northwind.of("COV104")
    known = [f"{id_} {name}" for id_, name, _ in northwind.known["territory_without_employee"]]
    assert vacancy.box == {"territory": known}
    assert vacancy.points == len(known)


def test_a_name_that_repeats_is_no_key(northwind: Converted) -> None:
    for name, ids in northwind.known["territory_name_used_twice"].items():
        leaves = [leaf for leaf in tree(northwind).leaves if leaf.endswith(f" {name}")]
        assert leaves == [f"{id_} {name}" for id_ in ids]


def test_every_territory_is_answered_by_the_employee_of_the_table(northwind: Converted) -> None:
    with (northwind.data / "employee_territories.csv").open(encoding="utf-8", newline="") as lines:
        visits = {row["territoryID"]: row["employeeID"] for row in csv.DictReader(lines)}
    assert len(visits) == northwind.known["rows"]["employee_territories"]
    answers = {leaf.split()[0]: visitor(northwind.organization, leaf) for leaf in tree(northwind).leaves}
    assert {territory: person for territory, person in answers.items() if person is not None} == visits


def test_every_region_is_served_by_its_own_employees(northwind: Converted) -> None:
    assert not northwind.known["employee_serving_more_than_one_region"]
    regions = {
        region.name.split()[1]: sorted(
            {person for leaf in region.children if (person := visitor(northwind.organization, leaf.name)) is not None}
        )
        for region in tree(northwind).roots
    }
    assert regions == northwind.known["employees_by_region"]


def test_everybody_reports_to_whom_the_table_says(northwind: Converted) -> None:
    superiors = {person.id: person.reports_to or "NULL" for person in northwind.organization.people}
    assert superiors == northwind.known["reports_to"]


def test_healthy_facts_are_not_reported(northwind: Converted) -> None:
    """No territory of two employees, nobody without territory, one top, no cycle, no name that nobody has."""
    assert northwind.known["territory_with_more_than_one_employee"] == {}
    assert northwind.known["employee_without_territory"] == []
    assert [finding.code for finding in northwind.answerable] == ["COV104"]
