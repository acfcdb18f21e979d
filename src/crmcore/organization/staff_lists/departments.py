"""The departments of a staff list: paths such as `销售部/华东区`, found in an organization or added to it."""

from collections.abc import Iterable, Sequence

from crmcore.organization.model import Department
from crmcore.organization.spreadsheets.labels import Names, folded, slug

__all__ = ["Departments"]


class Departments:
    """The departments of an organization, and those that a list adds.

    Args:
        known: those of the organization.
    """

    def __init__(self, known: Iterable[Department]) -> None:
        self.new: list[Department] = []
        departments = tuple(known)
        self._names = Names("department", departments)
        self._by_place = {(one.parent, folded(one.label or one.id)): one.id for one in reversed(departments)}
        self._made: dict[tuple[str, ...], str] = {}

    def of(self, path: Sequence[str]) -> str | None:
        """Return the id of the department at the end of a path; None for no path."""
        if not path:
            return None
        key = tuple(path)
        if key not in self._made:
            self._made[key] = self._found(key)
        return self._made[key]

    def _found(self, path: tuple[str, ...]) -> str:
        parent, label = self.of(path[:-1]), path[-1]
        place = parent, folded(label)
        known = self._by_place.get(place) or (self._names.known(label) if parent is None else None)
        if known is not None:
            return known
        id_ = self._names.add(self._names.free(slug(label)), label)
        self.new.append(Department(id_, label=self._names.new[id_], parent=parent))
        self._by_place[place] = id_
        return id_
