"""Taking entries out of a text: out of a list of YAML or JSON, or out of the rows of a table."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from crmcore.organization.mending.listings import Listing, json_listing, yaml_listing

__all__ = ["without_entries"]

_LISTINGS: Final = {"yaml": yaml_listing, "yml": yaml_listing, "json": json_listing}
_GAP: Final = re.compile(r"(?:\s|#[^\r\n]*)*")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_Span = tuple[int, int]


def without_entries(text: str, format: str, path: Sequence[str], positions: Iterable[int]) -> str | None:  # noqa: A002 (the caller's word)
    """Return a text without some entries of a list; comments on lines of their own, and all else, stay.

    None says that the list cannot be found, or that the format is another one. What is returned has to be read again:
    where an entry is needed elsewhere, as an anchor of YAML is, the text says something else.

    Args:
        text: the text of a file.
        format: yaml, yml or json; csv or tsv for a table, whose list is all of it.
        path: the keys that lead to the list; nothing for a table.
        positions: which entries, from 0; of a table the lines at which their rows begin, from 1.
    """
    gone = sorted(set(positions))
    if format in ("csv", "tsv"):
        return _without_rows(text, gone)
    find = _LISTINGS.get(format)
    listing = find(text, path) if find is not None else None
    if listing is None or not gone or gone[-1] >= len(listing.spans):
        return None
    cuts = _block_cuts(text, listing, gone) if listing.block else _flow_cuts(text, listing, gone)
    if listing.block and len(gone) == len(listing.spans):
        colon = text.index(":", listing.key_end) + 1
        return f"{text[:colon]} []{_cut(text[colon:], [(start - colon, stop - colon) for start, stop in cuts])}"
    return _cut(text, cuts)


def _cut(text: str, cuts: Iterable[_Span]) -> str:
    kept, reached = [], 0
    for start, stop in sorted(cuts):
        kept.append(text[reached : max(start, reached)])
        reached = max(stop, reached)
    return "".join([*kept, text[reached:]])


def _block_cuts(text: str, listing: Listing, gone: Sequence[int]) -> list[_Span]:
    """Cut whole lines: from that of the dash to that on which the item ends."""
    return [(_line_start(text, start), _line_end(text, stop)) for start, stop in map(listing.spans.__getitem__, gone)]


def _flow_cuts(text: str, listing: Listing, gone: Sequence[int]) -> list[_Span]:
    """Cut items with their commas, and the lines on which nothing but a comment is left of them."""
    cuts, removed = [], set(gone)
    for position in gone:
        start, stop = listing.spans[position]
        comma = _comma(text, stop)
        if comma is not None:
            cuts.append((start, _inline_space(text, comma + 1)))
            continue
        cuts.append((_before(text, start), stop))
        kept = next((before for before in range(position, -1, -1) if before not in removed), None)
        comma = None if kept is None else _comma(text, listing.spans[kept][1])
        if comma is not None:
            cuts.append((comma, _inline_space(text, comma + 1)))
    return [_whole_lines(text, cut, cuts) for cut in cuts]


def _comma(text: str, offset: int) -> int | None:
    """Return where the comma behind an item stands; None when there is none."""
    gap = _GAP.match(text, offset)
    end = gap.end() if gap else offset
    return end if text.startswith(",", end) else None


def _inline_space(text: str, offset: int) -> int:
    """Return where white space ends on its line; a comment keeps the space before it."""
    end = offset
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return offset if text.startswith("#", end) else end


def _before(text: str, offset: int) -> int:
    while text[offset - 1 : offset] in (" ", "\t"):
        offset -= 1
    return offset


def _whole_lines(text: str, cut: _Span, cuts: Sequence[_Span]) -> _Span:
    """Widen a cut to all of its lines, when nothing else is on them but a comment behind it."""
    start, stop = _line_start(text, cut[0]), _line_end(text, cut[1])
    within = [(max(a, start) - start, min(b, stop) - start) for a, b in cuts if a < stop and b > start]
    rest = _cut(text[start:stop], within).strip()
    return (start, stop) if not rest or rest.startswith("#") else cut


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _line_end(text: str, offset: int) -> int:
    match = _LINE.match(text, offset)
    return match.end() if match else len(text)


def _without_rows(text: str, gone: Sequence[int]) -> str | None:
    lines = list(io.StringIO(text, newline=""))
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    reader, wanted, cut = csv.reader(lines, delimiter=delimiter), set(gone), set[int]()
    first = 1
    for _ in reader:
        if first in wanted:
            cut.update(range(first, reader.line_num + 1))
            wanted.discard(first)
        first = reader.line_num + 1
    if wanted:
        return None
    return "".join(line for number, line in enumerate(lines, 1) if number not in cut)
