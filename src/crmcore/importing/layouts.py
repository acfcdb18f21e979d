"""How the table in a file is laid out: guessed and shown, or said by somebody; kept with a mapping."""

from collections.abc import Iterator
from typing import Any, Final

from attrs import asdict, frozen

from crmcore.language import Phrase, say

__all__ = ["GUESS", "Clue", "Layout"]


@frozen
class Layout:
    """How the table in a file is laid out. What is empty is guessed from the file, or has no meaning for its format.

    Attributes:
        format: the name of the importer that reads it, such as `csv`, `xlsx`, `json` or `vcard`.
        encoding: of a text file, as Python calls it: `utf-8-sig`, `gb18030`, `cp950`, `cp1252`.
        delimiter: what separates the cells of a line.
        quote: what stands around a cell that holds delimiters or line breaks.
        escape: what stands before a quote inside quotes; empty where quotes are doubled, which is always understood.
        spaces: whether spaces behind a delimiter are no part of the cell; None to guess.
        header: the row that names the columns, from 1, blank ones counted; 0 for none; None to guess.
        sheet: the name of the sheet of a workbook.
    """

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    escape: str = ""
    spaces: bool | None = None
    header: int | None = None
    sheet: str = ""

    def said(self) -> dict[str, Any]:
        """Return what is not left open, by name, as a file keeps it."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


GUESS: Final = Layout()
"""Everything is guessed."""

_ABOUT: Final = {
    "encoding": say("encoding"),
    "delimiter": say("delimiter"),
    "quote": say("quote"),
    "header": say("header"),
    "sheet": say("sheet"),
    "format": say("format"),
}


@frozen
class Clue:
    """Why the layout of a file is what it is.

    Attributes:
        about: an attribute of `Layout`.
        found: its value, as people read it.
        because: what speaks for it: a phrase.
    """

    about: str
    found: str
    because: str

    def lines(self) -> Iterator[Phrase]:
        """Yield the clue as people read it."""
        about = _ABOUT.get(self.about, self.about)
        yield say("{about}: {found} ({because})", about=about, found=self.found, because=self.because)
