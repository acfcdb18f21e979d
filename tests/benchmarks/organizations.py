"""Organizations of any size to measure with, each made from a seed.

`hierarchical` is what companies write: at every touchpoint customers are divided by region, product, tier and size,
again and again, with a share of overrides, and here and there a part that was forgotten. `decision_table` is one
touchpoint whose rules divide many number columns. `override_heavy` piles exceptions on exceptions, so that most duties
are hidden by others together.
"""

import random
from collections.abc import Iterator

from crmcore.organization import (
    Choice,
    Dimension,
    Duty,
    Number,
    Organization,
    Person,
    Role,
    Scope,
    Staffing,
    Touchpoint,
    Tree,
)
from crmcore.values import Interval

__all__ = ["decision_table", "hierarchical", "override_heavy"]

_TIERS = ("strategic", "key", "standard", "small")
_LARGEST = 1_000_000
_SIZES = (5, 10, 20, 50, 100, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)
_FORGOTTEN = 0.01
_OVERRIDDEN = 0.05

Part = dict[str, object]
"""A part of the space: a tree name or a tuple of values, or a pair of numbers, by dimension."""


def _regions() -> dict[str, object]:
    return {
        f"area {area}": {
            f"province {area}.{province}": [f"city {area}.{province}.{city}" for city in range(12)]
            for province in range(8)
        }
        for area in range(5)
    }


def _products() -> dict[str, object]:
    return {f"line {line}": [f"product {line}.{product}" for product in range(8)] for line in range(5)}


def _dimensions() -> tuple[Dimension, ...]:
    return (
        Dimension("region", Tree.of(_regions())),
        Dimension("product", Tree.of(_products())),
        Dimension("tier", Choice(_TIERS)),
        Dimension("employees", Number(min=1, max=_LARGEST, integer=True)),
    )


def _company(name: str, dimensions: tuple[Dimension, ...], duties: list[Duty], roles: int) -> Organization:
    touchpoints = dict.fromkeys(touchpoint for duty in duties for touchpoint in duty.touchpoints)
    return Organization(
        name,
        dimensions=dimensions,
        people=[Person(f"person-{number}") for number in range(roles)],
        roles=[Role(f"role-{number}") for number in range(roles)],
        staffing=[Staffing(f"role-{number}", holders=[f"person-{number}"]) for number in range(roles)],
        touchpoints=[Touchpoint(touchpoint) for touchpoint in touchpoints],
        duties=duties,
    )


def hierarchical(duties: int, seed: int = 1) -> Organization:
    """Make a company of about so many duties; touchpoints and duties a touchpoint grow alike."""
    draw = random.Random(seed)
    dimensions = _dimensions()
    touchpoints = max(1, round((duties / 10) ** 0.5))
    each = duties / touchpoints / (1 + _OVERRIDDEN)
    written: list[Duty] = []
    for number in range(touchpoints):
        for part in _divide(draw, dimensions, each):
            if draw.random() >= _FORGOTTEN:
                written.append(_duty(draw, f"touchpoint-{number}", part, 0, 50))
                if draw.random() < _OVERRIDDEN:
                    written.append(_duty(draw, f"touchpoint-{number}", _narrowed(draw, dimensions, part), 1, 50))
    return _company(f"{duties} duties", dimensions, written, 50)


def _divide(draw: random.Random, dimensions: tuple[Dimension, ...], wanted: float) -> list[Part]:
    parts: list[Part] = [{}]
    whole = 0
    while len(parts) < wanted and whole < 50:
        position = draw.randrange(len(parts))
        pieces = list(_split(draw, dimensions, parts[position]))
        if len(pieces) > 1:
            parts[position : position + 1] = pieces
            whole = 0
        else:
            whole += 1
    return parts


def _split(draw: random.Random, dimensions: tuple[Dimension, ...], part: Part) -> Iterator[Part]:
    dimension = draw.choice(dimensions)
    here = part.get(dimension.id)
    domain = dimension.domain
    if isinstance(domain, Tree):
        level = domain.roots if here is None else next(node for node in domain.walk() if node.name == here).children
        pieces: list[object] = [node.name for node in level]
    elif isinstance(domain, Choice):
        values = domain.values if here is None else here
        pieces = [(value,) for value in values] if isinstance(values, tuple) else []
    else:
        low, high = here if isinstance(here, tuple) else (int(domain.min or 0), int(domain.max or 0))
        inside = [size for size in _SIZES if low < size < high]
        middle = draw.choice(inside) if dimension.id == "employees" and inside else (low + high) // 2
        if dimension.id != "employees" and high - low > 2:
            middle = draw.randint(low + 1, high - 1)
        pieces = [(low, middle), (middle, high)] if low < middle < high else []
    yield from ({**part, dimension.id: piece} for piece in pieces)


def _narrowed(draw: random.Random, dimensions: tuple[Dimension, ...], part: Part) -> Part:
    for _ in range(3):
        part = draw.choice(list(_split(draw, dimensions, part)) or [part])
    return part


def _duty(draw: random.Random, touchpoint: str, part: Part, priority: int, roles: int) -> Duty:
    return Duty((touchpoint,), f"role-{draw.randrange(roles)}", "accountable", where=_scope(part), priority=priority)


def _scope(part: Part) -> Scope:
    choices: list[tuple[str, tuple[str | Interval, ...]]] = []
    for name, value in part.items():
        if isinstance(value, str):
            choices.append((name, (value,)))
        elif isinstance(value, tuple) and isinstance(value[0], int):
            choices.append((name, (Interval(value[0], value[1]),)))
        elif isinstance(value, tuple):
            choices.append((name, value))
    return Scope(tuple(choices))


def decision_table(rules: int, columns: int, seed: int = 1) -> Organization:
    """Make one touchpoint whose rules divide number columns, as a table learnt from data does, with parts missing."""
    draw = random.Random(seed)
    dimensions = tuple(
        Dimension(f"column-{number}", Number(min=0, max=_LARGEST, integer=True)) for number in range(columns)
    )
    parts = [part for part in _divide(draw, dimensions, rules * (1 + _FORGOTTEN)) if draw.random() >= _FORGOTTEN]
    duties = [_duty(draw, "table", part, 0, 50) for part in parts]
    return _company(f"table {rules} x {columns}", dimensions, duties, 50)


def override_heavy(duties: int, seed: int = 1) -> Organization:
    """Make a company whose duties are mostly exceptions to exceptions, up to eight deep, many hidden by others."""
    draw = random.Random(seed)
    dimensions = _dimensions()
    touchpoints = max(1, duties // 500)
    written: list[Duty] = []
    for number in range(touchpoints):
        piles: list[tuple[Part, int]] = [({}, 0)]
        for _ in range(duties // touchpoints):
            part, depth = draw.choice(piles)
            narrower = draw.choice(list(_split(draw, dimensions, part)) or [part])
            piles.append((narrower, min(depth + 1, 8)))
            written.append(_duty(draw, f"touchpoint-{number}", narrower, draw.randint(0, depth + 1), 50))
    return _company(f"{duties} duties with overrides", dimensions, written, 50)
