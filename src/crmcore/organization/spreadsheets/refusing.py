"""Why a sheet is not read or written, a class for each thing that its owner can do."""

from collections.abc import Iterable
from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import listed, say, told

__all__ = ["MissingLibrary", "SheetWanted", "UnreadableSheet"]


class UnreadableSheet(CrmError):
    """A file cannot be read as a sheet. Mend it, or save it in another way.

    Attributes:
        file: its name.
        reason: what is wrong with it: a phrase.
        mend: what to do: a phrase; empty when there is nothing to say.
        cell: the cell that is wrong, such as `B7`; empty for the whole file.
    """

    code: ClassVar[str] = "unreadable-sheet"

    def __init__(self, file: str, reason: str, mend: str = "", cell: str = "") -> None:
        self.file = file
        self.reason = reason
        self.mend = mend
        self.cell = cell
        super().__init__(file, reason, mend, cell)

    def __str__(self) -> str:
        where = say("{file}, cell {cell}", file=self.file, cell=self.cell) if self.cell else self.file
        if not self.mend:
            return told(say("{where}: {reason}", where=where, reason=self.reason))
        return told(say("{where}: {reason} ({mend})", where=where, reason=self.reason, mend=self.mend))


class SheetWanted(CrmError):
    """A workbook has several sheets, and nothing says which is meant. Name one.

    Attributes:
        file: the name of the workbook.
        asked: the sheet that was asked for and is not there; None when none was.
        sheets: the names of its sheets.
    """

    code: ClassVar[str] = "sheet-wanted"

    def __init__(self, file: str, asked: str | None, sheets: Iterable[str]) -> None:
        self.file = file
        self.asked = asked
        self.sheets = tuple(sheets)
        super().__init__(file, asked, self.sheets)

    def __str__(self) -> str:
        names = listed(repr(name) for name in self.sheets)
        if self.asked is not None:
            there = {"file": self.file, "asked": self.asked, "sheets": names}
            return told(say("{file} has no sheet {asked!r}; it has {sheets}", **there))
        return told(
            say("{file} has several sheets; say with --sheet which one: {sheets}", file=self.file, sheets=names)
        )


class MissingLibrary(CrmError):
    """A library that reads or writes .xlsx is not installed. Install it, or use CSV.

    Attributes:
        file: the sheet that wants it.
        library: the name of the library.
    """

    code: ClassVar[str] = "missing-library"

    def __init__(self, file: str, library: str) -> None:
        self.file = file
        self.library = library
        super().__init__(file, library)

    def __str__(self) -> str:
        wants = {"file": self.file, "library": self.library, "command": "pip install 'crmcore[spreadsheets]'"}
        return told(say("{file} needs {library}, which is not installed: run {command}, or use CSV", **wants))
