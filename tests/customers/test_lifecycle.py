"""Customers come from stage to stage, as the organization allows and the guards let pass."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from crms import COMPANY, START, SteppingClock, numbered

from crmcore.crm import CRM
from crmcore.customers import Guard, Objection, Transition, TransitionRefused
from crmcore.errors import UnknownName
from crmcore.organization import Stage
from crmcore.plugins import PluginFailed, Registry, hookimpl
from crmcore.storage import MemoryStorage, Stale
from crmcore.values import Duration

EAST = {"region": "Shanghai", "tier": "key"}
STRICT = COMPANY.with_(
    Stage(
        "opportunity",
        next=["onboarding", "lost"],
        needs=["interest", "budget"],
        consents=["contact"],
        probability=20,
        within=Duration(5, "d"),
    )
)


def strict(crm: CRM, clock: SteppingClock | None = None) -> CRM:
    return CRM(
        crm.storage, tenant=crm.tenant, organization=STRICT, clock=clock or SteppingClock(), ids=numbered("strict")
    )


def test_a_customer_comes_into_a_stage_that_follows_and_history_knows_it(every_crm: CRM) -> None:
    clock = SteppingClock()
    crm = CRM(every_crm.storage, tenant=every_crm.tenant, organization=COMPANY, clock=clock)
    customer = crm.customers.register("华为", attributes=EAST)
    clock.advance(days=2)
    moved = crm.lifecycle.advance(customer, "opportunity", note="asked for an offer")
    assert (moved.stage, moved.stage_since) == ("opportunity", START + timedelta(days=2))
    first, second = crm.lifecycle.history(customer)
    assert (first.before, first.after, first.seconds) == (None, "lead", None)
    assert (second.before, second.after, second.seconds, second.note) == (
        "lead",
        "opportunity",
        2 * 86400,
        "asked for an offer",
    )


def test_a_stage_that_does_not_follow_is_refused_with_those_that_do(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    with pytest.raises(TransitionRefused, match="lead is not followed by active; it is by opportunity, lost"):
        every_crm.lifecycle.advance(customer, "active")
    with pytest.raises(UnknownName, match="did you mean 'active'"):
        every_crm.lifecycle.advance(customer, "activ")
    assert every_crm.lifecycle.following(customer) == ("opportunity", "lost")
    lost = every_crm.lifecycle.advance(customer, "lost")
    with pytest.raises(TransitionRefused, match="it is by nothing"):
        every_crm.lifecycle.advance(lost, "lead")
    assert len(every_crm.lifecycle.history(customer)) == 2


def test_a_customer_whose_lifecycle_has_ended_counts_for_nobody_any_more(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    assert every_crm.assignments.loads() == {"li.na": 1, "sun.yue": 1}
    every_crm.lifecycle.advance(customer, "lost")
    assert every_crm.assignments.loads() == {}
    assert {one.person for one in every_crm.assignments.history(customer)} == {"li.na", "sun.yue"}


def test_going_back_is_allowed_where_the_company_says_so(crm: CRM) -> None:
    customer = crm.customers.register("华为", attributes=EAST, stage="active")
    at_risk = crm.lifecycle.advance(customer, "at-risk")
    assert crm.lifecycle.advance(at_risk, "active").stage == "active"


def test_all_that_is_missing_is_said_at_once(every_crm: CRM) -> None:
    crm = strict(every_crm)
    customer = crm.customers.register("华为", attributes=EAST)
    with pytest.raises(TransitionRefused) as caught:
        crm.lifecycle.advance(customer, "opportunity")
    assert [missing for _, missing in caught.value.objections] == [("contact",), ("interest", "budget")]
    assert "nobody knows interest, budget yet" in str(caught.value)
    assert "has not agreed to contact" in str(caught.value)
    crm.facts.learn(customer, "interest", "yes")
    crm.facts.learn(customer, "budget", "10 万")
    assert [one.missing for one in crm.lifecycle.objections(customer, "opportunity")] == [("contact",)]
    crm.consents.give(customer, "contact", evidence="call")
    assert crm.lifecycle.objections(customer, "opportunity") == ()
    crm.lifecycle.advance(customer, "opportunity")
    assert crm.lifecycle.history(customer)[-1].probability == 20


def test_two_cannot_move_a_customer_at_once(every_crm: CRM) -> None:
    read = every_crm.customers.register("华为", attributes=EAST)
    every_crm.lifecycle.advance(read.id, "opportunity")
    with pytest.raises(Stale):
        every_crm.lifecycle.advance(read, "lost")
    assert every_crm.customers.get(read.id).stage == "opportunity"
    assert len(every_crm.lifecycle.history(read)) == 2


def test_a_guard_of_a_plugin_objects_like_ours_and_is_named_when_it_fails() -> None:
    def no_fridays(transition: Transition) -> Iterable[Objection]:
        if transition.job.today().isoweekday() == 5:
            yield Objection("nothing moves on a Friday")

    def broken(_: Transition) -> Iterable[Objection]:
        raise ZeroDivisionError

    @hookimpl
    def crmcore_guards() -> Iterable[Guard]:
        yield Guard("no-fridays", no_fridays)

    plugins = Registry.installed({"CRMCORE_PLUGINS": ""})
    plugins.register(SimpleNamespace(crmcore_guards=crmcore_guards), name="calm")
    friday = SteppingClock(datetime(2026, 11, 27, 3, tzinfo=UTC))
    crm = CRM.open(MemoryStorage, organization=COMPANY, clock=friday, plugins=plugins)
    customer = crm.customers.register("华为", attributes=EAST)
    with pytest.raises(TransitionRefused, match="nothing moves on a Friday"):
        crm.lifecycle.advance(customer, "opportunity")
    friday.advance(days=3)
    assert crm.lifecycle.advance(customer, "opportunity").stage == "opportunity"

    @hookimpl(specname="crmcore_guards")
    def more() -> Iterable[Guard]:
        yield Guard("broken", broken)

    more.__name__ = "crmcore_guards"
    plugins.register(SimpleNamespace(crmcore_guards=more), name="odd")
    with pytest.raises(PluginFailed, match="odd"):
        crm.lifecycle.advance(customer.id, "lost")


def test_who_is_too_long_in_a_stage_is_overdue_by_working_time(every_crm: CRM) -> None:
    clock = SteppingClock()
    crm = strict(every_crm, clock)
    first = crm.customers.register("甲", attributes=EAST, stage="opportunity")
    clock.advance(days=1)
    second = crm.customers.register("乙", attributes=EAST, stage="opportunity")
    crm.customers.register("丙", attributes=EAST)
    clock.instant = datetime(2026, 11, 27, 9, 59, tzinfo=UTC)
    assert list(crm.lifecycle.overdue()) == []
    clock.instant = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
    assert [one.id for one in crm.lifecycle.overdue()] == [first.id]
    clock.instant = datetime(2026, 12, 4, tzinfo=UTC)
    assert [one.id for one in crm.lifecycle.overdue()] == [first.id, second.id]


def test_a_funnel_counts_who_came_in_who_went_on_and_how_long_it_took(every_crm: CRM) -> None:
    clock = SteppingClock()
    crm = CRM(every_crm.storage, tenant=every_crm.tenant, organization=COMPANY, clock=clock)
    customers = [crm.customers.register(f"客户{number}", attributes=EAST) for number in range(4)]
    for days, customer in zip((1, 2, 9), customers, strict=False):
        clock.instant = START + timedelta(days=days)
        crm.lifecycle.advance(customer, "opportunity")
    crm.lifecycle.advance(customers[0].id, "lost")
    crm.customers.register("后来", attributes=EAST)
    funnel = crm.lifecycle.funnel(START, START + timedelta(days=1))
    assert funnel.customers == 4
    lead = funnel.stages["lead"]
    assert (lead.entered, dict(lead.left), lead.there, lead.median) == (4, {"opportunity": 3}, 1, timedelta(days=2))
    assert lead.conversion("opportunity") == 0.75
    assert funnel.stages["opportunity"].there == 2
    assert funnel.stages["churned"].conversion("lead") is None
    assert funnel.stages["churned"].median is None
