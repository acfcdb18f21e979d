"""The contract of a channel: whoever writes one inherits this suite, gives it the channel and a witness."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

import pytest
from attrs import evolve, frozen

from crmcore.messaging import (
    Address,
    Attachment,
    Capability,
    Channel,
    ChannelUnavailable,
    IncomingMessage,
    OutgoingMessage,
    Refused,
    Undelivered,
)
from crmcore.values import new_id, now

__all__ = ["ChannelContract", "ChannelWitness", "Delivered"]

_TEXTS = [
    "您好，王伟。\n\n附上报价。\n李娜",
    "Grüße 👩‍💻 ünd so weiter",
    ".\n..\n.a line that begins with a dot\nFrom here on",
    "a long line without an end " * 200,
    "<b>not bold</b> & \"quoted\" 'so' \\ % = =?utf-8?B?5oiR?=",
]
_NAMES = ["王伟", 'Wang "Willy", Wei <w@x.example>', "Ünal, Öz", "=?utf-8?Q?x?=", "a" * 200, "二" * 100]


@frozen(kw_only=True)
class Delivered:
    """A message as it arrived.

    Attributes:
        id: what the receiver's side calls it, in the channel's words: as in the receipt.
        recipients: the addresses where it arrived.
        subject: its subject; empty where the channel has none.
        text: its plain text.
        html: its text with layout.
        attachments: its files.
        in_reply_to: the id of the message that it answers, in the channel's words.
    """

    id: str
    recipients: frozenset[str]
    subject: str = ""
    text: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str | None = None


class ChannelWitness(ABC):
    """Somebody at the other end, who looks past the channel. All that it tells is of one test."""

    @abstractmethod
    def delivered(self) -> Sequence[Delivered]:
        """Return what arrived, in order; what arrived twice is told twice."""

    @abstractmethod
    def outage(self) -> AbstractContextManager[None]:
        """Let nobody reach the other end inside a `with` block."""

    def write(self, message: IncomingMessage) -> None:
        """Write to the company: the sender, the subject, the text, the files, and what it answers.

        Only for channels that receive. The id and the instant are the channel's own affair.
        """
        raise NotImplementedError("a witness of a channel that receives writes to the company")


class ChannelContract:
    """What holds for every channel.

    Derive a class whose name begins with `Test`, and give it the fixtures `channel`, `witness` and `recipient`, also
    `other` and `impossible` if there are such addresses. What the channel does not declare is skipped.
    """

    @pytest.fixture
    def channel(self) -> Channel:
        """The channel, open."""
        raise NotImplementedError("give the contract your channel: a fixture `channel` that returns it")

    @pytest.fixture
    def witness(self) -> ChannelWitness:
        """Somebody at the other end."""
        raise NotImplementedError("give the contract a witness: a fixture `witness` that returns it")

    @pytest.fixture
    def recipient(self) -> Address:
        """An address that can be reached."""
        raise NotImplementedError("give the contract an address: a fixture `recipient` that returns it")

    @pytest.fixture
    def other(self) -> Address:
        """Another address that can be reached."""
        pytest.skip("no fixture `other` gives a second address that can be reached")

    @pytest.fixture
    def impossible(self) -> Address:
        """An address that the other end refuses for ever."""
        pytest.skip("no fixture `impossible` gives an address that is refused for ever")

    def test_it_says_what_it_reaches_and_what_it_can_do(self, channel: Channel, recipient: Address) -> None:
        """Whoever chooses a channel for an address compares these."""
        assert channel.reaches == recipient.channel
        assert all(isinstance(one, Capability) for one in channel.capabilities)

    @pytest.mark.parametrize("text", _TEXTS)
    def test_a_text_arrives_as_it_was_written(
        self, channel: Channel, witness: ChannelWitness, recipient: Address, text: str
    ) -> None:
        """Chinese, emoji, long lines and signs that mean something to a protocol are only text."""
        channel.send(_message(recipient, text=text))
        (arrived,) = witness.delivered()
        assert arrived.text.rstrip() == text.rstrip()
        assert arrived.recipients == {recipient.value}

    def test_a_subject_of_breaks_and_signs_is_one_line_of_text(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """A subject that a form brings can neither end the header nor begin another."""
        subject = "续约 2027\r\nBcc: someone@else.example\r\n\r\nbody =?utf-8?Q?x?= " + "很长" * 60
        message = _message(recipient, subject=subject)
        channel.send(message)
        (arrived,) = witness.delivered()
        assert arrived.subject in (message.subject, "")
        assert arrived.recipients == {recipient.value}
        assert arrived.text.rstrip() == message.text

    @pytest.mark.parametrize("name", _NAMES)
    def test_a_name_is_only_a_name(
        self, channel: Channel, witness: ChannelWitness, recipient: Address, name: str
    ) -> None:
        """Whatever somebody is called, the message reaches the address, and no other."""
        channel.send(_message(evolve(recipient, name=name)))
        (arrived,) = witness.delivered()
        assert arrived.recipients == {recipient.value}

    def test_everybody_gets_it(
        self, channel: Channel, witness: ChannelWitness, recipient: Address, other: Address
    ) -> None:
        """A message for several reaches each of them."""
        channel.send(evolve(_message(recipient), cc=[other]))
        reached = {one for arrived in witness.delivered() for one in arrived.recipients}
        assert reached == {recipient.value, other.value}

    def test_those_who_have_it_are_left_out(
        self, channel: Channel, witness: ChannelWitness, recipient: Address, other: Address
    ) -> None:
        """After an attempt that reached some, the next one is for the others."""
        channel.send(evolve(_message(recipient), to=[recipient, other], reached=[recipient]))
        (arrived,) = witness.delivered()
        assert arrived.recipients == {other.value}

    def test_a_receipt_names_the_message_as_the_receiver_does(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """By the id of the receipt, answers are brought together with what they answer."""
        self._needs(channel, Capability.RECEIPTS)
        receipt = channel.send(_message(recipient))
        (arrived,) = witness.delivered()
        assert arrived.id == receipt.id

    def test_a_message_that_is_sent_again_can_be_told_from_a_new_one(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """A worker that died after sending sends again: the receiver's side is told the same id, and can drop it."""
        self._needs(channel, Capability.RECEIPTS)
        message = _message(recipient)
        for one in (message, message, evolve(message, id=new_id())):
            channel.send(one)
        ids = [arrived.id for arrived in witness.delivered()]
        assert len(ids) in (2, 3), "a channel may drop what is sent twice, and nothing else"
        assert len(set(ids)) == 2

    def test_files_arrive_byte_for_byte_with_their_names(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """Also bytes that are no text, and names that no protocol was made for."""
        self._needs(channel, Capability.ATTACHMENTS)
        files = (
            Attachment("报价单（第二版）.pdf", "application/pdf", content=bytes(range(256)) * 20),
            Attachment('a "b"; c=d.txt', "text/plain", content="line\r\n.\r\n好".encode()),
            Attachment("很" * 60 + ".bin", content=b""),
        )
        channel.send(evolve(_message(recipient), attachments=files))
        (arrived,) = witness.delivered()
        assert [(one.name, one.content) for one in arrived.attachments] == [(one.name, one.content) for one in files]

    def test_files_that_cannot_be_sent_are_refused_and_not_left_out(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """Nobody is told of a quotation that is not there."""
        file = Attachment("a.pdf", reference="files/a.pdf")
        if Capability.ATTACHMENTS not in channel.capabilities:
            file = Attachment("a.pdf", content=b"%PDF")
        with pytest.raises(Refused):
            channel.send(evolve(_message(recipient), attachments=[file]))
        assert list(witness.delivered()) == []

    def test_layout_arrives_beside_the_text(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """A program that shows no layout shows the text."""
        self._needs(channel, Capability.HTML)
        channel.send(evolve(_message(recipient), html="<p>您好，<b>王伟</b>。</p>"))
        (arrived,) = witness.delivered()
        assert (arrived.html or "").strip() == "<p>您好，<b>王伟</b>。</p>"
        assert arrived.text.rstrip() == "您好，王伟。"

    def test_an_answer_says_what_it_answers(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """A conversation stays together at the other end."""
        self._needs(channel, Capability.THREADS)
        first = channel.send(_message(recipient))
        channel.send(evolve(_message(recipient), in_reply_to=first.id, references=[first.id]))
        assert [arrived.in_reply_to for arrived in witness.delivered()] == [None, first.id]

    def test_an_address_of_another_sort_is_refused(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """A telephone number is no mailbox."""
        with pytest.raises(Refused):
            channel.send(_message(Address("no-channel-reaches-this", recipient.value)))
        assert list(witness.delivered()) == []

    def test_an_address_that_the_other_end_refuses_is_told_at_once(
        self, channel: Channel, witness: ChannelWitness, impossible: Address
    ) -> None:
        """Nobody tries for days what can never succeed, and it is known whom it did not reach."""
        with pytest.raises(Refused) as caught:
            channel.send(_message(impossible))
        assert [one.address for one in caught.value.refused] == [impossible]
        assert list(witness.delivered()) == []

    def test_the_others_get_what_one_is_refused(
        self, channel: Channel, witness: ChannelWitness, recipient: Address, impossible: Address
    ) -> None:
        """One wrong address stops nobody else's message."""
        receipt = channel.send(evolve(_message(recipient), cc=[impossible]))
        assert [one.address for one in receipt.refused] == [impossible]
        (arrived,) = witness.delivered()
        assert arrived.recipients == {recipient.value}

    def test_what_cannot_be_reached_may_be_later(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """The channel stays usable: a worker that goes on trying succeeds in the end."""
        channel.send(_message(recipient))
        message = _message(recipient)
        with witness.outage(), pytest.raises(Undelivered):
            channel.send(message)
        before = len(witness.delivered())
        channel.send(message)
        assert len(witness.delivered()) == before + 1

    def test_what_somebody_writes_is_received_with_its_sender(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """Who wrote it, what, and with which files."""
        self._needs(channel, Capability.RECEIVES)
        written = _written(recipient, "我们续约。\n王伟")
        witness.write(written)
        (received,) = channel.receive().messages
        assert received.sender is not None
        assert received.sender.value == recipient.value
        assert received.text.rstrip() == written.text
        assert received.subject in (written.subject, "")
        if Capability.ATTACHMENTS in channel.capabilities:
            assert [(one.name, one.content) for one in received.attachments] == [("合同.pdf", b"%PDF\x00\xff")]

    def test_what_is_received_is_received_once_in_order_and_no_more_than_asked_for(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """The cursor says how far one has read; from the beginning, everything is there again."""
        self._needs(channel, Capability.RECEIVES)
        texts = [f"第 {number} 封" for number in range(5)]
        for text in texts:
            witness.write(_written(recipient, text))
        read: list[IncomingMessage] = []
        sizes: list[int] = []
        cursor, more = None, True
        while more and len(sizes) < len(texts):
            batch = channel.receive(cursor, limit=2)
            cursor, more = batch.cursor, batch.more
            sizes.append(len(batch.messages))
            read += batch.messages
        assert [one.text.rstrip() for one in read] == texts
        assert sizes == [2, 2, 1]
        assert channel.receive(cursor).messages == ()
        witness.write(_written(recipient, "又一封"))
        assert [one.text.rstrip() for one in channel.receive(cursor).messages] == ["又一封"]
        assert [one.id for one in channel.receive().messages[:5]] == [one.id for one in read]
        assert len({one.id for one in read}) == 5

    def test_a_cursor_that_means_nothing_is_the_beginning(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """A server that began anew, or another program's cursor, loses nothing."""
        self._needs(channel, Capability.RECEIVES)
        witness.write(_written(recipient, "第一封"))
        assert len(channel.receive("no cursor at all").messages) == 1

    def test_an_answer_names_what_it_answers_as_the_receipt_did(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """So that it is put into the conversation that the company began."""
        self._needs(channel, Capability.RECEIVES)
        self._needs(channel, Capability.THREADS)
        receipt = channel.send(_message(recipient))
        before = len(channel.receive().messages)
        witness.write(evolve(_written(recipient, "好的。"), in_reply_to=receipt.id))
        answer = channel.receive().messages[before]
        assert answer.in_reply_to == receipt.id

    def test_reading_what_cannot_be_reached_may_succeed_later(
        self, channel: Channel, witness: ChannelWitness, recipient: Address
    ) -> None:
        """The channel stays usable."""
        self._needs(channel, Capability.RECEIVES)
        with witness.outage(), pytest.raises(ChannelUnavailable):
            channel.receive()
        witness.write(_written(recipient, "第一封"))
        assert len(channel.receive().messages) == 1

    def test_a_channel_that_only_sends_says_so(self, channel: Channel) -> None:
        """Asking it to receive is no way to lose messages."""
        if Capability.RECEIVES in channel.capabilities:
            pytest.skip("it receives")
        with pytest.raises(ChannelUnavailable):
            channel.receive()

    def test_closing_twice_does_no_harm(self, channel: Channel, recipient: Address) -> None:
        """A program that stops closes whatever it has."""
        channel.send(_message(recipient))
        channel.close()
        channel.close()

    def _needs(self, channel: Channel, capability: Capability) -> None:
        if capability not in channel.capabilities:
            pytest.skip(f"the channel does not declare {capability.name}")


def _message(recipient: Address, *, subject: str = "续约", text: str = "您好，王伟。") -> OutgoingMessage:
    return OutgoingMessage(id=new_id(), to=[recipient], subject=subject, text=text)


def _written(sender: Address, text: str) -> IncomingMessage:
    file = Attachment("合同.pdf", "application/pdf", content=b"%PDF\x00\xff")
    return IncomingMessage(
        id=new_id(), sender=sender, subject="回复：续约", text=text, attachments=[file], received_at=now()
    )
