"""A company, the command line to ask about it, and reports made by hand: one holds all there can be, one means harm."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner, Result

from crmcore.checks.findings import Finding, Related, Report, Severity, Summary
from crmcore.cli.commands import crmcore
from crmcore.values import Place

HOSTILE = (
    "\x1b[31mred\x1b[0m [bold]x[/bold] [link=http://evil.example]y[/link] <script>alert(1)</script> a|b "
    "[z](http://evil.example) @everyone {0} ::error::x\n::warning::y\r%0A \u202egnp.exe \x00\x07\x9b1m &amp; `c` "
    "\ud800 \ufffe ]]> :warning: 中文"
)


@pytest.fixture
def hostile() -> str:
    return HOSTILE


@pytest.fixture
def company_file(tmp_path: Path) -> Path:
    path = tmp_path / "crmcore.yaml"
    path.write_text(
        "crmcore: 1\nname: 云帆软件\ntouchpoints:\n  - {id: 续约, label: 续约沟通} # 沟通\n", encoding="utf-8"
    )
    return path


@pytest.fixture
def finding(company_file: Path) -> Finding:
    place = Place(str(company_file), 4, 5)
    return Finding(
        code="COV101",
        name="uncovered-touchpoint",
        severity=Severity.ERROR,
        subject="renewal-call",
        place=place,
        text="nobody is accountable for {touchpoint}",
        arguments={"touchpoint": "renewal-call"},
        box={"region": ["West"], "tier": ["key", "standard"], "employees": [[1, 500], [None, 3]], "stage": ["renewal"]},
        witness={"region": "Sichuan", "tier": "key", "employees": 1, "stage": "renewal"},
        points=2400,
        related=(Related("the duty that covers the East", Place(str(company_file), 2, 1)),),
        help="give the duty to a role",
    )


@pytest.fixture
def report(finding: Finding) -> Report:
    warning = evolve(
        finding,
        code="ORG204",
        name="single-point-of-failure",
        severity=Severity.WARNING,
        subject="zhao.lei",
        text="when 赵磊 leaves, {count} boxes open",
        arguments={"count": 3},
        box=None,
        witness=None,
        points=None,
        related=(),
        help="",
        proven=False,
    )
    info = evolve(warning, code="ORG206", name="idle-role", severity=Severity.INFO, text="nothing to do", arguments={})
    return report_of(finding, warning, info)


def report_of(*findings: Finding, organization: str = "云帆软件") -> Report:
    summary = Summary(errors=0, warnings=0, infos=0, touchpoints=7, duties=6, points=21_600, proven=True)
    day = date(2026, 11, 23)
    return Report(organization=organization, on=day, until=day, findings=(), summary=summary).with_findings(findings)


@pytest.fixture
def clean() -> Report:
    return report_of()


@pytest.fixture
def hostile_report(finding: Finding, hostile: str) -> Report:
    """Every text in it means harm, and it stands in a file whose name does too."""
    place = Place(f"evil{hostile}.yaml", 3, 7)
    evil = evolve(
        finding,
        subject=hostile,
        place=place,
        text="{label} is not covered",
        arguments={"label": hostile},
        box={hostile: [hostile, hostile]},
        witness={hostile: hostile},
        related=(Related(hostile, place),),
        help=hostile,
    )
    return report_of(evil, organization=hostile)


COMPANY = """\
crmcore: 1
name: 云帆软件
timezone: Asia/Shanghai
dimensions:
  region:
    tree: {China: {East: [Shanghai, Zhejiang], West: [Sichuan]}, Overseas: [Singapore]}
  channel: {values: [phone, web], of: contact}
  employees: {number: {min: 1, max: 1000000, unit: people, integer: true}}
people:
  - {id: li.na, name: 李娜, absences: [{from: 2026-10-01, to: 2026-10-08, cover: wang.wei}]}
  - {id: wang.wei, name: 王伟}
  - {id: chen.gang, name: 陈刚}
roles:
  - {id: account-manager, label: 客户经理}
  - {id: director}
staffing:
  - {role: account-manager, holders: [li.na], where: {region: East}, backup: [chen.gang]}
  - {role: account-manager, holders: [wang.wei, li.na], where: {region: West}, assign: least-loaded}
  - {role: director, holders: [chen.gang]}
touchpoints:
  - {id: renewal-call, label: 续约沟通}
  - {id: complaint, where: {region: China}}
duties:
  - {touchpoints: [renewal-call], role: account-manager, duty: accountable, where: {region: China}}
  - {touchpoints: [complaint], role: account-manager, duty: accountable, where: {employees: {to: 500}}}
  - {touchpoints: [complaint], role: director, duty: accountable, where: {employees: {from: 500}, channel: phone}}
  - {touchpoints: [complaint], role: director, duty: accountable, priority: -10}
escalations:
  - {touchpoints: [complaint], steps: [{after: 4h, to: account-manager}, {after: 1d, to: director}]}
"""

Run = Callable[..., Result]


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A company in which nobody answers the renewal call overseas: one finding of COV101, at line 21."""
    path = tmp_path / "crmcore.yaml"
    path.write_text(COMPANY, encoding="utf-8")
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command line in an empty folder of its own; nothing but an exit status may come out of it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(crmcore, [str(argument) for argument in arguments], prog_name="crmcore")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run
