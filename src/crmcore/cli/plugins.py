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
from crmcore.plugins import CONTRACT, Registry

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
        rows: list[tuple[Phrase, str]] = [(say("checks"), told(listed(plugin.checks)))] if plugin.checks else []
        yield Padding.indent(aligned(rows or [(say("adds"), told(say("nothing")))]), 2)
    for failure in registry.failures:
        heading = say(
            "{name} ({distribution}) could not be loaded", name=failure.name, distribution=failure.distribution
        )
        yield Text(visible(told(heading)), "bold red")
        yield Padding.indent(Text(visible(told(failure.reason))), 2)


def _data(registry: Registry) -> dict[str, object]:
    return {
        "version": 1,
        "contract": CONTRACT,
        "plugins": [
            {
                "name": plugin.name,
                "distribution": plugin.distribution,
                "version": plugin.version,
                "checks": list(plugin.checks),
            }
            for plugin in registry.plugins
        ],
        "failures": [
            {"name": failure.name, "distribution": failure.distribution, "reason": told(failure.reason)}
            for failure in registry.failures
        ],
    }
