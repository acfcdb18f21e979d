"""Phone numbers of all countries: E.164, what kind of line it is, and how it is shown."""

from enum import StrEnum

from attrs import field, frozen

from crmcore.customers.contact_points.values import ContactValue
from crmcore.language import say, told

__all__ = ["Phone", "PhoneType", "phone"]


class PhoneType(StrEnum):
    """What kind of line a number is."""

    MOBILE = "mobile"
    FIXED = "fixed"
    FIXED_OR_MOBILE = "fixed-or-mobile"
    TOLL_FREE = "toll-free"
    SHARED_COST = "shared-cost"
    UNIVERSAL = "universal"
    PREMIUM = "premium"
    VOIP = "voip"
    PERSONAL = "personal"
    PAGER = "pager"
    VOICEMAIL = "voicemail"
    SHORT = "short"
    UNKNOWN = "unknown"


@frozen
class Phone(ContactValue):
    """A phone number.

    Attributes:
        value: E.164, `+8613800138000`, with `;ext=` before an extension (RFC 3966). A short number, which can be
            called in its country alone, has its context: `95588;phone-context=+86`.
        type: what kind of line it is; in China 400 shares the cost, and 800 is toll-free.
        region: the country (ISO 3166, two letters), or `001` for a number of none.
        extension: what is dialled after it; empty for none.
        national: as it is written inside its country, without extension: `138 0013 8000`.
        international: as it is written elsewhere, without extension: `+86 138 0013 8000`.
        assumed: whether it came without country code, so that the country is a guess.
    """

    type: PhoneType = field(kw_only=True)
    region: str = field(kw_only=True)
    extension: str = field(kw_only=True)
    national: str = field(kw_only=True)
    international: str = field(kw_only=True)
    assumed: bool = field(kw_only=True, eq=False)

    @property
    def mobile(self) -> bool:
        """Whether a text message can reach it."""
        return self.type in (PhoneType.MOBILE, PhoneType.FIXED_OR_MOBILE)

    def displayed(self, region: str = "CN") -> str:
        """Return the number as people in a country write it, with its extension, in the language of the moment.

        Args:
            region: where they are (ISO 3166, two letters): the country code is left out for a number of their own.
        """
        number = self.national if region == self.region else self.international
        if not self.extension:
            return number
        return told(say("{number} ext. {extension}", number=number, extension=self.extension))

    @property
    def service(self) -> bool:
        """Whether it is the line of a service, not of a person: 400, 800, a short number."""
        services = (PhoneType.TOLL_FREE, PhoneType.SHARED_COST, PhoneType.UNIVERSAL, PhoneType.PREMIUM, PhoneType.SHORT)
        return self.type in services


def phone(text: str, *, region: str = "CN") -> Phone:
    """Return a phone number in its normal form.

    Args:
        text: as somebody typed it: in any width, with labels, separators, Chinese digits, an extension (转, ext).
        region: the country (ISO 3166, two letters) of a number without country code; empty to demand one.

    Raises:
        InvalidContactPoint: it can be no number there.
    """
    from crmcore.customers.contact_points.numbering import read_phone  # noqa: PLC0415 (its library is large)

    return read_phone(text, region)
