"""What plugins add: a frozen record for each thing, with a name. It opens the thing only when somebody asks for it."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from attrs import Attribute, field, frozen

if TYPE_CHECKING:
    import click

    from crmcore import storage
    from crmcore.customers.duplicates import Duplicates, Profile

__all__ = ["Channel", "Command", "Notifier", "Observer", "Scorer", "Storage"]


def _set(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _plain(_record: object, attribute: "Attribute[str]", name: str) -> None:
    if not re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        message = f"a {attribute.name} is lower-case letters and digits with hyphens between them, not {name!r}"
        raise ValueError(message)


@frozen
class Storage:
    """A place where records can lie.

    Attributes:
        name: the scheme of its URLs, such as `sqlite` of `sqlite:///crm.db`.
        open: opens the storage of a URL for the kinds of records that it shall know.
        summary: what it is, in a few words.
    """

    name: str = field(validator=_plain)
    open: "Callable[[str, storage.Kinds], storage.Storage]"
    summary: str = ""


@frozen
class Command:
    """A command of the command line.

    Attributes:
        name: what to type after `crmcore`.
        summary: what it does, in one line.
        load: returns the command. What it needs is imported here, so that no other command waits for it.
    """

    name: str = field(validator=_plain)
    summary: str
    load: "Callable[[], click.Command]"


@frozen
class Channel:
    """A way by which messages go out to customers, and come in from them.

    Attributes:
        name: what it is called, such as `email`.
        open: opens the channel with its settings.
        settings: the class of the settings.
        capabilities: what it can do beyond what every channel can.
        max_length: how many characters a message can have; None for any number.
        summary: what it is, in a few words.
    """

    name: str = field(validator=_plain)
    open: Callable[[Any], Any]
    settings: type
    capabilities: frozenset[str] = field(default=frozenset(), converter=_set)
    max_length: int | None = None
    summary: str = ""


@frozen
class Notifier:
    """A way to tell the people of the organization what concerns them.

    Attributes:
        name: what it is called, such as `email`.
        open: opens the notifier with its settings.
        settings: the class of the settings.
        summary: what it is, in a few words.
    """

    name: str = field(validator=_plain)
    open: Callable[[Any], Any]
    settings: type
    summary: str = ""


@frozen
class Observer:
    """Somebody who wants to know what happened.

    Attributes:
        name: what it is called.
        observe: is given each event, one after another, once it is committed. It can undo nothing.
        events: the names of the events that it wants; empty for all.
    """

    name: str = field(validator=_plain)
    observe: "Callable[[storage.Event], object]"
    events: tuple[str, ...] = field(default=(), converter=tuple[str, ...])


@frozen
class Scorer:
    """A way to find the customers that were entered more than once.

    Attributes:
        name: what it is called, such as `splink`.
        find: returns the duplicates among the profiles of all customers.
        summary: what it is, in a few words.
    """

    name: str = field(validator=_plain)
    find: "Callable[[Iterable[Profile]], Duplicates]"
    summary: str = ""
