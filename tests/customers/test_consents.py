"""What customers have agreed to, and what they have withdrawn."""

from datetime import timedelta

import pytest
from crms import START

from crmcore.crm import CRM
from crmcore.customers import InvalidConsent


def test_nothing_is_allowed_that_nobody_agreed_to(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    assert every_crm.consents.allows(customer, "newsletter") is None
    given = every_crm.consents.give(customer, "newsletter", evidence="form 2026-11-23")
    assert every_crm.consents.allows(customer, "newsletter") == given
    assert every_crm.consents.allows(customer, "newsletter", channel="email") == given
    assert every_crm.consents.allows(customer, "marketing") is None


def test_consent_for_a_channel_holds_for_no_other(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    every_crm.consents.give(customer, "newsletter", evidence="form", channel="email")
    assert every_crm.consents.allows(customer, "newsletter", channel="email") is not None
    assert every_crm.consents.allows(customer, "newsletter", channel="wecom") is None
    assert every_crm.consents.allows(customer, "newsletter") is None


def test_consent_of_one_person_holds_for_that_person_alone(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    one, other = every_crm.contacts.add(customer, "王伟"), every_crm.contacts.add(customer, "李雷")
    every_crm.consents.give(customer, "newsletter", evidence="call", contact=one)
    assert every_crm.consents.allows(customer, "newsletter", contact=one) is not None
    assert every_crm.consents.allows(customer, "newsletter", contact=other) is None
    assert every_crm.consents.allows(customer, "newsletter") is None
    every_crm.consents.give(customer, "newsletter", evidence="contract")
    assert every_crm.consents.allows(customer, "newsletter", contact=other) is not None


def test_consent_that_is_withdrawn_is_gone_at_once_and_remembered(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    every_crm.consents.give(customer, "newsletter", evidence="form")
    every_crm.consents.give(customer, "newsletter", evidence="form", channel="email")
    every_crm.consents.give(customer, "marketing", evidence="form")
    withdrawn = every_crm.consents.withdraw(customer, "newsletter", because="mail of 24 November", channel="email")
    assert len(withdrawn) == 2
    assert every_crm.consents.allows(customer, "newsletter", channel="email") is None
    assert every_crm.consents.allows(customer, "marketing") is not None
    assert len(every_crm.consents.withdraw(customer, because="leaves")) == 1
    assert every_crm.consents.allows(customer, "marketing") is None
    assert [one.withdrawn_because for one in every_crm.consents.of(customer) if one.purpose == "marketing"] == [
        "leaves"
    ]


def test_consent_without_evidence_from_the_future_or_of_somebody_else_is_none(crm: CRM) -> None:
    customer, other = crm.customers.register("华为"), crm.customers.register("中兴")
    stranger = crm.contacts.add(other, "王伟")
    with pytest.raises(InvalidConsent, match="how one knows"):
        crm.consents.give(customer, "newsletter", evidence=" ")
    with pytest.raises(InvalidConsent, match="what the customer agreed to"):
        crm.consents.give(customer, "", evidence="form")
    with pytest.raises(InvalidConsent, match="future"):
        crm.consents.give(customer, "newsletter", evidence="form", given_at=START + timedelta(days=1))
    with pytest.raises(InvalidConsent, match="another customer"):
        crm.consents.give(customer, "newsletter", evidence="form", contact=stranger)
    assert crm.consents.of(customer) == ()
