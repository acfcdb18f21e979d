"""Breaking text into lines for a terminal, on which a Chinese character is two columns wide."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

import click

__all__ = ["Formatter", "columns", "flowing", "padded", "wrapped"]

_PIECE: Final = re.compile(r"\s+|[!-~]+|[^\s!-~][，。、；：？！）”』」》]*")
"""What a line does not break inside: a word, or a character with the marks that may not begin a line."""

_BREAK: Final = re.compile(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")


def flowing(markdown: str) -> str:
    """Return a text without the line breaks between two Chinese characters, where a reader would see a space."""
    return _BREAK.sub("", markdown)


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def padded(text: str, width: int) -> str:
    """Return a text filled up with spaces to a number of columns."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Yield the lines of one paragraph, none wider than a number of columns if it can be broken."""
    line = ""
    for piece in _PIECE.findall(" ".join(text.split())):
        if line.strip() and columns(line) + columns(piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line.strip():
        yield line.rstrip()


class Formatter(click.HelpFormatter):
    """Writes a help whose text may be Chinese; one in ASCII comes out as click writes it."""

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        if text.isascii():
            super().write_text(text)
            return
        indent = " " * self.current_indent
        width = max(self.width - self.current_indent, 11)
        paragraphs = (list(wrapped(paragraph, width)) for paragraph in text.split("\n\n"))
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a table of two columns."""
        rows = list(rows)
        if all((left + right).isascii() for left, right in rows):
            super().write_dl(rows, col_max, col_spacing)
            return
        first = min(max(columns(left) for left, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for left, right in rows:
            lines = list(wrapped(right, max(self.width - first - self.current_indent, 10))) or [""]
            if columns(left) > first - col_spacing:
                self.write(f"{indent}{left}\n")
                left = ""  # noqa: PLW2901 (it stands on a line of its own)
            for line in lines:
                self.write(f"{indent}{padded(left, first)}{line}".rstrip() + "\n")
                left = ""  # noqa: PLW2901 (only the first line has it)
