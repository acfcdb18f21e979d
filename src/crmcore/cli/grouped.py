"""Commands that have commands: `crmcore raci import`, `crmcore people import`."""

import click

from crmcore.cli.taught import Taught, paragraphs
from crmcore.language import translated

__all__ = ["Grouped"]


class Grouped(Taught, click.Group):
    """A group of commands that lists them with the first paragraph of their helps, in the language of the moment."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click asks so)
        """List the commands in the help."""
        with formatter.section(translated("Commands")):
            formatter.write_dl([(name, translated(paragraphs(one.help)[0])) for name, one in self.commands.items()])
