"""What a person reads when a command cannot do what it was asked, and the exit status that goes with it."""

import sys
from collections.abc import Iterator
from typing import IO, Any

import click

from crmcore.cli.harmless import visible
from crmcore.cli.words import box_in_words, witness_in_words
from crmcore.errors import CrmError, InvalidOrganization, Unanswered
from crmcore.language import say, say_many, told
from crmcore.organization.reading.files import reason

__all__ = ["Failure", "Nobody", "failure"]


class Failure(click.ClickException):
    """A file or a call cannot be used: exit status 2, and a message whose lines are made harmless.

    Attributes:
        lines: what is wrong, a line for each thing.
    """

    exit_code = 2

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the lines on standard error."""
        for line in self.lines:
            click.echo(visible(line), file=file or sys.stderr)


class Nobody(Failure):
    """Nobody answers a question: exit status 1."""

    exit_code = 1


def failure(error: Exception) -> Failure | None:
    """Return what to tell people of an error that they can mend; None for one that is a defect of ours."""
    match error:
        case InvalidOrganization():
            return Failure(*map(str, error.faults), _counted(len(error.faults)))
        case Unanswered():
            return Nobody(_error(str(error)), *_somewhere(error))
        case CrmError():
            return Failure(*_error(str(error)).splitlines())
        case OSError(filename=str() | bytes() as path):
            return Failure(_error(f"{click.format_filename(path)}: {told(reason(error))}"))
        case _:
            return None


def _somewhere(error: Unanswered) -> Iterator[str]:
    if error.box:
        yield told(say("  where    {box}", box=box_in_words(error.box)))
    if error.witness:
        yield told(say("  example  {customer}", customer=witness_in_words(error.witness)))


def _error(message: str) -> str:
    return told(say("Error: {message}", message=message))


def _counted(faults: int) -> str:
    return _error(told(say_many("{count} fault; nothing was checked.", "{count} faults; nothing was checked.", faults)))
