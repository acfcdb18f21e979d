"""Messages and notices as files in a folder."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from crmcore_example.folders import FolderChannel, FolderNotifier, FolderSettings

from crmcore.messaging import (
    Address,
    Attachment,
    Channel,
    IncomingMessage,
    Notice,
    Notifier,
    OutgoingMessage,
    Refused,
    Undelivered,
    as_payload,
    notice,
    outgoing,
)
from crmcore.testing import ChannelContract, ChannelWitness, Delivered, NotifierContract, NotifierWitness, Told

CUSTOMER = Address("folder", "zhang.san", "张三")


class Witness(ChannelWitness, NotifierWitness):
    """Somebody who looks into the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _payloads(self, name: str) -> list[Any]:
        files = sorted((self._folder / name).glob("*.json"))  # ids are in the order of their making
        return [json.loads(file.read_text(encoding="utf-8")) for file in files]

    def delivered(self) -> list[Delivered]:
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
            for one in map(outgoing, self._payloads("out"))
        ]

    def told(self) -> list[Told]:
        return [Told(id=one.id, subject=one.subject, text=one.text) for one in map(notice, self._payloads("notices"))]

    def write(self, message: IncomingMessage) -> None:
        inbox = self._folder / "in"
        inbox.mkdir(exist_ok=True)
        file = inbox / f"{len(list(inbox.iterdir())):06}.json"
        file.write_text(json.dumps(as_payload(message)), encoding="utf-8")

    @contextmanager
    def outage(self) -> Iterator[None]:
        """A file stands where the folder was."""
        away = self._folder.rename(self._folder.with_name("away"))
        self._folder.write_text("", encoding="utf-8")
        yield
        self._folder.unlink()
        away.rename(self._folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


class TestFolderChannel(ChannelContract):
    @pytest.fixture
    def channel(self, folder: Path) -> Channel:
        return FolderChannel(FolderSettings(folder))

    @pytest.fixture
    def witness(self, folder: Path) -> ChannelWitness:
        return Witness(folder)

    @pytest.fixture
    def recipient(self) -> Address:
        return CUSTOMER

    @pytest.fixture
    def other(self) -> Address:
        return Address("folder", "wang.wei", "王伟")


class TestFolderNotifier(NotifierContract):
    @pytest.fixture
    def notifier(self, folder: Path) -> Notifier:
        return FolderNotifier(FolderSettings(folder, people=["li.na"]))

    @pytest.fixture
    def witness(self, folder: Path) -> NotifierWitness:
        return Witness(folder)

    @pytest.fixture
    def person(self) -> str:
        return "li.na"


@pytest.fixture
def channel(tmp_path: Path) -> FolderChannel:
    return FolderChannel(FolderSettings(tmp_path))


def put(folder: Path, name: str, **fields: object) -> IncomingMessage:
    """A message that somebody puts beside ours."""
    given = {"id": name, "sender": CUSTOMER, "received_at": datetime(2026, 11, 23, tzinfo=UTC), **fields}
    message = IncomingMessage(**given)  # type: ignore[arg-type]
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / f"{name}.json").write_text(json.dumps(as_payload(message)), encoding="utf-8")
    return message


def test_a_message_is_a_file_that_says_all_of_it(channel: FolderChannel, tmp_path: Path) -> None:
    attachment = Attachment("报价.pdf", "application/pdf", content=b"\x00\xff")
    message = OutgoingMessage(id="m1", to=[CUSTOMER], subject="续约", text="您好", attachments=[attachment])
    assert channel.send(message).id == channel.send(message).id == "m1"
    (file,) = (tmp_path / "out").iterdir()
    assert outgoing(json.loads(file.read_text(encoding="utf-8"))) == message
    assert "续约" in file.read_text(encoding="utf-8")


def test_an_address_of_another_sort_is_refused(channel: FolderChannel, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        channel.send(OutgoingMessage(id="m1", to=[Address("email", "zhang@example.com")]))
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_to_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = FolderSettings(tmp_path / "file", ["li.na"])
    with pytest.raises(Undelivered):
        FolderChannel(settings).send(OutgoingMessage(id="m1", to=[CUSTOMER]))
    with pytest.raises(Undelivered):
        FolderNotifier(settings).notify(Notice(id="n1", person="li.na", subject="s"))


def test_messages_are_read_in_order_and_on_from_the_cursor(channel: FolderChannel, tmp_path: Path) -> None:
    assert channel.receive().messages == ()
    first, second = put(tmp_path, "2026-11-23-a", text="你好"), put(tmp_path, "2026-11-23-b")
    batch = channel.receive(limit=1)
    assert (batch.messages, batch.more) == ((first,), True)
    batch = channel.receive(batch.cursor, limit=1)
    assert (batch.messages, batch.more) == ((second,), False)
    assert channel.receive(batch.cursor).messages == ()
    third = put(tmp_path, "2026-11-23-c")
    assert channel.receive(batch.cursor).messages == (third,)


def test_a_file_that_is_no_message_keeps_no_other_waiting(
    channel: FolderChannel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    second = put(tmp_path, "b")
    (tmp_path / "in" / "a.json").write_text("{", encoding="utf-8")
    (tmp_path / "in" / "c.json").write_text('{"to": 7}', encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert channel.receive().messages == (second,)
    assert [message.partition(" ")[0] for message in caplog.messages] == ["a.json", "c.json"]


def test_a_notice_is_a_file_too(tmp_path: Path) -> None:
    notifier = FolderNotifier(FolderSettings(tmp_path, ["li.na"]))
    assert notifier.notify(Notice(id="n1", person="li.na", name="李娜", subject="交接", text="请接收")).id == "n1"
    (file,) = (tmp_path / "notices").iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["text"] == "请接收"
