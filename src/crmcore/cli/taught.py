"""Commands whose help teaches: examples, each with what it is for."""

from collections.abc import Mapping
from typing import Any

import click

__all__ = ["Taught", "write_examples"]


def write_examples(formatter: click.HelpFormatter, sections: Mapping[str, Mapping[str, str]]) -> None:
    """Write sections of commands to a help, each command with its meaning, none of them broken into two lines."""
    for heading, examples in sections.items():
        width = max(map(len, examples))
        with formatter.section(heading):
            for example, meaning in examples.items():
                line = f"{' ' * formatter.current_indent}{example:<{width}}  {meaning}"
                formatter.write(f"{line.rstrip()}\n")


class Taught(click.Command):
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
