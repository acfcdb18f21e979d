"""Questions against a plain loop, pycasbin and cedarpy: all parsed before, all given the duties of one touchpoint."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import casbin
import cedarpy
from measuring import Row, compared
from organizations import hierarchical

from crmcore.errors import CrmError
from crmcore.organization import Duty, Organization, Tree
from crmcore.responsibility import Question, Responsibilities
from crmcore.values import Interval

__all__ = ["rows"]

DAY = date(2026, 11, 23)
_MODEL = """
[request_definition]
r = customer
[policy_definition]
p = rule, role
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = eval(p.rule)
"""


class _Others:
    """The same duties for those that are measured beside: by touchpoint, the highest priority first."""

    def __init__(self, organization: Organization) -> None:
        self.trees = {
            dimension.id: dimension.domain
            for dimension in organization.dimensions
            if isinstance(dimension.domain, Tree)
        }
        self.duties: dict[str, list[Duty]] = {}
        for duty in sorted(organization.duties, key=lambda duty: -duty.priority):
            self.duties.setdefault(duty.touchpoints[0], []).append(duty)
        self.above = {name: _above(tree) for name, tree in self.trees.items()}
        self.tests = {place: [(duty, self._test(duty)) for duty in duties] for place, duties in self.duties.items()}

    def _test(self, duty: Duty) -> Sequence[tuple[str, Any]]:
        tests: list[tuple[str, Any]] = []
        for name, values in duty.where:
            value = values[0]
            if isinstance(value, Interval):
                tests.append((name, range(int(value.start or 0), int(value.stop or 0))))
            elif name in self.trees:
                start, stop = self.trees[name].spans[value]
                tests.append((name, frozenset(self.trees[name].leaves[start:stop])))
            else:
                tests.append((name, frozenset(values)))
        return tests

    def request(self, customer: Mapping[str, Any]) -> dict[str, Any]:
        """Return a customer with the names above its leaves, as policies want them."""
        return {name: self.above[name][value] if name in self.above else value for name, value in customer.items()}

    def loop(self, touchpoint: str, customer: Mapping[str, Any]) -> tuple[Duty, list[Duty]] | None:
        """Return the duty that wins and those that lose, looking at one after another."""
        matching = [
            duty
            for duty, tests in self.tests[touchpoint]
            if all(customer[name] in admitted for name, admitted in tests)
        ]
        return (matching[0], matching[1:]) if matching else None


def _above(tree: Tree) -> dict[str, list[str]]:
    return {
        leaf: [name for name, (start, stop) in tree.spans.items() if start <= position < stop]
        for position, leaf in enumerate(tree.leaves)
    }


def _enforcers(others: _Others) -> Mapping[str, casbin.Enforcer]:
    enforcers = {}
    for place, duties in others.duties.items():
        model = casbin.Model()
        model.load_model_from_text(_MODEL)
        enforcer = casbin.Enforcer(model)
        enforcer.add_policies([[_expression(others, duty), duty.role] for duty in duties])
        enforcers[place] = enforcer
    return enforcers


def _expression(others: _Others, duty: Duty) -> str:
    parts = []
    for name, values in duty.where:
        value = values[0]
        if isinstance(value, Interval):
            parts.append(f"r.customer['{name}'] >= {value.start} and r.customer['{name}'] < {value.stop}")
        elif name in others.trees:
            parts.append(f"'{value}' in r.customer['{name}']")
        else:
            parts.append(f"r.customer['{name}'] in {values!r}")
    return " and ".join(parts) or "True"


def _policies(others: _Others) -> Mapping[str, cedarpy.PolicySet]:
    sets = {}
    for place, duties in others.duties.items():
        sets[place] = cedarpy.PolicySet.from_str("\n".join(_policy(others, duty) for duty in duties))
    return sets


def _policy(others: _Others, duty: Duty) -> str:
    parts = []
    for name, values in duty.where:
        value = values[0]
        if isinstance(value, Interval):
            parts.append(f"context.{name} >= {value.start} && context.{name} < {value.stop}")
        elif name in others.trees:
            parts.append(f'context.{name}.contains("{value}")')
        else:
            parts.append("(" + " || ".join(f'context.{name} == "{one}"' for one in values) + ")")
    return f"permit(principal, action, resource) when {{ {' && '.join(parts) or 'true'} }};"


def rows(duties: int = 10_000) -> Iterator[Row]:
    """Measure questions; first all have to give the same answers."""
    organization = hierarchical(duties)
    responsibilities = Responsibilities(organization)
    others = _Others(organization)
    asked = list(_questions(organization, responsibilities, 400))
    few = asked[:20]
    enforcers, policies = _enforcers(others), _policies(others)

    def casbin_role(question: Question) -> str:
        _, explained = enforcers[question.touchpoint].enforce_ex(others.request(question.customer))
        return str(explained[1])

    def cedar_role(question: Question) -> str:
        context = others.request(question.customer)
        request = {
            "principal": 'User::"x"',
            "action": 'Action::"ask"',
            "resource": 'Touchpoint::"t"',
            "context": context,
        }
        reasons = cedarpy.is_authorized(request, policies[question.touchpoint], []).diagnostics.reasons
        return others.duties[question.touchpoint][min(int(reason.removeprefix("policy")) for reason in reasons)].role

    def own_role(question: Question) -> str:
        return responsibilities.who(question).role.id

    for name, role in (("pycasbin", casbin_role), ("cedarpy", cedar_role)):
        yield _against(name, few, own_role, role, bar=300, duties=duties)
    yield _explained(asked, responsibilities, others, duties)


def _questions(organization: Organization, responsibilities: Responsibilities, count: int) -> Iterator[Question]:
    draw = random.Random(2)
    trees = [one.domain for one in organization.dimensions if isinstance(one.domain, Tree)]
    places = [touchpoint.id for touchpoint in organization.touchpoints]
    while count:
        customer: dict[str, Any] = {
            "region": draw.choice(trees[0].leaves),
            "product": draw.choice(trees[1].leaves),
            "tier": draw.choice(("strategic", "key", "standard", "small")),
            "employees": draw.randrange(1, 1_000_000),
        }
        question = Question(draw.choice(places), customer=customer, day=DAY)
        try:
            responsibilities.who(question)
        except CrmError:
            continue
        count -= 1
        yield question


def _against(
    name: str,
    questions: Sequence[Question],
    own: Callable[[Question], str],
    other: Callable[[Question], str],
    *,
    bar: float,
    duties: int,
) -> Row:
    for question in questions:
        if own(question) != other(question):
            message = f"crmcore answers {own(question)}, {name} {other(question)}: {question}"
            raise AssertionError(message)

    def ours() -> None:
        for question in questions:
            own(question)

    def theirs() -> None:
        for question in questions:
            other(question)

    ratio, mine, its = compared(ours, theirs, 5)
    details = f"crmcore {mine / len(questions) * 1e6:.1f} µs, {name} {its / len(questions) * 1e6:,.0f} µs a question"
    return Row(f"who, {duties:,} duties, against {name}", f"≥ {bar:g}×", f"{ratio:.1f}×", ratio >= bar, details)


def _explained(questions: Sequence[Question], responsibilities: Responsibilities, others: _Others, duties: int) -> Row:
    def ours() -> None:
        for question in questions:
            answer = responsibilities.who(question)
            answer.losers  # noqa: B018 (the explanation is made when it is asked for)

    def theirs() -> None:
        for question in questions:
            others.loop(question.touchpoint, question.customer)

    for question in questions:
        answer, expected = responsibilities.who(question), others.loop(question.touchpoint, question.customer)
        if expected is None or expected[0] is not answer.rule or len(expected[1]) != len(answer.losers):
            message = f"crmcore and the loop disagree: {question}"
            raise AssertionError(message)
    ratio, mine, its = compared(ours, theirs, 5)
    details = f"crmcore {mine / len(questions) * 1e6:.1f} µs, loop {its / len(questions) * 1e6:,.0f} µs a question"
    what = f"who with the losers explained, {duties:,} duties, against a plain indexed loop"
    return Row(what, "≥ 20×", f"{ratio:.1f}×", ratio >= 20, details)
