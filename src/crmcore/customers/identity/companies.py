"""Names of companies: what is only the legal form or the place, and a key to compare them by."""

import re
import unicodedata
from typing import Final

from attrs import field, frozen

from crmcore.customers.identity.legal_forms import CHINESE_FORMS, FORMS_IN_FRONT, WESTERN_FORMS, LegalForm
from crmcore.customers.identity.names import without_accents
from crmcore.customers.identity.places import leading_place, place_of

__all__ = ["CompanyName", "company_key", "split_company_name"]

_BRACKETS: Final = re.compile(r"[(\[【〔〈<]([^()\[\]【】〔〕〈〉<>]*)[)\]】〕〉>]")
_HAN: Final = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
_WITHIN_HAN: Final = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_BESIDE_HAN: Final = re.compile(rf"(?<={_HAN})\s+|\s+(?={_HAN})")
_WHERE_HAN_BEGINS_OR_ENDS: Final = re.compile(rf"(?<={_HAN})(?=[a-z])|(?<=[a-z.])(?={_HAN})")
_LETTERS_WITH_DOTS: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W\d_])|\b[^\W\d_](?:[./][^\W\d_])+\b")
_WORD: Final = re.compile(r"[^\W_]+")
_BRANCHES: Final = "分公司|分行|支行|分部|分院|分店|分厂|营业部|事业部|服务部|办事处|代表处|联络处|研究院|研究所"
_BRANCH: Final = re.compile(rf"(?P<of>.+?公司)(?P<branch>(?:[^公司]{{2,12}})?(?:{_BRANCHES}))$")
_BEING_FOUNDED: Final = re.compile(r"\(筹\)|\(筹建\)")
_LENGTHS: Final = tuple(dict.fromkeys(map(len, CHINESE_FORMS)))
"""How many characters Chinese forms have, the most first."""
_ENDS: Final = frozenset(form[-1] for form in CHINESE_FORMS)
_IN_FRONT: Final = ("株式会社", "有限会社", "合同会社", "주식회사")
_GENERIC: Final = 2  # characters of what is left without its place and then names no company: 上海 + 银行


@frozen
class CompanyName:
    """The name of a company in parts.

    Attributes:
        core: what is peculiar to it, as it is compared: one width, small letters, no punctuation.
        place: the region or country that it begins with, or has in brackets: `上海`, `china`; empty where none is
            named.
        forms: what its legal forms are, in the order in which they are written; empty where none is named.
        branch: what names a branch of it: `北京分公司`; empty for the company itself.
    """

    core: str
    place: str = field(default="", kw_only=True)
    forms: tuple[LegalForm, ...] = field(default=(), kw_only=True)
    branch: str = field(default="", kw_only=True)

    def key(self, *, place: bool = True) -> str:
        """Return what it has in common with other spellings of it; the argument is that of `company_key`."""
        return "|".join(filter(None, (self.place if place else "", self.core, self.branch)))


def split_company_name(name: str) -> CompanyName:
    """Take the name of a company apart.

    `上海晨光软件股份有限公司`, `晨光软件（上海）有限公司` and `上海市晨光软件` have the same core and place. A place
    that leaves two characters or fewer behind it stays in the core (上海银行), and so does 中国 in front (中国移动).
    Traditional characters are not turned into simplified ones.

    Args:
        name: as somebody typed it.
    """
    text = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    text = _WHERE_HAN_BEGINS_OR_ENDS.sub(" ", _WITHIN_HAN.sub("", text))
    text, place, bracketed = (text, "", ()) if text.isalnum() else _without_brackets(_BEING_FOUNDED.sub("", text))
    branch = ""
    if found := _BRANCH.fullmatch(text):
        text, branch = found["of"], found["branch"]
    text, chinese = _without_chinese_forms(text)
    words, western = _without_western_forms(_words(text))
    if not place:
        place, words = _without_word_of_place(words)
    core = _BESIDE_HAN.sub("", " ".join(words)) if len(words) > 1 else "".join(words)
    if not place:
        place, core = _without_place(core)
    return CompanyName(core, place=place, forms=(*bracketed, *chinese, *western), branch=branch)


def company_key(name: str, *, place: bool = True) -> str:
    """Return what two spellings of one company's name have in common, to compare them by.

    Width, case, accents, spaces, punctuation and legal form (有限公司, Ltd., GmbH) do not count; a branch does. The
    place counts wherever it is written: 上海晨光软件有限公司 and 晨光软件（上海） have one key, 北京晨光软件 another.
    Empty where there is no letter.

    Args:
        name: as somebody typed it.
        place: False for a weaker key without the place, by which 晨光软件 is also 上海晨光软件 and 北京晨光软件.
    """
    return split_company_name(name).key(place=place)


def _without_brackets(text: str) -> tuple[str, str, tuple[LegalForm, ...]]:
    """Return a name without the brackets that hold a place or a legal form, that place, and those forms."""
    place, forms = "", []
    for found in _BRACKETS.finditer(text):
        inside = found[1].strip()
        form = CHINESE_FORMS.get(inside) or WESTERN_FORMS.get(inside)
        if form is not None:
            forms.append(form)
        elif not place and (named := place_of(inside)):
            place = named
        else:
            continue
        text = text.replace(found[0], " ", 1)
    return _WITHIN_HAN.sub("", text.strip()), place, tuple(forms)


def _without_chinese_forms(text: str) -> tuple[str, tuple[LegalForm, ...]]:
    forms: list[LegalForm] = []
    while text not in CHINESE_FORMS:
        text = text.rstrip(" .,()")
        if text[-1:] not in _ENDS:
            break
        length = next((length for length in _LENGTHS if text[-length:] in CHINESE_FORMS and len(text) > length), 0)
        if not length:
            break
        forms.insert(0, CHINESE_FORMS[text[-length:]])
        text = text[:-length]
    start = next((start for start in _IN_FRONT if text.startswith(start)), None)
    if start is not None and len(text) > len(start):
        forms.insert(0, CHINESE_FORMS[start])
        text = text[len(start) :]
    return text, tuple(forms)


def _words(text: str) -> list[str]:
    """Return the words of a name, `l.l.c.` and `s.p.a.` as one each."""
    if not text.isalnum():
        text = _LETTERS_WITH_DOTS.sub(lambda found: re.sub(r"[./]", "", found[0]) + " ", text.replace("&", " and "))
    words = _WORD.findall(without_accents(text).replace("'", ""))
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _without_western_forms(words: list[str]) -> tuple[list[str], tuple[LegalForm, ...]]:
    forms: list[LegalForm] = []
    while len(words) > 1:
        length = next(
            (length for length in range(min(4, len(words) - 1), 0, -1) if " ".join(words[-length:]) in WESTERN_FORMS), 0
        )
        if length:
            forms.insert(0, WESTERN_FORMS[" ".join(words[-length:])])
            words = words[:-length]
        elif words[-1] == "and":
            words = words[:-1]
        else:
            break
    if len(words) > 1 and words[0] in FORMS_IN_FRONT:
        forms.insert(0, WESTERN_FORMS[words[0]])
        words = words[1:]
    return words, tuple(forms)


def _without_word_of_place(words: list[str]) -> tuple[str, list[str]]:
    """Return the place that is the last word of a name, or the first before two others, and the other words."""
    if len(words) > 1 and (place := place_of(words[-1])):
        return place, words[:-1]
    if len(words) > 2 and (place := place_of(words[0])):
        return place, words[1:]
    return "", words


def _without_place(core: str) -> tuple[str, str]:
    place, rest = leading_place(core)
    rest = rest.strip()
    if not place or len(rest) <= _GENERIC:
        return "", core
    return place, rest
