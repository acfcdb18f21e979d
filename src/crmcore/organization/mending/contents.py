"""The content of a file that is mended: its text, and what has to stay when it is written again."""

import codecs
import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

__all__ = ["Content", "content_of", "replace"]

_ENCODINGS: Final = ("utf-8", "gb18030")
"""What files are read as, the first that fits: tables may be as spreadsheets in China write them."""


@frozen
class Content:
    """The text of a file, and how it stands there.

    Attributes:
        path: the file.
        text: its text without the byte order mark; line ends as they are.
        encoding: how the text becomes bytes.
        mark: the byte order mark, or nothing.
    """

    path: Path
    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.mark + self.text.encode(self.encoding)

    def saying(self, text: str) -> "Content":
        """Return the same file with another text."""
        return evolve(self, text=text)


def content_of(path: Path) -> Content | None:
    """Read a file; None when its bytes are not what its text would be written as.

    Raises:
        OSError: when it cannot be read.
    """
    data = path.read_bytes()
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    for encoding in _ENCODINGS:
        try:
            content = Content(path, data[len(mark) :].decode(encoding), encoding, mark)
        except UnicodeDecodeError:
            continue
        return content if content.data == data else None
    return None


def replace(content: Content) -> None:
    """Write a file whole or not at all; a link stays a link, and permissions stay as they are.

    Raises:
        OSError: when it cannot be written.
    """
    target = Path(os.path.realpath(content.path))
    if not os.access(target, os.W_OK):  # a draft could take the place even of what nobody may write
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(content.path))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.data)
            stream.flush()
            os.fsync(handle)
        _take_over(target, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _take_over(target: Path, draft: Path) -> None:
    """Give a draft the owner and the permissions of the file whose place it takes, as far as one may."""
    status = target.stat()
    with suppress(PermissionError, AttributeError):  # AttributeError: Windows knows no such owners
        os.chown(draft, status.st_uid, status.st_gid)
    shutil.copymode(target, draft)
