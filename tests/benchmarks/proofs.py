"""Proofs against z3, and against themselves at other sizes."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from math import log
from statistics import median

import z3
from attrs import evolve
from measuring import Row, compared, seconds
from organizations import decision_table, hierarchical, override_heavy

from crmcore.checks import Context
from crmcore.checks.redundancy import unreachable_duty
from crmcore.organization import Organization
from crmcore.responsibility import Box, Responsibilities, Table, changed, readable, uncovered, widened
from crmcore.responsibility.axes import runs

__all__ = ["rows"]

DAY = date(2026, 11, 23)


def rows(largest: int) -> Iterator[Row]:
    """Measure the proofs.

    Args:
        largest: how many duties the largest organization has.
    """
    yield _growth(largest)
    yield _gaps_against_z3("all gaps against z3, hierarchical, 1,000 duties", hierarchical(1_000), 5)
    yield _gaps_against_z3("all gaps against z3, table of 1,000 rules × 7 columns", decision_table(1_000, 7), 25)
    yield _hidden_against_z3()
    yield _recheck()
    yield _overrides(largest)


def _gaps(organization: Organization) -> int:
    responsibilities = Responsibilities(organization, on=DAY)
    found = 0
    for touchpoint in responsibilities.touchpoints:
        box = responsibilities.touchpoint_box(touchpoint)
        if box is not None:
            found += len(uncovered(box, responsibilities.table(touchpoint).boxes).boxes)
    return found


def _growth(largest: int) -> Row:
    sizes = [size for size in (1_000, 10_000, 100_000) if size <= largest]
    companies = [hierarchical(size) for size in sizes]
    times = [min(seconds(partial(_gaps, one)) for _ in range(3)) for one in companies]
    first, last = len(companies[0].duties), len(companies[-1].duties)
    exponent = log(times[-1] / times[0]) / log(last / first)
    details = ", ".join(f"{len(one.duties):,} duties {time:.2f} s" for one, time in zip(companies, times, strict=True))
    what = f"all gaps, hierarchical, growth from {sizes[0]:,} to {sizes[-1]:,} duties"
    return Row(what, "≤ n^1.2", f"n^{exponent:.2f}", exponent <= 1.2, details)


class _Solver:
    """A box of cells in z3: one integer for every axis."""

    def __init__(self, whole: Box) -> None:
        self.whole = whole
        self.cells = [z3.Int(f"axis{position}") for position in range(len(whole))]
        self.solver = z3.Solver()
        self.solver.add(self.inside(whole, always=True))

    def inside(self, box: Box, *, always: bool = False) -> object:
        """Return that the customer lies in a box."""
        limits = []
        for cell, mask, full in zip(self.cells, box, self.whole, strict=True):
            if always or mask != full:
                limits.append(z3.Or([z3.And(cell >= start, cell < stop) for start, stop in runs(mask)]))
        return z3.And(limits)

    def point(self) -> Box | None:
        """Return a customer that all conditions allow; None when there is none."""
        if self.solver.check() != z3.sat:
            return None
        model = self.solver.model()
        return tuple(1 << model.eval(cell, model_completion=True).as_long() for cell in self.cells)


def _z3_gaps(spaces: Sequence[tuple[Box, Sequence[Box]]]) -> int:
    found = 0
    for whole, boxes in spaces:
        solver = _Solver(whole)
        for box in boxes:
            solver.solver.add(z3.Not(solver.inside(box)))
        while (point := solver.point()) is not None:
            solver.solver.add(z3.Not(solver.inside(widened(point, boxes, whole))))
            found += 1
    return found


def _gaps_against_z3(what: str, organization: Organization, bar: float) -> Row:
    responsibilities = Responsibilities(organization, on=DAY)
    spaces = [
        (box, responsibilities.table(touchpoint).boxes)
        for touchpoint in responsibilities.touchpoints
        if (box := responsibilities.touchpoint_box(touchpoint)) is not None
    ]

    def ours() -> None:
        for whole, boxes in spaces:
            readable(uncovered(whole, boxes).boxes, boxes, whole)

    ratio, own, other = compared(ours, lambda: _z3_gaps(spaces), 3)
    return Row(what, f"≥ {bar:g}×", f"{ratio:.0f}×", ratio >= bar, f"crmcore {own:.3f} s, z3 {other:.2f} s")


def _z3_hidden(tables: Sequence[Table], whole: Box) -> int:
    hidden = 0
    for ranked in tables:
        solver = _Solver(whole)
        start = 0
        for rank, rule in enumerate(ranked.rules):
            if ranked.levels[rank][0] != start:
                start = ranked.levels[rank][0]
                above, below = ranked.levels[start - 1]
                for higher in range(above, below):
                    solver.solver.add(z3.Not(solver.inside(ranked.rules[higher].box)))
            solver.solver.push()
            solver.solver.add(solver.inside(rule.box))
            hidden += solver.solver.check() != z3.sat
            solver.solver.pop()
    return hidden


def _context(organization: Organization) -> Context:
    responsibilities = Responsibilities(organization, on=DAY)
    for touchpoint in responsibilities.touchpoints:
        responsibilities.rules(touchpoint)
    return Context(organization=organization, responsibilities=responsibilities, on=DAY, until=DAY)


def _hidden_against_z3() -> Row:
    organization = override_heavy(1_000)
    responsibilities = Responsibilities(organization, on=DAY)
    tables = [responsibilities.table(touchpoint) for touchpoint in responsibilities.touchpoints]
    found = len(organization.check(on=DAY, select=["COV103"]).findings)
    expected = _z3_hidden(tables, responsibilities.space.whole)
    if found != expected:
        message = f"crmcore finds {found} hidden duties, z3 {expected}"
        raise AssertionError(message)
    contexts = iter([_context(organization) for _ in range(3)])
    ratio, own, other = compared(
        lambda: list(unreachable_duty(next(contexts))),
        lambda: _z3_hidden(tables, responsibilities.space.whole),
        3,
    )
    details = f"crmcore {own:.3f} s, z3 {other:.2f} s; both find {found} of {len(organization.duties):,}"
    return Row("hidden duties against incremental z3, 1,000 duties", "≥ 20×", f"{ratio:.0f}×", ratio >= 20, details)


def _recheck() -> Row:
    organization = hierarchical(10_000)
    before = Responsibilities(organization, on=DAY)
    for touchpoint in before.touchpoints:
        before.table(touchpoint).columns  # noqa: B018 (compiled, as in a program that has answered questions)
    draw = random.Random(1)

    def edit() -> None:
        duty = draw.choice(organization.duties)
        change = changed(before, removed=[duty], added=[evolve(duty, priority=duty.priority + 1)])
        change.responsibilities.table(duty.touchpoints[0]).columns  # noqa: B018 (the bitsets are made anew, too)

    again = median(seconds(edit) for _ in range(200))
    full = median(seconds(lambda: organization.check(on=DAY)) for _ in range(3))
    gaps = median(seconds(lambda: _gaps(organization)) for _ in range(3))
    details = f"one edit {again * 1000:.2f} ms, all checks {full:.2f} s, gaps alone {gaps:.2f} s ({gaps / again:.0f}×)"
    ratio = full / again
    what = "re-check after one edit, bitsets included, against the full check, 10,000 duties"
    return Row(what, "≥ 1,000×", f"{ratio:,.0f}×", ratio >= 1_000, details)


def _overrides(largest: int) -> Row:
    sizes = [size for size in (10_000, 100_000) if size <= largest] or [1_000, 10_000]
    companies = [override_heavy(size) for size in sizes]
    times = [seconds(partial(one.check, on=DAY, select=["COV102", "COV103"])) for one in companies]
    growth = times[-1] / times[0]
    details = ", ".join(f"{size:,} duties {time:.1f} s" for size, time in zip(sizes, times, strict=True))
    return Row(
        "hidden duties and conflicts, override-heavy, ten times as many",
        "≤ 20×",
        f"{growth:.1f}×",
        growth <= 20,
        details,
    )
