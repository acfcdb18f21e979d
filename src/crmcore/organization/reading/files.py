"""Reading the bytes of files, with a fault instead of an exception."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from crmcore.language import Phrase, say
from crmcore.organization.faults import Faults, did_you_mean, quoted
from crmcore.values import Place

__all__ = ["bytes_of", "does_not_exist", "is_there", "near_file", "reading_instead", "reason"]

_LARGEST: Final = 200 * 1024 * 1024
_REASONS: Final[Mapping[int, Phrase]] = {
    errno.EACCES: say("Permission denied"),
    errno.EEXIST: say("File exists"),
    errno.EISDIR: say("Is a directory"),
    errno.ENAMETOOLONG: say("File name too long"),
    errno.ENOENT: say("No such file or directory"),
    errno.ENOSPC: say("No space left on device"),
    errno.ENOTDIR: say("Not a directory"),
    errno.EROFS: say("Read-only file system"),
}
"""Why the system refuses a file: what users meet most."""


_INSTEAD: ContextVar[Mapping[Path, bytes]] = ContextVar("crmcore.reading.instead")


@contextmanager
def reading_instead(contents: Mapping[Path, bytes]) -> Iterator[None]:
    """Inside a `with` block, read these contents instead of what the files hold: to see what an edit would do."""
    token = _INSTEAD.set(contents)
    try:
        yield
    finally:
        _INSTEAD.reset(token)


def bytes_of(path: Path, faults: Faults, place: Place | None = None) -> bytes | None:
    """Return what a file holds; None, with a fault, when it cannot be read.

    Args:
        path: the file.
        faults: where what is wrong is added.
        place: where the file is named; None for the file itself.
    """
    instead = _INSTEAD.get({}).get(path)
    if instead is not None:
        return instead
    place = place or Place(str(path))
    name = quoted(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        faults.add(place, does_not_exist(path), lambda: near_file(path))
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else say("its name is impossible")
        faults.add(place, say("the file {name} cannot be read: {reason}", name=name, reason=why))
    else:
        if len(data) <= _LARGEST:
            return data
        large = say("the file {name} is larger than {most} MB", name=name, most=_LARGEST // 1024 // 1024)
        faults.add(place, large, say("use tables"))
    return None


def reason(error: OSError) -> str:
    """Return why the system refuses a file."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def does_not_exist(path: Path) -> str:
    """Say that a file does not exist."""
    return say("the file {name} does not exist", name=quoted(str(path)))


def near_file(path: Path) -> str:
    """Return a question that offers the file beside with the nearest name."""
    try:
        return did_you_mean(path.name, sorted(other.name for other in path.parent.iterdir()))
    except (OSError, ValueError):
        return ""


def is_there(path: Path, *, folder: bool = False) -> bool:
    """Say whether a file, or a folder, exists; an impossible name does not."""
    try:
        return path.is_dir() if folder else path.exists()
    except (OSError, ValueError):
        return False
