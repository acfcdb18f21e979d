"""What becomes of each row of an import, and of the import as a whole."""

from collections.abc import Iterator
from enum import StrEnum

from attrs import frozen

from crmcore.importing.rows import Reason
from crmcore.importing.run_records import ImportRun, RunState
from crmcore.language import Phrase, say, say_many

__all__ = ["Action", "Duplicates", "Outcome", "Summary"]


class Duplicates(StrEnum):
    """What is done with a row whose customer is there already."""

    SKIP = "skip"
    """It is left out."""
    UPDATE = "update"
    """What it says is written over what is there; what it does not say stays."""
    ASK = "ask"
    """Somebody is asked; where nobody can be, it is rejected with the customer that is there."""


class Action(StrEnum):
    """What becomes of a row."""

    ADD = "add"
    UPDATE = "update"
    SKIP = "skip"
    REJECT = "reject"

    @property
    def words(self) -> Phrase:
        """What it is called."""
        return {
            Action.ADD: say("new"),
            Action.UPDATE: say("changed"),
            Action.SKIP: say("skipped"),
            Action.REJECT: say("rejected"),
        }[self]


@frozen
class Outcome:
    """What becomes of a row.

    Attributes:
        line: where the row begins in the file.
        action: what becomes of it.
        name: the customer's name; empty where it has none.
        customer: the id of the customer; empty where there is none.
        because: by what the customer was recognised, such as `registration`; empty for a new one.
        reasons: why it is rejected, or what was not understood of it and is kept as it is written.
    """

    line: int
    action: Action
    name: str = ""
    customer: str = ""
    because: str = ""
    reasons: tuple[Reason, ...] = ()

    def phrase(self) -> Phrase:
        """Return it as people read it."""
        said: Phrase = say("line {line}: {action}: {name}", line=self.line, action=self.action.words, name=self.name)
        if self.because:
            known = {"name": self.name, "customer": self.customer, "field": self.because}
            said = say(
                "line {line}: {action}: {name}, which is {customer} by its {field}",
                line=self.line,
                action=self.action.words,
                **known,
            )
        for reason in self.reasons:
            said = say("{said}: {reason}", said=said, reason=reason.phrase())
        return said


@frozen
class Summary:
    """What became of an import.

    Attributes:
        run: the import, as it is stored; as it would be stored after a dry run.
        resumed: the row from which it went on after it was stopped; 0 where it began anew.
    """

    run: ImportRun
    resumed: int = 0

    def lines(self) -> Iterator[Phrase]:
        """Yield it as people read it."""
        run = self.run
        counts = {"added": run.added, "updated": run.updated, "skipped": run.skipped, "rejected": run.rejected}
        rows = say_many("{count} row", "{count} rows", run.position)
        yield say(
            "{file}: {rows}: {added} new, {updated} changed, {skipped} skipped, {rejected} rejected",
            file=run.file,
            rows=rows,
            **counts,
        )
        if self.resumed:
            yield say("It went on behind row {row}, where it was stopped before.", row=self.resumed)
        if run.state is RunState.DONE:
            yield say("To take it back: crmcore import --undo {run}", run=run.id)
