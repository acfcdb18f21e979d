"""A copy of an SQLite database while others write to it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from crmcore.language import say
from crmcore.storage import StorageUnavailable

__all__ = ["back_up", "flaws"]

_PAGES: Final = 2_000
"""So many pages are copied between two looks at the clock."""

_MOST_FLAWS: Final = 3


def back_up(engine: Engine, path: Path, *, progress: Callable[[str, float], Any] | None = None) -> None:
    """Copy a database, as it is at one moment, into a file that is empty or absent.

    Others go on reading and writing: the copy is made from within one reading transaction, so that what they commit
    meanwhile neither appears in it nor lets it begin anew.

    Args:
        engine: of the database.
        path: of the copy.
        progress: is told how far it is.

    Raises:
        StorageUnavailable: the copy is not whole.
    """

    def tell(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(str(path), 1 - remaining / max(total, 1))

    with engine.connect() as connection, closing(sqlite3.connect(path)) as copy:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").all()
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 (the caller asked which database it is)
        driver.backup(copy, pages=_PAGES, progress=tell)
        connection.exec_driver_sql("ROLLBACK")
        found = flaws(copy)
    if found:
        raise StorageUnavailable(say("the copy is damaged: {flaws}", flaws="; ".join(found)))


def flaws(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return what SQLite finds wrong with a database: pages that do not fit, references that lead nowhere."""
    told = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_MOST_FLAWS})")]
    dangling = connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FLAWS)
    return (*(one for one in told if one != "ok"), *(f"{row[0]} {row[1]} → {row[2]}" for row in dangling))
