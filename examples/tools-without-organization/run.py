"""The story of `crmcore demo` in Python: a company with a tool and no organization, and the same company repaired."""

from datetime import date
from importlib.resources import as_file, files

from crmcore import Organization, Question, Unanswered

DAY = date(2026, 11, 23)
RENEWAL = Question("renewal-call", customer={"region": "Sichuan", "tier": "key"}, stage="renewal", day=DAY)


def ask(organization: Organization, question: Question) -> str:
    """Say who answers, in a sentence."""
    try:
        answer = organization.who(question)
    except Unanswered as error:
        return str(error)
    people = ", ".join(person.name for person in answer.pool)
    return f"{answer.role.label or answer.role.id}: {people} ({answer.assign})"


with as_file(files("crmcore.cli") / "companies") as companies:
    before, after = (Organization.read(companies / name) for name in ("before.yaml", "after.yaml"))

found = before.check(on=DAY)
print(f"{before.name}, before: {found.summary.errors} errors, {found.summary.warnings} warnings")
for finding in found.findings:
    print(f"  {finding.severity:7} {finding.code} {finding.message}")

left = after.check(on=DAY, until=DAY.replace(year=DAY.year + 1))
print(f"{after.name}, after: {len(left.findings)} findings, today and for a year")

gone = {finding.code for finding in found.findings} - {finding.code for finding in left.findings}
print("mended:", ", ".join(sorted(gone)))

print("who calls a key customer in Sichuan about the renewal?")
print("  before:", ask(before, RENEWAL))
print("  after: ", ask(after, RENEWAL))
