"""Customers are recognised at entry, and duplicates that are there already are found; in every storage alike."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from crms import COMPANY
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.crm import CRM
from crmcore.customers import Customer, DuplicateKey, KnownCustomer
from crmcore.customers.duplicates import Profile, ProfileKind, keys
from crmcore.customers.profiling import profiles_of
from crmcore.errors import UnknownName
from crmcore.storage import LONGEST_ID, MemoryStorage, Query

USCC = "91440300708461136T"


def kept(crm: CRM) -> dict[str, set[str]]:
    """The keys that are kept, by customer."""
    found: dict[str, set[str]] = {}
    with crm.begin(read_only=True) as work:
        for one in work.job.unit.each(Query(DuplicateKey)):
            found.setdefault(one.customer, set()).add(one.key)
    return found


def wanted(crm: CRM) -> dict[str, set[str]]:
    """The keys that should be kept: those of the profiles of all customers."""
    with crm.begin(read_only=True) as work:
        every = [one.id for one in work.job.unit.each(Query(Customer))]
        return {one.id: set(keys(one)) for one in profiles_of(work.job, every) if keys(one)}


def test_a_customer_is_recognised_by_its_name_however_it_is_written(every_crm: CRM) -> None:
    known = every_crm.customers.register("深圳市腾讯计算机系统有限公司")
    every_crm.customers.register("华为技术有限公司")
    (found,) = every_crm.duplicates.check("深圳腾讯计算机系统有限责任公司")
    assert found.customer == known
    assert 0.5 <= found.score <= 1
    assert any("name" in str(reason) for reason in found.reasons)
    assert every_crm.duplicates.check("阿里巴巴") == ()


def test_a_customer_is_recognised_by_its_number_in_the_register_however_it_is_typed(every_crm: CRM) -> None:
    known = every_crm.customers.register("腾讯", registration=USCC)
    (found,) = every_crm.duplicates.check("Tencent Holdings", registration="9144 0300 7084 6113 6t")
    assert (found.customer.id, found.score) == (known.id, 1.0)


def test_customers_with_the_longest_ids_are_recognised_each(every_crm: CRM) -> None:
    """Two of one name share their keys, and each has its own."""
    ids = {f"{number}{'x' * (LONGEST_ID - 1)}" for number in (1, 2)} | {"1", "1."}
    for id_ in ids:
        every_crm.customers.register("深圳市腾讯计算机系统有限公司", id=id_)
    assert kept(every_crm) == wanted(every_crm)
    assert {one.customer.id for one in every_crm.duplicates.check("深圳腾讯计算机系统有限公司")} == ids


def test_who_is_less_likely_than_asked_for_is_left_out(crm: CRM) -> None:
    crm.customers.register("深圳市腾讯计算机系统有限公司")
    profile = Profile("", ProfileKind.ORGANIZATION, names=("深圳腾讯计算机系统有限责任公司",))
    (found,) = crm.duplicates.of(profile)
    assert crm.duplicates.of(profile, least=found.score) == (found,)
    more = min(1.0, found.score + 1e-6)
    assert crm.duplicates.of(profile, least=more) == crm.duplicates.check(profile.names[0], least=more) == ()


def test_a_person_is_never_an_organization(crm: CRM) -> None:
    crm.customers.register("王伟", customer_type="person")
    assert crm.duplicates.check("王伟", customer_type="organization") == ()
    assert len(crm.duplicates.check("王伟", customer_type="person")) == 1


def test_who_is_probably_known_is_not_registered_twice_and_the_error_says_who_it_is(every_crm: CRM) -> None:
    known = every_crm.customers.register("云帆软件有限公司", unless_known=True)
    with pytest.raises(KnownCustomer, match=known.id) as caught:
        every_crm.customers.register("云帆软件", unless_known=True)
    assert caught.value.matches[0][:2] == (known.id, "云帆软件有限公司")
    assert "云帆软件有限公司" in str(caught.value)
    assert every_crm.customers.count() == 1
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (our own)
    assert str(again) == str(caught.value)
    every_crm.customers.register("云帆软件")
    assert every_crm.customers.count() == 2


def test_a_profile_brings_more_to_recognise_by(crm: CRM) -> None:
    crm.customers.register("腾讯", registration=USCC)
    with pytest.raises(KnownCustomer):
        crm.customers.register("Tencent", unless_known=Profile("", identifiers={"uscc": USCC}))


def test_another_name_is_known_at_once_and_the_old_one_is_forgotten(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为技术有限公司")
    every_crm.customers.change(customer, name="荣耀终端有限公司")
    assert [one.customer.id for one in every_crm.duplicates.check("荣耀终端")] == [customer.id]
    assert every_crm.duplicates.check("华为技术") == ()


def test_who_is_there_twice_is_found_from_either_side_and_by_going_through_all(every_crm: CRM) -> None:
    one = every_crm.customers.register("深圳市大疆创新科技有限公司", registration=USCC)
    other = every_crm.customers.register("大疆创新科技（深圳）有限公司", registration=USCC.lower())
    for name in ("华为技术有限公司", "中兴通讯股份有限公司", "王府井百货"):
        every_crm.customers.register(name)
    assert [found.customer.id for found in every_crm.duplicates.of(one)] == [other.id]
    assert [found.customer.id for found in every_crm.duplicates.of(other.id)] == [one.id]
    (cluster,) = every_crm.duplicates.scan().clusters
    assert set(cluster) == {one.id, other.id}
    with pytest.raises(UnknownName, match="did you mean 'builtin'"):
        every_crm.duplicates.scan("build-in")


def test_another_tenant_is_never_recognised(every_crm: CRM) -> None:
    every_crm.customers.register("深圳市大疆创新科技有限公司", registration=USCC)
    other = CRM(every_crm.storage, organization=COMPANY, tenant=f"{every_crm.tenant}-2")
    assert other.duplicates.check("深圳市大疆创新科技有限公司", registration=USCC) == ()


def test_customers_that_were_written_past_the_desks_are_known_after_a_refresh(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为技术有限公司")
    with every_crm.begin() as work:
        for one in tuple(work.job.unit.each(Query(DuplicateKey))):
            work.job.unit.remove(one)
    assert every_crm.duplicates.check("华为技术") == ()
    assert every_crm.duplicates.refresh() == 1
    assert [one.customer.id for one in every_crm.duplicates.check("华为技术")] == [customer.id]


def test_a_customer_is_recognised_by_its_phone_and_by_that_of_those_who_work_there(every_crm: CRM) -> None:
    company = every_crm.customers.register("云帆软件有限公司")
    contact = every_crm.contacts.add(company, "李娜")
    every_crm.contact_points.add(company, "phone", "138 1234 5678", contact=contact)
    (found,) = every_crm.duplicates.check("Yunfan Inc.", phones=["+86 138-1234-5678"])
    assert found.customer.id == company.id
    (point,) = every_crm.contact_points.of(company)
    every_crm.contact_points.remove(point)
    assert every_crm.duplicates.check("Yunfan Inc.", phones=["+86 138-1234-5678"]) == ()


def test_who_speaks_for_a_person_is_not_that_person(crm: CRM) -> None:
    person = crm.customers.register("王伟", customer_type="person")
    crm.contact_points.add(person, "phone", "138 1234 5678", contact=crm.contacts.add(person, "李娜"))
    assert crm.duplicates.check("李娜", customer_type="person", phones=["13812345678"]) == ()


NAMES = ["华为技术有限公司", "华为技术（深圳）有限公司", "Noah Watson", "王伟", "云帆软件", "Tencent Ltd."]
Step = Callable[[CRM, list[Customer]], Any]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["register", "rename", "retype", "renumber", "reach", "unreach"]),
            st.integers(0, 5),
            st.sampled_from(NAMES),
            st.sampled_from([None, USCC, "x-1"]),
        ),
        max_size=12,
    )
)
def test_the_keys_that_are_kept_are_always_those_of_what_is_known(
    steps: list[tuple[str, int, str, str | None]],
) -> None:
    crm = CRM.open(MemoryStorage, organization=COMPANY)
    known: list[str] = []
    for what, which, name, number in steps:
        if what == "register" or not known:
            known.append(crm.customers.register(name, registration=number).id)
        elif what == "rename":
            crm.customers.change(known[which % len(known)], name=name)
        elif what == "retype":
            crm.customers.change(known[which % len(known)], customer_type="person")
        elif what == "renumber":
            crm.customers.change(known[which % len(known)], registration=number)
        elif what == "reach":
            crm.contact_points.add(known[which % len(known)], "phone", f"1381234567{which}")
        else:
            for point in crm.contact_points.of(known[which % len(known)])[:1]:
                crm.contact_points.remove(point)
        assert kept(crm) == wanted(crm)
