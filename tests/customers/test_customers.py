"""Customers come in, are looked up, and change; in every storage alike."""

import pytest
from attrs import evolve
from crms import COMPANY, START
from hypothesis import given
from hypothesis import strategies as st

from crmcore.crm import CRM
from crmcore.customers import CustomerType, InvalidCustomer, UnknownField, ValueNotAllowed, kinds_of
from crmcore.customers.kinds import CUSTOMER_KINDS
from crmcore.errors import OutsideSpace, UnknownName
from crmcore.storage import AlreadyThere, DanglingReference, Event, InvalidQuery, Is, NotThere, Query, Stale, StartsWith
from crmcore.values import Interval


def events(crm: CRM, customer: str) -> list[str]:
    with crm.begin(read_only=True) as work:
        found = work.job.unit.find(Query(Event, where=[Is("subject", customer)]))
        return [event.name for event in sorted(found, key=lambda event: event.at)]


def test_a_customer_is_registered_with_what_is_known_and_begins_in_the_first_stage(every_crm: CRM) -> None:
    customer = every_crm.customers.register(
        " 华为技术有限公司 ",
        attributes={"region": "Shanghai", "tier": "key", "company-size": 200_000, "行业": "软件"},
        source="trade-show",
    )
    assert customer.name == "华为技术有限公司"
    assert customer.stage == "lead"
    assert customer.registered_at == START
    assert customer.custom == {"region": "Shanghai", "tier": "key", "company_size": 200_000, "行业": "software"}
    assert every_crm.customers.get(customer.id) == customer
    assert events(every_crm, customer.id) == ["customer-registered", "customer-assigned", "customer-assigned"]


@pytest.mark.parametrize(
    ("attributes", "error", "says"),
    [
        ({"region": "Shanghia"}, OutsideSpace, "Shanghai"),
        ({"region": "East"}, OutsideSpace, "stands for several values"),
        ({"region": 7}, OutsideSpace, "region is a name"),
        ({"company-size": "many"}, OutsideSpace, "company-size is a number"),
        ({"company-size": 0}, OutsideSpace, "company-size"),
        ({"channel": "phone"}, UnknownField, "no field 'channel'"),
        ({"teir": "key"}, UnknownField, "did you mean 'tier'"),
        ({"行业": "软体"}, ValueNotAllowed, "行业 cannot be '软体'"),
        ({"seats": "many"}, Exception, "seats"),
    ],
)
def test_an_attribute_that_cannot_be_is_refused_and_nothing_is_kept(
    crm: CRM, attributes: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        crm.customers.register("华为", attributes=attributes)
    assert crm.customers.count() == 0


def test_a_customer_needs_a_name_a_known_type_and_a_known_stage(crm: CRM) -> None:
    with pytest.raises(InvalidCustomer, match="a customer has a name"):
        crm.customers.register("  ")
    with pytest.raises(InvalidCustomer, match="'robot'"):
        crm.customers.register("华为", customer_type="robot")
    with pytest.raises(UnknownName, match="lead"):
        crm.customers.register("华为", stage="laed")
    assert crm.customers.register("李雷", customer_type="person").customer_type is CustomerType.PERSON


def test_two_customers_cannot_have_one_id_nor_a_parent_that_is_not_there(every_crm: CRM) -> None:
    every_crm.customers.register("华为", id="c1")
    with pytest.raises(AlreadyThere):
        every_crm.customers.register("华为", id="c1")
    with pytest.raises(DanglingReference):
        every_crm.customers.register("海思", parent="nobody")
    with pytest.raises(NotThere):
        every_crm.customers.get("c2")


def test_a_change_says_which_fields_and_keeps_no_values_in_the_event(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes={"tier": "standard"})
    changed = every_crm.customers.change(customer, name="华为技术", attributes={"tier": "key", "seats": 10})
    assert (changed.name, changed.custom["tier"], changed.custom["seats"]) == ("华为技术", "key", 10)
    assert every_crm.customers.change(changed.id, attributes={"seats": None}).custom == {"tier": "key"}
    assert every_crm.customers.change(changed.id, name="华为技术").version == 3, "nothing changes, nothing is written"
    with every_crm.begin(read_only=True) as work:
        told = work.job.unit.find(Query(Event, where=[Is("name", "customer-changed")]))
    assert sorted(list(event.payload["fields"]) for event in told) == [["name", "seats", "tier"], ["seats"]]
    assert "华为" not in str([event.payload for event in told])


def test_a_change_of_what_somebody_else_changed_is_refused(every_crm: CRM) -> None:
    read = every_crm.customers.register("华为")
    every_crm.customers.change(read.id, language="zh")
    with pytest.raises(Stale):
        every_crm.customers.change(read, language="en")
    assert every_crm.customers.get(read.id).language == "zh"


def test_a_field_that_is_not_for_changing_is_refused_with_the_nearest(crm: CRM) -> None:
    customer = crm.customers.register("华为")
    with pytest.raises(UnknownField, match="did you mean 'name'"):
        crm.customers.change(customer, nmae="华为技术")
    with pytest.raises(UnknownField, match="'stage'"):
        crm.customers.change(customer, stage="active")


def test_a_subsidiary_belongs_to_its_group_and_never_to_itself(every_crm: CRM) -> None:
    group, unit, part = (every_crm.customers.register(name) for name in ("集团", "分公司", "门店"))
    every_crm.customers.move(unit, group.id)
    every_crm.customers.move(part, unit.id)
    assert [one.name for one in every_crm.customers.above(part.id)] == ["分公司", "集团"]
    for target in (part.id, group.id):
        with pytest.raises(InvalidCustomer, match="would belong to itself"):
            every_crm.customers.move(group.id, target)
    assert [one.name for one in every_crm.customers.find({"parent": group.id})] == ["分公司"]
    assert every_crm.customers.move(unit.id, None).parent is None


def test_customers_are_found_by_what_decides_who_answers(every_crm: CRM) -> None:
    for name, region, size in (
        ("甲", "Shanghai", 10),
        ("乙", "Zhejiang", 500),
        ("丙", "Sichuan", 499),
        ("丁", None, None),
    ):
        every_crm.customers.register(name, attributes={"region": region, "company-size": size})

    def found(**where: object) -> list[str]:
        return [one.name for one in every_crm.customers.find({k.replace("_", "-"): v for k, v in where.items()})]

    assert sorted(found(region="East")) == ["乙", "甲"]
    assert sorted(found(region=["West", "Shanghai"])) == ["丙", "甲"]
    assert found(region=None) == ["丁"]
    assert sorted(found(company_size=Interval(10, 500))) == ["丙", "甲"]
    assert found(company_size=Interval(500, None)) == ["乙"]
    assert [one.name for one in every_crm.customers.find(filters=[StartsWith("name", "丁")])] == ["丁"]
    assert every_crm.customers.count({"region": "China"}) == 3
    assert every_crm.customers.count_by("region", "stage") == {
        ("Shanghai", "lead"): 1,
        ("Zhejiang", "lead"): 1,
        ("Sichuan", "lead"): 1,
        (None, "lead"): 1,
    }
    with pytest.raises(InvalidQuery, match="Eest"):
        found(region="Eest")


def test_pages_follow_one_another_and_hold_everyone_once(every_crm: CRM) -> None:
    with every_crm.begin(actor="li.na") as work:
        for number in range(25):
            work.customers.register(f"客户{number:02}")
    names, after = [], None
    while True:
        page = every_crm.customers.find(limit=10, after=after)
        names += [one.name for one in page]
        after = page.after
        if after is None:
            break
    assert sorted(names) == [f"客户{number:02}" for number in range(25)]
    assert sorted(one.name for one in every_crm.customers.each()) == sorted(names)


@given(st.floats(1, 100), st.floats(1, 100), st.lists(st.floats(1, 100), max_size=8))
def test_an_interval_holds_its_start_and_not_its_stop(start: float, stop: float, values: list[float]) -> None:
    from crmcore.customers.attributes import conditions  # noqa: PLC0415
    from crmcore.organization import Organization  # noqa: PLC0415
    from crmcore.storage import matches  # noqa: PLC0415

    company = Organization.from_data(
        {"crmcore": 1, "name": "c", "dimensions": {"spend": {"number": {"min": 0, "max": 1000}}}}
    )
    kind = kinds_of(company, CUSTOMER_KINDS)["customer"]
    wanted = conditions({"spend": Interval(start, stop)}, company, kind)
    for value in (*values, start, stop):
        assert all(matches(one, value) for one in wanted) == (value in Interval(start, stop))


def test_a_customer_that_was_merged_is_left_out_and_not_changed(crm: CRM) -> None:
    one, other = crm.customers.register("华为"), crm.customers.register("华为技术")
    with crm.begin() as work:
        work.job.unit.put(evolve(one, merged_into=other.id))
    assert [found.id for found in crm.customers.find()] == [other.id]
    assert crm.customers.find(merged=True).after is None
    assert len(crm.customers.find(merged=True)) == 2
    with pytest.raises(InvalidCustomer, match="use that one"):
        crm.customers.change(one.id, name="x")


def test_the_company_of_the_tests_is_in_order() -> None:
    report = COMPANY.check(on=START.date(), select=["REF", "COV101", "COV102", "COV104", "JRN301", "JRN303", "JRN304"])
    assert [f"{finding.code} {finding.message}" for finding in report.findings] == []


def test_nobody_comes_to_belong_to_a_customer_that_is_gone(every_crm: CRM) -> None:
    merged, erased, other = (every_crm.customers.register(name) for name in ("华为", "小米科技", "华为云"))
    every_crm.merging.merge(other, merged)
    every_crm.privacy.erase(erased)
    for gone, why in ((merged, "was merged into"), (erased, "was erased")):
        with pytest.raises(InvalidCustomer, match=why):
            every_crm.customers.move(other.id, gone.id)
        with pytest.raises(InvalidCustomer, match=why):
            every_crm.customers.register("子公司", parent=gone.id)
