"""What is compared: a customer boiled down to the values by which it may be recognised."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from attrs import field, frozen

__all__ = ["Profile", "ProfileKind"]

_NOTHING: Final[Mapping[str, str]] = {}


class ProfileKind(StrEnum):
    """What kind of customer a profile is of."""

    PERSON = "person"
    ORGANIZATION = "organization"


@frozen
class Profile:
    """The values by which a customer may be recognised. What is unknown is left out; an empty text counts as unknown.

    Attributes:
        id: of the customer.
        kind: a person or an organization; profiles of different kinds are never the same customer.
        names: what it is called, each name whole: `王伟`, `Noah Watson`, `深圳市腾讯计算机系统有限公司`. Several are
            several names of one customer. The words of a person's name are its parts, in any order.
        phones: phone numbers, best in E.164; else they are compared by their digits.
        emails: e-mail addresses.
        domains: of web sites. Those of the e-mail addresses need not be repeated.
        address: parts of the address by name, such as `street`, `city`, `postcode`, `region`, `country`.
        born: the date of birth of a person.
        identifiers: official or external ids by scheme: `uscc`, `vat`, `lei`, `taobao`.
        more: other fields by name, compared as texts.
    """

    id: str
    kind: ProfileKind = field(default=ProfileKind.PERSON, converter=ProfileKind)
    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    address: Mapping[str, str] = field(default=_NOTHING, hash=False)
    born: date | None = None
    identifiers: Mapping[str, str] = field(default=_NOTHING, hash=False)
    more: Mapping[str, str] = field(default=_NOTHING, hash=False)
