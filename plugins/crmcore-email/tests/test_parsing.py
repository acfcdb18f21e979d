"""Letters from outside: real ones are read as people read them, and none breaks us, however it is broken."""

import random
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest
from crmcore_email import parse
from crmcore_email.charsets import decoded
from crmcore_email.headers import instant, readable
from crmcore_email.markup import text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.messaging import Address, IncomingMessage, as_payload, incoming, one_line
from crmcore.storage import Event, Kinds, MemoryStorage

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SIMPLIFIED = "王伟您好，您要的报价单已经发出，请查收。谢谢！李娜"
TRADITIONAL = "王偉您好，您要的報價單已經寄出，請查收。謝謝！李娜"


def read(*lines: str | bytes, domain: str = "firma.example") -> IncomingMessage:
    """Return what a letter says whose lines are given."""
    raw = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return parse(raw, received_at=AT, domain=domain)


@pytest.mark.parametrize(
    ("declared", "codec", "text"),
    [
        ("gb2312", "gb2312", SIMPLIFIED),
        ("GBK", "gbk", SIMPLIFIED + "囧"),
        ("gb2312", "gbk", SIMPLIFIED + "囧镕"),
        ("gb18030", "gb18030", SIMPLIFIED + "𠮷"),
        ('"Big5"', "big5", TRADITIONAL),
        ("big5", "big5hkscs", TRADITIONAL + "嘅"),
        ("UTF-8", "utf-8", SIMPLIFIED),
        ("iso-2022-jp", "iso-2022-jp", "お見積もり"),
        ("iso-8859-1", "cp1252", "Angebot für 5 €"),
        ("us-ascii", "utf-8", SIMPLIFIED),
        ("", "gbk", SIMPLIFIED),
        ("", "big5", TRADITIONAL),
        ("", "utf-8", TRADITIONAL),
        ("x-unknown", "gbk", SIMPLIFIED),
        ("utf-8", "gbk", SIMPLIFIED),
        ("utf-8", "big5", TRADITIONAL),
        ("unicode_escape", "utf-8", SIMPLIFIED),
        ("zlib", "utf-8", SIMPLIFIED),
    ],
)
def test_a_text_is_read_in_its_charset_whatever_it_declares(declared: str, codec: str, text: str) -> None:
    sort = f"Content-Type: text/plain; charset={declared}" if declared else "Content-Type: text/plain"
    assert read(sort, "Content-Transfer-Encoding: 8bit", "", text.encode(codec)).text == text


@given(st.sampled_from([("gb18030", SIMPLIFIED), ("big5", TRADITIONAL)]), st.randoms(use_true_random=False))
def test_chinese_that_declares_nothing_is_told_by_its_characters(
    written: tuple[str, str], chance: random.Random
) -> None:
    codec, text = written
    some = "".join(chance.sample(text, 12)) + "ok"
    assert decoded(some.encode(codec)) == some


@given(st.binary(max_size=200), st.none() | st.sampled_from(["gbk", "utf-8", "utf-16", "hz", "punycode", "idna", "x"]))
def test_any_bytes_are_some_text(data: bytes, charset: str | None) -> None:
    decoded(data, charset).encode()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("=?utf-8?B?57ut57qm?=", "续约"),
        ("=?UTF-8?Q?=E7=BB=AD=E7=BA=A6?= 2027", "续约 2027"),
        ("=?gb2312?B?0PjUvA==?=", "续约"),
        ("=?utf-8?B?57s=?= =?utf-8?B?reS6?=", "续�"),  # two thirds of a character are lost
        ("=?utf-8?B?57ut?=\r\n =?utf-8?B?57qm?=", "续约"),
        ("=?utf-8?B?5?= =?utf-8?B?57qm?=", "约"),
        ("=?utf-8?B?57ut?==?utf-8?B?57qm?=", "续约"),
        ("=?utf-8*zh?B?57ut57qm?=", "续约"),
        ("Re: =?utf-8?B?57ut57qm?= (=?big5?B?xPI=?=)", "Re: 续约 (續)"),
        ("=?x-none?B?57ut57qm?=", "续约"),
        ("=?utf-8?B?!!!?=", ""),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?a=0D=0ABcc:_b?=", "a Bcc: b"),
        ("1 < 2 =? 3", "1 < 2 =? 3"),
    ],
)
def test_a_header_is_read_as_it_was_meant(written: str, says: str) -> None:
    assert readable(written) == says


@given(st.text(max_size=60), st.integers(1, 9), st.sampled_from(["utf-8", "gb18030"]))
def test_words_that_cut_characters_in_two_are_put_together(text: str, size: int, codec: str) -> None:

    text = one_line(text)
    data = text.encode(codec)
    words = [f"=?{codec}?B?{b64encode(data[at : at + size]).decode()}?=" for at in range(0, len(data), size)]
    assert readable("\r\n ".join(words)) == text


def test_the_parts_of_a_letter_are_found() -> None:
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"] = '"王, 伟" <wang.wei@kunde.example>'
    letter["To"] = "客户部 <crm@firma.example>, sales@firma.example"
    letter["Cc"] = "赵敏 <zhao.min@kunde.example>"
    letter["Subject"] = "回复：续约" * 20
    letter["Message-ID"] = "<x1@kunde.example>"
    letter["In-Reply-To"] = "<m1@firma.example>"
    letter["References"] = "<m0@firma.example> <other@else.example> <m1@Firma.Example>"
    letter.set_content("好的。\n\n王伟\n")
    letter.add_alternative("<p>好的。</p>", subtype="html")
    letter.add_attachment(b"%PDF\xff", maintype="application", subtype="pdf", filename="合同（第一版）.pdf")
    message = parse(letter.as_bytes(), received_at=AT, domain="firma.example")
    assert message.id == "x1@kunde.example"
    assert message.sender == Address("email", "wang.wei@kunde.example", "王, 伟")
    assert message.to == (Address("email", "crm@firma.example", "客户部"), Address("email", "sales@firma.example"))
    assert message.cc == (Address("email", "zhao.min@kunde.example", "赵敏"),)
    assert message.subject == "回复：续约" * 20
    assert message.in_reply_to == "m1"
    assert message.references == ("m0", "other@else.example", "m1")
    assert message.text == "好的。\n\n王伟"
    assert message.html == "<p>好的。</p>"
    assert [(one.name, one.media_type, one.content) for one in message.attachments] == [
        ("合同（第一版）.pdf", "application/pdf", b"%PDF\xff")
    ]
    assert not message.automatic


def test_multiparts_within_multiparts_are_taken_apart() -> None:
    inner = EmailMessage()
    inner["Subject"] = "within"
    inner.set_content("weitergeleitet")
    letter = EmailMessage()
    letter.set_content("text")
    letter.add_alternative("<img src='cid:logo'>", subtype="html")
    letter.get_payload()[1].add_related(b"GIF89a", "image", "gif", cid="<logo>")  # type: ignore[index, union-attr]  # of parts
    letter.add_attachment(inner)
    letter.add_attachment("notes, in text", filename="notes.txt")
    message = parse(letter.as_bytes(), received_at=AT)
    assert message.text == "text"
    assert message.html == "<img src='cid:logo'>"
    assert [one.name for one in message.attachments] == ["attachment-1.gif", "attachment-2.eml", "notes.txt"]
    assert b"weitergeleitet" in (message.attachments[1].content or b"")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf", "合同.pdf"),
        ("attachment; filename*0*=UTF-8''%E5%90%88; filename*1*=%E5%90%8C.pdf", "合同.pdf"),
        ('attachment; filename="=?gb2312?B?us/NrA==?=.pdf"', "合同.pdf"),
        ("attachment; filename==?utf-8?B?5ZCI5ZCMLnBkZg==?=", "合同.pdf"),
        ("attachment; filename*=gb2312''%BA%CF%CD%AC.pdf", "合同.pdf"),
        (b'attachment; filename="' + "合同.pdf".encode("gbk") + b'"', "合同.pdf"),
        ('attachment; filename="合同.pdf"', "合同.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        (r'attachment; filename="C:\\Users\\王伟\\合同.pdf"', "合同.pdf"),
        ("attachment; filename*=x-none''%E5.pdf", "�.pdf"),
        ("attachment; filename*", "attachment-1.pdf"),
        ("attachment", "attachment-1.pdf"),
        (f'attachment; filename="{"a" * 3_000}.pdf"', "a" * 196 + ".pdf"),
    ],
)
def test_a_file_has_the_name_that_it_was_given_and_no_folder(disposition: str | bytes, name: str) -> None:
    given = disposition if isinstance(disposition, bytes) else disposition.encode()
    message = read("Content-Type: application/pdf", b"Content-Disposition: " + given, "", "%PDF")
    assert [one.name for one in message.attachments] == [name]


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("From: Wang Wei <wang@kunde.example>", Address("email", "wang@kunde.example", "Wang Wei")),
        ("From: wang@kunde.example", Address("email", "wang@kunde.example")),
        (
            "From: =?utf-8?B?546L5LyfLCBXZWk=?= <wang@kunde.example>",
            Address("email", "wang@kunde.example", "王伟, Wei"),
        ),
        ('From: "=?utf-8?B?546L5Lyf?=" <wang@kunde.example>', Address("email", "wang@kunde.example", "王伟")),
        ("from: 王伟 <wang@kunde.example>", Address("email", "wang@kunde.example", "王伟")),
        (
            b"From: " + "王伟".encode("gbk") + b" <wang@kunde.example>",
            Address("email", "wang@kunde.example", "王伟"),
        ),
        ("From: <<wang@kunde.example>>", Address("email", "wang@kunde.example")),
        ("Sender: wang@kunde.example", Address("email", "wang@kunde.example")),
        ("From:\r\nReply-To: wang@kunde.example", Address("email", "wang@kunde.example")),
        ("From: MAILER-DAEMON", None),
        ("From: <>", None),
        ("From: " + "(" * 20_000, None),
        ("Subject: none", None),
    ],
)
def test_the_sender_is_found_where_there_is_one(header: str | bytes, sender: Address | None) -> None:
    assert read(header, "", "text").sender == sender


def test_a_name_that_pretends_to_be_an_address_is_only_a_name() -> None:
    message = read('From: "boss@firma.example, <ceo@firma.example>" <wang@kunde.example>', "", "text")
    assert message.sender is not None
    assert message.sender.value == "wang@kunde.example"


def test_a_letter_without_message_id_has_the_same_id_every_time() -> None:
    first, again, other = read("", "text"), read("", "text"), read("", "other")
    assert first.id == again.id != other.id
    assert read("Message-ID: <a b>", "", "x").id == "<a b>"
    assert read(f"Message-ID: <{'x' * 5_000}@y>", "", "x").id.endswith("@long")


def test_a_letter_that_bears_one_of_our_ids_is_still_another_letter() -> None:
    assert read("Message-ID: <m1@firma.example>", "", "text").id == "m1@firma.example"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "List-Id: <news.else.example>",
        "Return-Path: <>",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ],
)
def test_what_a_program_wrote_is_known(header: str) -> None:
    assert read(header, "", "text").automatic
    assert not read("Auto-Submitted: no", "", "text").automatic


def test_a_notice_of_failure_belongs_to_the_letter_that_failed() -> None:
    message = read(
        "From: MAILER-DAEMON@else.example",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "no such user",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Final-Recipient: rfc822; wang@kunde.example",
        "Action: failed",
        "Status: 5.1.1",
        "",
        "--b",
        "Content-Type: message/rfc822",
        "",
        "Message-ID: <m1@firma.example>",
        "",
        "您好",
        "--b--",
    )
    assert message.in_reply_to == "m1"
    assert message.automatic
    assert message.text == "no such user"
    assert b"5.1.1" in (message.attachments[0].content or b"")


def test_a_letter_with_layout_only_has_a_text_too() -> None:
    page = "<html><head><meta charset=gb2312><style>p {}</style></head><body><p>续约&amp;报价</p><p>谢谢<br>王伟</p>"
    message = read("Content-Type: text/html", "", page.encode("gbk"))
    assert message.text == "续约&报价\n\n谢谢\n王伟"
    assert "续约" in (message.html or "")


@given(st.text("<>/!-[]?&;\"'= abpscriptstyle\n", max_size=80))
def test_any_page_has_some_text(page: str) -> None:
    assert text_of(page) == text_of(page).strip()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"\0" * 1_000,
        b"no header at all",
        b": no name\r\n\r\ntext",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b\r\n--b--",
        b"Content-Type: text/plain; charset=\xff\xfe\r\n\r\ntext",
        b"Content-Type: text/plain; charset*=x'y'%FF\r\n\r\ntext",
        b'Content-Type: a/b/c; d="e\r\n\r\ntext',
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!",
        b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n!",
        b"Subject: " + b"a" * 1_000_000 + b"\r\n\r\ntext",
        b"To: " + b"a@b.example," * 50_000 + b"\r\n\r\ntext",
        b"References: " + b"<a@b> " * 50_000 + b"\r\n\r\ntext",
        b"Date: Tue, 99 Foo 99999 99:99:99 +9999\r\n\r\ntext",
    ],
    ids=range(16),
)
def test_a_broken_letter_is_still_a_message(raw: bytes) -> None:
    _stored(parse(raw, received_at=AT))


def test_a_letter_nested_too_deep_to_be_meant_is_kept_whole() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(2_000)
    )
    message = parse(b"From: a@b.example\r\nSubject: deep\r\n" + deep, received_at=AT)
    assert (message.subject, message.sender) == ("deep", Address("email", "a@b.example"))
    assert (message.attachments[0].content or b"").endswith(deep)
    letters = b"Content-Type: message/rfc822\r\n\r\n" * 3_000
    _stored(parse(b"Subject: deep\r\n" + letters, received_at=AT))


_PIECES: Sequence[bytes] = [
    b"From: ", b"To: ", b"Subject: ", b"Message-ID: ", b"References: ", b"Content-Type: ", b"Content-Disposition: ",
    b"Content-Transfer-Encoding: ", b"multipart/mixed; boundary=b", b"multipart/report", b"multipart/alternative",
    b"message/rfc822", b"text/plain; charset=", b"text/html", b"gb2312", b"utf-16", b"idna", b"base64",
    b"quoted-printable", b"attachment; filename*0*=", b"filename=", b"=?gbk?B?", b"=?utf-8?Q?", b"?=", b"\r\n", b"\n",
    b"\r\n\r\n", b"--b", b"--b--", b"<a@b>", b"(", b")", b"<", b">", b"\"", b",", b";", b":", b"\\", b"\0", b"\xc4\xe3",
    b"\xff", b"=", b"'", b"%E5", b"<![", b"<!--", b"&#x110000;", "王伟".encode(),
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(_PIECES) | st.binary(max_size=6), max_size=60).map(b"".join))
def test_whatever_comes_is_a_message_that_can_be_stored(raw: bytes) -> None:
    _stored(parse(raw, received_at=AT, domain="firma.example"))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_a_message(raw: bytes) -> None:
    _stored(parse(raw, received_at=AT))


def _stored(message: IncomingMessage) -> None:
    """Make sure that a storage takes a message."""

    with MemoryStorage(Kinds()) as storage, storage.begin("acme") as work:
        work.append(Event(id="e1", name="message-received", actor="x", at=AT, payload=as_payload(message)))
        work.commit()
        with storage.begin("acme") as again:
            assert incoming(again.get(Event, "e1").payload) == message


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("23-Nov-2026 16:30:00 +0800", AT),
        ("Mon, 23 Nov 2026 08:30:00 GMT", AT),
        ("Mon, 23 Nov 2026 08:30:00", AT),
        ("", None),
        ("yesterday", None),
        ("23-Nov-99999 16:30:00 +0800", None),
    ],
)
def test_an_instant_is_read_as_utc(text: str, at: datetime | None) -> None:
    assert instant(text) == at
