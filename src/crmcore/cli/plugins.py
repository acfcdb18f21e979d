"""`crmcore plugins`: which plugins are installed, what they add, why one could not be loaded; and a new one."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.cli.drawing import draw
from crmcore.cli.failures import Failure as Refusal
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.formats.text import aligned
from crmcore.cli.grouped import Grouped
from crmcore.cli.harmless import visible
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.language import Phrase, listed, say, told
from crmcore.plugins import CONTRACT, Failure, Registry
from crmcore.plugins.collecting import HOOKS
from crmcore.plugins.skeleton import PARTS, skeleton

__all__ = ["command"]


_EXAMPLES = {
    "crmcore plugins": "what is installed",
    "crmcore plugins --format json": "the same, for a program",
}
_NEW = {
    "crmcore plugins new crmcore-acme": "begin a plugin in ./crmcore-acme, with one of each",
    "crmcore plugins new crmcore-acme --with check": "begin it with a check alone",
}


@click.group(
    "plugins",
    cls=Grouped,
    examples={"Examples": {**_EXAMPLES, **_NEW}},
    epilog="Exit status: 0 all plugins are loaded, 1 one of them could not be.",
    invoke_without_command=True,
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, *, format_: str) -> None:
    """List the plugins that are installed, with what each adds, and those that could not be loaded, with the reason.

    CRMCORE_PLUGINS chooses: names with commas between them, or an empty text for none.
    """
    if ctx.invoked_subcommand is not None:
        return
    registry = Registry.installed()
    if format_ == "json":
        click.echo(dumped(_data(registry)).encode(), nl=False)
    else:
        terminal = Terminal.of()
        click.echo(draw(*_told(registry), terminal=terminal), nl=False, color=terminal.color)
    if registry.failures:
        raise click.exceptions.Exit(1)


@command.command("new", cls=Taught, examples={"Examples": _NEW})
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path), default=Path(), help="Where to make it; here if absent.")
@click.option("--with", "parts", multiple=True, type=click.Choice([*PARTS]), help="What to begin with; all if absent.")
def new(*, name: str, into: Path, parts: tuple[str, ...]) -> None:
    """Write a plugin to begin with to the folder NAME: a distribution with tests that pass. Nothing is overwritten."""
    try:
        files = skeleton(name, parts or tuple(PARTS))
    except ValueError:
        reason = say("{name!r} cannot name a plugin: write lower-case words with hyphens, as crmcore-acme.", name=name)
        raise click.UsageError(told(reason)) from None
    folder = into / name
    if folder.exists():
        message = say("Error: {file} is there already: name a file that is not.", file=click.format_filename(folder))
        raise Refusal(told(message))
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    click.echo(told(say("{file} is written. Its tests pass as they are:", file=click.format_filename(folder))))
    for line in (f"cd {click.format_filename(folder)}", 'pip install --editable . "crmcore[testing]"', "pytest"):
        click.echo(f"  {line}")


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
