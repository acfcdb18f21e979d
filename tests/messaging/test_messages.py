"""Messages and addresses: what they refuse, and what they make of it."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters import START, letter, written

from crmcore.messaging import Address, Attachment, InvalidMessage, Notice, OutgoingMessage, one_line, storable


@given(st.text())
def test_a_line_is_one_line_that_can_be_stored(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(character) < 32 for character in line)
    assert one_line(line) == line
    line.encode()
    storable(text).encode()
    assert "\0" not in storable(text)


@pytest.mark.parametrize("value", ["", " a@b.example", "a@b.example\r\nBcc: c@d.example", "a\0", "\ud800", "a\u2028b"])
def test_an_address_is_one_line(value: str) -> None:
    with pytest.raises(InvalidMessage):
        Address("email", value)


def test_breaks_in_names_and_subjects_become_spaces() -> None:
    assert Address("email", "a@b.example", "王伟\r\nBcc: c@d.example").name == "王伟 Bcc: c@d.example"
    assert letter(subject="续约\r\n\r\n您好").subject == "续约 您好"
    assert Notice(id="n1", person="li.na", subject="a\nb").subject == "a b"


@pytest.mark.parametrize("id_", ["", "two words", "a@b", "<a>", "王", "x" * 101, "a\n", "."])
def test_an_id_is_one_that_every_receiver_can_be_told(id_: str) -> None:
    with pytest.raises(InvalidMessage, match="1 to 100 letters"):
        letter(id_)
    with pytest.raises(InvalidMessage, match="1 to 100 letters"):
        Notice(id=id_, person="li.na", subject="s")


def test_somebody_receives_a_message() -> None:
    with pytest.raises(InvalidMessage, match="somebody has to receive it"):
        OutgoingMessage(id="m1", to=[])
    with pytest.raises(InvalidMessage, match="somebody has to receive it"):
        Notice(id="n1", person="", subject="s")


@pytest.mark.parametrize("media_type", ["", "pdf", "application/", "text/plain; charset=utf-8", "text/plain\r\nX: y"])
def test_a_media_type_is_two_words(media_type: str) -> None:
    with pytest.raises(InvalidMessage, match="application/pdf"):
        Attachment("a", media_type, content=b"")


def test_a_file_is_here_or_elsewhere() -> None:
    with pytest.raises(InvalidMessage, match="not both"):
        Attachment("a", content=b"", reference="files/a")
    with pytest.raises(InvalidMessage, match="neither content nor a reference"):
        letter(attachments=[Attachment("报价.pdf")])


def test_those_whom_it_reached_receive_it_no_more() -> None:
    one, two, three = (Address("memory", name) for name in "abc")
    assert letter(to=[one, two], cc=[two, three], reached=[one]).recipients == (two, three)


def test_an_instant_in_another_zone_is_refused() -> None:
    with pytest.raises(InvalidMessage, match="UTC"):
        written(received_at=datetime(2026, 11, 23, 16, 30, tzinfo=timezone(timedelta(hours=8))))
    with pytest.raises(InvalidMessage, match="UTC"):
        written(received_at=datetime(2026, 11, 23, 16, 30))
    assert written(received_at=START.astimezone(timezone(timedelta(0)))).received_at == START


def test_an_answer_goes_to_the_sender_in_the_same_conversation() -> None:
    answer = written(subject="续约", references=["m0", "m1"], in_reply_to="m1").reply("谢谢。", id="m2")
    assert answer.to == (written().sender,)
    assert answer.subject == "Re: 续约"
    assert answer.in_reply_to == "x1@kunde.example"
    assert answer.references == ("m0", "m1", "x1@kunde.example")
    for subject in ("Re: 续约", "回复：续约", "RE:续约"):
        assert written(subject=subject).reply("", id="m2").subject == subject
    with pytest.raises(InvalidMessage, match="does not say who wrote it"):
        written(sender=None).reply("", id="m2")
