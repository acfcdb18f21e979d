"""Organizations as git kept them: `REVISION:PATH` reads a file, with the tables beside it, as it was at a revision."""

import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve

from crmcore.cli.failures import Failure
from crmcore.cli.organizations import organization_at
from crmcore.errors import Fault, InvalidOrganization
from crmcore.language import say, told
from crmcore.organization import Organization
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
    here = Path.cwd() / path
    folder = _nearest(here if here.is_dir() else here.parent)
    root = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    inside = here.resolve().relative_to(root.resolve())
    kind = _git(folder, "cat-file", "-t", f"{revision}:{inside.as_posix()}").decode().strip()
    kept = inside if kind == "tree" else inside.parent
    archive = _git(root, "archive", "--format=tar", revision, "--", kept.as_posix())
    with TemporaryDirectory() as unpacked:
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(unpacked, filter="data")
        renamed = _Renamed(Path(unpacked) / inside, f"{revision}:{path.as_posix()}")
        return renamed.read()


def _nearest(folder: Path) -> Path:
    """Return a folder, or the nearest above it that is there now: the revision may have had more."""
    return next(parent for parent in (folder, *folder.parents) if parent.is_dir())


def _git(folder: Path, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise Failure(told(say("Error: git is needed to read a revision, and is not installed.")))
    run = subprocess.run([git, "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603 (git itself)
    if run.returncode != 0:
        reason = run.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise Failure(told(say("Error: git cannot give that revision: {reason}", reason=reason)))
    return run.stdout


class _Renamed:
    """An organization that lies in a folder for a moment, and is known by another name."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name

    def read(self) -> Organization:
        try:
            organization = Organization.read(self.path)
        except InvalidOrganization as error:
            raise InvalidOrganization(
                Fault(self._place(fault.place), fault.found, fault.suggestion) for fault in error.faults
            ) from None
        duties = [evolve(duty, place=self._place(duty.place)) for duty in organization.duties]
        return evolve(organization, duties=duties)

    def _place(self, place: Place) -> Place:
        file = Path(place.file)
        if file == self.path:
            return evolve(place, file=self.name)
        inside = file.relative_to(self.path if self.path.is_dir() else self.path.parent)
        base, _, _ = self.name.rpartition("/") if not self.path.is_dir() else (self.name, "", "")
        return evolve(place, file=f"{base}/{inside.as_posix()}" if base else inside.as_posix())
