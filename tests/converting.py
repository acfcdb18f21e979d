"""Data that others wrote, made into an organization by an example, beside the answers that are known."""

import importlib.util
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from crmcore.checks import Finding
from crmcore.organization import Organization

__all__ = ["Converted", "converted", "selected"]


@attrs.frozen
class Converted:
    """A set of data, the example that converts it, and what comes out.

    Attributes:
        data: the folder of the set.
        module: the example.
        organization: what it makes of the set.
        findings: what does not hold in it.
    """

    data: Path
    module: ModuleType
    organization: Organization
    findings: tuple[Finding, ...]

    def again(self, data: Path) -> Organization:
        """Convert another set of the same form."""
        organization: Organization = self.module.organization(data)
        return organization

    @property
    def known(self) -> Any:
        """The answers that are known."""
        return json.loads((self.data / "known_answers.json").read_text(encoding="utf-8"))

    def of(self, code: str, subject: str | None = None) -> list[Finding]:
        """The findings of one check, and of one subject if it is given."""
        return selected(self.findings, code, subject)

    @property
    def answerable(self) -> list[Finding]:
        """The findings of the kinds that the set can answer, by what the example says."""
        return [each for each in self.findings if each.code.startswith(self.module.CHECKS)]


def selected(findings: Iterable[Finding], code: str, subject: str | None = None) -> list[Finding]:
    """The findings of one check, and of one subject if it is given."""
    return [each for each in findings if each.code == code and subject in {None, each.subject}]


@cache
def converted(script: Path, data: Path) -> Converted:
    """Run an example, which is a script in a folder and no package, over a set of data."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec is not None, script
    assert spec.loader is not None, script
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    organization: Organization = module.organization(data)
    return Converted(data, module, organization, organization.check().findings)
