"""Rich's drawing of text into a string."""

import io
from typing import Final

from rich.console import Console, RenderableType

from crmcore.cli.terminal import Terminal

__all__ = ["draw"]

_UNBOUNDED: Final = 100_000
"""Columns of text that goes into a file or a pipe: its lines are never broken."""


def draw(*parts: RenderableType, terminal: Terminal) -> str:
    """Draw with rich; return the text, with colours where the terminal shows them. No line ends in spaces."""
    drawn = io.StringIO()
    console = Console(
        file=drawn,
        width=terminal.width or _UNBOUNDED,
        force_terminal=terminal.color,
        color_system="standard" if terminal.color else None,
        no_color=not terminal.color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in drawn.getvalue().split("\n")[:-1])
