"""The line of the file that a finding is about, with a caret under it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rich.cells import cell_len, set_cell_size

from crmcore.cli.harmless import visible
from crmcore.values import Place

__all__ = ["Excerpts"]

_LARGEST: Final = 20_000_000
"""Bytes of a file that is still read for its lines."""

_WIDEST: Final = 100
_BEFORE: Final = 40
"""Columns that are shown of a line, and those of them before the place, where the line is too long."""

_FARTHEST: Final = 2 * _WIDEST
"""Characters before the place that are looked at: a line may have millions."""


class Excerpts:
    """Lines of files, each file read once. A file that cannot be read has none."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def around(self, place: Place, width: int | None) -> Iterator[str]:
        """Yield the line of a place behind its number, and a caret that points at the column.

        Args:
            place: the place.
            width: columns of the terminal; None for any number.
        """
        lines = self._read(place.file)
        if not 1 <= place.line <= len(lines):
            return
        number = f"{place.line} │ "
        room = min(_WIDEST, (width or _WIDEST) - len(number) - 4)
        before, after = _cut(lines[place.line - 1], place.column - 1, room)
        yield f"{number}{before}{after}"
        yield f"{' ' * (len(number) - 2)}│ {' ' * cell_len(before)}^"

    def _read(self, file: str) -> list[str]:
        if file not in self._lines:
            self._lines[file] = _lines_of(Path(file))
        return self._lines[file]


def _lines_of(path: Path) -> list[str]:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return []
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):  # a path with a null byte is a ValueError
        return []
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cut(line: str, column: int, room: int) -> tuple[str, str]:
    """Return what is shown of a line before a column (counted from 0) and from it on, harmless and not too wide."""
    parts = line[max(0, column - _FARTHEST) : column], line[column : column + _WIDEST]
    before, after = (visible(part.replace("\t", "  ")) for part in parts)
    if cell_len(before) > max(room - _BEFORE, _BEFORE):
        before = "…" + before[-_BEFORE // 2 :]
    left = max(room - cell_len(before), 0)
    return before, after if cell_len(after) <= left else set_cell_size(after, max(left - 1, 0)).rstrip() + "…"
