"""What becomes of each row of an import, and of the import as a whole."""

from collections.abc import Iterator
from enum import StrEnum

from attrs import frozen

from crmcore.importing.recognising import ALIKE, Seen
from crmcore.importing.rows import Reason
from crmcore.importing.run_records import ImportRun, RunState
from crmcore.language import Phrase, say, say_many

__all__ = ["Action", "Duplicates", "Outcome", "Summary", "not_compared"]


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
        because: by what the customer was recognised: `id`, `registration`, `name`, or `alike`; empty for a new one.
        reasons: why it is rejected, or what was not understood of it and is kept as it is written.
        seen: the customer that it is, or that a new one is perhaps, with the score and what speaks for it; None for
            nobody.
    """

    line: int
    action: Action
    name: str = ""
    customer: str = ""
    because: str = ""
    reasons: tuple[Reason, ...] = ()
    seen: Seen | None = None

    @property
    def score(self) -> float:
        """How likely it is the customer that it is taken for, or that it resembles, from 0 to 1; 0 for nobody."""
        return 0.0 if self.seen is None else self.seen.score

    def phrase(self) -> Phrase:
        """Return it as people read it."""
        said: Phrase = say("line {line}: {action}: {name}", line=self.line, action=self.action.words, name=self.name)
        if self.seen is not None and self.because == ALIKE and self.action is not Action.REJECT:
            known = {"name": self.name, "other": self.seen.phrase()}
            said = say(
                "line {line}: {action}: {name}, which is probably {other}",
                line=self.line,
                action=self.action.words,
                **known,
            )
        elif self.because and self.because != ALIKE:
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
        compared: whether rows were compared with customers that they resemble, as far as that was wanted.
    """

    run: ImportRun
    resumed: int = 0
    compared: bool = True

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
        if not self.compared:
            yield not_compared()
        if run.state is RunState.DONE:
            yield say("To take it back: crmcore import --undo {run}", run=run.id)


def not_compared() -> Phrase:
    """Return what is told where rows should be compared, and what compares them is not installed."""
    command = "pip install 'crmcore[duplicates]'"
    return say(
        "Customers were recognised by id, registration and name alone; to find more, run {command}", command=command
    )
