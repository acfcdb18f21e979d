"""The package of an .xlsx file: a zip archive, opened only when it is safe to expand."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from typing import Final

from attrs import field, frozen

from crmcore.language import say
from crmcore.organization.spreadsheets.refusing import UnreadableSheet

__all__ = ["LARGEST_PACKAGE", "Package"]

LARGEST_PACKAGE: Final = 256 * 1024 * 1024
"""How many bytes a workbook may have once it is expanded."""

_MOST_MEMBERS: Final = 10_000
_CHUNK: Final = 1 << 18
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_LONGEST_DOCTYPE: Final = max(map(len, _DOCTYPES))
_WORKBOOK: Final = "xl/workbook.xml"
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)


@frozen(eq=False)
class Package:
    """An .xlsx file, all of whose members were counted and are harmless.

    Attributes:
        file: its name.
        data: its bytes.
    """

    file: str
    data: bytes
    _archive: zipfile.ZipFile = field(repr=False)

    @classmethod
    def of(cls, file: str, data: bytes) -> "Package":
        """Open a package.

        Raises:
            UnreadableSheet: it is broken, encrypted, too large once expanded, no workbook, or refers to other files.
        """
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
            _examine(file, archive)
        except _BROKEN as error:
            reason = say("the file is damaged or cut off: {problem}", problem=str(error) or type(error).__name__)
            raise UnreadableSheet(file, reason, _save_again()) from None
        return cls(file, data, archive)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a member.

        Raises:
            UnreadableSheet: there is no such member.
        """
        try:
            with self._archive.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except KeyError:
            reason = say("the workbook has no part {name}", name=name)
            raise UnreadableSheet(self.file, reason, _save_again()) from None

    def size(self, name: str) -> int:
        """Return how many bytes a member has."""
        return self._archive.getinfo(name).file_size if name in self._archive.namelist() else 0


def _save_again() -> str:
    return say("open it in your spreadsheet program and save it again")


def _examine(file: str, archive: zipfile.ZipFile) -> None:
    """Refuse what is no workbook, and what would do harm when it is expanded."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableSheet(file, say("the file is encrypted"), say("save it without a password"))
    if _WORKBOOK not in names:
        mend = say("save it as .xlsx, or as CSV")
        raise UnreadableSheet(file, say("the file is an archive, but no .xlsx workbook"), mend)
    declared = sum(member.file_size for member in members)
    if declared > LARGEST_PACKAGE or len(members) > _MOST_MEMBERS or len(names) < len(members):
        raise UnreadableSheet(file, _too_large(), say("split the sheet, or save it as CSV"))
    left = LARGEST_PACKAGE
    for member in members:
        left -= _expanded(file, archive, member, left)


def _too_large() -> str:
    return say("the file would expand to more than {most} MB", most=LARGEST_PACKAGE // 1024 // 1024)


def _expanded(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """Return how many bytes a member really has, and refuse one that has more, or a document type."""
    honest = copy(member)
    honest.file_size = most + 2 * _CHUNK  # what it declares does not bound what the stream holds
    size, tail = 0, b""
    with archive.open(honest) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise UnreadableSheet(file, _too_large(), say("split the sheet, or save it as CSV"))
            seen = tail + chunk
            if member.filename.endswith((".xml", ".rels")) and any(word in seen for word in _DOCTYPES):
                reason = say(
                    "its part {name} has a document type, which can refer to other files", name=member.filename
                )
                raise UnreadableSheet(file, reason, _save_again())
            tail = chunk[-_LONGEST_DOCTYPE:]
    if size != member.file_size:
        raise zipfile.BadZipFile(f"{member.filename}: {size} != {member.file_size}")
    return size
