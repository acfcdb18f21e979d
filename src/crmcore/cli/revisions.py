"""Organizations as git kept them: `REVISION:PATH` reads a file, with the tables beside it, as it was at a revision."""

import json
import os
import shutil
import subprocess
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from attrs import evolve, frozen

from crmcore.cli.failures import Failure
from crmcore.cli.organizations import organization_at
from crmcore.errors import Fault, InvalidOrganization
from crmcore.language import Phrase, say, told
from crmcore.organization import Organization
from crmcore.organization.reading.assembling import TABLE_ENDINGS
from crmcore.organization.reading.sources import MAIN_FILES
from crmcore.values import Place

__all__ = ["organization_of"]


def organization_of(source: str) -> Organization:
    """Read an organization from a path, or from `REVISION:PATH`, such as `main:crmcore.yaml` or `HEAD~3:company`.

    Raises:
        Failure: git is not there, or knows no such revision or path.
        InvalidOrganization: it cannot be read; the places name the revision.
    """
    revision, colon, path = source.partition(":")
    if Path(source).exists() or not colon or _is_drive(revision):
        return organization_at(Path(source))
    return _at(revision, Path(path or "."))


def _is_drive(revision: str) -> bool:
    return len(revision) == 1 and revision.isalpha()


def _at(revision: str, path: Path) -> Organization:
    here = Path(os.path.normpath(Path.cwd() / path))
    folder = _nearest(here if here.is_dir() else here.parent)
    prefix = _git(folder, "rev-parse", "--show-prefix").decode().removesuffix("\n")
    inside = PurePosixPath(prefix) / here.relative_to(folder).as_posix()
    with TemporaryDirectory() as unpacked:
        kept = _kept(_Revision(revision, folder), inside, Path(unpacked))
        base = path if kept == Path(unpacked) else path.parent
        beginning = f"{revision}:" if base == Path() else f"{revision}:{base.as_posix()}/"
        return _Renamed(kept, Path(unpacked), beginning).read()


@frozen
class _Revision:
    """A revision of the repository in which a folder lies; paths are those from its root."""

    name: str
    folder: Path

    def is_folder(self, path: PurePosixPath) -> bool:
        return self._told("cat-file", "-t", self._object(path)).strip() == b"tree"

    def read(self, path: PurePosixPath) -> bytes:
        return self._told("cat-file", "blob", self._object(path))

    def files(self, folder: PurePosixPath) -> list[PurePosixPath]:
        """Return the paths of all files below a folder, from there; links and other repositories are left out."""
        listing = self._told("ls-tree", "-r", "-z", "--full-tree", self._object(folder)).decode(errors="replace")
        entries = (entry.partition("\t") for entry in listing.split("\0") if entry.startswith("100"))
        paths = (PurePosixPath(name) for _, _, name in entries)
        return [path for path in paths if ".." not in path.parts]

    def _object(self, path: PurePosixPath) -> str:
        return f"{self.name}:{'' if path == PurePosixPath() else path}"

    def _told(self, *arguments: str) -> bytes:
        return _git(self.folder, *arguments)


def _kept(revision: _Revision, inside: PurePosixPath, unpacked: Path) -> Path:
    """Write an organization's file and tables as they were to a folder; return where it can be read.

    A table lies beside the file, or the file names it: nothing else is taken out of a repository that may be large.
    """
    whole = revision.is_folder(inside)
    folder = inside if whole else inside.parent
    mains = [PurePosixPath(name) for name in (MAIN_FILES if whole else [inside.name])]
    files = revision.files(folder)
    wanted = {main: revision.read(folder / main) for main in mains if main in files}
    if not whole and not wanted:
        wanted[mains[0]] = revision.read(inside)
    text = b"\n".join(wanted.values()).decode(errors="replace")
    for path in files:
        if path.suffix.lower() in TABLE_ENDINGS and (len(path.parts) == 1 or _is_named(path, text)):
            wanted[path] = revision.read(folder / path)
    for path, data in wanted.items():
        place = unpacked / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return unpacked if whole else unpacked / inside.name


def _is_named(path: PurePosixPath, text: str) -> bool:
    """Whether a text names a path, be it with escapes as JSON writes them."""
    return str(path) in text or json.dumps(str(path))[1:-1] in text


def _nearest(folder: Path) -> Path:
    """Return a folder, or the nearest above it that is there now: the revision may have had more."""
    return next(parent for parent in (folder, *folder.parents) if parent.is_dir())


def _git(folder: Path, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise Failure(told(say("Error: git is needed to read a revision, and is not installed.")))
    run = subprocess.run([git, "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603 (git itself)
    if run.returncode != 0:
        reason, *more = run.stderr.decode(errors="replace").strip().splitlines() or [""]
        message = say("Error: git cannot give that revision: {reason}", reason=reason.removeprefix("fatal: "))
        raise Failure(told(message), *more)
    return run.stdout


@frozen
class _Renamed:
    """An organization that lies in a folder for a moment, and is known by other names.

    Attributes:
        path: where it can be read.
        folder: the folder.
        beginning: what the names of files in it begin with instead.
    """

    path: Path
    folder: Path
    beginning: str

    def read(self) -> Organization:
        try:
            organization = Organization.read(self.path)
        except InvalidOrganization as error:
            raise InvalidOrganization(
                Fault(self._place(fault.place), self._text(fault.found), fault.suggestion) for fault in error.faults
            ) from None
        duties = [evolve(duty, place=self._place(duty.place)) for duty in organization.duties]
        return evolve(organization, duties=duties)

    def _place(self, place: Place) -> Place:
        inside = Path(place.file).relative_to(self.folder)
        return evolve(place, file=self.beginning if inside == Path() else f"{self.beginning}{inside.as_posix()}")

    def _text(self, text: str) -> str:
        """Return a text about a file of the folder with the name that people know."""
        here = f"{self.folder}{os.sep}"
        if not isinstance(text, Phrase) or here not in text:
            return text
        arguments = {
            name: value.replace(here, self.beginning) if isinstance(value, str) else value
            for name, value in text.arguments.items()
        }
        return Phrase(text.key, text.key, arguments)
