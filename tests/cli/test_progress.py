import io
import sys

import pytest

from crmcore.cli.progress import PATIENCE, Bar, progress


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def watch(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Called in the test itself: pytest puts its own standard error there after the fixtures."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    return screen


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_proof_is_not_followed_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress() as bar:
        assert bar is None


def test_a_quick_proof_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch)
    with progress() as bar:
        assert bar is not None
        bar("proving", 0.5)
        assert not bar.shown
    assert screen.getvalue() == ""


def test_a_bar_appears_when_patience_is_over_and_goes_with_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch)
    clock = Clock()
    bar = Bar(clock)
    bar("early", 0.1)
    assert not bar.shown
    clock.now = PATIENCE
    bar("proving [bold]续约[/bold]\x1b[2J", 0.4)
    assert bar.shown
    bar.close()
    shown = screen.getvalue()
    assert "proving [bold]续约[/bold]\\x1b[2J" in shown
    assert "40%" in shown
    assert "\x1b[2J" not in shown
