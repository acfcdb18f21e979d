"""Whether the people who hold roles can do what the roles need."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from crmcore.checks.answering import standing
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.checks.hints import hint
from crmcore.errors import nearest
from crmcore.language import listed, say
from crmcore.organization import Person, Role
from crmcore.values import Place

__all__ = ["CHECKS"]


@frozen
class _Lack:
    """A holder who cannot do what the role needs.

    Attributes:
        person: the holder.
        role: the role.
        skills: what is missing.
        place: where the holder is named.
    """

    person: Person
    role: Role
    skills: Sequence[str]
    place: Place


def _lacking(context: Context) -> Iterator[_Lack]:
    told: set[tuple[str, str]] = set()
    for entry in standing(context):
        role = context.roles[entry.role]
        for index, holder in enumerate(entry.holders):
            person = context.people.get(holder)
            if person is None or (holder, role.id) in told or person.status == "vacant":
                continue
            missing = [skill for skill in role.skills if skill not in person.skills]
            if missing and (person.to is None or person.to >= context.on):
                told.add((holder, role.id))
                yield _Lack(person, role, missing, entry.place.at(f"holders[{index}]"))


def unskilled_holder(context: Context) -> Iterator[Problem]:
    """SKL601: every holder has the role's skills."""
    lacking = list(_lacking(context))
    count = len({each.person.id for each in lacking})
    if count > 1 and _nobody_lists_any(context):
        yield Problem(
            subject=context.organization.name,
            place=context.organization.place.at("people"),
            text="nobody lists any skill, and {count} people hold roles that need some",
            arguments={"count": count},
            related=[
                Related(say("{person} holds {role}", person=each.person.id, role=each.role.id), each.place)
                for each in lacking
            ],
            help="Write down in `skills` what each person can do.",
        )
        return
    for each in lacking:
        yield Problem(
            subject=each.person.id,
            place=each.place,
            text="{person} holds {role} without {skills}",
            arguments={"person": each.person.id, "role": each.role.id, "skills": listed(each.skills)},
            related=[
                Related(say("{role} needs these skills", role=each.role.id), each.role.place.at("skills")),
                Related(say("what {person} can do", person=each.person.id), each.person.place.at("skills")),
            ],
            help="Train them and add the skill, or staff the role with somebody who has it.",
        )


def skill_nobody_has(context: Context) -> Iterator[Problem]:
    """SKL602: every skill that a staffed role needs is held by someone active."""
    active = [
        each for each in context.organization.people if each.employed(context.on) and each.id not in context.without
    ]
    had = {skill for person in active for skill in person.skills}
    needed = _needed(context)
    if len(needed) > 1 and _nobody_lists_any(context):
        yield _unlisted(context, needed)
        return
    for skill, roles in needed.items():
        if skill in had:
            continue
        role, index = roles[0]
        similar = nearest(skill, had)
        yield Problem(
            subject=skill,
            place=role.place.at(f"skills[{index}]"),
            text='{role} needs "{skill}", which nobody active can do{hint}',
            arguments={"role": role.id, "skill": skill, "hint": hint(similar)},
            related=[
                Related(say("{role} needs it too", role=each.id), each.place.at(f"skills[{at}]"))
                for each, at in roles[1:]
            ],
            help="Train or hire somebody, or take the skill off the role.",
        )


def _nobody_lists_any(context: Context) -> bool:
    """Whether no skill of anybody is written down, which is one cause of many findings."""
    return not any(person.skills for person in context.organization.people)


def _unlisted(context: Context, needed: Mapping[str, Sequence[tuple[Role, int]]]) -> Problem:
    roles = {role.id: role for those in needed.values() for role, _ in those}
    return Problem(
        subject=context.organization.name,
        place=context.organization.place.at("people"),
        text="nobody lists any skill, and these are needed: {skills}",
        arguments={"skills": listed(needed)},
        related=[
            Related(say("{role} needs these skills", role=role.id), role.place.at("skills")) for role in roles.values()
        ],
        help="Write down in `skills` what each person can do.",
    )


def _needed(context: Context) -> Mapping[str, list[tuple[Role, int]]]:
    """Return every skill that a staffed role needs, with the roles and where they name it."""
    needed: dict[str, list[tuple[Role, int]]] = {}
    for role in dict.fromkeys(entry.role for entry in standing(context) if entry.holders):
        for index, skill in enumerate(context.roles[role].skills):
            needed.setdefault(skill, []).append((context.roles[role], index))
    return needed


CHECKS = (
    Check("SKL601", "unskilled-holder", Severity.WARNING, unskilled_holder),
    Check("SKL602", "skill-nobody-has", Severity.ERROR, skill_nobody_has),
)
