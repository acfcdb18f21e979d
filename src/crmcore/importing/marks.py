"""Words for yes, for no, and for nothing, in English and Chinese."""

from typing import Final

__all__ = ["NULLS", "flag_of", "is_null"]

NULLS: Final = frozenset(
    ("NULL", "null", "None", "none", "nil", "NIL", "N/A", "n/a", "#N/A", "#NULL!", "NaN", "\\N", "-", "--", "—", "——",
     "/", "(null)", "(NULL)", "(none)", "(blank)", "无", "空", "暂无", "未知", "未填", "未填写", "不详", "undefined")
)  # fmt: skip
"""What people and programs write into a cell that holds nothing. Case counts: Na, Nan and Null are names of people."""


def is_null(text: str) -> bool:
    """Whether a text stands for nothing."""
    return text.strip() in NULLS


_YES: Final = frozenset(
    ("yes", "y", "true", "t", "1", "on", "x", "是", "有", "对", "真", "√", "✓", "✔", "启用", "已启用", "同意")
)
_NO: Final = frozenset(
    (
        "no",
        "n",
        "false",
        "f",
        "0",
        "off",
        "否",
        "没有",
        "不",
        "错",
        "假",
        "×",
        "✗",
        "✘",
        "停用",
        "未启用",
        "不同意",
        "无",
    )
)


def flag_of(text: str) -> bool | None:
    """Return whether a text says yes; None when it says neither yes nor no."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None
