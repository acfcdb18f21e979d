"""The channel and the notifier in memory: they keep the contracts, and show that the contracts can be kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from attrs import evolve, frozen

from crmcore.messaging import (
    Address,
    Capability,
    Channel,
    IncomingMessage,
    MemoryChannel,
    MemoryNotifier,
    OutgoingMessage,
    Receipt,
    Refusal,
    Refused,
)
from crmcore.testing import (
    ChannelContract,
    ChannelWitness,
    Delivered,
    NotifierContract,
    NotifierWitness,
    Told,
)

NOBODY = Address("memory", "nobody")


class Choosy(MemoryChannel):
    """A channel with one address that it refuses."""

    def transmit(self, message: OutgoingMessage) -> Receipt:
        refused = tuple(Refusal(one, "no such user") for one in message.recipients if one == NOBODY)
        if len(refused) == len(message.recipients):
            raise Refused("no such user", refused)
        receipt = super().transmit(evolve(message, reached=(*message.reached, *(one.address for one in refused))))
        return evolve(receipt, refused=refused)


class Poor(MemoryChannel):
    """A channel that can do nothing beyond sending."""

    capabilities = frozenset()
    receive = Channel.receive


@frozen
class Beside(ChannelWitness):
    channel: MemoryChannel

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

    @contextmanager
    def outage(self) -> Iterator[None]:
        self.channel.down = True
        yield
        self.channel.down = False

    def write(self, message: IncomingMessage) -> None:
        self.channel.inbox.append(message)


class OfMemory(ChannelContract):
    @pytest.fixture
    def witness(self, channel: MemoryChannel) -> ChannelWitness:
        return Beside(channel)

    @pytest.fixture
    def recipient(self) -> Address:
        return Address("memory", "wang.wei@kunde.example", "王伟")

    @pytest.fixture
    def other(self) -> Address:
        return Address("memory", "li.na@firma.example", "李娜")

    @pytest.fixture
    def impossible(self) -> Address:
        return NOBODY


class TestMemoryChannel(OfMemory):
    @pytest.fixture
    def channel(self) -> Channel:
        return Choosy()


class TestPoorChannel(OfMemory):
    @pytest.fixture
    def channel(self) -> Channel:
        return Poor()

    @pytest.fixture
    def impossible(self) -> Address:
        pytest.skip("it refuses nobody")


@frozen
class Listening(NotifierWitness):
    notifier: MemoryNotifier

    def told(self) -> Sequence[Told]:
        return [Told(id=one.id, subject=one.subject, text=one.text) for one in self.notifier.told]

    @contextmanager
    def outage(self) -> Iterator[None]:
        self.notifier.down = True
        yield
        self.notifier.down = False


class TestMemoryNotifier(NotifierContract):
    @pytest.fixture
    def notifier(self) -> MemoryNotifier:
        return MemoryNotifier(people=["li.na"])

    @pytest.fixture
    def witness(self, notifier: MemoryNotifier) -> NotifierWitness:
        return Listening(notifier)

    @pytest.fixture
    def person(self) -> str:
        return "li.na"


def test_a_channel_in_memory_can_do_everything() -> None:
    assert MemoryChannel.capabilities == frozenset(Capability)
