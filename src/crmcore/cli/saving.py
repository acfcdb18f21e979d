"""Noticing that an organization was saved: its file, and the tables beside it or wherever it reads them."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from attrs import define, fields

from crmcore.errors import InvalidOrganization
from crmcore.organization import Organization
from crmcore.organization.reading.assembling import TABLE_ENDINGS
from crmcore.organization.reading.sources import MAIN_FILES

__all__ = ["Saves", "files_of"]

_PAUSE: Final = 0.3
"""Seconds between two looks at the files."""

_GRAIN: Final = 20_000_000
"""Nanoseconds by which the time of a file may lag behind the clock."""

Stamp = dict[Path, tuple[int, int]]
"""When each file was written last, and how long it is."""


@define
class Saves:
    """The saves of an organization, seen by looking again and again.

    Attributes:
        path: its file or folder; None for the one of the current folder.
        elsewhere: files that it is known to be read from, wherever they lie.
    """

    path: Path | None
    elsewhere: frozenset[Path] = frozenset()

    def __iter__(self) -> Iterator[None]:
        """Yield at once, and again whenever a file was written, came or went."""
        while True:
            began = time.time_ns() - _GRAIN
            looked = list(self._files())
            seen = self._stamp(looked)
            yield
            learned = self._stamp(self.elsewhere.difference(looked))
            # What was saved since may have been read before: it is taken for unseen, and looked at again.
            seen |= {file: stamp for file, stamp in learned.items() if stamp[0] < began}
            while self._stamp(self._files()) == seen:
                time.sleep(_PAUSE)

    def _files(self) -> Iterator[Path]:
        """Yield the files to look at: what an editor moves away for a moment is looked for as well."""
        folder = Path() if self.path is None else self.path
        if folder.is_dir():
            yield from (folder / name for name in MAIN_FILES)
        else:
            yield folder
            folder = folder.parent
        yield from self.elsewhere
        try:
            yield from (file for file in folder.iterdir() if file.suffix.lower() in TABLE_ENDINGS)
        except OSError:  # the folder is gone for a moment
            return

    @staticmethod
    def _stamp(files: Iterable[Path]) -> Stamp:
        stamps: Stamp = {}
        for file in files:
            try:
                status = file.stat()
            except OSError:  # an editor writes a new file over the old one: for a moment there is none
                continue
            stamps[file] = (status.st_mtime_ns, status.st_size)
        return stamps


def files_of(read: Organization | InvalidOrganization) -> frozenset[Path]:
    """Return the files from which an organization was read, or in which its faults lie."""
    if isinstance(read, InvalidOrganization):
        return frozenset(Path(fault.place.file) for fault in read.faults)
    sections = (getattr(read, attribute.name) for attribute in fields(Organization))
    records = (record for section in sections if isinstance(section, tuple) for record in section)
    names = {record.place.file for record in records if hasattr(record, "place")}
    return frozenset(map(Path, names))
