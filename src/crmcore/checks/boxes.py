"""From boxes of cells to what a finding says about the space."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypedDict

from crmcore.language import listed, say
from crmcore.responsibility import Box, Responsibilities

__all__ = ["Region", "example", "first_day", "in_common", "later_days", "region", "throughout"]

_NOTHING: Final[Mapping[str, list[Any]]] = MappingProxyType({})


class Region(TypedDict):
    """The part of a `Problem` that is about the space."""

    box: dict[str, list[Any]]
    witness: dict[str, Any]
    points: int


def region(responsibilities: Responsibilities, box: Box) -> Region:
    """Say where a box is, with one customer in it."""
    space = responsibilities.space
    return {"box": space.describe(box), "witness": space.witness(box), "points": space.points(box)}


def in_common(responsibilities: Responsibilities, *touchpoints: str) -> Mapping[str, list[Any]]:
    """Return what all customers at some touchpoints have in common, because of where these happen: no example says it.

    Args:
        responsibilities: the organization, compiled.
        touchpoints: their ids; none for nothing in common.
    """
    whole = responsibilities.space.whole
    spaces = [responsibilities.touchpoint_box(touchpoint) or whole for touchpoint in touchpoints] or [whole]
    masks = zip(whole, *spaces, strict=True)
    same = tuple(mask if all(other == mask for other in others) else free for free, mask, *others in masks)
    return responsibilities.space.describe(same)


def example(where: Region, known: Mapping[str, list[Any]] = _NOTHING) -> str:
    """Return the end of a message that names one customer, as far as it matters which one it is.

    Args:
        where: the part of the space that the message is about, and the customer.
        known: what the reader knows of the customer already, such as what `in_common` returns.
    """
    matters = [name for name, values in where["box"].items() if known.get(name) != values]
    customer = listed(f"{name}={where['witness'][name]}" for name in matters)
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
