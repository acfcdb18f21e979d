"""Letters that we write: every program reads in them what was said, and nobody can add a header to them."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from attrs import evolve
from crmcore_email import parse
from crmcore_email.composing import compose, mailbox
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import outgoing_messages

from crmcore.messaging import Address, Attachment, OutgoingMessage, Refused, one_line

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SENDER = Address("email", "crm@firma.example", "客户部")
WANG = Address("email", "wang.wei@kunde.example", "王伟")
HEADERS = {"From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"} | {
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
}


def letter(**fields: object) -> bytes:
    """Return the bytes of a letter."""
    given = {"id": "m1", "to": [WANG], "subject": "续约", "text": "您好", **fields}
    return compose(OutgoingMessage(**given), sender=SENDER, domain="firma.example", at=AT).data  # type: ignore[arg-type]  # right for each


_NAMES = st.text(max_size=80)
_BOXES = st.builds(lambda name: Address("email", "wang.wei@kunde.example", name), _NAMES)


@settings(deadline=None)
@given(outgoing_messages, st.lists(_BOXES, min_size=1, max_size=3), st.text(max_size=300))
def test_a_letter_says_what_the_message_says_and_has_no_other_header(
    message: OutgoingMessage, to: list[Address], subject: str
) -> None:
    files = [one for one in message.attachments if one.content is not None]
    message = evolve(message, to=to, cc=to[:1], sender=None, subject=subject, attachments=files)
    written = compose(message, sender=SENDER, domain="firma.example", at=AT)
    assert written.data.isascii()
    assert all(len(line) <= 998 for line in written.data.split(b"\r\n"))
    assert b"\n" not in written.data.replace(b"\r\n", b"")
    head = written.data.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode() for line in re.split(rb"\r\n(?![ \t])", head)]
    assert set(names) <= HEADERS
    assert len(set(names)) == len(names)
    read = parse(written.data, received_at=AT, domain="elsewhere.example")
    assert read.id == f"{message.id}@firma.example"
    assert read.sender == SENDER
    assert [one.value for one in read.to] == [one.value for one in to]
    assert squeezed(read.subject) == squeezed(message.subject)
    for one, given_ in zip(read.to, to, strict=True):
        assert squeezed(one.name).strip("'\" ") == squeezed(given_.name).strip("'\" ")
    if message.text.strip() or message.html is None:
        assert lines(read.text) == lines(message.text)
    assert [one.content for one in read.attachments] == [one.content for one in files]


def squeezed(text: str) -> str:
    """Return a text as it is after being folded: how many spaces there were is lost."""
    return re.sub(r"[ \t]+", " ", one_line(text))


def lines(text: str) -> list[str]:
    return re.sub(r"\r\n|\r", "\n", text).rstrip("\n").split("\n")


def test_another_program_reads_it_as_we_meant_it() -> None:
    file = Attachment("报价单（第二版）" * 10 + ".pdf", "application/pdf", content=b"%PDF\xff")
    cc = Address("email", "zhao@kunde.example", 'Zhao "Min", 赵')
    message = message_from_bytes(
        letter(subject="续约" * 50, html="<p>您好</p>", attachments=[file], cc=[cc], references=["m0", "x@y.example"]),
        policy=default,
    )
    assert message["Subject"] == "续约" * 50
    assert message["From"] == "客户部 <crm@firma.example>"
    assert [one.addr_spec for one in message["To"].addresses] == ["wang.wei@kunde.example"]
    assert message["Cc"].addresses[0].display_name == 'Zhao "Min", 赵'
    assert message["Message-ID"] == "<m1@firma.example>"
    assert message["References"].split() == ["<m0@firma.example>", "<x@y.example>"]
    assert message["Date"].datetime == AT
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().strip() == "您好"
    assert page.get_content().strip() == "<p>您好</p>"
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == file.name
    assert attachment.get_content() == file.content


def test_letters_and_what_has_parts_go_as_bytes() -> None:
    files = [
        Attachment("a.eml", "message/rfc822", content=b"Subject: x\r\n\r\ny"),
        Attachment("b", "multipart/mixed", content=b"--b"),
    ]
    read = parse(letter(attachments=files), received_at=AT)
    assert [(one.name, one.content) for one in read.attachments] == [(one.name, one.content) for one in files]


def test_an_answer_names_what_it_answers_and_not_too_much() -> None:
    many = [f"x{number}@kunde.example" for number in range(200)]
    read = parse(letter(in_reply_to="m0", references=many), received_at=AT, domain="firma.example")
    assert read.in_reply_to == "m0"
    assert read.references == (many[0], *many[-19:])
    read = parse(letter(in_reply_to="m0"), received_at=AT, domain="firma.example")
    assert read.references == ("m0",)


def test_what_can_be_no_message_id_is_left_out() -> None:
    data = letter(in_reply_to="a> <b@c", references=["<x@y>", "续约@firma.example", "z" * 300 + "@y"])
    assert b"In-Reply-To" not in data
    assert b"References" not in data


@pytest.mark.parametrize(
    ("value", "box"),
    [
        ("wang.wei@kunde.example", "wang.wei@kunde.example"),
        ("wang+crm@kunde.example", "wang+crm@kunde.example"),
        ("wang@例子.公司", "wang@xn--fsqu00a.xn--55qx5d"),
        ("李娜@kunde.example", "李娜@kunde.example"),
    ],
)
def test_an_address_is_a_mailbox(value: str, box: str) -> None:
    assert mailbox(Address("email", value)) == box


@pytest.mark.parametrize(
    "value",
    [
        "wang",
        "@kunde.example",
        "wang@",
        "a b@kunde.example",
        "a@b@kunde.example",
        "<wang@kunde.example>",
        "wang@kunde..example",
        "wang@-kunde.example",
        "wang@kunde.example>",
        "wang@[127.0.0.1]",
        "a" * 65 + "@kunde.example",
        "wang@" + "a" * 64 + ".example",
        "wang@" + "例" * 64,
    ],
)
def test_what_is_no_mailbox_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        mailbox(Address("email", value))
