"""JUnit XML: a test case for every finding, for continuous integration servers."""

from xml.etree import ElementTree as ET

from crmcore.checks.findings import Finding, Report
from crmcore.cli.formats import Options
from crmcore.cli.formats.phrases import details, lines, summary_in_words
from crmcore.cli.harmless import visible

__all__ = ["write"]


def write(report: Report, options: Options) -> str:
    """Return one test suite: a failure for each finding that fails the run, a passed case for each of the others."""
    failures = sum(map(options.fails, report.findings))
    counts = {"tests": str(max(1, len(report.findings))), "failures": str(failures), "errors": "0"}
    suites = ET.Element("testsuites", {"name": "crmcore", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": visible(report.organization), **counts})
    for finding in report.findings:
        _case(suite, finding, fails=options.fails(finding))
    if not report.findings:  # servers take an empty suite for one that did not run
        ET.SubElement(suite, "testcase", classname="crmcore", name="check")
    ET.SubElement(suite, "system-out").text = visible(summary_in_words(report))
    ET.indent(suites)
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{ET.tostring(suites, encoding='unicode')}\n"


def _case(suite: ET.Element, finding: Finding, *, fails: bool) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"crmcore.{finding.code}.{finding.name}",
        name=visible(f"{finding.subject}: {finding.message}"),
        file=visible(finding.place.file),
        line=str(finding.place.line),
    )
    said = [f"{finding.place}: {finding.severity} {finding.code} {finding.message}", *lines(details(finding))]
    body = "\n".join(map(visible, said))
    if fails:
        ET.SubElement(case, "failure", type=finding.code, message=visible(finding.message)).text = body
    else:
        ET.SubElement(case, "system-out").text = body
