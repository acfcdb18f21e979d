"""What else is known of customers: tags, relations, purchases, notes, documents, preferences, their register."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.crm import CRM
from crmcore.customers import InvalidCustomer, InvalidDetail, PurchaseState
from crmcore.customers.identity import InvalidIdentifier
from crmcore.customers.preferences import language_tag, time_zone_name
from crmcore.storage import NotThere


def test_customers_are_found_by_their_tags_in_upper_or_lower_case(every_crm: CRM) -> None:
    one, other = every_crm.customers.register("华为"), every_crm.customers.register("中兴")
    every_crm.tags.add(one, "VIP", "价格敏感")
    every_crm.tags.add(other, " vip ")
    assert len(every_crm.tags.add(one, "vip")) == 2
    assert every_crm.tags.of(one) == ("VIP", "价格敏感")
    assert {tag.customer for tag in every_crm.tags.tagged("Vip")} == {one.id, other.id}
    assert every_crm.tags.counts() == {"vip": 2, "价格敏感": 1}
    every_crm.tags.remove(one, "vip")
    assert every_crm.tags.of(one) == ("价格敏感",)
    with pytest.raises(NotThere):
        every_crm.tags.remove(one, "vip")
    with pytest.raises(InvalidDetail, match="1 to 100 characters"):
        every_crm.tags.add(one, " ")


def test_a_relation_is_seen_from_both_sides_and_on_its_days(every_crm: CRM) -> None:
    maker, shop = every_crm.customers.register("华为"), every_crm.customers.register("苏宁")
    made = every_crm.relations.relate(maker, "supplies", shop, since=date(2026, 1, 1))
    every_crm.relations.relate(shop, "shares-office-with", maker)
    assert [(one.to, one.relation) for one in every_crm.relations.of(shop)] == [
        (maker.id, "shares-office-with"),
        (maker.id, "buys-from"),
    ]
    assert {one.relation for one in every_crm.relations.of(maker)} == {"supplies", "shares-office-with"}
    every_crm.relations.end(made, date(2026, 6, 30))
    assert {one.relation for one in every_crm.relations.of(maker, day=date(2026, 7, 1))} == {"shares-office-with"}
    assert len(every_crm.relations.of(maker, day=date(2026, 6, 30))) == 2
    assert len(every_crm.relations.of(maker, day=date(2025, 12, 31))) == 1
    with pytest.raises(InvalidDetail, match="before it begins"):
        every_crm.relations.end(made, date(2025, 12, 31))
    with pytest.raises(InvalidDetail, match="not related to itself"):
        every_crm.relations.relate(maker, "partner", maker)


def test_purchases_add_up_exactly_by_currency_without_what_came_back(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    record = every_crm.purchases.record
    for _ in range(3):
        record(customer, "seat", amount=Decimal("0.1"), currency="CNY", quantity=2)
    back = record(customer, "phone", amount=Decimal(4999), currency="CNY", bought_on=date(2026, 11, 1))
    record(customer, "seat", amount=Decimal("10.5"), currency="EUR", order_number="A-17")
    every_crm.purchases.return_(back)
    assert every_crm.purchases.totals(customer) == {"CNY": Decimal("0.3"), "EUR": Decimal("10.5")}
    assert every_crm.purchases.owned(customer) == {"seat": 7}
    newest = next(iter(every_crm.purchases.of(customer, limit=1)))
    assert newest.bought_on == date(2026, 11, 23)
    assert [one.state for one in every_crm.purchases.of(customer)][-1] is PurchaseState.RETURNED


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["CNY", "EUR", "JPY"]),
            st.decimals(0, 10**9, places=4),
            st.integers(1, 9),
            st.booleans(),
            st.sampled_from(["seat", "phone"]),
        ),
        max_size=12,
    )
)
def test_totals_are_what_adding_one_after_another_gives(bought: list[Any]) -> None:
    from crms import COMPANY  # noqa: PLC0415 (as the fixture is for one test, and this one runs many times)

    crm = CRM.open("memory:", organization=COMPANY)
    customer = crm.customers.register("华为")
    totals: dict[str, Decimal] = {}
    owned: dict[str, Decimal] = {}
    for currency, amount, quantity, returned, product in bought:
        purchase = crm.purchases.record(customer, product, amount=amount, currency=currency, quantity=quantity)
        if returned:
            crm.purchases.return_(purchase)
        else:
            totals[currency] = totals.get(currency, Decimal()) + amount
            owned[product] = owned.get(product, Decimal()) + quantity
    assert crm.purchases.totals(customer) == totals
    assert crm.purchases.owned(customer) == owned


@pytest.mark.parametrize(
    ("given_", "match"),
    [
        ({"amount": 0.1}, "a Decimal, not a float"),
        ({"amount": Decimal(-1)}, "cannot be bought or paid"),
        ({"amount": Decimal("NaN")}, "cannot be bought or paid"),
        ({"quantity": 0}, "cannot be bought or paid"),
        ({"currency": "yuan"}, "no currency such as CNY"),
        ({"bought_on": date(2026, 11, 24)}, "has not come yet"),
        ({"product": " "}, "say what was bought"),
    ],
)
def test_a_purchase_that_cannot_be_is_refused_in_words(crm: CRM, given_: dict[str, Any], match: str) -> None:
    customer = crm.customers.register("华为")
    whole = {"product": "seat", "amount": Decimal(1), "currency": "CNY", **given_}
    with pytest.raises(InvalidDetail, match=match):
        crm.purchases.record(customer, **whole)
    assert crm.purchases.totals(customer) == {}


def test_what_came_back_comes_back_once_and_not_before_it_was_bought(crm: CRM) -> None:
    customer = crm.customers.register("华为")
    bought = crm.purchases.record(customer, "seat", amount=1, currency="CNY")
    with pytest.raises(InvalidDetail, match="bought later"):
        crm.purchases.return_(bought, day=date(2026, 11, 22))
    crm.purchases.return_(bought)
    with pytest.raises(InvalidDetail, match="came back on 2026-11-23 already"):
        crm.purchases.return_(bought.id)


def test_notes_are_written_changed_and_removed(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    note = every_crm.notes.add(customer, " 喜欢简短的邮件 ")
    changed = every_crm.notes.change(note, "喜欢电话")
    assert (changed.text, changed.written_by) == ("喜欢电话", "crmcore")
    assert list(every_crm.notes.of(customer)) == [changed]
    every_crm.notes.remove(changed)
    assert list(every_crm.notes.of(customer)) == []
    with pytest.raises(InvalidDetail, match="write something"):
        every_crm.notes.add(customer, " ")


def test_files_are_referred_to_where_they_lie(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    person = every_crm.contacts.add(customer, "王伟")
    document = every_crm.documents.attach(
        customer, "合同.pdf", "files/17", contact=person, media_type="application/pdf", size=4
    )
    assert every_crm.documents.of(customer) == (document,)
    assert every_crm.documents.remove(document.id).location == "files/17"
    assert every_crm.documents.of(customer) == ()
    with pytest.raises(InvalidDetail, match="where it lies"):
        every_crm.documents.attach(customer, "合同.pdf", "")
    with pytest.raises(InvalidDetail, match="no less than 0 bytes"):
        every_crm.documents.attach(customer, "合同.pdf", "files/1", size=-1)


def test_a_contacts_preference_comes_before_the_customers(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    person = every_crm.contacts.add(customer, "王伟")
    every_crm.preferences.set(customer, "channel", "email")
    every_crm.preferences.set(customer, "hours", "09:00-12:00")
    every_crm.preferences.set(customer, "channel", "wecom", contact=person)
    assert every_crm.preferences.of(customer) == {"channel": "email", "hours": "09:00-12:00"}
    assert every_crm.preferences.of(customer, contact=person) == {"channel": "wecom", "hours": "09:00-12:00"}
    every_crm.preferences.set(customer, "channel", "phone")
    every_crm.preferences.set(customer, "hours", None)
    assert every_crm.preferences.set(customer, "hours", None) is None
    assert every_crm.preferences.of(customer) == {"channel": "phone"}
    with pytest.raises(InvalidDetail, match="what is preferred"):
        every_crm.preferences.set(customer, "", "x")


def test_languages_and_time_zones_are_such_and_written_in_one_way(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", language="ZH_hans-cn", time_zone="Asia/Shanghai")
    assert (customer.language, customer.time_zone) == ("zh-Hans-CN", "Asia/Shanghai")
    contact = every_crm.contacts.add(customer, "王伟", language="EN")
    assert contact.language == "en"
    with pytest.raises(InvalidCustomer, match="did you mean 'Asia/Shanghai'"):
        every_crm.customers.change(customer.id, time_zone="Asia/Shanghia")
    with pytest.raises(InvalidCustomer, match="no language tag"):
        every_crm.contacts.change(contact, language="中文")


@given(st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_][A-Za-z]{2})?", fullmatch=True))
def test_a_language_tag_made_normal_stays_as_it_is(text: str) -> None:
    assert language_tag(language_tag(text)) == language_tag(text)


def test_every_time_zone_is_known_and_nothing_else() -> None:
    assert time_zone_name("Europe/Berlin") == "Europe/Berlin"
    for text in ("", "../etc/passwd", "Mars"):
        with pytest.raises(InvalidCustomer, match="no time zone"):
            time_zone_name(text)


def test_a_number_that_looks_like_a_uscc_has_to_be_one(every_crm: CRM) -> None:
    customer = every_crm.customers.register("北京", registration="9111 0000 6000 3734 1l")
    assert customer.registration == "91110000600037341L"
    with pytest.raises(InvalidIdentifier, match="91110000600037341L"):
        every_crm.customers.register("北京", registration="9111O000600037341L")
    with pytest.raises(InvalidIdentifier):
        every_crm.customers.change(customer, registration="91110000600037341M")
    assert every_crm.customers.register("Acme", registration="HRB 1234").registration == "HRB 1234"
    assert every_crm.customers.register("无", registration=" ").registration is None
    with pytest.raises(InvalidIdentifier):
        every_crm.customers.register("王伟", customer_type="person", registration="110101199003070000")
