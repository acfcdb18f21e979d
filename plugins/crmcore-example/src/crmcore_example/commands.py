"""`crmcore labels`: what people call the touchpoints of an organization."""

from pathlib import Path

import click

from crmcore import Organization
from crmcore.cli.taught import Taught
from crmcore.language import say, told

__all__ = ["command"]


@click.command(
    "labels", cls=Taught, examples={"Examples": {"crmcore labels crmcore.yaml": "what people call your touchpoints"}}
)
@click.argument("path", type=click.Path(path_type=Path))
def command(path: Path) -> None:
    """List the touchpoints of the organization at PATH with their labels."""
    for touchpoint in Organization.read(path).touchpoints:
        click.echo(f"{touchpoint.id}  {touchpoint.label or told(say('(no label)'))}")
