"""The letters of a RACI matrix, and the words that stand for them in English and Chinese."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from crmcore.organization.model import DutyKind
from crmcore.organization.spreadsheets.labels import folded

__all__ = ["DUTY_LETTERS", "NO_DUTY", "Vocabulary", "letters_of", "vocabulary_of"]

DUTY_LETTERS: Final[Mapping[DutyKind, str]] = {
    "accountable": "A",
    "responsible": "R",
    "consulted": "C",
    "informed": "I",
    "veto": "V",
}
"""The letter of each duty, in the order in which a cell lists them."""

NO_DUTY: Final = frozenset({"-", "--", "\u2013", "\u2014", "/", "\\", "n/a", "na", "none", "无", "不适用", "."})
"""What people write into a cell to say that there is nothing in it, folded."""

_WORDS: Final[Mapping[DutyKind, tuple[str, ...]]] = {
    "accountable": (
        "a", "accountable", "accountability", "批准", "批准人", "审批", "问责", "问责人", "当责", "最终负责", "总负责",
    ),
    "responsible": ("r", "responsible", "responsibility", "执行", "执行人", "实施", "承办", "主办", "经办"),
    "consulted": ("c", "consulted", "consult", "咨询", "被咨询", "征询", "协商", "会商"),
    "informed": ("i", "informed", "inform", "知会", "被知会", "告知", "被告知", "通知", "知悉", "抄送"),
    "veto": ("v", "veto", "否决", "否决权"),
}  # fmt: skip
_BOTH_WAYS: Final = ("负责", "负责人")  # R beside 批准, A beside 执行
_LETTERS: Final = {letter.casefold(): kind for kind, letter in DUTY_LETTERS.items()}
_BETWEEN: Final = re.compile(r"[\s/,;、，；|+&·()\[\]:：=\-]+")
_LONGEST: Final = 40


class Vocabulary:
    """What the words of one sheet mean: 负责 is R in a sheet that says 批准 for A, and A in one that says 执行 for R.

    Attributes:
        in_charge: what 负责 means.
        ambiguous: the words of the sheet that could have meant something else.
    """

    def __init__(self, in_charge: DutyKind = "responsible") -> None:
        self.in_charge = in_charge
        self.ambiguous: set[str] = set()
        self._words = {word: kind for kind, words in _WORDS.items() for word in words}
        self._words.update(dict.fromkeys(_BOTH_WAYS, in_charge))
        self._known: dict[str, tuple[DutyKind, ...] | None] = {}

    def duties(self, text: str) -> tuple[DutyKind, ...] | None:
        """Return the duties that a cell names, each once; none for a dash; None when it says something else."""
        if len(text) > _LONGEST:
            return None
        if text not in self._known:
            self._known[text] = self._duties(folded(text))
        return self._known[text]

    def _duties(self, text: str) -> tuple[DutyKind, ...] | None:
        if text in NO_DUTY:
            return ()
        found: list[DutyKind] = []
        for token in filter(None, _BETWEEN.split(text)):
            if token in self._words:
                self.ambiguous.update({token} & set(_BOTH_WAYS))
                found.append(self._words[token])
            elif all(letter in _LETTERS for letter in token):
                found.extend(_LETTERS[letter] for letter in token)
            else:
                return None
        return tuple(dict.fromkeys(found)) or None

    def column(self, text: str) -> DutyKind | None:
        """Return the duty whose roles stand below a header such as `负责 (R)`; a letter decides."""
        tokens = [token for token in _BETWEEN.split(folded(text[:_LONGEST])) if token]
        kinds = [self._words.get(token) for token in tokens]
        if not tokens or None in kinds:
            return None
        lettered = [_LETTERS[token] for token in tokens if token in _LETTERS]
        self.ambiguous.update(() if lettered else set(tokens) & set(_BOTH_WAYS))
        several = set(lettered or kinds)
        return several.pop() if len(several) == 1 else None


def vocabulary_of(texts: Iterable[str]) -> Vocabulary:
    """Return what words mean in a sheet with these texts."""
    tokens = {token for text in texts if len(text) <= _LONGEST for token in _BETWEEN.split(folded(text))}
    doing = tokens & {word for word in _WORDS["responsible"] if len(word) > 1 and not word.isascii()}
    answering = tokens & {word for word in _WORDS["accountable"] if len(word) > 1 and not word.isascii()}
    return Vocabulary("accountable" if doing and not answering else "responsible")


def letters_of(kinds: Iterable[DutyKind]) -> str:
    """Return duties as a cell lists them: `A/R`."""
    several = set(kinds)
    return "/".join(letter for kind, letter in DUTY_LETTERS.items() if kind in several)
