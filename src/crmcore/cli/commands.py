"""The `crmcore` command: its subcommands, opened only when they are used, and what becomes of every error."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

import click

from crmcore.cli.speaking import asked, spoken
from crmcore.cli.taught import Spoken, speaking, write_examples
from crmcore.language import translated

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["COMMANDS", "MODULES", "Commands", "crmcore"]

COMMANDS: Final[Mapping[str, str]] = {
    "demo": "See the whole story on two screens.",
    "init": "Begin an organization file: from a template, or by answering questions.",
    "check": "Find where customers fall through.",
    "fix": "Mend what has one safe mend.",
    "diff": "See which customers change hands when the organization does.",
    "cover": "See on which days customers will have nobody.",
    "watch": "Check again whenever the file is saved.",
    "adopt": "Let an organization hold from a day on, and see before what moves.",
    "versions": "List the organizations that were adopted, and print one.",
    "who": "Ask who is responsible for one customer, and why.",
    "customers": "List the customers on file, and who looks after them.",
    "audit": "Find customers on file that have nobody, are stuck, or lack something.",
    "rebalance": "See which customers go to whom when the organization changes, and do it.",
    "raci": "Bring RACI matrices from spreadsheets in, and take them out again.",
    "people": "Bring people and departments in from a personnel system.",
    "import": "Bring the customers of a file in, and take an import back.",
    "export": "Write customers into a file.",
    "explain": "Explain a check: what it means, and how to mend it.",
    "plugins": "List what is installed beside crmcore, and what it adds.",
    "schema": "Print the JSON Schema of the file or of the report.",
    "completion": "Print the script that completes commands in your shell.",
}
"""The commands and their short help, in the order of a newcomer's day: each lives in the module of its name."""

MODULES: Final[Mapping[str, str]] = {"import": "importing", "export": "exporting"}
"""The modules of commands whose names cannot be those of modules."""

EXIT_INTERRUPTED: Final = 128 + 2
EXIT_BROKEN_PIPE: Final = 128 + 13


class Commands(Spoken, click.Group):
    """A group that lists its commands without importing them, and speaks the language that the call asks for."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> Any:
        """Choose the language, and run."""
        with spoken(asked(sys.argv[1:] if args is None else args)):
            return super().main(args, *more, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click asks so)
        """Return the names of the commands, those of plugins last."""
        return [*COMMANDS, *_of_plugins()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click asks so)
        """Import one command. The plugins are looked through only for one that is not crmcore's own."""
        if cmd_name in COMMANDS:
            return cast("click.Command", import_module(f"crmcore.cli.{MODULES.get(cmd_name, cmd_name)}").command)
        from crmcore.cli.installed import installed_commands  # noqa: PLC0415 (only for what is not our own)

        found = installed_commands().get(cmd_name)
        return None if found is None else speaking(found.load())

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is asked for, or say which is the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from crmcore.cli.installed import installed_commands  # noqa: PLC0415 (only for what is not our own)

            installed_commands()[args[0]]  # what is not there is told here
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click asks so)
        """List the commands in the help."""
        more = _of_plugins()
        sections = {"Commands": COMMANDS, "Commands of plugins": more, "Start here": START}
        write_examples(formatter, {heading: lines for heading, lines in sections.items() if lines})

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete the name of a command."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 (only for a shell's question)

        every = {**COMMANDS, **_of_plugins()}
        wanted = {name: translated(text) for name, text in every.items() if name.startswith(incomplete)}
        names = [CompletionItem(name, help=text) for name, text in wanted.items()]
        return [*names, *click.Command.shell_complete(self._told(ctx), ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn whatever stops it into a message and an exit status."""
        _accept_any_text()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            raise click.exceptions.Exit(EXIT_INTERRUPTED) from None
        except BrokenPipeError:
            _close_quietly()
            raise click.exceptions.Exit(EXIT_BROKEN_PIPE) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from crmcore.cli.failures import failure  # noqa: PLC0415 (only when something failed)

            told = failure(error)
            if told is None:
                raise
            raise told from error
        return result


START: Final[Mapping[str, str]] = {
    "crmcore demo": "a company with a tool and no organization",
    "crmcore init --list": "which organizations are there to start from?",
    "crmcore check crmcore.yaml": "where do your customers fall through?",
    "crmcore explain COV101": "what does that finding mean?",
    "crmcore who crmcore.yaml renewal-call region=Sichuan tier=key": "who answers, and why?",
}


def _of_plugins() -> Mapping[str, str]:
    """Return the commands of plugins and their short help; none where two plugins are at odds, which is told later."""
    from crmcore.cli.installed import installed_commands  # noqa: PLC0415 (only for whoever wants the list)
    from crmcore.plugins import DuplicatePlugin  # noqa: PLC0415 (as above)

    try:
        return {name: one.summary for name, one in installed_commands().items() if name not in COMMANDS}
    except DuplicatePlugin:
        return {}


def _accept_any_text() -> None:
    """Let a terminal that cannot show a character show its escape, rather than fail on it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _close_quietly() -> None:
    """Point standard output nowhere, so that the interpreter does not complain about the pipe when it ends."""
    with suppress(OSError):  # a stream without a file underneath has nothing to complain about
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: PLC0415 (slow to import)

        click.echo(f"crmcore {version('crmcore')}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 all is well, 1 something does not hold, 2 the file or the call cannot be used.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def crmcore() -> None:
    """Who is responsible for this customer? Write down how your company serves its customers, and find out."""
