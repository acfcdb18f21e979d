"""What is mended is gone, everybody is answered as before, and all that a person wrote beside it is still there."""

import json
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle, random_organization

from crmcore.checks.baseline import read_baseline, write_baseline
from crmcore.checks.mending import MENDS, Mending, mended
from crmcore.organization import DutyKind, Organization, Suppression
from crmcore.organization.mending import replace
from crmcore.organization.reading.yaml_source import resolved
from crmcore.testing import organizations

DAY = date(2026, 11, 23)
COMPANY = """\
# 云帆
crmcore: 1
name: 云帆软件
dimensions: {region: {tree: {China: [Shanghai, Sichuan], Overseas: [Singapore]}}}
roles: [{id: seller, holders: {min: 0}}, {id: boss, leads_customers: true, holders: {min: 0}}]
touchpoints: [{id: demo}, {id: renewal}]
duties:
  # all of it
  - {touchpoints: all, role: seller, duty: accountable}  # stays

  # a pilot that became the rule
  - touchpoints: [demo]
    role: seller
    duty: accountable
    where: {region: China}
  - {touchpoints: [demo], role: boss, duty: consulted}
checks:
  # what we live with
  ignore:
    - COV102  # never seen
    - {code: ORG207, because: we are three people}
"""


def mend(path: Path, **options: object) -> Mending:
    """Mend a file, and write it."""
    mending = mended(path, **{"on": DAY, **options})  # type: ignore[arg-type]
    for _, after in mending.edits:
        replace(after)
    return mending


def company(tmp_path: Path, text: str = COMPANY, name: str = "crmcore.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def codes(mending: Mending) -> list[str]:
    return [one.code for one in mending.made]


def test_redundant_duties_and_unused_suppressions_go_and_all_else_stays_to_the_byte(tmp_path: Path) -> None:
    path = company(tmp_path)
    assert codes(mend(path)) == ["COV105", "REF002"]
    gone = re.compile(r"  - touchpoints: \[demo\]\n(    .*\n)+|    - COV102.*\n")
    assert path.read_text(encoding="utf-8") == gone.sub("", COMPANY)


def test_what_is_mended_is_told_with_its_place(tmp_path: Path) -> None:
    made = mend(company(tmp_path)).made
    assert [(one.place.line, one.place.column) for one in made] == [(12, 5), (20, 7)]
    assert made[0].what == "a duty of seller that repeats another"


def test_only_what_is_selected_is_mended(tmp_path: Path) -> None:
    path = company(tmp_path, COMPANY + "\n\n")
    assert codes(mended(path, on=DAY, select=["SPACE"])) == ["SPACE"]
    assert codes(mended(path, on=DAY, select=["COV105"])) == ["COV105"]


def test_the_same_entry_twice_goes_once(tmp_path: Path) -> None:
    entry = "  - {role: seller, holders: []}\n"
    text = f"{COMPANY}    - {{code: ORG207, because: we are three people}}\nstaffing:\n{entry}{entry}# end\n"
    path = company(tmp_path, text)
    assert codes(mend(path, select=["DUPLICATE"])) == ["DUPLICATE", "DUPLICATE"]
    assert path.read_text(encoding="utf-8") == f"{COMPANY}staffing:\n{entry}# end\n"


def test_a_suppression_that_ended_or_is_misspelt_is_for_people_to_judge(tmp_path: Path) -> None:
    ended = "    - {code: ORG207, because: it opens, until: 2026-01-01}\n    - COV1022\n"
    path = company(tmp_path, COMPANY + ended)
    mend(path)
    assert path.read_text(encoding="utf-8").endswith(ended)


def test_what_the_file_ignores_is_not_mended(tmp_path: Path) -> None:
    path = company(tmp_path, COMPANY.replace("COV102  # never seen", "COV105"))
    assert codes(mended(path, on=DAY)) == []


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_white_space_is_made_tidy_where_it_says_nothing(tmp_path: Path, ends: str) -> None:
    path = company(tmp_path, ends.join(["crmcore: 1  ", "name: x", "", ""]))
    assert codes(mend(path)) == ["SPACE"]
    assert path.read_bytes() == f"crmcore: 1{ends}name: x{ends}".encode()


def test_white_space_that_says_something_is_left_and_told(tmp_path: Path) -> None:
    text = "crmcore: 1\nname: |\n  two  \n  lines\n"
    path = company(tmp_path, text)
    mending = mend(path)
    assert (mending.made, mending.edits) == ((), ())
    assert [(one.code, one.why_not) for one in mending.left] == [("SPACE", "it is part of what the file says")]


def test_an_anchor_that_others_need_is_left_and_told(tmp_path: Path) -> None:
    duty = "{touchpoints: [demo], role: seller, duty: accountable, where: &east {region: China}}"
    text = COMPANY.replace("  - {touchpoints: [demo], role: boss, duty: consulted}\n", f"  - {duty}\n").replace(
        "duties:", "staffing: [{role: seller, where: {region: Overseas}}]\nduties:"
    )
    text += "escalations: [{touchpoints: [demo], steps: [{after: 1h, to: boss}], where: *east}]\n"
    path = company(tmp_path, text)
    mending = mend(path, select=["COV105"])
    assert len(mending.made) == 1
    assert [one.why_not for one in mending.left] == ["the file could not be read any more"]
    assert "&east" in path.read_text(encoding="utf-8")


def test_toml_is_told_to_be_mended_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "crmcore.toml"
    Organization.parse(COMPANY).write(path)
    before = path.read_bytes()
    mending = mend(path)
    assert mending.made == ()
    assert {one.why_not for one in mending.left} == {"the way it is written cannot be edited here: take it out by hand"}
    assert path.read_bytes() == before


def test_rows_go_from_a_table_in_the_encoding_of_a_spreadsheet(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    folder.mkdir()
    tree = yaml.safe_load(COMPANY)
    del tree["duties"], tree["checks"]
    tree["dimensions"]["region"]["tree"]["China"].append("上海")
    company(folder, yaml.safe_dump(tree, allow_unicode=True))
    rows = "touchpoints,role,duty,where.region\r\nall,seller,accountable,\r\nrenewal,seller,responsible,上海\r\n"
    rows += "demo,seller,accountable,China\r\n"
    extra = "demo,boss,consulted,\r\n"
    (folder / "duties.csv").write_bytes((rows + extra).encode("gb18030"))
    assert codes(mend(folder)) == ["COV105"]
    left = rows.replace("demo,seller,accountable,China\r\n", "") + extra
    assert (folder / "duties.csv").read_bytes() == left.encode("gb18030")


def test_entries_of_a_baseline_that_match_nothing_go(tmp_path: Path) -> None:
    path, known = company(tmp_path), tmp_path / "known.json"
    report = Organization.read(path).check(on=DAY)
    write_baseline(report, known)
    before = read_baseline(known)
    mending = mend(path, baseline=known)
    assert "an entry of the baseline for COV105 that matches nothing" in [one.what for one in mending.made]
    left = Organization.read(path).check(on=DAY)
    after = read_baseline(known)
    assert {entry.fingerprint for entry in after.entries} < {entry.fingerprint for entry in before.entries}
    assert len(after.entries) == len([one for one in left.findings if one.code != "REF002"])
    assert mend(path, baseline=known).edits == ()


def block(organization: Organization, path: Path, draw: random.Random) -> None:
    """Write YAML in blocks, with comments between them."""
    text = yaml.safe_dump(organization.to_data(), default_flow_style=False, allow_unicode=True, sort_keys=False)
    lines = [
        f"{' ' * (len(line) - len(line.lstrip()))}# {number}\n{line}  # behind {number}"
        if line.lstrip().startswith("- ") and draw.random() < 0.3
        else line
        for number, line in enumerate(text.splitlines())
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def flow(organization: Organization, path: Path, draw: random.Random) -> None:
    text = yaml.safe_dump(
        organization.to_data(), default_flow_style=True, sort_keys=False, width=draw.choice([20, 200])
    )
    path.write_text(text, encoding="utf-8")


def ours(organization: Organization, path: Path, _draw: random.Random) -> None:
    organization.write(path)


def as_json(organization: Organization, path: Path, draw: random.Random) -> None:
    path.write_text(json.dumps(organization.to_data(), indent=draw.choice([None, 2, "\t"])), encoding="utf-8")


def repeating(seed: int) -> tuple[Organization, date, date]:
    """Make a random organization in which a few things are said again."""
    organization, on, until = random_organization(seed)
    draw = random.Random(seed)
    duties = list(organization.duties)
    for duty in draw.choices(duties, k=2) if duties else ():
        duties.insert(draw.randint(0, len(duties)), evolve(duty, where=draw.choice([duty.where, duties[0].where])))
    ignore: list[str | Suppression] = [
        draw.choice(["COV102", "ORG207", "COV105"]),
        Suppression("COV104", because="so it is"),
        "COV102",
    ]
    checks = evolve(organization.checks, ignore=draw.sample(ignore, draw.randint(0, 3)))
    return evolve(organization, duties=duties, checks=checks), on, until


KINDS: tuple[DutyKind, ...] = ("accountable", "responsible", "consulted", "informed", "veto")


def answers(organization: Organization, on: date, until: date, before: Organization) -> list[object]:
    """Everybody who answers, is asked or told, at every point of the organization as it was before, on every day."""
    oracle = Oracle(organization, on, until)
    return [
        (
            {winner.role for winner in oracle.winners(touchpoint, kind, point, day)},
            [oracle.pool(role.id, point, day) for role in organization.roles],
        )
        for touchpoint in organization.touchpoints
        for point in Oracle(before, on, until).points()
        if oracle.happens(touchpoint, point)
        for day in oracle.days
        for kind in KINDS
    ]


@pytest.mark.parametrize(
    ("write", "name"), [(block, "crmcore.yaml"), (flow, "crmcore.yaml"), (ours, "company"), (as_json, "crmcore.json")]
)
def test_every_answer_stays_and_what_is_mended_is_gone_for_good(
    write: Callable[[Organization, Path, random.Random], None], name: str, tmp_path: Path, cases: int
) -> None:
    mends = 0
    for seed in range(min(cases, 60)):
        organization, on, until = repeating(seed)
        path = tmp_path / str(seed) / name
        path.parent.mkdir()
        write(organization, path, random.Random(seed))
        comments = re.findall(r"^# .*$", path.read_text(encoding="utf-8"), re.MULTILINE) if path.is_file() else []
        mending = mend(path, on=on, until=until)
        mends += len(mending.made)
        after = Organization.read(path)
        assert answers(after, on, until, organization) == answers(organization, on, until, organization), seed
        redundant = [one.place.line for one in after.check(on=on, until=until).findings if one.code == "COV105"]
        assert redundant == [one.place.line for one in mending.left if one.code == "COV105"], seed
        kept = path.read_text(encoding="utf-8") if path.is_file() else ""
        assert [comment for comment in comments if comment not in kept] == [], seed
        again = mended(path, on=on, until=until)
        assert (again.made, again.edits) == ((), ()), seed
    assert mends > 60


def test_every_mend_can_be_selected() -> None:
    assert MENDS == ("COV105", "REF002", "DUPLICATE", "SPACE")


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(organizations(), st.sampled_from([True, False, None]), st.booleans())
def test_however_odd_the_text_is_only_what_is_told_to_go_goes(
    tmp_path: Path, organization: Organization, flow_style: bool | None, twice: bool
) -> None:
    if twice:
        organization = evolve(organization, duties=organization.duties * 2, staffing=organization.staffing * 2)
    path = tmp_path / "crmcore.yaml"
    text = yaml.dump(organization.to_data(), Dumper=_Quoting, default_flow_style=flow_style, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    assert Organization.read(path) == organization
    mending = mend(path)
    after = Organization.read(path)
    assert after == evolve(organization, **{name: getattr(after, name) for name in CHANGED})
    removed = [one for one in mending.made if one.code != "SPACE"]
    lost = sum(len(getattr(organization, name)) - len(getattr(after, name)) for name in CHANGED[:-1])
    assert lost + len(organization.checks.ignore) - len(after.checks.ignore) == len(removed)
    assert mended(path, on=DAY).edits == ()


CHANGED = ("impossible", "staffing", "duties", "handoffs", "escalations", "checks")


class _Quoting(yaml.SafeDumper):
    """A dumper that quotes what YAML 1.2 takes for something else than text."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if isinstance(resolved(text), str) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Quoting.add_representer(str, _quoted)
