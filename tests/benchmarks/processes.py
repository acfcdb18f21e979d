"""Whole processes: from files to findings, and what a start costs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from measuring import Row, compared, seconds
from organizations import hierarchical

__all__ = ["rows"]

_PROVE = """
import sys, time
from pathlib import Path
from datetime import date
from crmcore import Organization
start = time.perf_counter()
organization = Organization.read(sys.argv[1])
read = time.perf_counter()
report = organization.check(on=date(2026, 11, 23), select=["COV101"])
proven = time.perf_counter()
# Not getrusage: a process inherits that peak from the one that started it.
peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
print(read - start, proven - read, peak, len(report.findings))
"""
_ROUNDS = 7


def rows(largest: int) -> Iterator[Row]:
    """Measure processes.

    Args:
        largest: how many duties the largest organization has.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as scratch:
        yield from _large(Path(scratch) / "large", largest, environment)
        yield _small(Path(scratch) / "small", environment)
    yield _start("import crmcore", 12, [sys.executable, "-c", "import crmcore"], environment)
    yield _start("crmcore --help", 20, [sys.executable, "-m", "crmcore.cli", "--help"], environment)


def _run(command: Sequence[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode > 1:
        raise AssertionError(done.stderr)
    return done.stdout


def _large(folder: Path, duties: int, environment: dict[str, str]) -> Iterator[Row]:
    hierarchical(duties).write(folder)
    runs = [_run([sys.executable, "-c", _PROVE, str(folder)], environment).split() for _ in range(3)]
    read, proven, peak = (median(float(run[number]) for run in runs) for number in range(3))
    total = read + proven
    details = f"reading {read:.1f} s, compiling and proving {proven:.1f} s, {runs[0][3]} boxes"
    yield Row(f"{duties:,} duties from CSV to all gaps", "< 10 s", f"{total:.1f} s", total < 10, details)
    yield Row("the same: memory", "< 500 MB", f"{peak:.0f} MB", peak < 500, "the largest that the process was")
    yield Row("the same: reading against proving", "≤ 1×", f"{read / proven:.2f}×", read <= proven, "")


def _small(folder: Path, environment: dict[str, str]) -> Row:
    hierarchical(1_000).write(folder)
    command = [sys.executable, "-m", "crmcore.cli", "check", str(folder), "--select", "COV101", "--format", "json"]
    _run(command, environment)
    taken = median(seconds(lambda: _run(command, environment)) for _ in range(_ROUNDS))
    return Row(
        "1,000 duties, `crmcore check --select COV101`", "< 0.5 s", f"{taken:.2f} s", taken < 0.5, "with the start"
    )


def _start(what: str, bar: float, command: Sequence[str], environment: dict[str, str]) -> Row:
    bare = [sys.executable, "-c", "pass"]
    _run(command, environment)
    ratio, own, other = compared(lambda: _run(bare, environment), lambda: _run(command, environment), _ROUNDS)
    details = f"{other * 1000:.0f} ms, a bare interpreter {own * 1000:.0f} ms"
    return Row(f"`{what}` against a bare interpreter", f"≤ {bar:g}×", f"{ratio:.1f}×", ratio <= bar, details)
