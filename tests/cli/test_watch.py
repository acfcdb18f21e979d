"""`crmcore watch`: a real process beside a file that is really edited."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

PATIENCE = 60


@pytest.fixture
def watching(company: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that watches the company."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crmcore.cli", "watch", str(company), "--select", "COV"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", "CRMCORE_LANGUAGE": "en"},
    )
    yield process
    process.kill()
    process.communicate()


def until(process: subprocess.Popen[str], words: str) -> list[str]:
    """Return the lines that a process prints, up to one that has these words."""
    assert process.stdout is not None
    lines: list[str] = []
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        lines.append(process.stdout.readline())
        if words in lines[-1] or not lines[-1]:
            break
    assert words in lines[-1], "".join(lines)
    return lines


def save(path: Path, text: str) -> None:
    """Save as editors do: a new file takes the place of the old one."""
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def test_each_save_tells_what_is_new_and_what_is_gone(watching: subprocess.Popen[str], company: Path) -> None:
    text = company.read_text(encoding="utf-8")
    first = until(watching, "touchpoints,")
    assert any(line.startswith("  ") and "COV101" in line for line in first)
    save(company, text.replace("duty: accountable, where: {region: China}}", "duty: accountable}", 1))
    gone = until(watching, "touchpoints,")
    assert any(line.startswith("− ") and "COV101" in line for line in gone)
    save(company, "crmcore: 1\nname: [not finished")
    until(watching, "1 fault; nothing was checked")
    save(company, text)
    back = until(watching, "touchpoints,")
    assert any(line.startswith("+ ") and "COV101" in line for line in back)


@pytest.mark.skipif(os.name == "nt", reason="a process of another console cannot be interrupted there")
def test_an_interrupt_ends_it_quietly(watching: subprocess.Popen[str]) -> None:
    until(watching, "touchpoints,")
    watching.send_signal(signal.SIGINT)
    output, _ = watching.communicate(timeout=PATIENCE)
    assert "Traceback" not in output
    assert watching.returncode == 130


def test_it_can_be_asked_to_check_once(run: Callable[..., Result], company: Path) -> None:
    result = run("watch", company, "--times", "1")
    assert result.exit_code == 0
    assert "COV101" in result.stdout
