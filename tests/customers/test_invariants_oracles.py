"""Who answers, who goes to whom, and what is wrong: the same as asking the organization customer by customer."""

from typing import Any
from zoneinfo import ZoneInfo

from crms import COMPANY, FIELDS, SteppingClock, numbered
from customer_by_customer import agrees, audited, needed, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.crm import CRM
from crmcore.customers.answers import Answers
from crmcore.customers.attributes import point_of
from crmcore.organization import Duty, Organization, Staffing
from crmcore.storage import MemoryStorage

SALES = ["li.na", "liu.yang", "wang.wei"]
REGIONS = ["Shanghai", "Zhejiang", "Sichuan", "Singapore"]


WHERE = [{}, {"region": "East"}, {"region": "West"}, {"tier": "strategic"}]
EXCEPTIONS = [{"channel": "wecom"}, {"channel": "phone"}, {"tier": "key"}, {"region": "West"}]

DIFFERENCES = st.fixed_dictionaries(
    {
        "sellers": st.lists(
            st.tuples(
                st.sampled_from(WHERE),
                st.lists(st.sampled_from(SALES), min_size=1, unique=True),
                st.sampled_from(["first", "least-loaded", "round-robin", "sticky"]),
            ),
            max_size=3,
        ),
        "success": st.booleans(),
        "exceptions": st.lists(
            st.tuples(
                st.sampled_from(["campaign", "first-call", "health-check", "renewal-call"]),
                st.sampled_from(EXCEPTIONS),
                st.sampled_from(["account-manager", "success-manager", "customer-lead"]),
            ),
            max_size=2,
        ),
    }
)
"""By what the organization differs from the company: its account managers, and who answers by tier and by channel."""


def company(differences: dict[str, Any]) -> Organization:
    """The company with account managers for some regions, and exceptions by tier and by channel."""
    staffing = [one for one in COMPANY.staffing if one.role not in {"account-manager", "success-manager"}]
    for where, holders, rule in differences["sellers"]:
        staffing.append(Staffing("account-manager", holders=holders, where=where, assign=rule))
    if differences["success"]:
        staffing.append(Staffing("success-manager", holders=["zhou.min", "zhao.lei"]))
    duties = list(COMPANY.duties)
    for touchpoint, where, role in differences["exceptions"]:
        duties.append(Duty([touchpoint], role, "accountable", where=where))
    return COMPANY.with_(staffing=staffing, duties=duties)


CUSTOMERS = st.fixed_dictionaries(
    {"stage": st.sampled_from([stage.id for stage in COMPANY.stages])},
    optional={"region": st.sampled_from(REGIONS), "tier": st.sampled_from(["strategic", "key"])},
)


@settings(deadline=None, max_examples=150)
@given(DIFFERENCES, DIFFERENCES, st.lists(CUSTOMERS, max_size=8), st.integers(0, 1_000), st.booleans())
def test_plans_audits_and_answers_are_those_of_asking_one_by_one(
    before: dict[str, Any], now: dict[str, Any], customers: list[dict[str, Any]], hours: int, applied: bool
) -> None:
    clock, ids, first, second = SteppingClock(), numbered(), company(before), company(now)
    crm = CRM.open(MemoryStorage, organization=first, clock=clock, ids=ids, fields=FIELDS)
    for number, given_ in enumerate(customers):
        attributes = {name: value for name, value in given_.items() if name != "stage"}
        crm.customers.register(f"客户{number}", attributes=attributes, stage=given_["stage"])
    clock.advance(hours=hours)
    after = CRM(crm.storage, organization=second, clock=clock, ids=ids, fields=FIELDS)
    if applied:
        after.rebalancing.apply(after.rebalancing.plan())
        assert after.rebalancing.plan().moves == ()
    kept = stored(after)
    agrees(after, kept)
    audited(after, kept)
    answers, today = Answers(second), clock().astimezone(ZoneInfo(second.timezone)).date()
    for customer in kept.customers:
        wanted = needed(after, customer)
        point = point_of(customer.custom, second)
        given_answers = answers.at(customer.stage, point, today)
        assert {one.touchpoint for one in given_answers if one.gap is not None} == wanted.gaps
        roles = answers.roles(customer.stage, point, today)
        assert {role: one.pool for role, one in roles.items()} == {role: one.pool for role, one in wanted.roles.items()}
