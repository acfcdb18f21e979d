"""The Kubernetes community, from the files in which it describes itself, as a crmcore organization.

Run it as `python convert_kubernetes.py DATA [OUTPUT.yaml]`, where DATA holds `sigs.yaml`, `OWNERS_ALIASES`
and `org_members.json`.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

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

CHECKS: Final = ("REF", "COV101", "COV102", "COV104", "ORG206", "SKL")
"""The checks that these files can answer: they know no journey, no measures and no days."""

KINDS: Final = ("sigs", "workinggroups", "usergroups", "committees")
LEADING: Final = {"chair": "chairs", "tech-lead": "tech_leads"}
MEMBER: Final = "github-org-member"

HOST: Final = "https://raw.githubusercontent.com/"

Group = Mapping[str, Any]
Aliases = Mapping[str, Iterable[str]]


def organization(data: Path) -> Organization:
    """Read the community's files, and write down who leads, reviews and owns what in it.

    Args:
        data: the folder with `sigs.yaml`, `OWNERS_ALIASES` and `org_members.json`.
    """
    kinds = {kind: groups for kind, groups in _yaml(data / "sigs.yaml").items() if kind in KINDS and groups}
    aliases = _yaml(data / "OWNERS_ALIASES")["aliases"]
    members = json.loads((data / "org_members.json").read_text(encoding="utf-8"))
    groups = [group for of_kind in kinds.values() for group in of_kind]
    subprojects = [(group, subproject) for group in groups for subproject in group.get("subprojects") or ()]
    return Organization(
        "Kubernetes community",
        dimensions=(
            Dimension("group", Tree.of({kind: [group["dir"] for group in kinds[kind]] for kind in kinds})),
            Dimension("subproject", Choice(_distinct(each["name"] for _, each in subprojects))),
            Dimension(
                "owners-file", Choice(_distinct(file for _, each in subprojects for file in _owners_files(each)))
            ),
        ),
        departments=(
            Department("kubernetes"),
            *(Department(group["dir"], label=group["name"], parent="kubernetes") for group in groups),
        ),
        people=tuple(_people(groups, aliases, members)),
        roles=tuple(_roles(groups, kinds["sigs"])),
        staffing=tuple(_staffing(groups, aliases)),
        touchpoints=(
            Touchpoint("meeting", label="a meeting of the group"),
            Touchpoint("technical-direction", label="a technical decision of a SIG", where={"group": "sigs"}),
            Touchpoint("approval", label="what the bots let only the leads of the group approve"),
            Touchpoint("steering-report", label="the group's line to the steering committee"),
            Touchpoint("subproject-question", label="a question about a subproject"),
            Touchpoint("code-review", label="a change below an OWNERS file"),
        ),
        duties=tuple(_duties(groups, kinds["sigs"])),
    )


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _id(text: str) -> str:
    """Make an id: GitHub logins do not distinguish case, and names have spaces."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.casefold())


def _leaders(group: Group, role: str) -> tuple[str, ...]:
    return tuple(_id(person["github"]) for person in group["leadership"].get(LEADING[role]) or ())


def _all_leaders(group: Group) -> tuple[str, ...]:
    return _distinct(login for role in LEADING for login in _leaders(group, role))


def _liaison(group: Group) -> str | None:
    liaison = group["contact"].get("liaison")
    return None if liaison is None else _id(liaison["github"])


def _people(groups: Iterable[Group], aliases: Aliases, orgs: Mapping[str, Aliases]) -> Iterator[Person]:
    """Everybody in a GitHub organization, and everybody named as leading something."""
    names: dict[str, str] = {}
    skills: dict[str, list[str]] = {}
    for org in orgs.values():
        for login in (login for logins in org.values() for login in logins):
            names.setdefault(_id(login), login)
            skills[_id(login)] = [MEMBER]
    for group in groups:
        named = [person for role in LEADING.values() for person in group["leadership"].get(role) or ()]
        named += [person for subproject in group.get("subprojects") or () for person in subproject.get("leads") or ()]
        for person in (*named, *filter(None, [group["contact"].get("liaison")])):
            names[_id(person["github"])] = person["name"]
        for login in _all_leaders(group):
            skills.setdefault(login, []).append(_leads(group))
        for login in _approvers(group, aliases):
            skills.setdefault(login, []).append(_approves(group))
    for login, name in sorted(names.items()):
        yield Person(login, name=name, department="kubernetes", skills=skills.get(login, ()))


def _leads(group: Group) -> str:
    """The qualification of whoever `sigs.yaml` names as a leader of the group."""
    return f"leads-{group['dir']}"


def _approves(group: Group) -> str:
    """The qualification of whoever `OWNERS_ALIASES` names as a leader of the group."""
    return f"approves-{group['dir']}"


def _approvers(group: Group, aliases: Aliases) -> tuple[str, ...]:
    """The alias that should repeat the leaders: committees have one of their own name."""
    unit = group["dir"]
    return tuple(_id(login) for login in aliases.get(f"{unit}-leads", aliases.get(unit, ())))


def _subprojects(group: Group) -> Iterator[tuple[str, Group]]:
    for subproject in group.get("subprojects") or ():
        yield f"{group['dir']}.subproject.{_id(subproject['name'])}", subproject


def _owners_files(subproject: Group) -> list[str]:
    return [url.removeprefix(HOST) for url in subproject["owners"]]


def _roles(groups: Iterable[Group], sigs: Iterable[Group]) -> Iterator[Role]:
    """Two chairs a group; technical leads in SIGs, as their charter asks; alias and leaders qualify each other."""
    technical = {group["dir"] for group in sigs}
    for group in groups:
        unit = group["dir"]
        yield Role(f"{unit}.chair", department=unit, skills=[MEMBER, _approves(group)], holders=Count(min=2))
        if unit in technical:
            yield Role(f"{unit}.tech-lead", department=unit, skills=[MEMBER, _approves(group)])
        yield Role(f"{unit}.approver", department=unit, skills=[_leads(group)])
        if _liaison(group):
            yield Role(f"{unit}.liaison", department=unit, skills=[MEMBER])
        for role, subproject in _subprojects(group):
            yield Role(role, label=subproject["name"], department=unit)


def _staffing(groups: Iterable[Group], aliases: Aliases) -> Iterator[Staffing]:
    for group in groups:
        unit = group["dir"]
        for role in LEADING:
            if holders := _leaders(group, role):
                yield Staffing(f"{unit}.{role}", holders=holders)
        yield Staffing(f"{unit}.approver", holders=_approvers(group, aliases))
        if liaison := _liaison(group):
            yield Staffing(f"{unit}.liaison", holders=(liaison,))
        for role, subproject in _subprojects(group):
            leads = tuple(_id(person["github"]) for person in subproject.get("leads") or ())
            yield Staffing(role, holders=leads or _all_leaders(group))


def _duties(groups: Iterable[Group], sigs: Iterable[Group]) -> Iterator[Duty]:
    technical = {group["dir"] for group in sigs}
    for group in groups:
        unit = group["dir"]
        where = {"group": unit}
        yield Duty(("meeting",), f"{unit}.chair", "accountable", where=where)
        if unit in technical:
            yield Duty(("technical-direction",), f"{unit}.tech-lead", "accountable", where=where)
        yield Duty(("approval",), f"{unit}.approver", "accountable", where=where)
        if _liaison(group):
            yield Duty(("steering-report",), f"{unit}.liaison", "accountable", where=where)
        for role, subproject in _subprojects(group):
            if files := _owners_files(subproject):
                yield Duty(("subproject-question",), role, "accountable", where={"subproject": subproject["name"]})
                yield Duty(("code-review",), role, "accountable", where={"owners-file": files})


def _main(data: str, output: str | None = None) -> None:
    community = organization(Path(data))
    for finding in community.check(select=CHECKS).findings:
        print(finding.severity, finding.code, finding.message)
    if output is not None:
        community.write(Path(output))


if __name__ == "__main__":
    _main(*sys.argv[1:])
