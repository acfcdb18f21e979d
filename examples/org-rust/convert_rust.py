"""The Rust project, from its team repository, as a crmcore organization.

Run it as `python convert_rust.py DATA [OUTPUT.yaml]`, where DATA holds `rust-team.json`.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from crmcore.organization import (
    Choice,
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

CHECKS: Final = ("REF", "COV101", "COV102", "COV104", "COV109", "ORG202", "SKL")
"""The checks that this file can answer: it knows no journey, no measures and no days."""

KEEPING: Final = ("maintain", "admin")
"""The permissions with which a team decides about a repository, and does not only work in it."""

Units = Mapping[str, Mapping[str, Any]]
Repositories = Mapping[str, Mapping[str, Any]]


def organization(data: Path) -> Organization:
    """Read who is in which team and which team keeps which repository; what is archived is left out.

    Args:
        data: the folder with `rust-team.json`.
    """
    tree = json.loads((data / "rust-team.json").read_text(encoding="utf-8"))
    units: Units = _active(tree["teams"])
    repositories: Repositories = _active(tree["repos"])
    kept = tuple(name for name, repository in repositories.items() if any(_keepers(repository)))
    return Organization(
        "The Rust project",
        dimensions=(
            Dimension("unit", Tree.of(_by_kind(units))),
            Dimension("repository", Choice(repositories)),
        ),
        departments=(Department("rust"), *_departments(units)),
        people=tuple(_people(tree["people"], units)),
        roles=(*_unit_roles(units), *(Role(_individual(login)) for login in _individuals(repositories))),
        staffing=(
            *_unit_staffing(units),
            *(Staffing(_individual(login), holders=(_id(login),)) for login in _individuals(repositories)),
        ),
        touchpoints=(
            Touchpoint("direction", label="a decision of the unit"),
            Touchpoint("request", label="a request to the unit"),
            Touchpoint("contribution", label="a change to the repository", accountable=Count(min=1)),
            Touchpoint("keeping", label="a decision about a repository", where={"repository": kept}),
        ),
        duties=(*_unit_duties(units), *_repository_duties(repositories)),
    )


def _active(entries: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    return {name: entry for name, entry in entries.items() if not entry["archived"]}


def _id(login: str) -> str:
    """Make an id: GitHub logins do not distinguish case."""
    return login.casefold()


def _individual(login: str) -> str:
    return f"individual.{_id(login)}"


def _by_kind(units: Units) -> Mapping[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for unit, entry in units.items():
        kinds.setdefault(f"kind: {entry['kind']}", []).append(unit)
    return kinds


def _departments(units: Units) -> Iterator[Department]:
    """A team says where it belongs: below another, or at the top level. Lists of people and working groups need not."""
    for unit, entry in units.items():
        parent = entry["subteam_of"]
        if parent is None and (entry["top_level"] or entry["kind"] != "team"):
            parent = "rust"
        yield Department(unit, label=entry["description"] or "", parent=parent)


def _people(people: Mapping[str, Mapping[str, Any]], units: Units) -> Iterator[Person]:
    """Everybody who has a file; each works in the first of their teams, and is qualified by being a member of it."""
    teams: dict[str, list[str]] = {}
    members: dict[str, list[str]] = {}
    for unit, entry in units.items():
        for login in dict.fromkeys((*entry["leads"], *entry["members"])):
            teams.setdefault(login, []).append(unit)
        for login in entry["members"]:
            members.setdefault(login, []).append(_member(unit))
    for login, person in people.items():
        department = next(iter(teams.get(login, ())), None)
        yield Person(_id(login), name=person["name"], department=department, skills=members.get(login, ()))


def _member(unit: str) -> str:
    """The qualification of whoever is a member of the unit."""
    return f"member-of-{unit}"


def _unit_roles(units: Units) -> Iterator[Role]:
    for unit in units:
        yield Role(f"{unit}.lead", department=unit, skills=[_member(unit)], holders=Count(min=1, max=1))
        yield Role(f"{unit}.member", department=unit)


def _unit_staffing(units: Units) -> Iterator[Staffing]:
    for unit, entry in units.items():
        for role, logins in (("lead", entry["leads"]), ("member", entry["members"])):
            if logins:
                yield Staffing(f"{unit}.{role}", holders=tuple(map(_id, logins)))


def _unit_duties(units: Units) -> Iterator[Duty]:
    for unit in units:
        yield Duty(("direction",), f"{unit}.lead", "accountable", where={"unit": unit})
        yield Duty(("request",), f"{unit}.member", "accountable", where={"unit": unit})


def _keepers(repository: Mapping[str, Any]) -> Iterator[str]:
    return (team for team, permission in repository["teams"].items() if permission in KEEPING)


def _individuals(repositories: Repositories) -> tuple[str, ...]:
    """Whoever works in a repository without a team."""
    return tuple(dict.fromkeys(login for entry in repositories.values() for login in entry["individuals"]))


def _repository_duties(repositories: Repositories) -> Iterator[Duty]:
    for name, repository in repositories.items():
        where = {"repository": name}
        workers = (*(f"{team}.member" for team in repository["teams"]), *map(_individual, repository["individuals"]))
        for role in workers:
            yield Duty(("contribution",), role, "accountable", where=where)
        for team in _keepers(repository):
            yield Duty(("keeping",), f"{team}.member", "accountable", where=where)


def _main(data: str, output: str | None = None) -> None:
    project = organization(Path(data))
    for finding in project.check(select=CHECKS).findings:
        print(finding.severity, finding.code, finding.message)
    if output is not None:
        project.write(Path(output))


if __name__ == "__main__":
    _main(*sys.argv[1:])
