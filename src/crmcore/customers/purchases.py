"""Purchases: which products customers bought and own, for how much; in exact numbers."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from attrs import evolve, field, frozen

from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import InvalidDetail
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk
from crmcore.language import say
from crmcore.storage import Entity, Is, Kind, Order, Page, Query, personal, reference

__all__ = ["PURCHASE", "Purchase", "PurchaseState", "Purchases"]

_CURRENCY: Final = re.compile("[A-Z]{3}")


class PurchaseState(StrEnum):
    """What became of what was bought."""

    OWNED = "owned"
    RETURNED = "returned"


@frozen(kw_only=True)
class Purchase(Entity):
    """A customer bought something.

    Attributes:
        customer: the customer.
        product: the code of the product.
        quantity: how much of it, in the product's own unit.
        amount: what was paid for all of it.
        currency: in which currency (ISO 4217).
        bought_on: the day.
        order_number: the number of the order; None for none.
        state: whether the customer has it still.
        returned_on: the day on which it came back.
        recorded_by: who wrote it down.
        recorded_at: when.
    """

    customer: str = reference("customer")
    product: str
    quantity: Decimal
    amount: Decimal
    currency: str
    bought_on: date
    order_number: str | None = personal(default=None)
    state: PurchaseState = field(default=PurchaseState.OWNED, converter=PurchaseState)
    returned_on: date | None = None
    recorded_by: str
    recorded_at: datetime


PURCHASE = Kind("purchase", Purchase, indexed=[("customer", "bought_on"), ("product", "bought_on"), "order_number"])


class Purchases(Desk):
    """What customers bought."""

    def record(
        self,
        customer: Customer | str,
        product: str,
        *,
        amount: Decimal | int,
        currency: str,
        quantity: Decimal | int = 1,
        bought_on: date | None = None,
        order_number: str | None = None,
    ) -> Purchase:
        """Write down that a customer bought something.

        Args:
            customer: the customer, or its id.
            product: the code of the product.
            amount: what was paid for all of it: a `Decimal` with at most 4 digits behind the point.
            currency: in which currency (ISO 4217).
            quantity: how much of it.
            bought_on: the day; None for today.
            order_number: the number of the order.

        Raises:
            InvalidDetail: there is no product, the quantity is not above 0, the amount below 0 or inexact, the currency
                is no code of three letters, or the day has not come yet.
        """
        with self._begin() as job:
            of = current_customer(job, customer)
            day = bought_on or job.today()
            if not product.strip():
                raise InvalidDetail(PURCHASE.name, "product", say("say what was bought"))
            if day > job.today():
                raise InvalidDetail(PURCHASE.name, "bought_on", say("{day} has not come yet", day=str(day)))
            bought = job.unit.add(
                Purchase(
                    id=job.ids(),
                    customer=of.id,
                    product=product.strip(),
                    quantity=_exact("quantity", quantity, above=True),
                    amount=_exact("amount", amount),
                    currency=_currency(currency),
                    bought_on=day,
                    order_number=order_number,
                    recorded_by=job.actor,
                    recorded_at=job.now(),
                )
            )
            job.happened("purchase-recorded", of, purchase=bought.id, product=bought.product)
            return bought

    def return_(self, purchase: Purchase | str, *, day: date | None = None) -> Purchase:
        """Write down that what was bought came back.

        Args:
            purchase: the purchase, or its id.
            day: when; None for today.

        Raises:
            InvalidDetail: it came back before, or before it was bought.
        """
        with self._begin() as job:
            before = job.unit.get(Purchase, purchase) if isinstance(purchase, str) else purchase
            back = day or job.today()
            if before.state is PurchaseState.RETURNED:
                raise InvalidDetail(
                    PURCHASE.name, "state", say("it came back on {day} already", day=str(before.returned_on))
                )
            if back < before.bought_on:
                raise InvalidDetail(PURCHASE.name, "returned_on", say("it was bought later than {day}", day=str(back)))
            after = job.unit.put(evolve(before, state=PurchaseState.RETURNED, returned_on=back))
            of = job.unit.get(Customer, after.customer)
            job.happened("purchase-returned", of, purchase=after.id, product=after.product)
            return after

    def of(self, customer: Customer | str, *, limit: int = 100, after: str | None = None) -> Page[Purchase]:
        """Return one page of what a customer bought, the newest first.

        Args:
            customer: the customer, or its id.
            limit: how many a page has.
            after: the cursor of the page before.
        """
        with self._begin(read_only=True) as job:
            order = [Order("bought_on", descending=True)]
            where = [Is("customer", id_of(customer))]
            return job.unit.find(Query(Purchase, where=where, order=order, limit=limit, after=after))

    def owned(self, customer: Customer | str) -> Mapping[str, Decimal]:
        """Return how much of each product a customer owns, in one pass of the storage."""
        return self._summed(customer, "product", "quantity")

    def totals(self, customer: Customer | str) -> Mapping[str, Decimal]:
        """Return what a customer paid for what it did not return, by currency, in one pass of the storage."""
        return self._summed(customer, "currency", "amount")

    def _summed(self, customer: Customer | str, by: str, name: str) -> Mapping[str, Decimal]:
        """Return the sums of a field of what a customer did not return, by another field."""
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer)), Is("state", PurchaseState.OWNED.value)]
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for (key, value), count in sorted(job.unit.count_by(Purchase, [by, name], where).items()):
                sums[key] += value * count
            return dict(sums)


def _exact(name: str, value: Decimal | int, *, above: bool = False) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise InvalidDetail(PURCHASE.name, name, say("it is exact: a Decimal, not a {type}", type=type(value).__name__))
    exact = Decimal(value)
    if not exact.is_finite() or exact < 0 or (above and exact == 0):
        raise InvalidDetail(PURCHASE.name, name, say("{value} cannot be bought or paid", value=str(value)))
    return exact


def _currency(code: str) -> str:
    if not _CURRENCY.fullmatch(code):
        raise InvalidDetail(PURCHASE.name, "currency", say("{value!r} is no currency such as CNY", value=code))
    return code
