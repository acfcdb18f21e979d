"""How the scenes of `crmcore demo` are set: a heading, the command that is run, and what comes of it."""

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.cli.harmless import visible
from crmcore.language import Phrase, told

__all__ = ["heading", "indented", "run"]


def heading(text: Phrase) -> RenderableType:
    """Return what a scene is about."""
    return Text(visible(told(text)), "bold underline")


def run(command_line: str) -> RenderableType:
    """Return a command, as somebody types it."""
    return Text(f"$ {command_line}", "cyan")


def indented(text: str, style: str = "") -> RenderableType:
    """Return something that a command says."""
    return Padding.indent(Text(visible(text), style), 2)
