"""`crmcore completion`: complete commands, codes and paths in a shell."""

import click
from click.shell_completion import get_completion_class

from crmcore.cli.taught import Taught

__all__ = ["command"]


@click.command(
    "completion",
    cls=Taught,
    examples={
        "Put it where your shell reads it at its start": {
            "crmcore completion bash >> ~/.bashrc": "",
            "crmcore completion zsh >> ~/.zshrc": "",
            "crmcore completion fish > ~/.config/fish/completions/crmcore.fish": "",
        }
    },
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script with which SHELL completes commands, options, codes, touchpoints and paths."""
    completion = get_completion_class(shell)
    assert completion is not None, shell  # noqa: S101 (the choice above names click's own shells)
    click.echo(completion(ctx.find_root().command, {}, "crmcore", "_CRMCORE_COMPLETE").source())
