"""`crmcore plugins`: which plugins are installed, what they add, and why one could not be loaded."""

from collections.abc import Iterator

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.formats.text import aligned
from crmcore.cli.harmless import visible
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.language import Phrase, listed, say, told
from crmcore.plugins import CONTRACT, Failure, Registry
from crmcore.plugins.collecting import HOOKS

__all__ = ["command"]


@click.command(
    "plugins",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore plugins": "what is installed",
            "crmcore plugins --format json": "the same, for a program",
        }
    },
    epilog="Exit status: 0 all plugins are loaded, 1 one of them could not be.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(*, format_: str) -> None:
    """List the plugins that are installed, with what each adds, and those that could not be loaded, with the reason.

    CRMCORE_PLUGINS chooses: names with commas between them, or an empty text for none.
    """
    registry = Registry.installed()
    if format_ == "json":
        click.echo(dumped(_data(registry)).encode(), nl=False)
    else:
        terminal = Terminal.of()
        click.echo(draw(*_told(registry), terminal=terminal), nl=False, color=terminal.color)
    if registry.failures:
        raise click.exceptions.Exit(1)


def _told(registry: Registry) -> Iterator[RenderableType]:
    for plugin in registry.plugins:
        yield Text(visible(str(plugin)), "bold")
        rows = [(HOOKS[hook].many, told(listed(names))) for hook, names in registry.added(plugin).items()]
        yield Padding.indent(aligned(rows or [(say("adds"), told(say("nothing")))]), 2)
    for failure in registry.failures:
        yield Text(visible(told(_heading(failure))), "bold red")
        yield Padding.indent(Text(visible(told(failure.reason))), 2)


def _heading(failure: Failure) -> Phrase:
    name, distribution = failure.name, failure.distribution
    if failure.hook:
        what = HOOKS[failure.hook].many
        return say("the {what} of {name} ({distribution}) failed", what=what, name=name, distribution=distribution)
    return say("{name} ({distribution}) could not be loaded", name=name, distribution=distribution)


def _data(registry: Registry) -> dict[str, object]:
    return {
        "version": 1,
        "contract": CONTRACT,
        "plugins": [
            {
                "name": plugin.name,
                "distribution": plugin.distribution,
                "version": plugin.version,
                "adds": {hook: list(names) for hook, names in registry.added(plugin).items()},
            }
            for plugin in registry.plugins
        ],
        "failures": [
            {
                "name": failure.name,
                "distribution": failure.distribution,
                "hook": failure.hook or None,
                "reason": told(failure.reason),
            }
            for failure in registry.failures
        ],
    }
