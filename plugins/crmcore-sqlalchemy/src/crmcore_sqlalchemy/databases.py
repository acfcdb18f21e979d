"""A database as whoever looks after it sees it: its schema, what else it holds, and whether it is whole."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from attrs import frozen
from sqlalchemy import Engine

from crmcore.language import Phrase, listed, say
from crmcore.storage import CUSTOM, Field, Holds, Kinds, StorageUnavailable
from crmcore_sqlalchemy.backups import flaws
from crmcore_sqlalchemy.schema import Schema
from crmcore_sqlalchemy.storage import SQLStorage, dialect_of, engine_of, reaching

__all__ = ["Database", "State"]


@frozen(kw_only=True)
class State:
    """How a database is.

    Attributes:
        version: of its schema; None for an empty database.
        newest: the version that this program makes.
        later: whether it is of a later program than this one.
        missing: what has to be added.
        strangers: the kinds in it that nothing that is installed knows.
        flaws: what is damaged.
    """

    version: str | None
    newest: str
    later: bool
    missing: tuple[str, ...]
    strangers: tuple[str, ...]
    flaws: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether nothing has to be done."""
        return self.version is None or not (self.later or self.missing or self.flaws)

    def lines(self) -> Iterator[Phrase]:
        """Yield what there is to say."""
        if self.version is None:
            yield say("The database is empty: it is given its schema when somebody opens a CRM in it.")
            return
        if self.later:
            yield say(
                "The schema ({version}) is of a later crmcore-sqlalchemy than this one ({newest}): it is read, and "
                "nothing is written. Update this program.",
                version=self.version,
                newest=self.newest,
            )
        elif self.missing:
            yield say("Missing: {names}. Run `crmcore db upgrade`.", names=listed(self.missing))
        else:
            yield say("The schema is up to date ({version}).", version=self.version)
        if self.strangers:
            yield say("Kinds that nothing installed knows: {names}.", names=listed(self.strangers))
        if self.flaws:
            yield say("The file is damaged: {flaws}. Go back to a backup.", flaws=listed(self.flaws))


@frozen
class Database:
    """A database of a CRM.

    Attributes:
        engine: what opens connections to it.
        kinds: the kinds that are installed, with the company's own fields that the database has.
        strangers: the kinds in it that are not installed.
    """

    engine: Engine
    kinds: Kinds
    strangers: tuple[str, ...]

    @classmethod
    @contextmanager
    def open(cls, url: str, kinds: Kinds, *, new: bool = False) -> Iterator[Self]:
        """Open a database.

        Args:
            url: its URL.
            kinds: the kinds that are installed.
            new: whether a file may be made where none is.

        Raises:
            StorageUnavailable: the URL is none, or the database cannot be reached.
        """
        engine = engine_of(url)
        try:
            file = engine.url.database or ""
            if engine.name == "sqlite" and not new and not Path(file).exists():
                raise StorageUnavailable(say("there is no file {file}", file=file))
            with reaching(dialect_of(engine)):
                account = Schema(engine, kinds, dialect_of(engine)).account()
            own = {
                name: [
                    Field(one.removeprefix(CUSTOM), Holds(holds), optional=True)
                    for one, holds in fields.items()
                    if one.startswith(CUSTOM) and one not in kinds[name].all_fields
                ]
                for name, fields in account.items()
                if name in kinds
            }
            known = Kinds(kind.with_custom(*own.get(kind.name, ())) for kind in kinds.values())
            yield cls(engine, known, tuple(sorted(account.keys() - kinds.keys())))
        finally:
            engine.dispose()

    @property
    def is_file(self) -> bool:
        """Whether it is a file."""
        return self.engine.name == "sqlite"

    @property
    def schema(self) -> Schema:
        """Its schema."""
        return Schema(self.engine, self.kinds, dialect_of(self.engine))

    def storage(self) -> SQLStorage:
        """Return the storage in it.

        Raises:
            StorageUnavailable: its schema has to be upgraded first.
        """
        return SQLStorage(self.engine, self.kinds)

    def whole(self) -> SQLStorage:
        """Return the storage in it, if nothing lies in it that the storage does not know.

        Raises:
            StorageUnavailable: something does, or its schema has to be upgraded first.
        """
        if self.strangers:
            raise StorageUnavailable(
                say(
                    "the database has kinds that nothing installed knows ({names}): they would be left behind; install "
                    "the plugins that they are of",
                    names=listed(self.strangers),
                )
            )
        return self.storage()

    def state(self) -> State:
        """Return how it is."""
        with reaching(dialect_of(self.engine)):
            schema = self.schema
            version = schema.version
            return State(
                version=version,
                newest=schema.newest,
                later=version is not None and version not in schema.versions,
                missing=schema.missing() if version is not None else (),
                strangers=self.strangers,
                flaws=self._flaws(),
            )

    def _flaws(self) -> tuple[str, ...]:
        if not self.is_file:
            return ()
        with self.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 (`is_file` says so)
            return flaws(driver)
