"""Vetoes against what is promised: only by those whose duty it is, and until they are withdrawn."""

import pytest

from crmcore.crm import CRM
from crmcore.customers import NotEntitled, TransitionRefused
from crmcore.errors import UnknownName

STRATEGIC = {"region": "Shanghai", "tier": "strategic"}


def test_a_veto_keeps_a_customer_where_it_is_until_it_is_withdrawn(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=STRATEGIC, stage="opportunity")
    with every_crm.begin(actor="zhao.lei") as work:
        veto = work.vetoes.raise_(customer, "contract-signing", "三天上线做不到")
    assert every_crm.vetoes.standing(customer) == (veto,)
    with pytest.raises(TransitionRefused, match=r"zhao\.lei has vetoed contract-signing: 三天上线做不到") as caught:
        every_crm.lifecycle.advance(customer, "onboarding")
    assert caught.value.objections[0][1] == ("zhao.lei",)
    with pytest.raises(NotEntitled), every_crm.begin(actor="li.na") as work:
        work.vetoes.withdraw(veto)
    with every_crm.begin(actor="zhou.min") as work:
        assert work.vetoes.withdraw(veto).withdrawn_by == "zhou.min"
        assert work.vetoes.withdraw(veto.id).withdrawn_by == "zhou.min"
    assert every_crm.lifecycle.advance(customer.id, "onboarding").stage == "onboarding"


def test_who_has_no_veto_there_cannot_raise_one(crm: CRM) -> None:
    strategic = crm.customers.register("华为", attributes=STRATEGIC, stage="opportunity")
    standard = crm.customers.register("中兴", attributes={"region": "Shanghai", "tier": "key"}, stage="opportunity")
    not_hers = pytest.raises(NotEntitled, match=r"li\.na cannot veto contract-signing; it is for zhao\.lei")
    with not_hers, crm.begin(actor="li.na") as work:
        work.vetoes.raise_(strategic, "contract-signing", "no")
    with pytest.raises(NotEntitled, match="nobody can"), crm.begin(actor="zhao.lei") as work:
        work.vetoes.raise_(standard, "contract-signing", "no")
    with pytest.raises(UnknownName):
        crm.vetoes.raise_(strategic, "contract", "no")
    assert crm.vetoes.standing(strategic) == ()
