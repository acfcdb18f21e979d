"""How wide and how colourful text may be."""

import os
import shutil
import sys
from typing import TextIO

from attrs import frozen

__all__ = ["PLAIN", "Terminal"]


@frozen
class Terminal:
    """Where text is shown.

    Attributes:
        width: columns; None where nothing has to be broken to fit.
        color: whether it may be coloured.
    """

    width: int | None = None
    color: bool = False

    @classmethod
    def of(cls, stream: TextIO | None = None) -> "Terminal":
        """Look at a stream, standard output by default. `NO_COLOR` and a dumb terminal get no colour."""
        stream = sys.stdout if stream is None else stream
        if not stream.isatty():
            return PLAIN
        colorless = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return cls(width=max(40, shutil.get_terminal_size().columns), color=not colorless)


PLAIN = Terminal()
