"""The people of a company, as they are named in the dialogue: who holds which role, in which department."""

from collections.abc import Mapping
from typing import Final

from attrs import evolve

from crmcore.cli.asking import Ids, ask, ask_list
from crmcore.language import Phrase, say, told
from crmcore.organization import Department, Person, Role, Staffing, Touchpoint

__all__ = ["LEAD", "Team"]

LEAD: Final = "customer-lead"
_COMPANY: Final = "company"
_USUAL: Final[Mapping[str, tuple[str, Phrase, str, Phrase]]] = {
    "awareness": ("marketer", say("Marketer"), "marketing", say("Marketing")),
    "purchase": ("salesperson", say("Salesperson"), "sales", say("Sales")),
    "use": ("coordinator", say("Customer coordinator"), "care", say("Customer care")),
}
"""Who usually answers in a stage: a role and its department, each with id and name."""


class Team:
    """Roles, people and departments, as far as they have been named.

    Args:
        company: the company's name, which is that of the department on top.
    """

    def __init__(self, company: str) -> None:
        self.lead = ""
        self.answering: dict[str, str] = {}
        lead = told(say("Owner of all customers"))
        self._role_ids = Ids("role", {LEAD: lead, **{one[0]: told(one[1]) for one in _USUAL.values()}})
        self._person_ids = Ids("person")
        self._department_ids = Ids(
            "department", {_COMPANY: company, **{one[2]: told(one[3]) for one in _USUAL.values()}}
        )
        self._department_ids.of(company)
        self._roles = {self._role_ids.of(lead): Role(LEAD, label=lead, department=_COMPANY, leads_customers=True)}
        self._people: dict[str, Person] = {}
        self._staffing: list[Staffing] = []

    @property
    def departments(self) -> list[Department]:
        """The departments, the company on top."""
        names = self._department_ids.names
        below = [Department(id_, label=name, parent=_COMPANY) for id_, name in names.items() if id_ != _COMPANY]
        return [Department(_COMPANY, label=names[_COMPANY], lead=self._person_ids.of(self.lead)), *below]

    @property
    def roles(self) -> list[Role]:
        """The roles, that which leads customers first."""
        return list(self._roles.values())

    @property
    def people(self) -> list[Person]:
        """The people; all of them report to the lead."""
        top, *others = self._people.values()
        return [top, *(evolve(one, reports_to=top.id) for one in others)]

    @property
    def staffing(self) -> list[Staffing]:
        """Who holds the roles."""
        return self._staffing

    def ask_lead(self) -> None:
        """Ask who answers for all customers in the end."""
        self.lead = ask(say("Who answers for all customers in the end? One name"))
        self._hold(LEAD, [self.lead])

    def ask_role(self, touchpoint: Touchpoint) -> str:
        """Ask which role answers at a touchpoint, and who holds it when it is new; return its id."""
        usual = _USUAL.get(touchpoint.stages[0])
        before = self._role_ids.names[next(reversed(self.answering.values()), LEAD)]
        default = before if usual is None else told(usual[1])
        role = self._role_ids.of(ask(say("Which role answers at {touchpoint}?", touchpoint=touchpoint.label), default))
        if role not in self._roles:
            self._ask_holders(role)
        self.answering[touchpoint.id] = role
        return role

    def _ask_holders(self, role: str) -> None:
        name = self._role_ids.names[role]
        usual = next((one for one in _USUAL.values() if one[0] == role), None)
        department = ask(
            say("  Which department does {role} belong to?", role=name), name if usual is None else told(usual[3])
        )
        self._roles[role] = Role(role, label=name, department=self._department_ids.of(department))
        self._hold(role, ask_list(say("  Who holds it? Names with commas"), [self.lead]))

    def _hold(self, role: str, holders: list[str]) -> None:
        backup = ask_list(say("  Who stands in when they are away? Enter for nobody yet"))
        people = [[self._person(name, role) for name in names] for names in (holders, backup)]
        self._staffing.append(Staffing(role, holders=people[0], backup=people[1]))

    def _person(self, name: str, role: str) -> str:
        id_ = self._person_ids.of(name)
        department = self._roles[role].department
        self._people.setdefault(id_, Person(id_, name=name, department=department))
        return id_

    def department_of(self, touchpoint: str) -> str:
        """Return the id of the department that answers at a touchpoint."""
        return self._roles[self.answering[touchpoint]].department or _COMPANY

    def department_name(self, department: str) -> str:
        """Return what a department is called."""
        return self._department_ids.names[department]

    def others(self, touchpoint: str) -> dict[str, str]:
        """Return the names of the roles of other departments than the one that answers at a touchpoint, by id."""
        here = self.department_of(touchpoint)
        return {role.id: role.label for role in reversed(self.roles) if role.department != here}
