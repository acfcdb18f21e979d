"""The kinds that a storage knows."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from crmcore.errors import UnknownName, nearest
from crmcore.storage.events import EVENT
from crmcore.storage.outbox import PARCEL
from crmcore.storage.records import Entity, Kind
from crmcore.storage.rows import Rows

__all__ = ["Kinds"]


class Kinds(Mapping[str, Kind]):
    """The kinds that a storage knows, by name: those that it is given, with events and parcels."""

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        """Collect kinds.

        Raises:
            ValueError: two kinds have one name or one class, or a field refers to a kind that is not there.
        """
        self._kinds: dict[str, Kind] = {EVENT.name: EVENT, PARCEL.name: PARCEL}
        for kind in kinds:
            known = self._kinds.setdefault(kind.name, kind)
            if known.record is not kind.record:
                raise ValueError(f"two kinds are called {kind.name!r}: {known.record} and {kind.record}")
            self._kinds[kind.name] = kind
        self._rows = {name: Rows(kind) for name, kind in self._kinds.items()}
        self._of_record = {kind.record: kind for kind in self._kinds.values()}
        if len(self._of_record) < len(self._kinds):
            raise ValueError("two kinds have the same class")
        for kind in self._kinds.values():
            for one in kind.all_fields.values():
                if one.refers is not None and one.refers not in self._kinds:
                    raise ValueError(f"{kind.name}.{one.name} refers to {one.refers!r}, which is no kind")

    def __getitem__(self, name: str) -> Kind:
        """Return a kind.

        Raises:
            UnknownName: there is none of that name.
        """
        if name not in self._kinds:
            raise UnknownName("kind", name, nearest(name, self._kinds))
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def of(self, record: type[Entity]) -> Kind:
        """Return the kind of a class.

        Raises:
            UnknownName: the class is of no kind that this storage knows.
        """
        kind = self._of_record.get(record)
        if kind is None:
            raise UnknownName("kind", record.__name__, nearest(record.__name__.lower(), self._kinds))
        return kind

    def rows(self, kind: Kind) -> Rows:
        """Return what turns the records of a kind into rows and back."""
        return self._rows[kind.name]

    @cached_property
    def references(self) -> Mapping[str, tuple[tuple[Kind, str], ...]]:
        """The fields that refer to each kind."""
        found: dict[str, list[tuple[Kind, str]]] = {name: [] for name in self._kinds}
        for kind in self._kinds.values():
            for name, one in kind.all_fields.items():
                if one.refers is not None:
                    found[one.refers].append((kind, name))
        return {name: tuple(some) for name, some in found.items()}

    @cached_property
    def in_order(self) -> tuple[Kind, ...]:
        """The kinds, each behind those that it refers to, as far as they do not refer to one another in a circle."""
        done: dict[str, Kind] = {}

        def visit(kind: Kind, above: frozenset[str]) -> None:
            for one in kind.all_fields.values():
                if one.refers is not None and one.refers not in done and one.refers not in above:
                    visit(self._kinds[one.refers], above | {kind.name})
            done.setdefault(kind.name, kind)

        for kind in self._kinds.values():
            visit(kind, frozenset({kind.name}))
        return tuple(done.values())
