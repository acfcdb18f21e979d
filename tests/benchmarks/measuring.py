"""Measuring ratios: two things in turn, in one process, so that a busy machine slows both alike."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from attrs import frozen

__all__ = ["Row", "compared", "seconds", "table"]


@frozen
class Row:
    """One line of the table.

    Attributes:
        what: what was measured.
        bar: what it should be.
        measured: what it is.
        met: whether it is so.
        details: sizes and times.
    """

    what: str
    bar: str
    measured: str
    met: bool
    details: str


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def compared(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Return the median ratio of their time to ours over some rounds, and the median seconds of ours and theirs."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return (
        median(other / own for own, other in pairs),
        median(own for own, _ in pairs),
        median(other for _, other in pairs),
    )


def table(rows: list[Row]) -> str:
    """Write rows as a Markdown table."""
    lines = ["| what | bar | measured | met | details |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.what} | {row.bar} | {row.measured} | {'yes' if row.met else '**no**'} | {row.details} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"
