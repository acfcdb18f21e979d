"""Mending what has one safe mend: each edit of a file is tried in memory, and kept only when nothing else changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from attrs import define, evolve, field, frozen

from crmcore.checks.baseline import parse_baseline, read_baseline, unused_entries
from crmcore.checks.findings import Check
from crmcore.checks.needless import DUPLICATE, NAMELESS, REDUNDANT, UNUSED, Mend, Proof, Removal, entries, without
from crmcore.checks.registry import CHECKS
from crmcore.checks.running import check
from crmcore.errors import InvalidOrganization
from crmcore.language import say
from crmcore.organization import Organization
from crmcore.organization.mending import Content, content_of, tidied, without_entries
from crmcore.organization.reading.files import reading_instead
from crmcore.values import Place

__all__ = ["MENDS", "Mend", "Mending", "mended"]

WHITE_SPACE: Final = "SPACE"

MENDS: Final = (REDUNDANT, UNUSED, DUPLICATE, WHITE_SPACE)
"""What is mended: two checks, entries that stand twice, and white space."""

_TABLES: Final = (".csv", ".tsv")
_TEXTS: Final = (".yaml", ".yml", ".json", ".toml", *_TABLES)


@frozen(kw_only=True)
class Mending:
    """What can be mended, and how the files look then. Nothing is written yet.

    Attributes:
        made: what is mended, file after file.
        left: what is not, and why.
        edits: every file that changes, before and after.
    """

    made: tuple[Mend, ...]
    left: tuple[Mend, ...]
    edits: tuple[tuple[Content, Content], ...]


def mended(
    path: Path,
    *,
    on: date | None = None,
    until: date | None = None,
    select: Iterable[str] = MENDS,
    baseline: Path | None = None,
    checks: Sequence[Check] = CHECKS,
) -> Mending:
    """Mend the files of an organization in memory, as far as it is safe.

    An edit is kept only if the organization that is read from the edited text is the one before without exactly the
    entries that were to go, and if no check finds anything that it did not find before.

    Args:
        path: the file or folder of the organization.
        on: the first day of the proof; None for today in the organization's timezone.
        until: the last day of the proof; None for the first day alone.
        select: which of the `MENDS`.
        baseline: a baseline file, whose unused entries go too.
        checks: the checks that say what is needless, and that may find nothing new.

    Raises:
        InvalidOrganization: the organization cannot be read.
        InvalidBaseline: the baseline cannot be read.
        OSError: a file cannot be read.
    """
    bench = _Bench(path, on, until, frozenset(select), checks)
    bench.remove_entries()
    if WHITE_SPACE in bench.select:
        bench.tidy()
    if baseline is not None and UNUSED in bench.select:
        bench.shorten(baseline)
    return bench.mending()


@define(eq=False)
class _Bench:
    """The files while they are mended."""

    path: Path
    on: date | None
    until: date | None
    select: frozenset[str]
    checks: Sequence[Check]
    originals: dict[Path, Content] = field(factory=dict)
    contents: dict[Path, Content] = field(factory=dict)
    made: list[Mend] = field(factory=list)
    left: list[Mend] = field(factory=list)

    def mending(self) -> Mending:
        """Return what came of it."""
        edits = [(self.originals[path], new) for path, new in self.contents.items() if new != self.originals[path]]
        made = sorted(self.made, key=lambda mend: (mend.place.file, mend.place.line, mend.place.column))
        return Mending(made=tuple(made), left=tuple(self.left), edits=tuple(edits))

    def read(self, contents: Mapping[Path, Content]) -> Organization:
        """Read the organization as the edits leave it."""
        with reading_instead({path: content.data for path, content in contents.items()}):
            return Organization.read(self.path)

    def content(self, path: Path) -> Content | None:
        """Return a file as the edits leave it; None when its encoding cannot be kept."""
        if path not in self.contents:
            content = content_of(path)
            if content is None:
                return None
            self.originals[path] = self.contents[path] = content
        return self.contents[path]

    def remove_entries(self) -> None:
        """Take out what is there without need, until nothing more can be."""
        while True:
            organization = self.read(self.contents)
            proof = Proof(organization, self.on, self.until, self.checks)
            accepted, self.left = self.tried(proof, list(proof.removals(self.select)), [])
            if not accepted:
                return
            self.contents = self.edited(accepted, organization) or self.contents
            self.made += accepted

    def tried(
        self, proof: "Proof", wanted: Sequence[Removal], accepted: Sequence[Removal]
    ) -> tuple[list[Removal], list[Mend]]:
        """Return what can go, of what is wanted, beside what is accepted already; and what cannot, with the reason."""
        if not wanted:
            return [], []
        why_not = self.objection(proof, [*accepted, *wanted])
        if not why_not:
            return list(wanted), []
        if len(wanted) == 1:
            return [], [evolve(wanted[0], why_not=why_not)]
        half = len(wanted) // 2
        first, left = self.tried(proof, wanted[:half], accepted)
        second, more_left = self.tried(proof, wanted[half:], [*accepted, *first])
        return first + second, left + more_left

    def objection(self, proof: "Proof", removals: Sequence[Removal]) -> str:
        """Try an edit, and say why it cannot be kept; nothing when it can."""
        contents = self.edited(removals, proof.organization)
        if contents is None:
            return say("the way it is written cannot be edited here: take it out by hand")
        try:
            after = self.read(contents)
        except InvalidOrganization:
            return say("the file could not be read any more")
        if after != without(proof.organization, removals):
            return say("more than this would change")
        if Proof(after, proof.on, proof.until, self.checks).prints - proof.prints:
            return say("a check would find something new")
        return ""

    def edited(self, removals: Iterable[Removal], organization: Organization) -> dict[Path, Content] | None:
        """Return the files without some entries; None where that cannot be done."""
        contents = dict(self.contents)
        lists: dict[tuple[Path, tuple[str, ...]], list[int]] = {}
        for removal in removals:
            path = Path(removal.place.file)
            table = path.suffix.lower() in _TABLES
            where = (path, ()) if table else (path, removal.path)
            record = entries(organization, removal.path)[removal.position]
            lists.setdefault(where, []).append(record.place.line if table else removal.position)
        for (path, keys), positions in lists.items():
            content = contents.get(path) or self.content(path)
            if content is None:
                return None
            text = without_entries(content.text, path.suffix[1:].lower(), keys, positions)
            if text is None:
                return None
            contents[path] = content.saying(text)
        return contents

    def tidy(self) -> None:
        """Mend the white space of every file, if it says the same then."""
        organization = self.read(self.contents)
        for path in (path for path in map(Path, _files(organization)) if path.suffix.lower() in _TEXTS):
            mend = Mend(code=WHITE_SPACE, place=Place(str(path)), what=say("white space and line ends"))
            content = self.content(path)
            if content is None:
                continue
            tidy = content.saying(tidied(content.text, table=path.suffix.lower() in _TABLES))
            if tidy == content:
                continue
            contents = {**self.contents, path: tidy}
            if _reads_as(organization, lambda contents=contents: self.read(contents)):  # type: ignore[misc]
                self.contents = contents
                self.made.append(mend)
            else:
                self.left.append(evolve(mend, why_not=say("it is part of what the file says")))

    def shorten(self, path: Path) -> None:
        """Take out the entries of a baseline that match nothing any more."""
        baseline, content = read_baseline(path), self.content(path)
        report = check(self.read(self.contents), on=self.on, until=self.until)
        unused = unused_entries(report, baseline)
        gone = [position for position, entry in enumerate(baseline.entries) if entry in unused]
        text = None if content is None else without_entries(content.text, "json", ("findings",), gone)
        if content is None or text is None:
            return
        kept = [entry.fingerprint for entry in baseline.entries if entry not in unused]
        if [entry.fingerprint for entry in parse_baseline(text, str(path)).entries] == kept:
            self.contents[path] = content.saying(text)
            self.made += [Mend(code=UNUSED, place=entry.place, what=_unused_entry(entry.code)) for entry in unused]


def _reads_as(organization: Organization, read: Callable[[], Organization]) -> bool:
    try:
        return read() == organization
    except InvalidOrganization:
        return False


def _unused_entry(code: str) -> str:
    return say("an entry of the baseline for {code} that matches nothing", code=code)


def _files(organization: Organization) -> list[str]:
    """Return the files that an organization was read from, the main one first."""
    sections = ("departments", "people", "roles", "touchpoints", "metrics", *NAMELESS)
    records = (record for section in sections for record in organization.section(section)[:1])
    return list(dict.fromkeys([organization.place.file, *(record.place.file for record in records)]))
