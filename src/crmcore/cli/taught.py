"""Commands whose help teaches, in the language of the moment: examples, each with what it is for."""

from collections.abc import Mapping
from copy import copy
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final

import click

from crmcore.cli.speaking import OPTION
from crmcore.cli.wrapping import Formatter, columns, padded
from crmcore.language import LANGUAGES, translated

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["Spoken", "Taught", "paragraphs", "speaking", "write_examples"]

HELP: Final = "Show this message and exit."


def write_examples(formatter: click.HelpFormatter, sections: Mapping[str, Mapping[str, str]]) -> None:
    """Write sections of commands to a help, each command with its meaning, none of them broken into two lines."""
    for heading, examples in sections.items():
        width = max(map(columns, examples))
        with formatter.section(translated(heading)):
            for example, meaning in examples.items():
                line = f"{' ' * formatter.current_indent}{padded(example, width)}  {translated(meaning)}"
                formatter.write(f"{line.rstrip()}\n")


def paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of a help text, each on one line, as the catalogue knows them."""
    return [" ".join(paragraph.split()) for paragraph in cleandoc(text or "").split("\n\n") if paragraph.strip()]


class _Context(click.Context):
    formatter_class = Formatter


class Spoken(click.Command):
    """A command that speaks the language of the moment, and is asked for it by an option."""

    context_class = _Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speaking(self)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help; click keeps it, so it is kept in English."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP
        return option

    def get_usage(self, ctx: click.Context) -> str:
        """Return the line that says how the command is called."""
        return super(Spoken, self._told(ctx)).get_usage(ctx)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        super(Spoken, self._told(ctx)).format_help(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete an option."""
        return super(Spoken, self._told(ctx)).shell_complete(ctx, incomplete)

    def _told(self, ctx: click.Context) -> "Spoken":
        """Return a copy of the command, its texts in the language of the moment."""
        command = copy(self)
        command.params = [_told_parameter(parameter, ctx) for parameter in self.get_params(ctx)]
        command.add_help_option = False  # it is among the parameters
        command.help = _told_text(self.help)
        command.epilog = _told_text(self.epilog)
        command.options_metavar = translated(self.options_metavar or "")
        if isinstance(command, click.Group):
            command.subcommand_metavar = translated(command.subcommand_metavar)
        return command


class Taught(Spoken):
    """A command with examples.

    Attributes:
        examples: sections of the help; in each, command lines and what they are for.
    """

    def __init__(self, *args: Any, examples: Mapping[str, Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, and the epilog after them."""
        write_examples(formatter, self.examples)
        super().format_epilog(ctx, formatter)


def speaking(command: click.Command) -> click.Command:
    """Return a command with the option that says which language is spoken, if it has not got it."""
    if not any(OPTION in parameter.opts for parameter in command.params):
        command.params.append(_language_option())
    return command


def _language_option() -> click.Option:
    """Return the option that says which language is spoken; whoever reads the arguments first has obeyed it already."""
    return click.Option(
        [OPTION],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help="The language to speak; if absent, that of CRMCORE_LANGUAGE, else of your system.",
    )


def _told_text(text: str | None) -> str:
    return "\n\n".join(map(translated, paragraphs(text)))


def _told_parameter(parameter: click.Parameter, ctx: click.Context) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    option = copy(parameter)
    option.help = translated(parameter.help or "")
    option.metavar = translated(parameter.make_metavar(ctx))
    return option
