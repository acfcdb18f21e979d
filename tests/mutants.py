"""Single edits of an organization: everything that can be taken away from its file, and edits that are written out."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from attrs import frozen

from crmcore.organization import Organization

__all__ = ["GONE", "Edit", "deletions"]

GONE: Final = object()
"""What an edit puts in the place of what it deletes."""

_WORDS: Final = frozenset({"label", "name", "because", "locale", "timezone", "crmcore"})


@frozen
class Edit:
    """One edit of a file.

    Attributes:
        path: the keys that lead to the place, with `/` between: a key of a mapping; in a list a position, an id, or `+`
            for a new entry at its end.
        value: what is written there; `GONE` for nothing.
        kind: what is edited, without saying which one, such as `staffing[].backup[]`.
    """

    path: str
    value: Any = GONE
    kind: str = ""

    def of(self, tree: Mapping[str, Any]) -> Organization:
        """Return the organization after the edit.

        Raises:
            InvalidOrganization: it can no longer be read.
        """
        changed = deepcopy(dict(tree))
        *way, last = self.path.split("/")
        here: Any = changed
        for step in way:
            here = here[_key(here, step)]
        if last == "+":
            here.append(self.value)
        elif self.value is GONE:
            del here[_key(here, last)]
        else:
            here[_key(here, last)] = self.value
        return Organization.from_data(changed)


def _key(here: Any, step: str) -> Any:
    if isinstance(here, dict):
        return step
    if step.isdecimal():
        return int(step)
    return next(index for index, entry in enumerate(here) if entry["id"] == step)


def deletions(tree: Mapping[str, Any]) -> Iterator[Edit]:
    """Yield the deletion of every entry and every key but words, from whole sections down to one item of a list."""
    for section, content in tree.items():
        if section not in _WORDS:
            yield Edit(section, kind=section)
            yield from _inside(content, section, section)


def _inside(here: Any, path: str, kind: str) -> Iterator[Edit]:
    if isinstance(here, dict):
        for key, value in here.items():
            if key not in _WORDS:
                inner = f"{kind}.{'*' if kind.endswith(('weights', 'dimensions')) or '.tree' in kind else key}"
                yield Edit(f"{path}/{key}", kind=inner)
                yield from _inside(value, f"{path}/{key}", inner)
    elif isinstance(here, list):
        for index, value in enumerate(here):
            inner = f"{kind}[{value['duty'] if kind == 'duties' else ''}]"
            yield Edit(f"{path}/{index}", kind=inner)
            yield from _inside(value, f"{path}/{index}", inner)
