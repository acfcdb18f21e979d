"""The command line: one module a command, one file a report format."""

__all__ = ["main"]


def main() -> None:
    """Run `crmcore` with the arguments of the process, and end the process with its exit status."""
    from crmcore.cli.commands import crmcore  # noqa: PLC0415 (importing the package must cost nothing)

    crmcore(prog_name="crmcore")
