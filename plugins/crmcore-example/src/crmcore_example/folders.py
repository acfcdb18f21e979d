"""A channel and a notifier that write to a folder, a file for each message, for another program to pick up."""

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from crmcore.language import say
from crmcore.messaging import (
    Batch,
    Capability,
    Channel,
    ChannelUnavailable,
    IncomingMessage,
    InvalidMessage,
    Notice,
    Notifier,
    OutgoingMessage,
    Receipt,
    Refused,
    Undelivered,
    as_payload,
    incoming,
)

__all__ = ["FolderChannel", "FolderNotifier", "FolderSettings"]

_LOG: Final = logging.getLogger(__name__)


def _ids(given: Iterable[str]) -> frozenset[str]:
    return frozenset(given)


@frozen
class FolderSettings:
    """Where the files are, and whom they reach.

    Attributes:
        folder: the folder; it is made where it is not there. Messages go to `out`, those of customers are read from
            `in`, and notices go to `notices`.
        people: the ids of the people who read notices there.
    """

    folder: Path = field(converter=Path)
    people: frozenset[str] = field(default=frozenset(), converter=_ids)


class FolderChannel(Channel):
    """A channel that writes each message to a file, and reads those that somebody has put beside them.

    Args:
        settings: where the files are.
    """

    reaches = "folder"
    capabilities = frozenset(Capability)

    def __init__(self, settings: FolderSettings) -> None:
        self._out, self._in = settings.folder / "out", settings.folder / "in"

    def transmit(self, message: OutgoingMessage) -> Receipt:
        """Write a message; the same one again writes the same file again."""
        _write(self._out, message.id, as_payload(message))
        return Receipt(message.id)

    def receive(self, since: str | None = None, *, limit: int = 100) -> Batch:
        """Read files in the order of their names, which is that in which they have to be put there."""
        try:
            self._in.mkdir(parents=True, exist_ok=True)
            names = sorted(file.name for file in os.scandir(self._in) if file.name.endswith(".json"))
        except OSError as error:
            raise ChannelUnavailable(say("{file}: {error}", file=str(self._in), error=str(error))) from error
        if since in names:  # what is no name means nothing any more, and is the beginning
            names = names[names.index(since) + 1 :]
        messages = tuple(message for name in names[:limit] if (message := self._read(name)) is not None)
        return Batch(messages, names[:limit][-1] if names else since, more=len(names) > limit)

    def _read(self, name: str) -> IncomingMessage | None:
        try:
            return incoming(json.loads((self._in / name).read_text(encoding="utf-8")))
        except (OSError, ValueError, InvalidMessage) as error:  # it must not keep the others waiting
            _LOG.warning("%s is no message, and is left out: %s", name, error)
            return None


class FolderNotifier(Notifier):
    """A notifier that writes each notice to a file.

    Args:
        settings: where the files are.
    """

    def __init__(self, settings: FolderSettings) -> None:
        self._folder, self._people = settings.folder / "notices", settings.people

    def notify(self, notice: Notice) -> Receipt:
        """Write a notice; the same one again writes the same file again."""
        if notice.person not in self._people:
            raise Refused(say("{person} reads no notices in {folder}", person=notice.person, folder=str(self._folder)))
        _write(self._folder, notice.id, as_payload(notice))
        return Receipt(notice.id)


def _write(folder: Path, name: str, payload: Mapping[str, Any]) -> None:
    """Write a file that is there whole or not at all."""
    with _reaching(folder):
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.part"
        part.write_text(json.dumps(payload, ensure_ascii=False, indent=2), encoding="utf-8")
        os.replace(part, folder / f"{name}.json")  # noqa: PTH105 (over the same message of before, also on Windows)


@contextmanager
def _reaching(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Undelivered(say("{file}: {error}", file=str(folder), error=str(error))) from error
