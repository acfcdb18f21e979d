"""Cutting the dimensions of an organization into axes."""

from collections.abc import Iterable, Sequence

from crmcore.organization import Dimension, Number, Tree
from crmcore.organization.scales import Scale
from crmcore.responsibility.axes import Axis, NameAxis, NumberAxis, TreeAxis
from crmcore.responsibility.scales import ScaleAxis

__all__ = ["dimension_axis", "dimension_cuts"]


def dimension_cuts(domain: Number, ends: Iterable[float]) -> set[float]:
    """Return those of some ends that lie inside a range of numbers."""
    return {
        end for end in ends if (domain.min is None or domain.min < end) and (domain.max is None or end < domain.max)
    }


def dimension_axis(dimension: Dimension, ends: Sequence[float]) -> Axis:
    """Cut one dimension into cells.

    Args:
        dimension: the dimension.
        ends: for a number, every bound that some rule names.
    """
    of_customer = dimension.of == "customer"
    domain = dimension.domain
    if isinstance(domain, Tree):
        return TreeAxis(dimension.id, of_customer, domain)
    if isinstance(domain, Number):
        return NumberAxis(dimension.id, of_customer, domain, tuple(sorted(dimension_cuts(domain, ends))))
    if isinstance(domain, Scale):
        return ScaleAxis(dimension.id, of_customer, domain.values, domain)
    return NameAxis(dimension.id, of_customer, domain.values)
