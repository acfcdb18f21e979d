"""An example of a plugin: one of each that can be added to crmcore. Each hook imports what it adds when it is asked."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crmcore.language import bring_catalogue, say
from crmcore.plugins import Channel, Command, Notifier, Observer, Scorer, Storage, hookimpl

if TYPE_CHECKING:
    import click

    from crmcore.checks import Check
    from crmcore.customers import Assigner, Guard
    from crmcore.importing import Importer
    from crmcore.storage import Kind

__all__ = [
    "CRMCORE_CONTRACT",
    "crmcore_assigners",
    "crmcore_channels",
    "crmcore_checks",
    "crmcore_commands",
    "crmcore_guards",
    "crmcore_importers",
    "crmcore_kinds",
    "crmcore_notifiers",
    "crmcore_observers",
    "crmcore_scorers",
    "crmcore_storages",
]

CRMCORE_CONTRACT = 1
"""The version of the hooks that the plugin is written for."""

bring_catalogue(__name__)


@hookimpl
def crmcore_checks() -> "Iterable[Check]":
    """Yield a check."""
    from crmcore_example.labels import UNLABELLED  # noqa: PLC0415 (only for whoever asks for checks)

    yield UNLABELLED


@hookimpl
def crmcore_storages() -> Iterable[Storage]:
    """Yield a storage."""
    from crmcore_example.jsonlines import JsonLines  # noqa: PLC0415 (only for whoever asks for storages)

    yield Storage("jsonlines", JsonLines, say("a file of JSON lines"))


@hookimpl
def crmcore_kinds() -> "Iterable[Kind]":
    """Yield a kind of records."""
    from crmcore_example.visits import VISIT  # noqa: PLC0415 (only for whoever asks for kinds)

    yield VISIT


@hookimpl
def crmcore_commands() -> Iterable[Command]:
    """Yield a command, which is imported when it is called."""
    yield Command("labels", "See what people call your touchpoints.", _labels)


def _labels() -> "click.Command":
    from crmcore_example.commands import command  # noqa: PLC0415 (only for whoever calls it)

    return command


@hookimpl
def crmcore_channels() -> Iterable[Channel]:
    """Yield a channel."""
    from crmcore_example.folders import FolderChannel, FolderSettings  # noqa: PLC0415 (only for whoever asks for one)

    capabilities, summary = FolderChannel.capabilities, say("files in a folder")
    yield Channel("folder", FolderChannel, FolderSettings, capabilities=capabilities, summary=summary)


@hookimpl
def crmcore_notifiers() -> Iterable[Notifier]:
    """Yield a notifier."""
    from crmcore_example.folders import FolderNotifier, FolderSettings  # noqa: PLC0415 (only for whoever asks for one)

    yield Notifier("folder", FolderNotifier, FolderSettings, say("files in a folder"))


@hookimpl
def crmcore_importers() -> "Iterable[Importer]":
    """Yield an importer."""
    from crmcore.importing import Importer  # noqa: PLC0415 (only for whoever imports a file)
    from crmcore_example.directories import is_ldif, open_ldif  # noqa: PLC0415 (as above)

    yield Importer("ldif", [".ldif"], open_ldif, is_ldif, say("directories"))


@hookimpl
def crmcore_observers() -> Iterable[Observer]:
    """Yield an observer of all events."""
    from crmcore_example.logs import log  # noqa: PLC0415 (only for whoever asks for observers)

    yield Observer("example-log", log)


@hookimpl
def crmcore_assigners() -> "Iterable[Assigner]":
    """Yield a rule by which one of a pool is chosen."""
    from crmcore.customers import Assigner  # noqa: PLC0415 (only for whoever opens a CRM)
    from crmcore_example.assigners import fewest  # noqa: PLC0415 (as above)

    yield Assigner("example-fewest", fewest, say("who looks after the fewest customers"))


@hookimpl
def crmcore_guards() -> "Iterable[Guard]":
    """Yield a guard of transitions."""
    from crmcore.customers import Guard  # noqa: PLC0415 (only for whoever opens a CRM)
    from crmcore_example.guards import visited  # noqa: PLC0415 (as above)

    yield Guard("example-visited", visited, say("no customer is given up whom nobody visited"))


@hookimpl
def crmcore_scorers() -> Iterable[Scorer]:
    """Yield a scorer, which finds who was entered more than once."""
    from crmcore_example.scorers import same_name  # noqa: PLC0415 (only for whoever asks for scorers)

    yield Scorer("example-name", same_name, say("customers of the same name"))
