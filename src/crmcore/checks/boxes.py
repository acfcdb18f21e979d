"""From boxes of cells to what a finding says about the space."""

from typing import Any, TypedDict

from crmcore.language import say
from crmcore.responsibility import Box, Responsibilities

__all__ = ["Region", "example", "first_day", "later_days", "region", "throughout"]


class Region(TypedDict):
    """The part of a `Problem` that is about the space."""

    box: dict[str, list[Any]]
    witness: dict[str, Any]
    points: int


def region(responsibilities: Responsibilities, box: Box) -> Region:
    """Say where a box is, with one customer in it."""
    space = responsibilities.space
    return {"box": space.describe(box), "witness": space.witness(box), "points": space.points(box)}


def example(where: Region) -> str:
    """Return the end of a message that names one customer, as far as it matters which one it is."""
    customer = ", ".join(f"{name}={value}" for name, value in where["witness"].items() if name in where["box"])
    return say(", for example for {customer}", customer=customer) if customer else ""


def first_day(box: Box) -> Box | None:
    """Return the part of a box on the first day of the window; None when it begins later."""
    return (*box[:-1], 1) if box[-1] & 1 else None


def later_days(box: Box) -> Box | None:
    """Return the part of a box after the first day of the window; None when it ends there."""
    return (*box[:-1], box[-1] & ~1) if box[-1] & ~1 else None


def throughout(responsibilities: Responsibilities, box: Box) -> Box:
    """Return a box made as long as the window."""
    return (*box[:-1], responsibilities.space.days.full)
