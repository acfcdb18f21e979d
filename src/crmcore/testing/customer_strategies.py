"""Random customers of an organization, for property tests."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen
from hypothesis import strategies as st

from crmcore.customers import CustomerType, dimensions_on_file
from crmcore.organization import Choice, Dimension, Number, Organization

__all__ = ["NewCustomer", "customers"]

_NAMES: Final = ("华为技术有限公司", "小米科技", "王伟", "Müller & Söhne GmbH", "O'Neill Ltd.", "星展银行 😀")


@frozen
class NewCustomer:
    """What a customer is registered with: `crm.customers.register(**new.arguments)`.

    Attributes:
        name: as the customer writes it.
        customer_type: an organization or a person.
        attributes: values by the ids of dimensions; those that are not known are absent.
        stage: where in the lifecycle; None where the organization has no stages.
    """

    name: str
    customer_type: CustomerType
    attributes: Mapping[str, Any] = field(factory=dict)
    stage: str | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of `register`."""
        return {
            "name": self.name,
            "customer_type": self.customer_type,
            "attributes": self.attributes,
            "stage": self.stage,
        }


def customers(organization: Organization, *, complete: bool = False) -> st.SearchStrategy[NewCustomer]:
    """Return a strategy of customers that an organization can have.

    Args:
        organization: whose customers they are.
        complete: whether all is known of each; otherwise some of the attributes are absent.
    """
    values = {one.id: _values(one) for one in dimensions_on_file(organization)}
    known = st.fixed_dictionaries(values if complete else {}, optional={} if complete else values)
    stages = [stage.id for stage in organization.stages]
    return st.builds(
        NewCustomer,
        st.sampled_from(_NAMES) | st.from_regex(r"[A-Za-z一-龥][A-Za-z一-龥 ]{0,20}", fullmatch=True),
        st.sampled_from(CustomerType),
        known,
        st.sampled_from(stages) if stages else st.none(),
    )


def _values(dimension: Dimension) -> st.SearchStrategy[Any]:
    """Return a strategy of the values that a dimension can have."""
    domain = dimension.domain
    if isinstance(domain, Choice):
        return st.sampled_from(domain.values)
    if not isinstance(domain, Number):
        return st.sampled_from(domain.leaves)
    if domain.integer:
        least = None if domain.min is None else int(domain.min)
        return st.integers(least, None if domain.max is None else int(domain.max) - 1)
    return st.floats(domain.min, domain.max, exclude_max=domain.max is not None, allow_nan=False, allow_infinity=False)
