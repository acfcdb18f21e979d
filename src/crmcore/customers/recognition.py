"""Recognising customers: at entry, among those that are there, and all of them at once."""

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from crmcore.customers.current import current_customer
from crmcore.customers.duplicate_keys import refresh_all_keys, sharing
from crmcore.customers.duplicates import Duplicates, Profile, ProfileKind, Reason, Settings, recognize
from crmcore.customers.profiling import each_profile, identifiers_of, profiles_of
from crmcore.customers.records import Customer, CustomerType
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.storage import Among, Query

__all__ = ["AT_ENTRY", "Known", "Recognition", "profile_given", "recognized"]

_MOST: Final = 50

AT_ENTRY: Final = 1e-4
"""How likely a customer is the one that is entered, before anything is compared. Higher than for two at random, as
whoever enters one decides: the same name of a company but for its legal form is worth a look."""


@frozen
class Known:
    """A customer that is probably the one in question.

    Attributes:
        customer: the customer.
        score: how likely it is that both are one, from 0 to 1.
        reasons: what speaks for it and against it, the weightiest first; each can be printed.
    """

    customer: Customer
    score: float
    reasons: tuple[Reason, ...]


class Recognition(Desk):
    """Customers that were entered more than once: before it happens, and after."""

    def check(
        self,
        name: str,
        *,
        customer_type: CustomerType | str = CustomerType.ORGANIZATION,
        phones: Iterable[str] = (),
        emails: Iterable[str] = (),
        websites: Iterable[str] = (),
        registration: str | None = None,
        address: Mapping[str, str] | None = None,
        least: float = 0.5,
        limit: int = 10,
    ) -> tuple[Known, ...]:
        """Return the customers that somebody who is being entered probably is, the likeliest first.

        Args:
            name: as it is written.
            customer_type: `organization` or `person`; one is never the other.
            phones: its phone numbers, best with the country code.
            emails: its e-mail addresses.
            websites: its web sites, or their domains.
            registration: its number in a public register.
            address: parts of its address: `street`, `city`, `postcode`, `region`, `country`.
            least: the least score that counts, from 0 to 1.
            limit: how many are returned at most.

        Raises:
            MissingExtra: rapidfuzz, of the extra `duplicates`, is not installed.
        """
        profile = Profile(
            "",
            ProfileKind(CustomerType(customer_type).value),
            names=(name,),
            phones=tuple(phones),
            emails=tuple(emails),
            domains=tuple(websites),
            address=address or {},
            identifiers=identifiers_of(registration),
        )
        with self._begin(read_only=True) as job:
            return recognized(job, profile, least=least, limit=limit)

    def of(self, customer: Customer | Profile | str, *, least: float = 0.5, limit: int = 10) -> tuple[Known, ...]:
        """Return the other customers that a customer probably is, the likeliest first.

        Args:
            customer: the customer, its id, or a profile of somebody who is not there yet.
            least: the least score that counts, from 0 to 1.
            limit: how many are returned at most.

        Raises:
            NotThere: there is no such customer.
            InvalidCustomer: it was merged into another.
            MissingExtra: rapidfuzz, of the extra `duplicates`, is not installed.
        """
        with self._begin(read_only=True) as job:
            if isinstance(customer, Profile):
                return recognized(job, customer, least=least, limit=limit)
            found = profiles_of(job, [current_customer(job, customer).id])
            return recognized(job, found[0], least=least, limit=limit) if found else ()

    def scan(self, scorer: str = "builtin") -> Duplicates:
        """Return all customers that were entered more than once.

        Profiles are read some thousand at a time, as the scorer asks for them.

        Args:
            scorer: how: `builtin`, for some ten thousand customers; or that of a plugin, such as `splink` for millions.

        Raises:
            UnknownName: no plugin adds a scorer of that name.
            MissingExtra: the scorer needs what is not installed.
        """
        with self._begin(read_only=True) as job:
            scorers = job.plugins.scorers
            if scorer not in scorers:
                raise UnknownName("scorer", scorer, nearest(scorer, scorers))
            return scorers[scorer].find(each_profile(job))

    def refresh(self) -> int:
        """Make the keys of all customers anew, and return how many customers there are.

        For customers that were written past the desks, and after pypinyin was installed, which reads Chinese names.
        """
        with self._begin() as job:
            return refresh_all_keys(job)


def recognized(job: Job, profile: Profile, *, limit: int, least: float = 0.5) -> tuple[Known, ...]:
    """Return the customers that a profile probably is, in a job that is open.

    Args:
        job: the job.
        profile: of somebody who is being entered, or is there already.
        limit: how many are returned at most.
        least: the least score that counts, from 0 to 1.

    Raises:
        MissingExtra: rapidfuzz, of the extra `duplicates`, is not installed.
    """
    found = recognize(
        profile,
        lambda wanted, most: sharing(job, wanted, most),
        lambda ids: profiles_of(job, ids),
        Settings(prior=AT_ENTRY, threshold=least),
        most=_MOST,
    )[:limit]
    ids = [one.id for one in found]
    customers = {one.id: one for one in job.unit.each(Query(Customer, where=[Among("id", ids)]))} if ids else {}
    return tuple(Known(customers[one.id], one.match.score, one.match.reasons) for one in found)


def profile_given(profile: Profile | bool, customer: Customer) -> Profile:
    """Return by what a customer that is being registered is recognised: what is given, with its own name and number."""
    given = profile if isinstance(profile, Profile) else Profile("")
    return Profile(
        customer.id,
        ProfileKind(customer.customer_type.value),
        names=tuple(dict.fromkeys((customer.name, *given.names))),
        phones=given.phones,
        emails=given.emails,
        domains=given.domains,
        address=given.address,
        born=given.born,
        identifiers={**given.identifiers, **identifiers_of(customer.registration)},
        more=given.more,
    )
