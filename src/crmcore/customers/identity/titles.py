"""Titles and forms of address that stand beside a name: 王总, 李女士, Dr. Smith."""

import re
from collections.abc import Sequence
from typing import Final

from crmcore.customers.identity.surnames import COMPOUND_SURNAMES, SURNAMES

__all__ = ["is_suffix", "without_chinese_title", "without_western_titles"]

_AFTER: Final = (
    "先生 女士 小姐 太太 夫人 老师 教授 副教授 博士 医生 大夫 律师 总经理 副总经理 总监 副总监 经理 副经理 "
    "总裁 副总裁 副总 董事长 董事 主任 副主任 主管 处长 副处长 局长 副局长 部长 副部长 科长 副科长 院长 "
    "副院长 校长 副校长 所长 厂长 副厂长 站长 行长 副行长 会长 秘书长 书记 店长 班长 组长 队长 船长 馆长 "
    "园长 高级工程师 总工程师 总工 工程师 会计师 会计 顾问 助理 秘书 老板 师傅 同志 同学 女史 阁下 店主 "
    "客户经理 项目经理 销售经理 产品经理 經理 總經理 董事長 老師 醫生 律師 教練 教练 总 總"
)
_AFTER_A_SURNAME: Final = frozenset("工董局处院校导哥姐叔姨伯爷婶嫂")
_BEFORE_A_SURNAME: Final = frozenset("老小")
_TITLES: Final = frozenset(_AFTER.split())
_LONGEST_TITLE: Final = max(map(len, _TITLES))

_BEFORE_A_NAME: Final = (
    "mr mrs ms miss mx dr prof professor sir madam madame mme m mlle herr frau fr rev hon capt lt col sgt ing dipl"
)
_WESTERN_BEFORE: Final = frozenset(_BEFORE_A_NAME.split())
_BEHIND_A_NAME: Final = "jr sr ii iii iv phd md esq mba cpa dds jd msc bsc cfa mbbs llm dphil"
_WESTERN_AFTER: Final = frozenset(_BEHIND_A_NAME.split())


def without_chinese_title(name: str) -> tuple[str, str]:
    """Return a Chinese name without its form of address, and that: `王总` → `王`, `总`; nothing where there is none.

    A title of one character is taken off behind a surname alone, since 李建工 is a name and 李工 is an engineer.
    """
    if name in _TITLES:
        return name, ""
    for length in range(min(_LONGEST_TITLE, len(name) - 1), 0, -1):
        rest, title = name[:-length], name[-length:]
        if title in _TITLES:
            return rest, title
    if name[:-1] in SURNAMES or name[:-1] in COMPOUND_SURNAMES:
        if name[-1] in _AFTER_A_SURNAME:
            return name[:-1], name[-1]
    elif len(name) == 2 and name[0] in _BEFORE_A_SURNAME and name[1] in SURNAMES:
        return name[1], name[0]
    return name, ""


def without_western_titles(words: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the words of a name without titles, the titles before them, and those behind them.

    At least one word stays. A degree that is also a family name, as MA and Ma are, is left where it stands.
    """
    left = list(words)
    before: list[str] = []
    after: list[str] = []
    while len(left) > 1 and _plain(left[0]) in _WESTERN_BEFORE:
        before.append(left.pop(0))
    while len(left) > 1 and is_suffix(left[-1]):
        after.insert(0, left.pop())
    return left, before, after


def is_suffix(word: str) -> bool:
    """Whether a word stands behind a Western name, and is no part of it: `Jr.`, `PhD`."""
    return _plain(word) in _WESTERN_AFTER


def _plain(word: str) -> str:
    return re.sub(r"[.,]", "", word).casefold()
