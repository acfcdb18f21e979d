"""The sales force of Northwind Traders, from the tables of its database, as a crmcore organization.

Run it as `python convert_northwind.py DATA [OUTPUT.yaml]`, where DATA holds `regions.csv`, `territories.csv`,
`employees.csv` and `employee_territories.csv`.
"""

import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from crmcore.organization import (
    Count,
    Department,
    Dimension,
    Duty,
    Organization,
    Person,
    Role,
    Staffing,
    Touchpoint,
    Tree,
)

__all__ = ["CHECKS", "organization"]

CHECKS: Final = ("REF", "COV", "ORG201", "ORG202", "ORG205", "ORG206")
"""The checks that these tables can answer: they know no journey and no measures."""

Row = Mapping[str, str]


def organization(data: Path) -> Organization:
    """Read who visits which territory, and who reports to whom.

    Args:
        data: the folder with the tables.
    """
    employees = _table(data / "employees.csv")
    territories = {row["territoryID"]: row for row in _table(data / "territories.csv")}
    regions = _table(data / "regions.csv")
    visits = _table(data / "employee_territories.csv")
    return Organization(
        "Northwind Traders",
        dimensions=(Dimension("territory", Tree.of(_tree(regions, territories.values()))),),
        departments=(Department("sales"),),
        people=tuple(_person(row) for row in employees),
        roles=(Role("sales-representative", department="sales", holders=Count(min=1, max=1)),),
        staffing=tuple(
            Staffing("sales-representative", holders=(employee,), where={"territory": visited})
            for employee, visited in _visited(visits, territories).items()
        ),
        touchpoints=(Touchpoint("sales-visit"),),
        duties=(Duty(("sales-visit",), "sales-representative", "accountable"),),
    )


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _name(id_: str, description: str) -> str:
    """Name a place by its key, which alone is unique, and by its name, which people know."""
    return f"{id_} {description.strip()}"


def _territory(row: Row) -> str:
    return _name(row["territoryID"], row["territoryDescription"])


def _tree(regions: Iterable[Row], territories: Iterable[Row]) -> Mapping[str, list[str]]:
    below: dict[str, list[str]] = {row["regionID"]: [] for row in regions}
    for row in territories:
        below[row["regionID"]].append(_territory(row))
    return {_name(row["regionID"], row["regionDescription"]): below[row["regionID"]] for row in regions}


def _person(row: Row) -> Person:
    superior = row["reportsTo"]
    return Person(
        row["employeeID"],
        name=f"{row['firstName']} {row['lastName']}",
        department="sales",
        level=row["title"],
        reports_to=None if superior == "NULL" else superior,
        from_=date.fromisoformat(row["hireDate"][:10]),
    )


def _visited(visits: Iterable[Row], territories: Mapping[str, Row]) -> Mapping[str, list[str]]:
    visited: dict[str, list[str]] = {}
    for row in visits:
        visited.setdefault(row["employeeID"], []).append(_territory(territories[row["territoryID"]]))
    return visited


def _main(data: str, output: str | None = None) -> None:
    company = organization(Path(data))
    for finding in company.check(select=CHECKS).findings:
        print(finding.severity, finding.code, finding.message)
    if output is not None:
        company.write(Path(output))


if __name__ == "__main__":
    _main(*sys.argv[1:])
