"""Measure everything, in one run, and print one table.

    python tests/benchmarks/measure.py [--only SUBJECT] [--largest 100000] [--write PAGE]

Every figure is a ratio, or a bound, measured on the machine that runs it; a run of all takes some minutes.
"""

import argparse
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import crm_promises
import duplicates
import imports
import processes
import proofs
import questions
import recognition
import storages
from measuring import Row, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

os.environ["CRMCORE_PLUGINS"] = ""  # whichever plugins are installed beside crmcore
_END = "<!-- /measured -->"
_APART = "storages"
"""The subject that has a table of its own on the page."""


def _measure(only: str, largest: int, customers: int) -> tuple[list[Row], list[Row]]:
    """Return the rows of the first table, and of the one apart."""
    found: list[Row] = []
    apart: list[Row] = []
    subjects: dict[str, Callable[[], Iterator[Row]]] = {
        "questions": questions.rows,
        "proofs": lambda: proofs.rows(largest),
        "processes": lambda: processes.rows(largest),
        "imports": imports.rows,
        "duplicates": lambda: duplicates.rows(customers),
        "recognition": lambda: recognition.rows(customers),
        "storages": lambda: storages.rows(10 * largest),
        "crm": lambda: crm_promises.rows(customers),
    }
    for name, rows in subjects.items():
        for row in rows() if only in {"", name} else ():
            print(f"{row.what}: {row.measured} (bar {row.bar}) {row.details}", flush=True)
            (apart if name == _APART else found).append(row)
    return found, apart


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=100_000, help="duties of the largest organization")
    parser.add_argument("--customers", type=int, default=1_000_000, help="customers among whom one is recognized")
    parser.add_argument(
        "--only",
        default="",
        choices=["", "proofs", "questions", "processes", "duplicates", "imports", "storages", "recognition", "crm"],
        help="one subject alone",
    )
    parser.add_argument("--write", type=Path, help="a page that has each table between its two markers")
    options = parser.parse_args()
    tables = zip(
        ("<!-- measured -->", "<!-- measured storages -->"),
        _measure(options.only, options.largest, options.customers),
        strict=True,
    )
    for begin, rows in tables:
        if not rows:
            continue
        measured = (
            f"{datetime.now(UTC).date()}, CPython {platform.python_version()}, {os.cpu_count()} cores, "
            f"{platform.system()} on {platform.machine()}:\n\n{table(rows)}"
        )
        print(measured)
        if options.write:
            before, rest = options.write.read_text(encoding="utf-8").split(begin)
            _, after = rest.split(_END, 1)
            options.write.write_text(f"{before}{begin}\n{measured}{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
