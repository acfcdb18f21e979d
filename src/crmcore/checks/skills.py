"""Whether the people who hold roles can do what the roles need."""

from collections.abc import Iterator, Mapping

from crmcore.checks.answering import standing
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.checks.hints import hint
from crmcore.errors import nearest
from crmcore.language import listed, say
from crmcore.organization import Role

__all__ = ["CHECKS"]


def unskilled_holder(context: Context) -> Iterator[Problem]:
    """SKL601: every holder has the role's skills."""
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
                yield Problem(
                    subject=holder,
                    place=entry.place.at(f"holders[{index}]"),
                    text="{person} holds {role} without {skills}",
                    arguments={"person": holder, "role": role.id, "skills": listed(missing)},
                    related=[
                        Related(say("{role} needs these skills", role=role.id), role.place.at("skills")),
                        Related(say("what {person} can do", person=holder), person.place.at("skills")),
                    ],
                    help="Train them and add the skill, or staff the role with somebody who has it.",
                )


def skill_nobody_has(context: Context) -> Iterator[Problem]:
    """SKL602: every skill that a staffed role needs is held by someone active."""
    active = [
        each for each in context.organization.people if each.employed(context.on) and each.id not in context.without
    ]
    had = {skill for person in active for skill in person.skills}
    for skill, roles in _needed(context).items():
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
