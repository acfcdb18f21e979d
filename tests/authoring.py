"""What someone does who writes a plugin: install it, and run its tests. Nothing is fetched from anywhere."""

import importlib
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

import pytest

__all__ = ["Workbench", "installed", "python"]


def python(*arguments: object, at: Path, status: int = 0, **environment: str) -> str:
    """Run Python in a process of its own, and return what it prints.

    Args:
        arguments: those of Python.
        at: the folder to run in.
        status: the exit status that it has to end with.
        environment: variables beside those of this process; those that choose plugins are left out.
    """
    left_out = ("CRMCORE_PLUGINS", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST")
    result = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=at,
        env={
            **{name: value for name, value in os.environ.items() if name not in left_out},
            "PYTHONIOENCODING": "utf-8",
            **environment,
        },
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout


def installed(project: Path, into: Path) -> Path:
    """Build the wheel of a distribution as its pyproject.toml says, and unpack it, which is what installing does."""
    pytest.importorskip("hatchling", reason="the group `test` has what builds a distribution")
    into.mkdir(parents=True, exist_ok=True)
    python("-c", f"import hatchling.build; hatchling.build.build_wheel({str(into)!r})", at=project)
    (wheel,) = into.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(into)
    wheel.unlink()
    return into


class Workbench:
    """A place to build plugins at, of which nothing is left afterwards.

    Args:
        folder: where to install to.
        patch: what undoes everything.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch = folder, patch
        self._packages: list[str] = []

    def install(self, project: Path) -> None:
        """Do what `pip install --editable` does, without what it depends on: that is here."""
        site = installed(project.absolute(), self._folder / f"site-{len(self._packages)}")
        (found,) = site.glob("*.dist-info")
        for path in (site, project.absolute() / "src"):  # the code of the project comes before that of the wheel
            self._patch.syspath_prepend(str(path))
        points = Distribution.at(found).entry_points.select(group="crmcore")
        self._packages += [point.value for point in points]
        known = os.environ["CRMCORE_PLUGINS"].split(",")
        self._patch.setenv("CRMCORE_PLUGINS", ",".join(filter(None, (*known, *points.names))))
        importlib.invalidate_caches()

    def pytest(self, *arguments: str) -> tuple[str, int]:
        """Run the tests of the folder; return what is told, without the time that they took, and the exit status."""
        at = Path.cwd()
        paths = [str(at / "src"), *(path for path in sys.path if str(self._folder) in path)]
        outcome = python("-c", _RUN, *arguments, at=at, PYTHONPATH=os.pathsep.join(paths))
        told, _, status = re.sub(r" in \d.*s.*", "", outcome).rstrip("\n").rpartition("\n")
        return told, int(status)

    def forget(self) -> None:
        """Let modules of what was installed be imported again, as they are now."""
        for name in list(sys.modules):
            if name.partition(".")[0] in self._packages:
                del sys.modules[name]


_RUN = "import sys, pytest; print(int(pytest.main([*sys.argv[1:], '-p', 'no:cacheprovider'])))"
"""Run pytest, and end well whether the tests pass or not: a page shows both. The last line is the exit status."""
