"""Reading the bytes of files, with a fault instead of an exception."""

from pathlib import Path
from typing import Final

from crmcore.organization.faults import Faults, did_you_mean, quoted
from crmcore.values import Place

__all__ = ["bytes_of", "is_there", "near_file"]

_LARGEST: Final = 200 * 1024 * 1024


def bytes_of(path: Path, faults: Faults, place: Place | None = None) -> bytes | None:
    """Return what a file holds; None, with a fault, when it cannot be read.

    Args:
        path: the file.
        faults: where what is wrong is added.
        place: where the file is named; None for the file itself.
    """
    place = place or Place(str(path))
    name = quoted(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        faults.add(place, f"the file {name} does not exist", lambda: near_file(path))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is impossible"
        faults.add(place, f"the file {name} cannot be read: {reason}")
    else:
        if len(data) <= _LARGEST:
            return data
        faults.add(place, f"the file {name} is larger than {_LARGEST // 1024 // 1024} MB", "use tables")
    return None


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
