"""What customers have told: remembered with who, when and where, and not asked for again."""

import pytest

from crmcore.crm import CRM
from crmcore.customers import facts_of
from crmcore.errors import UnknownName


def test_what_a_customer_told_is_known_with_who_learned_it_when_and_where(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    with every_crm.begin(actor="sun.yue") as work:
        work.facts.learn(customer, "interest", "想要 200 个席位", touchpoint="campaign")
    (fact,) = every_crm.facts.of(customer).values()
    assert (fact.name, fact.value, fact.touchpoint) == ("interest", "想要 200 个席位", "campaign")
    assert (fact.learned_by, fact.department) == ("sun.yue", "marketing")


def test_what_is_known_is_not_asked_for_again(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    assert every_crm.facts.to_ask(customer, "campaign") == ("company-size-known", "interest")
    assert every_crm.facts.missing(customer, "first-call") == ("interest",)
    every_crm.facts.learn(customer, "interest", "yes")
    assert every_crm.facts.to_ask(customer, "campaign") == ("company-size-known",)
    assert every_crm.facts.missing(customer, "first-call") == ()


def test_what_a_customer_tells_anew_takes_the_place_of_the_old(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    every_crm.facts.learn(customer, "budget", "10 万")
    every_crm.facts.learn(customer, "budget", "20 万")
    assert {name: fact.value for name, fact in every_crm.facts.of(customer).items()} == {"budget": "20 万"}


def test_a_fact_or_a_touchpoint_that_the_organization_does_not_know_is_refused(crm: CRM) -> None:
    customer = crm.customers.register("华为")
    with pytest.raises(UnknownName, match="did you mean 'budget'"):
        crm.facts.learn(customer, "budgte", "10")
    with pytest.raises(UnknownName, match="did you mean 'campaign'"):
        crm.facts.learn(customer, "budget", "10", touchpoint="campain")
    with pytest.raises(UnknownName, match="touchpoint"):
        crm.facts.to_ask(customer, "nowhere")
    assert crm.facts.of(customer) == {}
    assert facts_of(crm.organization) == ("company-size-known", "interest", "budget", "contract-terms")
