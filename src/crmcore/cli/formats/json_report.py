"""The JSON report: every finding, stable and versioned, for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crmcore.checks.findings import Report
from crmcore.cli.formats import Options
from crmcore.cli.harmless import HOSTILE

__all__ = ["dumped", "write"]


def write(report: Report, _options: Options) -> str:
    """Return the report as one JSON object."""
    return dumped(report.to_dict())


def dumped(tree: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return JSON in which other languages stay readable, and hostile characters are escaped: nothing is lost."""
    text = json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False)
    # Inside strings json has already escaped the line breaks: those that are left are the layout's own.
    return HOSTILE.sub(lambda match: match[0] if match[0] == "\n" else json.dumps(match[0])[1:-1], text) + "\n"
