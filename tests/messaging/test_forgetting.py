"""What was written to and by customers is told in their timeline and export, and forgotten with them."""

import json
from datetime import timedelta

import attrs
from attrs import define
from crms import START, SteppingClock
from letters import letter, written

from crmcore.crm import CRM
from crmcore.messaging import (
    Address,
    Attachment,
    Deliverer,
    MemoryChannel,
    MemoryNotifier,
    MessageFile,
    Notice,
    OutgoingMessage,
    Receipt,
    Receiver,
    Refusal,
    StoredMessage,
    Undelivered,
    enqueue_message,
    enqueue_notice,
    known_sender,
)
from crmcore.storage import Outbox, Query

SECRETS = ("王小明", "wang.xm", "报价秘密", "您好秘密", "合同秘密", "回复秘密", "好的秘密", "通知秘密", "访客秘密")


@define(eq=False, slots=False)
class Mailing(MemoryChannel):
    """A channel that reaches addresses of mail."""

    reaches = "email"


@define(eq=False, slots=False)
class Talking(Mailing):
    """A server that repeats in its refusals whom a message was for."""

    def transmit(self, message: OutgoingMessage) -> Receipt:
        """Refuse it, naming everybody."""
        to = message.recipients[0]
        raise Undelivered(f"452 mailbox of {to} full", None, (), [Refusal(to, f"550 {to} unknown")])


def everything(crm: CRM) -> str:
    with crm.storage.begin(crm.tenant, read_only=True) as unit:
        rows = {name: [*map(attrs.asdict, unit.each(Query(kind.record)))] for name, kind in crm.storage.kinds.items()}
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_what_was_written_is_in_the_timeline_and_the_export_and_forgotten_with_the_customer(every_crm: CRM) -> None:
    customer = every_crm.customers.register("访客秘密")
    person = every_crm.contacts.add(customer, "王小明")
    every_crm.contact_points.add(customer, "email", "wang.xm@kunde.example", contact=person)
    to = Address("email", "wang.xm@kunde.example", "王小明")
    file = Attachment("合同秘密.pdf", content="合同秘密".encode())
    sent = letter("m1", to=[to], subject="报价秘密", text="您好秘密", attachments=[file])
    told = Notice(id="n1", person="li.na", subject="通知秘密", text="王小明在等您。")
    with every_crm.begin("li.na") as work:
        unit = work.job.unit
        enqueue_message(unit, sent, channel="email", actor="li.na", at=START, about=("contact", person.id))
        enqueue_notice(unit, told, notifier="memory", actor="crm", at=START, about=("customer", customer.id))
    clock = SteppingClock(START + timedelta(minutes=1))
    Deliverer(
        outbox=Outbox(every_crm.storage, clock),
        channels={"email": Talking()},
        notifiers={"memory": MemoryNotifier()},
        worker="w1",
        tenant=every_crm.tenant,
    ).run_once()
    answer = written("r1@kunde.example", sender=to, subject="回复秘密", text="好的秘密", attachments=[file])
    Receiver(
        storage=every_crm.storage,
        tenant=every_crm.tenant,
        name="email",
        channel=MemoryChannel(inbox=[answer]),
        clock=clock,
        recognise=known_sender,
    ).run_once()
    entries = {str(entry) for entry in every_crm.timeline(customer, kinds=["message"])}
    assert entries == {
        "a message waits to be sent by email: 报价秘密",
        "a message could not be sent by email yet: 报价秘密",
        "a message came by email: 回复秘密",
    }
    export = json.dumps(every_crm.privacy.export(customer), ensure_ascii=False)
    assert [secret for secret in SECRETS if secret not in export] == []
    every_crm.privacy.erase(customer)
    left = everything(every_crm)
    assert [secret for secret in SECRETS if secret in left] == []
    with every_crm.begin(read_only=True) as work:
        assert work.job.unit.count(MessageFile) == 0
        assert {one.direction.value for one in work.job.unit.each(Query(StoredMessage))} == {"in", "out"}
    clock.advance(hours=2)
    server = Mailing()
    outbox = Outbox(every_crm.storage, clock)
    Deliverer(outbox=outbox, channels={"email": server}, worker="w2", tenant=every_crm.tenant).run_once()
    assert server.sent == []
