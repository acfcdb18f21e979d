"""`python -m crmcore.cli`, where the `crmcore` command is not on the path."""

from crmcore.cli import main

main()
