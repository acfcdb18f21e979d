"""`crmcore watch`: a real process beside a file that is really edited."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

PATIENCE = 60


def _listening() -> None:
    """Let a process hear interrupts, also where these tests run in the background and hear none."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def process(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crmcore.cli", "watch", *map(str, arguments), "--select", "COV"],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **options},
        text=True,
        encoding="utf-8",
        preexec_fn=_listening,  # noqa: PLW1509 (nothing else runs in the child yet)
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", "CRMCORE_LANGUAGE": "en"},
    )


@pytest.fixture
def watching(company: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that watches the company."""
    started = process(company)
    yield started
    started.kill()
    started.communicate()


@pytest.fixture
def tabled(tmp_path: Path) -> Path:
    """A folder whose duties lie in a table of a folder inside."""
    folder = tmp_path / "tabled"
    (folder / "tables").mkdir(parents=True)
    (folder / "crmcore.yaml").write_text(
        "crmcore: 1\nname: tabled\npeople: [{id: li.na}]\nroles: [{id: manager}]\n"
        "staffing: [{role: manager, holders: [li.na]}]\ntouchpoints: [{id: call}, {id: visit}]\n"
        "duties: tables/duties.csv\n",
        encoding="utf-8",
    )
    (folder / "tables" / "duties.csv").write_text("touchpoints,role,duty\ncall,manager,accountable\n", encoding="utf-8")
    return folder


@pytest.fixture
def watching_here(tabled: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that watches whatever is in its folder."""
    started = process(cwd=tabled)
    yield started
    started.kill()
    started.communicate()


def until(process: subprocess.Popen[str], words: str) -> list[str]:
    """Return the lines that a process prints, up to one that has these words."""
    assert process.stdout is not None
    lines: list[str] = []
    patience = threading.Timer(PATIENCE, process.kill)  # what is dead prints no more, and the wait ends
    patience.start()
    while True:
        lines.append(process.stdout.readline())
        if words in lines[-1] or not lines[-1]:
            break
    patience.cancel()
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


def test_a_table_is_watched_wherever_the_file_reads_it(watching_here: subprocess.Popen[str], tabled: Path) -> None:
    until(watching_here, "2 touchpoints,")
    save(
        tabled / "tables" / "duties.csv", "touchpoints,role,duty\ncall,manager,accountable\nvisit,manager,accountable\n"
    )
    lines = until(watching_here, "2 touchpoints,")
    assert [line[:2] for line in lines] == ["− ", "ta"], "".join(lines)


def test_a_file_that_is_gone_for_a_moment_is_waited_for(watching_here: subprocess.Popen[str], tabled: Path) -> None:
    until(watching_here, "2 touchpoints,")
    (tabled / "crmcore.yaml").rename(tabled / "crmcore.bak")
    until(watching_here, "there is no crmcore.yaml in this folder")
    (tabled / "crmcore.bak").rename(tabled / "crmcore.yaml")
    assert until(watching_here, "2 touchpoints,")[0].startswith("tabled on")


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_terminal_is_cleared_and_shows_what_stays_too(tabled: Path) -> None:
    here, there = os.openpty()
    started = process(tabled, "--times", "2", stdout=there, stderr=there)
    os.close(there)
    shown = b""
    with os.fdopen(here, "rb", buffering=0) as screen:
        while b"2 touchpoints," not in shown:
            shown += screen.read(1024)
        with (tabled / "crmcore.yaml").open("a", encoding="utf-8") as file:
            file.write("# another line\n")
        shown = b""
        while b"2 touchpoints," not in shown:
            shown += screen.read(1024)
        started.wait(PATIENCE)
    assert b"\x1b[2J" in shown
    assert b"COV101" in shown


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
