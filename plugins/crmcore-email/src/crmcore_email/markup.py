"""The text of a letter that was written with layout only."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

from crmcore_email.headers import attempted

__all__ = ["text_of"]

_SILENT: Final = {"head", "script", "style", "title", "template"}
_BLOCKS: Final = {"address", "blockquote", "br", "div", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p"}
_ROWS: Final = {"pre", "table", "tr", "ul", "ol"}
_LARGEST: Final = 200_000


class _Reader(HTMLParser):
    """Gathers what people see, with a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (as the parser calls it)
        self.silent += tag in _SILENT
        if tag in _BLOCKS or tag in _ROWS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        if (tag in _BLOCKS or tag in _ROWS) and tag != "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """Return what people read in a page, without its layout; only the beginning of a very long one."""
    html = html[:_LARGEST]
    text = attempted(lambda: _read(html), None)
    if text is None:
        text = unescape(re.sub(r"<[^<>]{0,10000}>", " ", html))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _read(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)
