"""A baseline: findings that a company knows of and lives with for now. They are not reported; new ones are."""

import json
import re
from collections.abc import Container, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Final

from attrs import frozen

from crmcore.checks.findings import Finding, Report, Severity
from crmcore.errors import CrmError, Fault
from crmcore.language import listed, say
from crmcore.values import Place

__all__ = [
    "UNUSED",
    "Baseline",
    "Entry",
    "InvalidBaseline",
    "apply",
    "fingerprint",
    "parse_baseline",
    "read_baseline",
    "unused_entries",
    "write_baseline",
]

UNUSED: Final = ("REF002", "unused-suppression")
"""Code and name of the check that an entry fails which matches nothing any more."""

VERSION: Final = 1
_LINE_AND_COLUMN: Final = re.compile(r":[0-9]+(:[0-9]+)?(?![0-9])")


class InvalidBaseline(CrmError):
    """A baseline file cannot be read. Write it anew, with `crmcore check --write-baseline`.

    Attributes:
        fault: what is wrong, and where.
    """

    code: ClassVar[str] = "invalid-baseline"

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)

    def __str__(self) -> str:
        return str(self.fault)


@frozen(kw_only=True)
class Entry:
    """One known finding.

    Attributes:
        fingerprint: what it is recognised by.
        code: of the check that found it.
        subject: the id that it is about.
        message: what it said when it was written down, for people.
        place: where the entry is written.
    """

    fingerprint: str
    code: str
    subject: str
    message: str
    place: Place


@frozen
class Baseline:
    """The findings that are known.

    Attributes:
        entries: them, in the order of the file.
    """

    entries: tuple[Entry, ...]


def fingerprint(finding: Finding) -> str:
    """Return 16 hexadecimal digits that stay the same when lines move, files are renamed or values change their order.

    They are made of the English words, whatever language is spoken.

    A finding about the space is recognised by its code, its subject, its box and the names in its message; any other by
    its code, its subject and the arguments of its message, or the message itself where it has none.
    """
    told: Any = {name: str(value) for name, value in finding.arguments.items()} or str(finding.text)
    if finding.box is not None:
        told = {name: sorted(json.dumps(value) for value in values) for name, values in finding.box.items()}
        told["names"] = sorted(str(value) for value in finding.arguments.values() if _is_name(value))
    text = json.dumps([finding.code, finding.subject, told], sort_keys=True, default=str)
    return sha256(_LINE_AND_COLUMN.sub("", text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def write_baseline(report: Report, path: Path) -> int:
    """Write down the findings of a report, one a line; return how many.

    What the report says about unused suppressions is left out: an entry cannot excuse itself.

    Raises:
        OSError: when the file cannot be written.
    """
    known = {
        fingerprint(finding): {"code": finding.code, "subject": finding.subject, "message": _in_english(finding)}
        for finding in report.findings
        if finding.code != UNUSED[0]
    }
    lines = [
        json.dumps({"fingerprint": print_, **entry}, ensure_ascii=True)
        for print_, entry in sorted(known.items(), key=lambda item: (item[1]["code"], item[1]["subject"], item[0]))
    ]
    body = "".join(f"\n  {line}," for line in lines).removesuffix(",")
    path.write_text(f'{{"version": {VERSION}, "findings": [{body}\n]}}\n', encoding="utf-8")
    return len(lines)


def read_baseline(path: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        InvalidBaseline: when it is no baseline.
        OSError: when it cannot be opened.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _invalid(Place(str(path)), say("this is not a baseline file")) from error
    return parse_baseline(text, str(path))


def parse_baseline(text: str, file: str) -> Baseline:
    """Read the text of a baseline file.

    Args:
        text: the text.
        file: what to call it in messages.

    Raises:
        InvalidBaseline: when it is no baseline.
    """
    start = Place(file)
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise _invalid(place, say("this is not JSON: {problem}", problem=error.msg)) from error
    except RecursionError as error:
        raise _invalid(start, say("this is not a baseline file")) from error
    if not isinstance(tree, dict) or tree.get("version") != VERSION or not isinstance(tree.get("findings"), list):
        raise _invalid(start, say("a baseline is {shape}", shape=f'{{"version": {VERSION}, "findings": [...]}}'))
    places = _places(text, file)
    return Baseline(tuple(_entry(item, places, start) for item in tree["findings"]))


def apply(report: Report, baseline: Baseline, *, ran: Container[str] | None = None) -> Report:
    """Take the known findings out of a report, and put in those entries that match nothing any more.

    Args:
        report: what was found.
        baseline: what is known.
        ran: codes of the checks that ran; None for all. An entry of a check that did not run is not unused.
    """
    known = {entry.fingerprint for entry in baseline.entries}
    new = [finding for finding in report.findings if fingerprint(finding) not in known]
    judged = unused_entries(report, baseline) if ran is None or UNUSED[0] in ran else ()
    unused = [_unused(entry) for entry in judged if ran is None or entry.code in ran]
    return report.with_findings(new + unused)


def unused_entries(report: Report, baseline: Baseline) -> tuple[Entry, ...]:
    """Return the entries of a baseline that match nothing in a report of all checks."""
    present = {fingerprint(finding) for finding in report.findings}
    return tuple(entry for entry in baseline.entries if entry.fingerprint not in present)


def _in_english(finding: Finding) -> str:
    """What a finding says in the language of the code, so that a baseline is the same for everybody who writes it."""
    return str(finding.text).format_map(finding.arguments)


def _is_name(value: object) -> bool:
    """Whether an argument names something; the example customer and the counts are no part of what is wrong."""
    return isinstance(value, str) and "=" not in value


def _unused(entry: Entry) -> Finding:
    code, name = UNUSED
    return Finding(
        code=code,
        name=name,
        severity=Severity.ERROR,
        subject=entry.code,
        place=entry.place,
        text="the baseline excuses {code} for {subject}, and that is not found any more ({message})",
        arguments={"code": entry.code, "subject": entry.subject, "message": entry.message},
        help="Take the entry out of the baseline: `crmcore fix --baseline` does.",
    )


def _invalid(place: Place, found: str) -> InvalidBaseline:
    return InvalidBaseline(Fault(place, found, say("write it anew with crmcore check --write-baseline")))


def _places(text: str, file: str) -> dict[str, Place]:
    """Where each fingerprint is written first."""
    places: dict[str, Place] = {}
    for line, content in enumerate(text.splitlines(), 1):
        for match in re.finditer(r'"([0-9a-f]{16})"', content):
            places.setdefault(match[1], Place(file, line, content.find("{", 0, match.start()) + 1 or 1))
    return places


def _entry(item: Any, places: dict[str, Place], start: Place) -> Entry:
    keys: Iterable[str] = ("fingerprint", "code", "subject", "message")
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in keys):
        raise _invalid(start, say("every finding of a baseline is an object of texts: {keys}", keys=listed(keys)))
    place = places.get(item["fingerprint"], start)
    return Entry(place=place, **{key: item[key] for key in keys})
