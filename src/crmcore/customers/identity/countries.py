"""Countries: what people write for one, and its two letters by ISO 3166."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from crmcore.customers.identity.failures import InvalidIdentifier
from crmcore.errors import nearest
from crmcore.language import say

__all__ = ["country_code"]

_FILE: Final = Path(__file__).with_name("countries.tsv")
_SMALL_WORDS: Final = {"the", "of", "and"}


def country_code(text: str) -> str:
    """Return the two letters (ISO 3166-1) of the country that a text names.

    It is named by its two or its three letters, by its English or Chinese name, or by another one that is in use, such
    as `UK` or `Deutschland`; case, accents and punctuation do not matter.

    Args:
        text: the name.

    Raises:
        InvalidIdentifier: it names none; the error suggests the nearest name, where there is one.
    """
    found = _codes().get(_folded(text))
    if found is None:
        names = {_folded(name): name for name in _names()}
        near = nearest(_folded(text), names)
        raise InvalidIdentifier("country", text, say("no country is called so"), names[near] if near else "")
    return found


def _folded(text: str) -> str:
    """Return what the spellings of one name have in common."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(one))
    words = "".join(one if one.isalnum() else " " for one in bare.replace(".", "").replace("'", "")).split()
    return "".join([word for word in words if word not in _SMALL_WORDS] or words)  # AND is Andorra


@cache
def _names() -> Mapping[str, str]:
    """Return the code of each name as it is written."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    found: dict[str, str] = {}
    for line in lines:
        if not line.startswith("#"):
            code, three, english, chinese, *others = line.split("\t")
            names = (code, three, english, chinese, *(name for row in others for name in row.split("|")))
            found |= dict.fromkeys(names, code)
    return found


@cache
def _codes() -> Mapping[str, str]:
    return {_folded(name): code for name, code in _names().items()}
