"""The customers that hypothesis invents are such as the organization can have."""

from crms import COMPANY
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore import CRM, Organization
from crmcore.customers import dimensions_on_file
from crmcore.testing import FakeClock, NewCustomer, customers, numbered_ids

NUMBERS = Organization.from_data(
    {
        "crmcore": 1,
        "name": "c",
        "dimensions": {
            "spend": {"number": {"min": 0, "max": 1000}},
            "seats": {"number": {"min": 1, "max": 3, "integer": True}},
            "open": {"number": {}},
        },
    }
)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from([COMPANY, NUMBERS]).flatmap(lambda one: st.tuples(st.just(one), st.lists(customers(one)))))
def test_every_customer_can_be_registered(invented: tuple[Organization, list[NewCustomer]]) -> None:
    organization, news = invented
    with CRM.open("memory:", organization=organization, clock=FakeClock(), ids=numbered_ids()) as crm:
        for new in news:
            assert crm.customers.register(**new.arguments).name == new.name.strip()
        assert crm.customers.count() == len(news)


@settings(max_examples=50, deadline=None)
@given(customers(COMPANY, complete=True))
def test_of_a_complete_customer_all_is_known(new: NewCustomer) -> None:
    assert new.attributes.keys() == {dimension.id for dimension in dimensions_on_file(COMPANY)}
