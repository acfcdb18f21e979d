"""What people read in a template, and the same file with it in the language of the moment.

A template is written in English. What people read in it are its comments, each line a text of its own, and the names
and labels among its scalars; ids and words of the format stay as they are. Only those places change, so that the
hand-made format of the file is kept in every language.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

import yaml
from attrs import frozen

from crmcore.language import current, translated

__all__ = ["Said", "retold", "texts_of"]

_COMMENT: Final = re.compile(r"^[ ]*# (?P<text>\S.*)$", re.MULTILINE)
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
_PLAIN: Final = re.compile(r"[^\W\d_][^:#,\[\]{}\"'\\\n]*")
_STR: Final = "tag:yaml.org,2002:str"
_OF_THE_FORMAT: Final = frozenset({"locale", "timezone", "hours", "holidays", "unit"})
_LOCALES: Final = {"en": "en", "zh": "zh-CN"}


@frozen
class Said:
    """A text at its place in a file.

    Attributes:
        text: what it says, without quotes.
        start: the position of its first character in the file, that of its quotes included.
        end: the position after its last.
        comment: whether it is a comment; else it is a scalar of YAML.
    """

    text: str
    start: int
    end: int
    comment: bool = False

    def written(self, text: str) -> str:
        """Return another text as it has to be written at this place."""
        return text if self.comment or _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def texts_of(source: str) -> Iterator[Said]:
    """Yield what people read in a template.

    Args:
        source: the text of the file.
    """
    for match in _COMMENT.finditer(source):
        yield Said(match["text"], match.start("text"), match.end("text"), comment=True)
    for scalar in _scalars(yaml.compose(source, yaml.SafeLoader), ""):
        if not _ID.fullmatch(scalar.value):
            yield Said(scalar.value, scalar.start_mark.index, scalar.end_mark.index)


def retold(source: str) -> str:
    """Return a template in the language of the moment; what has no translation stays in English.

    Args:
        source: the text of the file, in English.
    """
    for said in sorted(texts_of(source), key=lambda one: one.start, reverse=True):
        text = translated(said.text)
        if text != said.text:
            source = source[: said.start] + said.written(text) + source[said.end :]
    return re.sub(r"^locale: en$", f"locale: {_LOCALES[current()]}", source, count=1, flags=re.MULTILINE)


def _scalars(node: yaml.Node | None, key: str) -> Iterator[yaml.ScalarNode]:
    """Yield the scalars that hold text: keys and values, except under keys whose words belong to the format."""
    if isinstance(node, yaml.ScalarNode):
        if node.tag == _STR and key not in _OF_THE_FORMAT:
            yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item, key)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _scalars(name, "")
            yield from _scalars(value, name.value)
