"""Numbers and money as people write them: which mark stands before decimals is decided over a whole column."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

__all__ = ["CURRENCIES", "Mark", "currency_in", "marks_of", "number_of"]

Mark = Literal[".", ","]

CURRENCIES: Final[Mapping[str, str]] = {
    "人民币": "CNY", "元": "CNY", "￥": "CNY", "¥": "CNY", "RMB": "CNY", "CN¥": "CNY",
    "港元": "HKD", "港币": "HKD", "HK$": "HKD", "新台币": "TWD", "NT$": "TWD", "美元": "USD", "US$": "USD", "$": "USD",
    "欧元": "EUR", "€": "EUR", "英镑": "GBP", "£": "GBP", "日元": "JPY", "円": "JPY", "JP¥": "JPY", "₩": "KRW",
    "₹": "INR", "卢布": "RUB", "₽": "RUB",
}  # fmt: skip
"""What people write for a currency, and its letters. ¥ and ￥ are taken for yuan, $ for US dollars."""

_CODES: Final = frozenset(
    ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "SGD", "KRW", "INR", "AUD", "CAD", "CHF", "RUB", "THB", "MYR",
     "VND", "IDR", "PHP", "BRL", "MXN", "ZAR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "AED", "SAR", "NZD",
     "MOP")
)  # fmt: skip
_SIGNS: Final = "|".join(sorted(map(re.escape, (*CURRENCIES, *_CODES)), key=len, reverse=True))
_MONEY: Final = re.compile(
    rf"(?P<before>{_SIGNS})?\s*(?P<number>.*?)\s*(?P<behind>{_SIGNS})?", re.IGNORECASE | re.DOTALL
)
_GROUPS: Final = " \u00a0\u202f'’"
_MULTIPLES: Final[Mapping[str, int]] = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_LONGEST: Final = 60
_WIDE: Final = str.maketrans("０１２３４５６７８９．，－＋％（）", "0123456789.,-+%()")
_PLAIN: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")
_SHAPE: Final = re.compile(rf"[-+]?\d[\d.,{_GROUPS}]*")
_EXPONENT: Final = re.compile(r"[-+]?\d(?:\.\d+)?[eE][-+]?\d{1,3}")


def number_of(text: str, mark: str) -> Decimal | None:
    """Return the number that a text says; None when it says none.

    Args:
        text: such as `1,234.50`, `1.234,50`, `(1 200)`, `12.5%`, `1.2万`, `1.5e3`.
        mark: what stands before decimals; empty where no value of the column has decimals, or only plainly.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if mark != "," and _PLAIN.fullmatch(text) and text.isascii() and (mark or not _ambiguous(text)):
        return Decimal(text)
    text = text.translate(_WIDE)
    negative = text[:1] == "(" and text[-1:] == ")"
    text = text[1:-1] if negative else text
    factor = Decimal(1)
    if text[-1:] == "%":
        text, factor = text[:-1].rstrip(), Decimal("0.01")
    elif text[-1:] in _MULTIPLES:
        text, factor = text[:-1].rstrip(), Decimal(_MULTIPLES[text[-1:]])
    bare = text if _EXPONENT.fullmatch(text) else _without_groups(text, mark)
    try:
        value = Decimal(bare) if bare and bare.isascii() else None
    except InvalidOperation:
        return None
    if value is None or not value.is_finite():
        return None
    return -value * factor if negative else value * factor


def _ambiguous(text: str) -> bool:
    return "." in text and len(text) - text.index(".") == 4


def _without_groups(text: str, mark: str) -> str:
    """Return the digits of a number with a point before decimals; empty where the groups are not in order."""
    if not _SHAPE.fullmatch(text):
        return ""
    possible = [mark] if mark else [".", ","]
    found = {bare for one in possible if (bare := _read_with(text, one))}
    return found.pop() if len({Decimal(one) for one in found}) == 1 else ""


def _read_with(text: str, mark: str) -> str:
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    whole, point, decimals = digits.partition(mark)
    other = "," if mark == "." else "."
    separators = {letter for letter in whole if not letter.isdigit()}
    if len(separators) > 1 or not separators <= {other, *_GROUPS} or (point and not decimals.isdigit()):
        return ""
    if separators:
        first, *rest = whole.split(separators.pop())
        in_order = 1 <= len(first) <= 3 and first != "0" and all(len(group) == 3 for group in rest)
        if not in_order:
            return ""
        whole = first + "".join(rest)
    return f"{sign}{whole}.{decimals}" if point else f"{sign}{whole}"


def marks_of(text: str) -> frozenset[Mark]:
    """Return which marks may stand before decimals, so that a text is a number: one, both, or none.

    Args:
        text: a number, perhaps with a sign of money.
    """
    bare = _parts(text)[1]
    possible: tuple[Mark, Mark] = (".", ",")
    return frozenset(mark for mark in possible if number_of(bare, mark) is not None)


def currency_in(text: str) -> tuple[str, str]:
    """Return the letters of the currency that stands beside a number, and the number; empty for no currency."""
    sign, number = _parts(text)
    return CURRENCIES.get(sign, CURRENCIES.get(sign.upper(), sign.upper())), number


def _parts(text: str) -> tuple[str, str]:
    """Return what stands beside a number, and the number, with a minus before the sign of money put to it."""
    text = text.strip()
    if len(text) > _LONGEST:
        return "", text
    minus = text[:1] in "-－" and not text[1:2].isdigit()
    match = _MONEY.fullmatch(text[1:].lstrip() if minus and text else text)
    if match is None or (match["before"] and match["behind"]):
        return "", text
    number = f"-{match['number']}" if minus and text else match["number"]
    return match["before"] or match["behind"] or "", number
