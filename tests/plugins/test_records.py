"""The records that plugins yield: what a name can be, and that they are values."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from crmcore.plugins import Channel, Command, Notifier, Observer, Storage

NAMED: dict[type, Callable[[str], Any]] = {
    Storage: lambda name: Storage(name, lambda _url, _kinds: None),  # type: ignore[arg-type, return-value]
    Command: lambda name: Command(name, "Do it.", lambda: None),  # type: ignore[arg-type, return-value]
    Channel: lambda name: Channel(name, lambda _: None, dict),
    Notifier: lambda name: Notifier(name, lambda _: None, dict),
    Observer: lambda name: Observer(name, lambda _: None),
}


@pytest.mark.parametrize("record", NAMED)
@pytest.mark.parametrize("name", ["", "We Com", "WeCom", "-a", "a_b", "微信", "a:b"])
def test_a_name_is_lower_case_words(record: type, name: str) -> None:
    assert NAMED[record]("wecom-2").name == "wecom-2"
    with pytest.raises(ValueError, match="a name is lower-case letters and digits"):
        NAMED[record](name)


def test_a_record_is_a_value() -> None:
    channel = Channel("wecom", lambda _: None, dict, capabilities=frozenset({"receipts"}), max_length=2048)
    with pytest.raises(FrozenInstanceError):
        channel.name = "other"  # type: ignore[misc]
    assert channel == Channel("wecom", channel.open, dict, ["receipts"], 2048)
    assert Observer("mine", print, ["a", "b"]).events == ("a", "b")
