"""`crmcore schema`: what editors and programs need to know about the files."""

import click

from crmcore.checks.report_schema import report_schema
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.taught import Taught
from crmcore.organization.schema import organization_schema

__all__ = ["command"]


@click.command(
    "schema",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore schema > crmcore.schema.json": "for editors",
            "crmcore schema --report > report.schema.json": "for programs that read reports",
        },
        "Then let crmcore.yaml begin with": {"# yaml-language-server: $schema=crmcore.schema.json": ""},
    },
)
@click.option("--report", is_flag=True, help="The schema of the JSON report instead.")
def command(*, report: bool) -> None:
    """Print the JSON Schema of the organization file, for completion and checks in an editor."""
    click.echo(dumped(report_schema() if report else organization_schema()).encode(), nl=False)
