"""Random organizations for property tests: whole, valid, and as odd as the file format allows."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st

from crmcore.organization import (
    ALL,
    Absence,
    Calendar,
    Choice,
    Count,
    Department,
    Dimension,
    Duty,
    Escalation,
    EscalationStep,
    Forum,
    Handoff,
    Impossible,
    Metric,
    Number,
    Organization,
    Person,
    Promise,
    Role,
    Scope,
    Scorecard,
    Settings,
    Staffing,
    Stage,
    Suppression,
    Touchpoint,
    Tree,
    TreeNode,
)
from crmcore.values import Duration, Interval

__all__ = ["organizations", "texts"]

_T = TypeVar("_T")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "",
        "no",
        "null",
        "012",
        "1:20",
        "1e5",
        "0o17",
        ".inf",
        "2026-01-01",
        "true",
        "all",
        "unlimited",
        "华东 区",
        "a: b",
        "- x",
        "=1+1",
        "a;b",
    ]
)
"""Text as odd as it gets: control characters, other scripts, words that YAML takes for something else."""

_names = texts.filter(lambda text: text.strip() != "")
_ids = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,6}", fullmatch=True)
_days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
_durations = st.builds(Duration, st.integers(1, 999_999), st.sampled_from("mhdw"))
_numbers = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15)
_counts = st.integers(0, 5).flatmap(
    lambda least: st.builds(Count, min=st.just(least), max=st.none() | st.integers(max(least, 1), 9))
)


def _unique(
    values: st.SearchStrategy[_T], most: int = 3, key: Callable[[_T], Any] | None = None
) -> st.SearchStrategy[list[_T]]:
    return st.lists(values, max_size=most, unique_by=key or (lambda value: value))


def _several(values: st.SearchStrategy[_T], most: int = 2) -> st.SearchStrategy[tuple[_T, ...]]:
    return st.lists(values, max_size=most).map(tuple)


def _some(ids: Sequence[str]) -> st.SearchStrategy[str]:
    """An id that exists, or now and then text that points at nothing."""
    return (st.sampled_from(ids) | texts) if ids else texts


@st.composite
def _periods(draw: st.DrawFn) -> dict[str, Any]:
    first, last = draw(st.none() | _days), draw(st.none() | _days)
    if first is not None and last is not None and last < first:
        first, last = last, first
    return {"from_": first, "to": last}


@st.composite
def _trees(draw: st.DrawFn) -> Tree:
    names = draw(st.lists(_names, min_size=1, max_size=9, unique=True))
    children: dict[int, list[int]] = {index: [] for index in range(-1, len(names))}
    for index in range(len(names)):
        children[draw(st.integers(-1, index - 1))].append(index)

    def node(index: int) -> TreeNode:
        return TreeNode(names[index], tuple(node(child) for child in children[index]))

    return Tree(tuple(node(root) for root in children[-1]))


@st.composite
def _ranges(draw: st.DrawFn, *, integer: bool = False) -> Interval:
    numbers = st.integers(-(10**15), 10**15) if integer else _numbers
    ends = draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
    start, stop = sorted(ends)
    return Interval(draw(st.sampled_from([start, None])), draw(st.sampled_from([stop, None])))


@st.composite
def _domains(draw: st.DrawFn) -> Choice | Tree | Number:
    kind = draw(st.sampled_from(["choice", "tree", "number"]))
    if kind == "choice":
        return Choice(tuple(draw(st.lists(_names, min_size=1, max_size=4, unique=True))))
    if kind == "tree":
        return draw(_trees())
    integer = draw(st.booleans())
    bounds = draw(_ranges(integer=integer))
    return Number(min=bounds.start, max=bounds.stop, unit=draw(st.none() | texts), integer=integer)


@st.composite
def _dimensions(draw: st.DrawFn) -> Dimension:
    name = draw(_ids.filter(lambda text: text not in ("stage", "day")) | st.just("channel"))
    return Dimension(name, draw(_domains()), of=draw(st.sampled_from(["customer", "contact"])), label=draw(texts))


@st.composite
def _scopes(draw: st.DrawFn, dimensions: Sequence[Dimension]) -> Scope:
    choices: list[tuple[str, tuple[str | Interval, ...]]] = []
    for dimension in dimensions:
        if draw(st.booleans()):
            domain = dimension.domain
            if isinstance(domain, Number):
                choices.append((dimension.id, draw(_several(_ranges(integer=domain.integer)))))
            else:
                known = domain.values if isinstance(domain, Choice) else tuple(node.name for node in domain.walk())
                choices.append((dimension.id, draw(_several(_some(known)))))
    if draw(st.integers(0, 9)) == 0:
        known_names = {"day", *(name for name, _ in choices), *(dimension.id for dimension in dimensions)}
        stranger = draw(texts.filter(lambda text: text not in known_names))
        choices.append((stranger, draw(_several(texts))))
    return Scope(tuple(choices))


@st.composite
def organizations(draw: st.DrawFn) -> Organization:
    """Valid organizations: every kind of record, every key, references that exist and some that do not."""
    dimensions = draw(_unique(_dimensions(), 3, lambda dimension: dimension.id))
    scopes = _scopes(dimensions)
    stage_ids, department_ids, person_ids, role_ids, metric_ids, forum_ids = (draw(_unique(_ids)) for _ in range(6))
    touchpoint_ids = [name for name in draw(_unique(_ids)) if name != "all"]
    stages, departments, people, roles, metrics, facts = (
        _some(ids) for ids in (stage_ids, department_ids, person_ids, role_ids, metric_ids, ["terms", "size"])
    )
    places = _several(_some(touchpoint_ids).filter(lambda name: name != ALL)) | st.just(ALL)
    channels = _several(texts)

    def of(record: type[_T], ids: Sequence[str], **fields: st.SearchStrategy[Any]) -> tuple[_T, ...]:
        return tuple(draw(st.builds(record, st.just(name), **fields)) for name in ids)

    def dated(record: type[_T], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[_T]:
        return st.builds(lambda period, values: record(**values, **period), _periods(), st.fixed_dictionaries(fields))

    absences = st.builds(
        lambda days, cover: Absence(from_=min(days), to=max(days), cover=cover),
        st.tuples(_days, _days),
        st.none() | people,
    )
    staff = [
        draw(
            dated(
                Person,
                id=st.just(name),
                name=texts,
                department=st.none() | departments,
                level=st.none() | texts,
                reports_to=st.none() | people,
                skills=_several(texts),
                capacity=st.none() | st.integers(0, 500),
                absences=_several(absences, 2),
                status=st.sampled_from(["active", "vacant"]),
                external=st.booleans(),
            )
        )
        for name in person_ids
    ]
    met = of(
        Touchpoint,
        touchpoint_ids,
        label=texts,
        stages=_several(stages),
        where=scopes,
        channels=channels,
        follows=_several(_some(touchpoint_ids)),
        accountable=_counts | st.just(Count(min=1, max=1)),
        asks=_several(facts),
        needs=_several(facts),
        metrics=_several(metrics),
        promises=st.booleans(),
        sla=st.none()
        | st.builds(Promise, respond=st.none() | _durations, resolve=st.none() | _durations, elapsed=st.booleans()),
    )
    suppressions = st.builds(
        Suppression, texts, because=_names, subject=st.none() | texts, where=scopes, until=st.none() | _days
    )
    hours = st.sampled_from([("09:00-17:00",), ("00:00-24:00",), ("09:00-12:00", "13:30-18:00")])
    return Organization(
        draw(_names),
        locale=draw(st.sampled_from(["en", "zh-CN", "zh-Hans-CN"])),
        timezone=draw(st.sampled_from(["UTC", "Asia/Shanghai"])),
        calendar=draw(
            st.builds(
                Calendar,
                workdays=st.lists(st.sampled_from(["mon", "tue", "sat", "sun"]), min_size=1, unique=True).map(tuple),
                hours=hours,
                holidays=st.none() | st.just("CN") | _several(_days.filter(lambda day: day.year % 3 == 0)),
                closed=_several(_days.filter(lambda day: day.year % 3 == 1)),
                make_up=_several(_days.filter(lambda day: day.year % 3 == 2)),
            )
            | st.just(Calendar())
        ),
        dimensions=dimensions,
        impossible=draw(_several(st.builds(Impossible, scopes, because=texts), 2)),
        stages=of(Stage, stage_ids, label=texts, next=st.none() | _several(stages), terminal=st.booleans()),
        departments=of(
            Department, department_ids, label=texts, parent=st.none() | departments, lead=st.none() | people
        ),
        people=staff,
        roles=of(
            Role,
            role_ids,
            label=texts,
            department=st.none() | departments,
            skills=_several(texts),
            leads_customers=st.booleans(),
            holders=_counts,
        ),
        staffing=draw(
            _several(
                dated(
                    Staffing,
                    role=roles,
                    holders=_several(people),
                    where=scopes,
                    backup=_several(people),
                    assign=texts,
                    priority=st.integers(-20, 20),
                )
            )
        ),
        touchpoints=[_once(touchpoint) for touchpoint in met],
        duties=draw(
            _several(
                dated(
                    Duty,
                    touchpoints=places,
                    role=roles,
                    duty=st.sampled_from(["accountable", "responsible", "consulted", "informed", "veto"]),
                    where=scopes,
                    priority=st.integers(-20, 20),
                ),
                5,
            )
        ),
        handoffs=draw(
            _several(
                st.builds(
                    Handoff,
                    departments,
                    departments,
                    at=_several(stages),
                    carries=_several(facts),
                    within=st.none() | _durations,
                )
            )
        ),
        escalations=draw(
            _several(
                st.builds(Escalation, places, _several(st.builds(EscalationStep, _durations, roles)), where=scopes), 2
            )
        ),
        metrics=of(
            Metric,
            metric_ids,
            label=texts,
            unit=st.none() | texts,
            better=st.sampled_from(["higher", "lower"]),
            target=st.none() | _numbers,
            owner=st.none() | roles,
            outcome=st.booleans(),
        ),
        scorecards=draw(_several(st.builds(Scorecard, departments, st.dictionaries(metrics, _numbers, max_size=3)), 2)),
        forums=of(
            Forum,
            forum_ids,
            label=texts,
            chair=st.none() | roles,
            members=_several(departments),
            every=st.sampled_from(["day", "week", "fortnight", "month", "quarter", "half-year", "year"]),
            reviews=_several(metrics),
        ),
        checks=draw(
            st.builds(
                Settings,
                ignore=_several(texts | suppressions),
                span_of_control=st.integers(1, 99),
                customer_lead_distance=st.integers(0, 9),
                responsible=st.integers(1, 9),
                consulted=st.integers(1, 9),
            )
        ),
    )


def _once(touchpoint: Touchpoint) -> Touchpoint:
    """Take the channels away where `where` names some already."""
    if touchpoint.where.get("channel") is None:
        return touchpoint
    return Touchpoint(touchpoint.id, label=touchpoint.label, where=touchpoint.where, accountable=touchpoint.accountable)
