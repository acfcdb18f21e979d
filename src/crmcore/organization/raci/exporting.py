"""From an organization to the rows of a RACI matrix that says the same duties."""

from collections.abc import Iterable

from crmcore.language import Phrase, current, say_many
from crmcore.organization.model import ALL, Duty, DutyKind, Organization
from crmcore.organization.raci.conditions import ALWAYS, Conditions, in_quotes
from crmcore.organization.raci.headings import DEPARTMENT_HEADING, FIXED_HEADINGS
from crmcore.organization.raci.letters import letters_of
from crmcore.organization.shapes import ID
from crmcore.organization.spreadsheets.cleaning import printable

__all__ = ["raci_rows"]

_Matrix = dict[str, dict[Conditions, dict[str, set[DutyKind]]]]


def raci_rows(organization: Organization, *, by_scope: bool = False) -> tuple[list[list[str]], int, list[str]]:
    """Return the rows of a matrix, how many of them are headings, and what the matrix cannot say: a phrase each.

    The headings are in the language of the moment; ids and labels are as they are, so that it can be read again.

    Args:
        organization: the organization.
        by_scope: whether each scope has a row of its own, rather than standing in the cells.
    """
    matrix = _matrix(organization)
    roles = {role.id: role.label for role in organization.roles}
    for duty in organization.duties:
        roles.setdefault(duty.role, "")
    labels = {touchpoint.id: touchpoint.label for touchpoint in organization.touchpoints}
    fixed = FIXED_HEADINGS[current()][: None if by_scope else 2]
    heading = [*fixed, *(_named(label, id_) for id_, label in roles.items())]
    above = _departments(organization, roles, len(fixed))
    body = _scoped_rows if by_scope else _plain_rows
    rows = [row for touchpoint in matrix for row in body(_opening(touchpoint, labels), matrix[touchpoint], list(roles))]
    return [*above, heading, *rows], len(above) + 1, _left_out(organization)


def _matrix(organization: Organization) -> _Matrix:
    """Return the duties by touchpoint, conditions and role, in the order of the organization."""
    matrix: _Matrix = {touchpoint.id: {} for touchpoint in organization.touchpoints}
    for duty in organization.duties:
        for touchpoint in _touchpoints(duty):
            roles = matrix.setdefault(touchpoint, {}).setdefault(Conditions.of(duty), {})
            roles.setdefault(duty.role, set()).add(duty.duty)
    return matrix


def _touchpoints(duty: Duty) -> tuple[str, ...]:
    return (ALL,) if duty.touchpoints == ALL else tuple(duty.touchpoints)


def _departments(organization: Organization, roles: Iterable[str], fixed: int) -> list[list[str]]:
    """Return the row of departments over the roles; no row when no role has one."""
    of = {role.id: role.department for role in organization.roles}
    labels = {department.id: department.label for department in organization.departments}
    cells = [_named(labels.get(name, ""), name) if (name := of.get(role)) in labels and name else "" for role in roles]
    return [[DEPARTMENT_HEADING[current()], *[""] * (fixed - 1), *cells]] if any(cells) else []


def _named(label: str, id_: str) -> str:
    """Return a label with its id behind it, or the id alone."""
    name, label = _id(id_), printable(label)
    return f"{label} ({name})" if (label and label != id_) or not ID.fullmatch(id_) else name


def _id(id_: str) -> str:
    return id_ if ID.fullmatch(id_) else in_quotes(id_) if in_quotes(id_).startswith('"') else f'"{id_}"'


def _opening(touchpoint: str, labels: dict[str, str]) -> list[str]:
    return [_id(touchpoint), printable(labels.get(touchpoint, ""))]


def _scoped_rows(
    opening: list[str], scopes: dict[Conditions, dict[str, set[DutyKind]]], roles: list[str]
) -> list[list[str]]:
    return [
        [*opening, *_columns(conditions), *(letters_of(said.get(role, ())) for role in roles)]
        for conditions, said in (scopes or {ALWAYS: {}}).items()
    ]


def _columns(conditions: Conditions) -> list[str]:
    days = (conditions.from_, conditions.to)
    return [
        conditions.scope_text(),
        str(conditions.priority or ""),
        *("" if day is None else day.isoformat() for day in days),
    ]


def _plain_rows(
    opening: list[str], scopes: dict[Conditions, dict[str, set[DutyKind]]], roles: list[str]
) -> list[list[str]]:
    return [[*opening, *(_cell(scopes, role) for role in roles)]]


def _cell(scopes: dict[Conditions, dict[str, set[DutyKind]]], role: str) -> str:
    """Return the duties of a role at a touchpoint, a line for each of their conditions."""
    entries = []
    for conditions, said in scopes.items():
        if role in said:
            when = conditions.text()
            entries.append(letters_of(said[role]) + (f" [{when}]" if when else ""))
    return "\n".join(entries)


def _left_out(organization: Organization) -> list[str]:
    """Tell of the duties that no row can hold."""
    nowhere = sum(1 for duty in organization.duties if not _touchpoints(duty))
    many: Phrase = say_many(
        "{count} duty names no touchpoint, and is left out",
        "{count} duties name no touchpoint, and are left out",
        nowhere,
    )
    return [many] if nowhere else []
