"""The contracts of channels and notifiers find what is wrong: each broken one fails the test of what it breaks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from attrs import evolve

from crmcore.messaging import (
    Address,
    Batch,
    IncomingMessage,
    MemoryChannel,
    MemoryNotifier,
    Notice,
    OutgoingMessage,
    Receipt,
)
from crmcore.testing import ChannelContract, ChannelWitness, Delivered, NotifierContract, NotifierWitness, Told
from crmcore.values import new_id

RECIPIENT = Address("memory", "wang.wei@kunde.example", "王伟")
OTHER = Address("memory", "li.na@firma.example", "李娜")


class Witness(ChannelWitness, NotifierWitness):
    """The other end of what is in memory."""

    def __init__(self, channel: MemoryChannel | None = None, notifier: MemoryNotifier | None = None) -> None:
        self.channel = channel or MemoryChannel()
        self.notifier = notifier or MemoryNotifier()

    def delivered(self) -> Sequence[Delivered]:
        return [
            Delivered(
                id=one.id,
                recipients=frozenset(address.value for address in one.recipients),
                subject=one.subject,
                text=one.text,
                html=one.html,
                attachments=one.attachments,
                in_reply_to=one.in_reply_to,
            )
            for one in self.channel.sent
        ]

    def write(self, message: IncomingMessage) -> None:
        self.channel.inbox.append(message)

    def told(self) -> Sequence[Told]:
        return [Told(id=one.id, subject=one.subject, text=one.text) for one in self.notifier.told]

    @contextmanager
    def outage(self) -> Iterator[None]:
        self.channel.down = self.notifier.down = True
        yield
        self.channel.down = self.notifier.down = False


def changing(change: Callable[[OutgoingMessage], OutgoingMessage]) -> MemoryChannel:
    """Return a channel that changes what it sends."""

    class Changing(MemoryChannel):
        def transmit(self, message: OutgoingMessage) -> Receipt:
            super().transmit(change(message))
            return Receipt(message.id)

    return Changing()


class Swallowing(MemoryChannel):
    def transmit(self, message: OutgoingMessage) -> Receipt:
        return Receipt(message.id) if self.down else super().transmit(message)


class Forgetting(MemoryChannel):
    def receive(self, since: str | None = None, *, limit: int = 100) -> Batch:
        return super().receive(since and None, limit=limit)


class Skipping(MemoryChannel):
    def receive(self, since: str | None = None, *, limit: int = 100) -> Batch:
        batch = super().receive(since, limit=limit)
        return evolve(batch, messages=batch.messages[1:])


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (changing(lambda one: evolve(one, text=one.text.encode("ascii", "replace").decode())), "text"),
        (changing(lambda one: evolve(one, to=one.to[:1], cc=())), "everybody"),
        (changing(lambda one: evolve(one, reached=())), "reached"),
        (changing(lambda one: evolve(one, id=new_id())), "receipt"),
        (changing(lambda one: evolve(one, id=new_id())), "again"),
        (changing(lambda one: evolve(one, attachments=one.attachments[:2])), "files"),
        (changing(lambda one: evolve(one, html=None)), "layout"),
        (changing(lambda one: evolve(one, in_reply_to=None)), "answer"),
        (Swallowing(), "outage"),
        (Forgetting(), "order"),
        (Skipping(), "order"),
        (Skipping(), "received"),
    ],
)
def test_a_channel_that_loses_something_fails(broken: MemoryChannel, test: str) -> None:
    contract, sound = ChannelContract(), MemoryChannel()
    tests: dict[str, Callable[[MemoryChannel], None]] = {
        "text": lambda channel: contract.test_a_text_arrives_as_it_was_written(
            channel, Witness(channel), RECIPIENT, "您好"
        ),
        "everybody": lambda channel: contract.test_everybody_gets_it(channel, Witness(channel), RECIPIENT, OTHER),
        "reached": lambda channel: contract.test_those_who_have_it_are_left_out(
            channel, Witness(channel), RECIPIENT, OTHER
        ),
        "receipt": lambda channel: contract.test_a_receipt_names_the_message_as_the_receiver_does(
            channel, Witness(channel), RECIPIENT
        ),
        "again": lambda channel: contract.test_a_message_that_is_sent_again_can_be_told_from_a_new_one(
            channel, Witness(channel), RECIPIENT
        ),
        "files": lambda channel: contract.test_files_arrive_byte_for_byte_with_their_names(
            channel, Witness(channel), RECIPIENT
        ),
        "layout": lambda channel: contract.test_layout_arrives_beside_the_text(channel, Witness(channel), RECIPIENT),
        "answer": lambda channel: contract.test_an_answer_says_what_it_answers(channel, Witness(channel), RECIPIENT),
        "outage": lambda channel: contract.test_what_cannot_be_reached_may_be_later(
            channel, Witness(channel), RECIPIENT
        ),
        "order": lambda channel: contract.test_what_is_received_is_received_once_in_order_and_no_more_than_asked_for(
            channel, Witness(channel), RECIPIENT
        ),
        "received": lambda channel: contract.test_what_somebody_writes_is_received_with_its_sender(
            channel, Witness(channel), RECIPIENT
        ),
    }
    tests[test](sound)
    with pytest.raises((AssertionError, pytest.fail.Exception, ValueError)):
        tests[test](broken)


def test_a_notifier_that_loses_something_fails() -> None:
    class Renaming(MemoryNotifier):
        def notify(self, notice: Notice) -> Receipt:
            return super().notify(evolve(notice, id=new_id(), text=notice.text[:3]))

    contract, sound, broken = NotifierContract(), MemoryNotifier(), Renaming()
    contract.test_a_notice_that_is_told_again_can_be_told_from_a_new_one(sound, Witness(notifier=sound), "li.na")
    with pytest.raises(AssertionError):
        contract.test_a_notice_that_is_told_again_can_be_told_from_a_new_one(broken, Witness(notifier=broken), "li.na")
    broken.told.clear()
    with pytest.raises(AssertionError):
        contract.test_a_notice_arrives_with_its_subject_and_text(broken, Witness(notifier=broken), "li.na")
    with pytest.raises(pytest.fail.Exception):
        contract.test_a_person_whom_nobody_can_reach_is_refused(broken, Witness(notifier=broken), "stranger")
