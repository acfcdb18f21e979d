"""Phone numbers by the numbering plans of all countries, as phonenumbers knows them."""

import re
from collections.abc import Mapping
from typing import Final

import phonenumbers

from crmcore.customers.contact_points.failures import InvalidContactPoint
from crmcore.customers.contact_points.phone_texts import PhoneText, phone_text, several_numbers
from crmcore.customers.contact_points.phones import Phone, PhoneType
from crmcore.customers.contact_points.values import ContactKind
from crmcore.language import Phrase, say

__all__ = ["read_phone"]

_LONGEST: Final = 100
_SHORT: Final = re.compile(r"(?P<number>\d{2,8});phone-context=\+(?P<country>\d{1,3})", re.ASCII)
_LOCAL: Final = re.compile(r"[2-9]\d{6,7}", re.ASCII)
_MOBILE: Final = re.compile(r"1[3-9]\d+", re.ASCII)
_MOBILE_DIGITS: Final = 11
# Ranges of China that are given out, and that the metadata of phonenumbers has only in part.
_ALSO_MOBILE: Final = {"CN": re.compile(r"174\d{8}", re.ASCII)}
_TYPES: Final[Mapping[int, PhoneType]] = {
    phonenumbers.PhoneNumberType.MOBILE: PhoneType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE: PhoneType.FIXED,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneType.FIXED_OR_MOBILE,
    phonenumbers.PhoneNumberType.TOLL_FREE: PhoneType.TOLL_FREE,
    phonenumbers.PhoneNumberType.SHARED_COST: PhoneType.SHARED_COST,
    phonenumbers.PhoneNumberType.UAN: PhoneType.UNIVERSAL,
    phonenumbers.PhoneNumberType.PREMIUM_RATE: PhoneType.PREMIUM,
    phonenumbers.PhoneNumberType.VOIP: PhoneType.VOIP,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER: PhoneType.PERSONAL,
    phonenumbers.PhoneNumberType.PAGER: PhoneType.PAGER,
    phonenumbers.PhoneNumberType.VOICEMAIL: PhoneType.VOICEMAIL,
    phonenumbers.PhoneNumberType.UNKNOWN: PhoneType.UNKNOWN,
}


def read_phone(text: str, region: str) -> Phone:
    """Return a phone number in its normal form; see `phone`."""
    if len(text) > _LONGEST:
        raise InvalidContactPoint(ContactKind.PHONE, text, say("it is too long"))
    written = phone_text(text, region)
    if first := several_numbers(written.number):
        reason = say("it has several numbers; give each a contact point of its own")
        raise InvalidContactPoint(ContactKind.PHONE, text, reason, first)
    if context := _SHORT.fullmatch(written.number):
        home = phonenumbers.region_code_for_country_code(int(context["country"]))
        return _short(text, context["number"], home, assumed=False)
    parsed = _parsed(written.number, region)
    if parsed is not None and _given_out(parsed):
        return _phone(parsed, written, assumed=_is_assumed(parsed))
    digits = re.sub(r"[\s()./-]", "", written.number)
    if region and _is_short(digits, region):
        return _short(text, digits, region, assumed=True)
    raise InvalidContactPoint(ContactKind.PHONE, text, _problem(parsed, digits, region), _suggestion(digits, region))


def _parsed(number: str, region: str) -> phonenumbers.PhoneNumber | None:
    """Return a number as phonenumbers reads it; None where it is none."""
    if not number.isascii() or not re.search(r"\d", number) or re.search(r"[a-zA-Z;@]", number):
        return None
    abroad = re.sub(r"^[\s(]*00(?=[1-9])", "+", number)  # the way out of most countries, also typed in the others
    found = [_read(one, region) for one in dict.fromkeys((number, abroad))]
    return next((one for one in found if one is not None and _given_out(one)), found[0])


def _read(number: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region or None, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None


def _given_out(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number) or _also_mobile(number)


def _also_mobile(number: phonenumbers.PhoneNumber) -> bool:
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    pattern = _ALSO_MOBILE.get(region)
    return pattern is not None and pattern.fullmatch(phonenumbers.national_significant_number(number)) is not None


def _is_assumed(number: phonenumbers.PhoneNumber) -> bool:
    return bool(number.country_code_source == phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY)


def _phone(number: phonenumbers.PhoneNumber, written: PhoneText, *, assumed: bool) -> Phone:
    forms = phonenumbers.PhoneNumberFormat
    plain = phonenumbers.format_number(number, forms.E164)
    value = f"{plain};ext={written.extension}" if written.extension else plain
    national = phonenumbers.format_number(number, forms.NATIONAL)
    international = phonenumbers.format_number(number, forms.INTERNATIONAL)
    kind = PhoneType.MOBILE if _also_mobile(number) else _TYPES[phonenumbers.number_type(number)]
    region = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
    return Phone(
        ContactKind.PHONE,
        value,
        value,
        f"{international} ext. {written.extension}" if written.extension else international,
        type=kind,
        region=region,
        extension=written.extension,
        national=national,
        international=international,
        assumed=assumed,
    )


def _is_short(digits: str, region: str) -> bool:
    if not re.fullmatch(r"\d{2,8}", digits, re.ASCII) or region not in phonenumbers.SUPPORTED_REGIONS:
        return False
    number = phonenumbers.PhoneNumber(
        country_code=phonenumbers.country_code_for_region(region),
        national_number=int(digits),
        italian_leading_zero=digits.startswith("0") or None,
    )
    return bool(phonenumbers.is_valid_short_number_for_region(number, region))


def _short(text: str, digits: str, region: str, *, assumed: bool) -> Phone:
    if not _is_short(digits, region):
        raise InvalidContactPoint(
            ContactKind.PHONE, text, say("there is no such short number in {region}", region=region)
        )
    if phonenumbers.is_emergency_number(digits, region):
        raise InvalidContactPoint(ContactKind.PHONE, text, say("it is an emergency number, which reaches no customer"))
    value = f"{digits};phone-context=+{phonenumbers.country_code_for_region(region)}"
    return Phone(
        ContactKind.PHONE,
        value,
        value,
        digits,
        type=PhoneType.SHORT,
        region=region,
        extension="",
        national=digits,
        international=digits,
        assumed=assumed,
    )


def _problem(number: phonenumbers.PhoneNumber | None, digits: str, region: str) -> Phrase:
    """Return why a text is no number, and what to do."""
    if not re.search(r"\d{2}", digits):
        return say("it has no digits")
    if number is None:
        if not region and not digits.startswith("+"):
            return say("the country code is missing; write it in front, such as +86")
        if region and region not in phonenumbers.SUPPORTED_REGIONS:
            return say("{region!r} is no country of ISO 3166", region=region)
        return say("it has something else than a number; write digits, with + and the country code in front")
    if region == "CN" and _LOCAL.fullmatch(digits):
        return say("the area code is missing; write it in front, such as 010 for Beijing")
    if region == "CN" and _MOBILE.fullmatch(digits) and len(digits) != _MOBILE_DIGITS:
        return say("a mobile number of China has 11 digits, not {count}", count=len(digits))
    home = phonenumbers.region_code_for_country_code(number.country_code or 0)
    results = phonenumbers.ValidationResult
    reasons: dict[int, Phrase] = {
        results.TOO_SHORT: say("it has too few digits for {region}", region=home),
        results.IS_POSSIBLE_LOCAL_ONLY: say(
            "the area code is missing, or too few digits are there for {region}", region=home
        ),
        results.TOO_LONG: say("it has too many digits for {region}", region=home),
        results.INVALID_LENGTH: say("no number of {region} has so many digits", region=home),
    }
    unknown = say("no number of {region} begins so; look for a wrong digit, or a missing country code", region=home)
    return reasons.get(phonenumbers.is_possible_number_with_reason(number), unknown)


def _suggestion(digits: str, region: str) -> str:
    """Return a number that is right with a country code in front; empty where there is none, or several."""
    plain = digits.lstrip("+")
    tries = [f"+{plain}"] if region and not digits.startswith("+") else [] if region else [f"+{plain}", f"+86{plain}"]
    found = [number for number in (_parsed(one, region) for one in tries) if number is not None and _given_out(number)]
    if len(found) != 1:
        return ""
    return phonenumbers.format_number(found[0], phonenumbers.PhoneNumberFormat.INTERNATIONAL)
