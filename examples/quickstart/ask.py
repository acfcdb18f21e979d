"""Read an organization, prove it, and ask who answers for one customer. Run it as `python ask.py`."""

from datetime import date
from pathlib import Path

from crmcore import Organization, Question

DAY = date(2026, 11, 23)

organization = Organization.read(Path(__file__).with_name("crmcore.yaml"))

report = organization.check(on=DAY)
for finding in report.findings:
    print(finding.severity, finding.code, finding.message)
    print("  everywhere in", finding.box)

question = Question(
    "renewal-call",
    customer={"region": "Sichuan", "tier": "key"},
    contact={"channel": "phone"},
    stage="renewal",
    day=DAY,
)
answer = organization.who(question)
if answer.person is not None:
    print(answer.person.name, "answers as", answer.role.id)
