"""The words at the head of a RACI matrix, in English and Chinese, and what stands below each."""

from collections.abc import Mapping
from typing import Final, Literal

from crmcore.language import Language
from crmcore.organization.spreadsheets.labels import folded

__all__ = ["DEPARTMENT_HEADING", "FIXED_HEADINGS", "LEGENDS", "Column", "column_of", "is_legend"]

Column = Literal["touchpoint", "stage", "conditions", "priority", "from", "to", "aside"]

FIXED_HEADINGS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("touchpoint", "label", "conditions", "priority", "from", "to"),
    "zh": ("触点", "名称", "条件", "优先级", "生效日期", "失效日期"),
}
"""The heads of the columns of a matrix that crmcore wrote, in each language."""

DEPARTMENT_HEADING: Final[Mapping[Language, str]] = {"en": "department", "zh": "部门"}
"""What begins the row of departments in such a matrix."""

_HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    "touchpoint": (
        "touchpoint", "touch point", "touchpoints", "activity", "activities", "task", "tasks", "process",
        "process step", "step", "deliverable", "work item", "触点", "接触点", "客户触点", "活动", "关键活动", "任务",
        "事项", "工作", "工作内容", "工作事项", "工作项", "工作任务", "流程", "环节", "节点", "流程节点", "业务活动",
    ),
    "stage": (
        "stage", "phase", "lifecycle stage", "journey stage", "阶段", "客户阶段", "生命周期", "生命周期阶段",
        "旅程阶段", "业务阶段",
    ),
    "conditions": ("conditions", "condition", "where", "scope", "条件", "适用条件", "适用范围", "范围"),
    "priority": ("priority", "优先级"),
    "from": ("from", "valid from", "生效日期", "起始日期"),
    "to": ("to", "until", "valid to", "valid until", "失效日期", "截止日期"),
    "aside": (
        "note", "notes", "remark", "remarks", "comment", "comments", "description", "no", "no.", "nr", "nr.", "#", "id",
        "备注", "说明", "描述", "注释", "注", "序号", "编号", "号",
    ),
}  # fmt: skip
_COLUMNS: Final = {word: column for column, words in _HEADINGS.items() for word in words}

LEGENDS: Final = ("legend", "key", "图例", "说明", "备注", "注", "note", "notes", "source", "来源", "raci")
"""How rows begin that explain a matrix."""


def column_of(heading: str) -> Column | None:
    """Return what stands below a heading; None when its words are none of these, as those of a role."""
    return _COLUMNS.get(folded(heading[:60]).strip(" :：*"))


def is_legend(text: str) -> bool:
    """Whether a text at the beginning of a row explains the matrix: `R = Responsible`, `图例：…`."""
    words = folded(text[:200])
    head, mark, rest = words.partition(":")
    if mark and head.strip() in LEGENDS:
        return True
    if words in LEGENDS:
        return True
    for sign in ("=", ":", "-", "\u2013", "\u2014"):
        head, mark, rest = words.partition(sign)
        if mark and rest.strip() and head.strip() in ("r", "a", "c", "i", "v", "s"):
            return True
    return False
