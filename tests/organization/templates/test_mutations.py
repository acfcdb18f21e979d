"""Every single edit of a template that makes a customer fall through is found; what is not found has its reason."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final

import click
import pytest
from attrs import frozen
from mutants import Edit, deletions
from oracle import Oracle, Point

from crmcore.checks import CHECKS
from crmcore.errors import InvalidOrganization
from crmcore.organization import Organization, Scope, Touchpoint
from crmcore.organization.templates import TEMPLATES, template

DAY: Final = date(2026, 11, 23)
UNTIL: Final = date(2027, 1, 31)
WHOLLY: Final = ("founder", "b2b")
"""The templates of which every deletion is tried; of the larger ones, one in so many."""
ONE_IN: Final = 12
ALWAYS: Final = ("dimensions…", "duties[accountable]…", "duties[veto]", "staffing[]", "handoffs[]")
"""Kinds of edits that are tried in the larger templates one by one all the same."""
IDENTIFIED: Final = ("stages", "departments", "people", "roles", "touchpoints", "metrics")
MOST: Final = 250
"""The customers of whom the oracle is asked after each edit; those of the small templates are all that differ."""
FAULT: Final = "fault"
Place = tuple[str, Point]

PROVOKED: Final[Mapping[str, tuple[str, Edit]]] = {
    "REF001": ("founder", Edit("duties/0/role", "marekter")),
    "REF002": ("founder", Edit("checks", {"ignore": ["SKL601"]})),
    "COV101": ("founder", Edit("duties/0")),
    "COV102": ("founder", Edit("duties/3/where")),
    "COV103": (
        "founder",
        Edit("duties/+", {"touchpoints": "all", "role": "owner", "duty": "accountable", "priority": -9}),
    ),
    "COV104": ("founder", Edit("staffing/4")),
    "COV105": ("founder", Edit("duties/+", {"touchpoints": ["demo"], "role": "salesperson", "duty": "accountable"})),
    "COV106": ("founder", Edit("duties/5/priority", -1)),
    "COV107": ("founder", Edit("impossible", [{"where": {"size": "chain"}}])),
    "COV108": ("founder", Edit("duties/5/to", "2026-12-31")),
    "COV109": ("b2b", Edit("staffing/5/holders/+", "wei.ting")),
    "COV110": ("saas", Edit("checks", {"consulted": 1})),
    "ORG201": ("founder", Edit("people/lin.yi/reports_to", "chen.yu")),
    "ORG202": ("founder", Edit("departments/care/parent")),
    "ORG203": ("b2b", Edit("checks", {"span_of_control": 5})),
    "ORG204": ("founder", Edit("staffing/2/backup")),
    "ORG205": ("founder", Edit("people/chen.yu/to", "2026-06-30")),
    "ORG206": ("founder", Edit("duties/8")),
    "ORG207": ("founder", Edit("roles/owner/leads_customers")),
    "ORG208": ("founder", Edit("people/chen.yu/capacity", 0)),
    "ORG209": ("founder", Edit("staffing/3/backup")),
    "JRN301": ("founder", Edit("stages/purchase/next", ["lost"])),
    "JRN302": ("founder", Edit("touchpoints/referral-request/stages", ["renewal"])),
    "JRN303": ("founder", Edit("handoffs/0")),
    "JRN304": ("founder", Edit("touchpoints/first-contact/asks")),
    "JRN305": ("founder", Edit("touchpoints/demo/asks", ["wishes"])),
    "JRN306": ("founder", Edit("handoffs/0/within")),
    "JRN307": ("founder", Edit("touchpoints/first-contact/follows", ["demo"])),
    "ESC401": ("founder", Edit("escalations/1/steps/1/to", "coordinator")),
    "ESC402": ("founder", Edit("escalations/0/steps/0/to", "installer")),
    "ESC403": ("founder", Edit("escalations/2/steps/0/after", "3d")),
    "GOV501": ("founder", Edit("touchpoints/demo/metrics")),
    "GOV502": ("founder", Edit("scorecards/2")),
    "GOV503": ("founder", Edit("scorecards/1/weights/retention")),
    "GOV504": ("founder", Edit("duties/7")),
    "GOV505": ("founder", Edit("forums/voice-of-customer/members/3")),
    "GOV506": ("founder", Edit("forums/voice-of-customer/every", "quarter")),
    "GOV507": ("founder", Edit("staffing/4/holders", ["lin.yi"])),
    "SKL601": ("founder", Edit("people/chen.yu/skills/0")),
    "SKL602": ("founder", Edit("roles/installer/skills", ["instalation"])),
}
"""For every check one edit of a template that provokes it."""


EXPLAINED: Final[Mapping[str, tuple[str, ...]]] = {
    "people read it, or a running CRM uses it, and no proof does": (
        "departments[].lead",
        "people[].level",
        "people[].capacity",
        "metrics[].unit",
        "metrics[].better",
        "staffing[].assign",
    ),
    "promises are counted in the usual hours, and the escalations still come in time": ("calendar…",),
    "the rules divide the range themselves, and say what lies inside it": ("dimensions.*.number…",),
    "there are fewer possible customers, and those who are left are answered": (
        "dimensions.*.tree…",
        "dimensions.*.values[]",
    ),
    "there are more possible customers, or more who come here, and they are answered too": (
        "impossible…",
        "touchpoints[].channels…",
        "touchpoints[].where…",
    ),
    "a duty of lower priority answers instead, or this one answers for more": (
        "duties[accountable]",
        "duties[accountable].touchpoints[]",
        "duties[accountable].where…",
    ),
    "fewer are asked or told, or more; who answers is the same": ("duties[consulted]…", "duties[informed]…"),
    "whoever is accountable does it": ("duties[responsible]…",),
    "a second veto guards the promise, or one that is wider": ("duties[veto]…",),
    "nobody has to escalate, and what is left of it still rises to the top": ("escalations…",),
    "another forum has the same members, or this one still has them": ("forums…",),
    "the handoff holds in more stages": ("handoffs[].at",),
    "another handoff holds in that stage, or the stages between suffice": ("handoffs[].at[]",),
    "nobody needs that fact later, or it comes on another way": ("handoffs[].carries…", "touchpoints[].asks…"),
    "another outcome is on the same scorecards": ("metrics[].outcome",),
    "their role, or the department that they lead, says where they belong": (
        "people[].department",
        "roles[].department",
    ),
    "no role that they hold needs the skill: they only stand in, or bring it along": ("people[].skills…",),
    "less is asked of the holders": ("roles[].holders…", "roles[].skills…"),
    "that department serves no customers": ("scorecards[]",),
    "the role is not accountable, so that it may wait for its holder": ("staffing[].backup…",),
    "they hold the role for more customers": ("staffing[].where…",),
    "another way leads to that stage": ("stages[].next…",),
    "the way before is the same without it, as the lifecycle gives it": ("touchpoints[].follows…",),
    "another metric measures it": ("touchpoints[].metrics[]",),
    "less is asked of the company": ("touchpoints[].needs…", "touchpoints[].promises", "touchpoints[].sla…"),
}
"""Why an edit may go unnoticed, and the kinds of which that holds; with … also of what lies inside."""


def test_every_check_has_an_edit_that_provokes_it() -> None:
    assert set(PROVOKED) == {check.code for check in CHECKS}


@pytest.mark.parametrize("code", PROVOKED)
def test_one_edit_of_a_template_provokes_the_check(code: str) -> None:
    name, edit = PROVOKED[code]
    assert template(name, "en").check(on=DAY, until=UNTIL).findings == ()
    report = edit.of(template(name, "en").to_data()).check(on=DAY, until=UNTIL)
    assert code in {finding.code for finding in report.findings}


@frozen
class Outcome:
    """What became of one edit: the codes of what is found, and the first customer who falls through."""

    template: str
    edit: Edit
    found: frozenset[str]
    lost: Place | None

    def __str__(self) -> str:
        return f"{self.template}: {self.edit.path}"


class Witness(Oracle):
    """An organization asked about a few customers: one of every kind that its scopes tell apart."""

    def happens(self, touchpoint: Touchpoint, point: Point) -> bool:
        channel = dict(point).get("channel")
        return super().happens(touchpoint, point) and (not touchpoint.channels or channel in touchpoint.channels)

    def admits(self, scope: Scope, point: Point) -> bool:
        known = dict(point)
        return super().admits(Scope(tuple((name, values) for name, values in scope if name in known)), point)

    def kinds(self) -> list[Point]:
        """One customer of every kind that the parts of scopes tell apart, at most `MOST` of them."""
        company = self.organization
        sections = (company.duties, company.staffing, company.touchpoints, company.impossible)
        scopes: list[Scope] = [record.where for section in sections for record in section]
        parts = dict.fromkeys(
            Scope(((name, (value,)),)) for scope in scopes for name, values in scope for value in values
        )
        channels = dict.fromkeys(
            channel for touchpoint in self.organization.touchpoints for channel in touchpoint.channels
        )
        found: dict[tuple[Any, ...], Point] = {}
        for point in self.points():
            customer = dict(point)
            admitted = tuple(self.admits(part, point) for part in parts)
            channel = customer.get("channel")
            found.setdefault((customer.get("stage"), admitted, channel if channel in channels else None), point)
        kinds = list(found.values())
        return kinds if len(kinds) <= MOST else random.Random(0).sample(kinds, MOST)

    def lost(self, points: Sequence[Point]) -> Place | None:
        """The first customer for whom nobody answers, or two roles do, or a role has too few people."""
        possible = [point for point in points if self.possible(point)]
        for touchpoint in self.organization.touchpoints:
            for point in possible:
                if self.happens(touchpoint, point) and self.fails(touchpoint, point):
                    return touchpoint.id, point
        return None

    def still(self, points: Sequence[Point]) -> list[Point]:
        """The customers that are still possible after an edit, without the attributes that are gone."""
        axes: dict[str, set[Any]] = {}
        for point in self.points():
            for name, value in point:
                axes.setdefault(name, set()).add(value)
        return [
            tuple((name, value) for name, value in point if name in axes)
            for point in points
            if all(name not in axes or value in axes[name] for name, value in point)
        ]

    def fails(self, touchpoint: Touchpoint, point: Point) -> bool:
        answering = {duty.role for duty in self.winners(touchpoint, "accountable", point, DAY)}
        doing = {duty.role for duty in self.winners(touchpoint, "responsible", point, DAY)}
        most = touchpoint.accountable.max
        if len(answering) < touchpoint.accountable.min or (most is not None and len(answering) > most):
            return True
        return any(len(self.pool(role, point, DAY)) < self.roles[role].holders.min for role in answering | doing)


@cache
def outcomes(name: str) -> tuple[Outcome, ...]:
    """Try the deletions of a template, all or one in so many."""
    original = template(name, "en")
    tree = original.to_data()
    points = Witness(original, DAY, DAY).kinds()
    assert Witness(original, DAY, DAY).lost(points) is None
    edits = list(deletions(tree)) if name in WHOLLY else list(thinned(deletions(tree)))
    return tuple(outcome(original, name, edit, tree, points) for edit in edits)


def thinned(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Of every kind of edit the first, and then one in so many."""
    seen: Counter[str] = Counter()
    for edit in edits:
        if seen[edit.kind] % ONE_IN == 0 or any(fits(kind, edit.kind) for kind in ALWAYS):
            yield edit
        seen[edit.kind] += 1


def outcome(original: Organization, name: str, edit: Edit, tree: Mapping[str, Any], points: Sequence[Point]) -> Outcome:
    try:
        organization = edit.of(tree)
    except InvalidOrganization:
        return Outcome(name, edit, frozenset({FAULT}), None)
    found = frozenset(finding.code for finding in organization.check(on=DAY).findings)
    return Outcome(name, edit, found, lost_in(organization, original, points))


def lost_in(organization: Organization, original: Organization, points: Sequence[Point]) -> Place | None:
    """The first customer who falls through after an edit; nobody does where nothing changed that says who answers."""
    if answering(organization) == answering(original):
        return None
    witness = Witness(organization, DAY, DAY)
    same = (organization.dimensions, organization.stages) == (original.dimensions, original.stages)
    return witness.lost(points if same else witness.still(points))


def answering(organization: Organization) -> tuple[Any, ...]:
    """All that says who answers for whom."""
    touchpoints = [(one.id, one.stages, one.channels, one.where, one.accountable) for one in organization.touchpoints]
    space = (organization.dimensions, organization.stages, organization.impossible, touchpoints)
    held = [(role.id, role.holders) for role in organization.roles]
    there = [(one.id, one.from_, one.to, one.status, one.absences) for one in organization.people]
    return *space, organization.duties, held, there, organization.staffing


def everything() -> list[Outcome]:
    return [outcome for name in TEMPLATES for outcome in outcomes(name)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_deletion_lets_a_customer_fall_through_unnoticed(name: str) -> None:
    tried = outcomes(name)
    assert [str(one) for one in tried if one.lost and not one.found] == []
    assert any(one.lost for one in tried)


@pytest.mark.parametrize("name", WHOLLY)
def test_no_misspelt_name_goes_unnoticed(name: str) -> None:
    organization = template(name, "en")
    tree = organization.to_data()
    known = {record.id for section in IDENTIFIED for record in organization.section(section)}
    named = [(path, value) for path, value in leaves(tree, "") if not path.endswith(("/id", "/unit"))]
    edits = [Edit(path, f"{value}x") for path, value in named if value in known]
    assert len(edits) > len(known)
    assert [edit.path for edit in edits if not outcome(organization, name, edit, tree, ()).found] == []


def leaves(here: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every single value of a tree with the keys that lead to it."""
    pairs = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
    for key, value in pairs:
        yield from leaves(value, f"{path}/{key}" if path else str(key))
    if not isinstance(here, dict | list):
        yield path, here


def test_what_is_not_noticed_has_its_reason_and_every_reason_applies() -> None:
    unnoticed = [outcome for outcome in everything() if not outcome.found]
    allowed = [pattern for patterns in EXPLAINED.values() for pattern in patterns]
    assert [str(one) for one in unnoticed if not any(fits(pattern, one.edit.kind) for pattern in allowed)] == []
    assert [pattern for pattern in allowed if not any(fits(pattern, one.edit.kind) for one in unnoticed)] == []


def test_the_rate_of_what_is_noticed_is_told_for_every_kind_of_edit() -> None:
    tried = Counter(outcome.edit.kind for outcome in everything())
    noticed = Counter(outcome.edit.kind for outcome in everything() if outcome.found)
    for kind, number in sorted(tried.items()):
        reason = next((why for why, patterns in EXPLAINED.items() if any(fits(one, kind) for one in patterns)), "")
        click.echo(f"{noticed[kind]:5} of {number:5}  {kind}  {reason if noticed[kind] < number else ''}".rstrip())
    always = ("people[]", "staffing[]", "duties[accountable].role", "handoffs[]", "handoffs[].within")
    for kind in (*always, "scorecards[].weights.*"):
        assert noticed[kind] == tried[kind] > 0


def fits(pattern: str, kind: str) -> bool:
    """Whether a kind of edit is meant by a pattern of `EXPLAINED`."""
    whole = pattern.removesuffix("…")
    return kind == whole or (pattern != whole and kind.startswith((f"{whole}.", f"{whole}[")))
