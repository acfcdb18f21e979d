"""What can go wrong with an import as a whole: a class for each thing that somebody can do about it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final

from crmcore.errors import CrmError
from crmcore.language import listed, say, told

if TYPE_CHECKING:
    from datetime import datetime

    from crmcore.errors import Fault

__all__ = ["AlreadyImported", "ChangedSince", "ColumnsMissing", "InvalidMapping", "UndecidedColumn"]

_MOST_SHOWN: Final = 5


class InvalidMapping(CrmError):
    """A mapping of columns cannot be used. Mend every fault: they are all here.

    Attributes:
        faults: all that is wrong, in the order of the file.
    """

    code: ClassVar[str] = "invalid-mapping"

    def __init__(self, faults: "Iterable[Fault]") -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class ColumnsMissing(CrmError):
    """A file lacks what an import needs. Name the columns in the mapping, or give another file.

    Attributes:
        file: its name.
        columns: columns of the mapping that the file has not.
        fields: fields that every row needs, and that nothing goes to.
        there: the columns of the file.
    """

    code: ClassVar[str] = "columns-missing"

    def __init__(self, file: str, columns: Iterable[str], fields: Iterable[str], there: Iterable[str]) -> None:
        self.file = file
        self.columns, self.fields, self.there = tuple(columns), tuple(fields), tuple(there)
        super().__init__(file, self.columns, self.fields, self.there)

    def __str__(self) -> str:
        there = listed(self.there)
        if self.columns:
            wanted = {"file": self.file, "columns": listed(self.columns), "there": there}
            return told(say("{file} has no column {columns}, which the mapping needs; it has {there}", **wanted))
        wanted = {"file": self.file, "fields": listed(self.fields), "there": there}
        return told(say("no column of {file} goes to {fields}, which every row needs; it has {there}", **wanted))


class UndecidedColumn(CrmError):
    """Nobody can tell how the values of a column are meant. Say it: both ways are there.

    Attributes:
        file: the name of the file.
        column: the column.
        example: a value that can be read in two ways.
        readings: what it could be: phrases.
    """

    code: ClassVar[str] = "undecided-column"

    def __init__(self, file: str, column: str, example: str, readings: Iterable[str]) -> None:
        self.file, self.column, self.example = file, column, example
        self.readings = tuple(readings)
        super().__init__(file, column, example, self.readings)

    def __str__(self) -> str:
        return told(
            say(
                "{file}, column {column}: nobody can tell how {example} is meant; "
                "say it in the mapping, or with --format: {readings}",
                file=self.file,
                column=self.column,
                example=repr(self.example),
                readings=listed(self.readings),
            )
        )


class AlreadyImported(CrmError):
    """The same file was imported already, in the same way. Undo that import, or say that it shall come in again.

    Attributes:
        file: its name.
        run: the id of the import.
        at: when it began.
    """

    code: ClassVar[str] = "already-imported"

    def __init__(self, file: str, run: str, at: "datetime") -> None:
        self.file, self.run, self.at = file, run, at
        super().__init__(file, run, at)

    def __str__(self) -> str:
        known = {"file": self.file, "run": self.run, "at": self.at.isoformat(" ", "minutes")}
        return told(
            say("{file} was imported already, at {at} as {run}: undo that, or import it again with --again", **known)
        )


class ChangedSince(CrmError):
    """Records of an import were changed or used since. Undo it without them, or leave it.

    Attributes:
        file: the name of the file that was imported.
        records: them, by (kind, id).
    """

    code: ClassVar[str] = "changed-since"

    def __init__(self, file: str, records: Iterable[tuple[str, str]]) -> None:
        self.file = file
        self.records = tuple(records)
        super().__init__(file, self.records)

    def __str__(self) -> str:
        names = listed([f"{kind} {id_}" for kind, id_ in self.records[:_MOST_SHOWN]])
        known = {"file": self.file, "count": len(self.records), "records": names}
        return told(
            say(
                "{count} records of {file} were changed or used since, among them {records}: "
                "nothing was taken back; to keep these and take back the rest, add --keep-changed",
                **known,
            )
        )
