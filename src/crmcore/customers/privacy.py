"""Privacy: what is held on somebody is told whole, forgotten on demand, and forgotten when its time has come."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import attrs
from attrs import field, frozen

from crmcore.customers.contact_point_records import ContactPoint
from crmcore.customers.duplicate_keys import refresh_keys
from crmcore.customers.erasing import emptied, erase
from crmcore.customers.failures import InvalidDetail
from crmcore.customers.holdings import Held, events_of, held
from crmcore.customers.notes import Document
from crmcore.customers.records import Contact, Customer
from crmcore.customers.retention import CODE, RetentionRule, due_page, refuse_unknown, still_due
from crmcore.customers.work import Desk, Job
from crmcore.language import say
from crmcore.storage import Busy, Entity

__all__ = ["Due", "Erasure", "Privacy"]

_DEMANDED: Final = "request"


@frozen
class Erasure:
    """What was forgotten.

    Attributes:
        id: of the customer, contact or record that was.
        touched: how many records of each kind were emptied or removed.
        files: where the files lie that were referred to: delete them there too.
    """

    id: str
    touched: Mapping[str, int]
    files: tuple[str, ...] = field(default=(), kw_only=True)


@frozen
class Due:
    """Something whose time has come by a rule.

    Attributes:
        rule: the rule.
        kind: of which kind it is: `customer`, or that of the rule.
        id: its id.
    """

    rule: RetentionRule
    kind: str
    id: str


class Privacy(Desk):
    """What is held on people, and how it is forgotten."""

    def export(self, who: Customer | Contact) -> dict[str, Any]:
        """Return everything that is held on a customer or one of its contacts, as JSON has it.

        All records that refer to it are told, by kind, also those of plugins and of customers that were merged into
        it, and the events that tell what happened with it.

        Args:
            who: the customer or the contact, as it was read.
        """
        with self._begin(read_only=True) as job:
            root = job.unit.get(type(who), who.id)
            found = held(job, root)
            return {
                "exported_at": job.now().isoformat(),
                "about": {"kind": job.kinds.of(type(root)).name, "id": root.id},
                "records": {name: [_plain(one) for one in found[name].values()] for name in sorted(found)},
                "events": [_plain(event) for event in events_of(job, root, found)],
            }

    def erase(self, who: Customer | Contact, *, because: str = _DEMANDED) -> Erasure:
        """Forget a customer or one of its contacts, so that counts and the audit stay but nobody can tell who it was.

        Names, contact points, notes, what was spoken and written, facts, documents, the evidence of consent and the
        titles of tasks are gone. Stages, attributes that are dimensions, assignments, products and amounts of purchases
        stay, and so do events, which hold no personal data. Consent, assignments and open handoffs of a customer end;
        its open tasks are dropped; what waits in the outbox is not sent. Nothing can be done with a customer any longer
        that was forgotten.

        Args:
            who: the customer or the contact, as it was read; a newer version of it is forgotten too.
            because: why, as a code of lower-case words with hyphens, for it lasts: `request`, or a law.

        Raises:
            InvalidDetail: the reason is no code.
        """
        if not CODE.fullmatch(because):
            raise InvalidDetail(
                "erasure", "because", say("it is told for ever, so it is a code of lower-case words with hyphens")
            )

        def erased() -> Erasure:
            with self._begin() as job:
                return _forget(job, _held(job, who), because)

        return self._tried(erased)

    def due(self, rules: Iterable[RetentionRule]) -> Iterator[Due]:
        """Yield what is due to be forgotten by some rules; a customer that two rules name comes twice.

        Raises:
            UnknownName, InvalidDetail: a rule names what there is not.
        """
        with self._begin(read_only=True) as job:
            for rule in rules:
                refuse_unknown(job, rule)
                for one in _due(job, rule):
                    yield Due(rule, job.kinds.of(type(one)).name, one.id)

    def apply(self, rules: Iterable[RetentionRule], *, batch: int = 100) -> Iterator[Erasure]:
        """Forget what is due by some rules, and yield each as it is forgotten.

        So many at once are one transaction: if it is stopped in between, the next time goes on with what is left.

        Args:
            rules: the rules; each is called in the events by its name.
            batch: how many are forgotten in one transaction, from 1 to 10,000.

        Raises:
            UnknownName, InvalidDetail: a rule names what there is not.
        """
        for rule in rules:
            after: str | None = None
            while True:

                def forgotten(
                    rule: RetentionRule = rule, after: str | None = after
                ) -> tuple[tuple[Erasure, ...], str | None]:
                    with self._begin() as job:
                        refuse_unknown(job, rule)
                        page = due_page(job, rule, limit=batch, after=after)
                        due = still_due(job, rule, page.records)
                        return tuple(_forget_by(job, rule, one) for one in due), page.after

                done, after = self._tried(forgotten)
                yield from (one for one in done if one.touched)
                if after is None:
                    break


def _due(job: Job, rule: RetentionRule) -> Iterator[Entity]:
    after: str | None = None
    while True:
        page = due_page(job, rule, limit=1000, after=after)
        for one in page.records:
            if rule.kind is None or _holds_something(job, one):
                yield one
        if page.after is None:
            return
        after = page.after


def _holds_something(job: Job, record: Entity) -> bool:
    return emptied(job, job.kinds.of(type(record)), record) != record


def _forget_by(job: Job, rule: RetentionRule, one: Entity) -> Erasure:
    if rule.kind is None and isinstance(one, Customer):
        return _forget(job, one, rule.name)
    kind = job.kinds.of(type(one)).name
    found: Held = {kind: {one.id: one}}
    files = _files(found)
    touched = erase(job, found, whole=False) if _holds_something(job, one) else {}
    if touched and isinstance(one, Contact | ContactPoint):
        refresh_keys(job, one.customer)  # by what is forgotten, nobody is recognised
    return Erasure(one.id, touched, files=files)


def _held(job: Job, who: Customer | Contact) -> Customer | Contact:
    """Return who is to be forgotten as it is now; nobody adds anything to the customer any longer."""
    if isinstance(who, Customer):
        return job.unit.hold(Customer, who.id, alone=True)
    customer = job.unit.get(Contact, who.id).customer
    job.unit.hold(Customer, customer, alone=True)
    found = job.unit.get(Contact, who.id)
    if found.customer != customer:
        raise Busy  # the customer was merged in that moment
    return found


def _forget(job: Job, root: Customer | Contact, because: str) -> Erasure:
    found = held(job, root)
    files = _files(found)
    touched = erase(job, found, whole=isinstance(root, Customer))
    if not touched:
        return Erasure(root.id, touched)
    if isinstance(root, Customer):
        job.happened("customer-erased", root, because=because, touched=touched)
    else:
        customer = job.unit.get(Customer, root.customer)
        refresh_keys(job, customer)
        job.happened("contact-erased", customer, contact=root.id, because=because, touched=touched)
    return Erasure(root.id, touched, files=files)


def _files(found: Held) -> tuple[str, ...]:
    documents = found.get("document", {}).values()
    return tuple(one.location for one in documents if isinstance(one, Document))


def _plain(record: Entity) -> dict[str, Any]:
    return attrs.asdict(record, value_serializer=_as_json)


def _as_json(_: object, __: object, value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
