"""A progress bar for a proof that takes long."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from crmcore.cli.harmless import visible
from crmcore.language import told

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["PATIENCE", "Bar", "progress"]

PATIENCE: Final = 1.0
"""Seconds before a bar appears."""


class Bar:
    """A bar on standard error that appears once people's patience is over, and goes with the proof."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._progress: Progress | None = None

    def __call__(self, doing: str, done: float) -> None:
        """Show what is being done, and how much of it is done, from 0 to 1."""
        if self._progress is None:
            if self._clock() - self._start < PATIENCE:
                return
            self._progress = _opened()
        self._progress.update(self._progress.task_ids[0], description=visible(told(doing)), completed=done)

    @property
    def shown(self) -> bool:
        """Whether the bar has appeared."""
        return self._progress is not None

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()


def _opened() -> "Progress":
    from rich.console import Console  # noqa: PLC0415 (slow to import, and seldom needed)
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415 (as above)

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(markup=False))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=1.0)
    bar.start()
    return bar


@contextmanager
def progress() -> Iterator[Bar | None]:
    """Give the callback for a proof: a bar when standard error is a terminal, else None."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = Bar()
    try:
        yield bar
    finally:
        bar.close()
