"""`crmcore demo`: a company with a tool and no organization, and its customers, on two screens."""

from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.checks.findings import Report
from crmcore.checks.pages import page
from crmcore.cli.demo_customers import days
from crmcore.cli.drawing import draw
from crmcore.cli.formats.phrases import SEVERITIES, summary_in_words
from crmcore.cli.harmless import visible
from crmcore.cli.scenes import heading, indented, run
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.cli.who import answered
from crmcore.cli.wrapping import flowing
from crmcore.language import Phrase, current, listed, say, say_many, told
from crmcore.organization import Organization
from crmcore.responsibility import Question

__all__ = ["DAY", "QUESTION", "STORY", "command", "company", "story"]

DAY: Final = date(2026, 11, 23)
"""The day of the story: it is told alike on every day."""

STORY: Final[Mapping[str, Phrase]] = {
    "COV101": say("Nobody owns the renewal."),
    "JRN303": say("Sales sign, and leave."),
    "JRN306": say("Service only forwards."),
    "JRN305": say("The customer is asked the same question twice."),
    "ORG204": say("When one person leaves, a hole opens."),
}
"""What the company's people complain of, and the check that finds it."""

QUESTION: Final = Question("renewal-call", customer={"region": "Sichuan", "tier": "key"}, day=DAY)

_WIDEST: Final = 100


@click.command(
    "demo",
    cls=Taught,
    examples={
        "Afterwards": {
            "crmcore demo --save crmcore.yaml": "take the company, and repair it yourself",
            "crmcore check crmcore.yaml": "the same for your own company",
        }
    },
)
@click.option("--save", type=click.Path(path_type=Path), help="Write the company to this file instead, to repair it.")
def command(*, save: Path | None) -> None:
    """Tell the story of a company with a tool and no organization: find what is wrong, mend it, ask it a question."""
    if save is not None:
        _save(save)
        return
    terminal = Terminal.of()
    click.echo(story(Terminal(width=min(terminal.width or _WIDEST, _WIDEST), color=terminal.color)), nl=False)


def _save(path: Path) -> None:
    name = click.format_filename(path)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_text("before"))
    except FileExistsError:
        message = say("{file} is there already: name a file that is not.", file=name)
        raise click.UsageError(told(message)) from None
    click.echo(told(say("The company of the demo is in {file}. Repair it: crmcore check {file}", file=name)), err=True)


def _text(state: str) -> str:
    return files("crmcore.cli").joinpath("companies", f"{state}.yaml").read_text(encoding="utf-8")


def company(state: str) -> Organization:
    """Return the company of the story.

    Args:
        state: `before` it had an organization, or `after`.
    """
    return Organization.parse(_text(state), file=f"{state}.yaml")


def story(terminal: Terminal) -> str:
    """Return the whole story."""
    before, after = company("before"), company("after")
    ending = say("Now yours: write down who serves your customers, then run crmcore check crmcore.yaml")
    scenes = (_broken(before), _explained(), _mended(after), _asked(after), *days(before, after))
    return draw(*(part for scene in scenes for part in (*scene, Text())), Text(told(ending), "bold"), terminal=terminal)


def _broken(organization: Organization) -> Iterator[RenderableType]:
    report = organization.check(on=DAY)
    tools = (
        say_many("{count:,} touchpoint", "{count:,} touchpoints", len(organization.touchpoints)),
        say_many("{count:,} person", "{count:,} people", len(organization.people)),
    )
    yield heading(
        say("{name} has a CRM tool and no organization: {tools}.", name=organization.name, tools=listed(tools))
    )
    yield run(f"crmcore check before.yaml --on {DAY}")
    yield from _findings(report)
    yield indented(summary_in_words(report), "bold red")


def _findings(report: Report) -> Iterator[RenderableType]:
    groups = report.by_check()
    for code, complaint in STORY.items():
        if code in groups:
            first = groups[code][0]
            place = f"{first.place.file}:{first.place.line}"
            severity = told(SEVERITIES[first.severity])
            yield indented(f"{told(complaint)}  {severity} {code} {place}", "bold")
            yield Padding.indent(Text(visible(first.message)), 4)
    told_of = sum(code in groups for code in STORY)
    more = say_many("… and {count:,} more finding.", "… and {count:,} more findings.", len(report.findings) - told_of)
    yield indented(told(more), "dim")


def _explained() -> Iterator[RenderableType]:
    code = next(iter(STORY))
    yield heading(say("What does that mean, and why does it matter?"))
    yield run(f"crmcore explain {code}")
    found = page(code, current())
    _, why, *_ = found.sections.values()
    for part in (found.promise, why):
        yield indented(" ".join(flowing(part).split()))


def _mended(organization: Organization) -> Iterator[RenderableType]:
    yield heading(say("The same company, with an organization:"))
    yield run(f"crmcore check after.yaml --on {DAY}")
    report = organization.check(on=DAY)
    yield indented(summary_in_words(report), "bold green" if report.ok else "bold red")


def _asked(organization: Organization) -> Iterator[RenderableType]:
    attributes = " ".join(f"{name}={value}" for name, value in QUESTION.customer.items())
    yield heading(say("And who answers for the renewal of a key customer in Sichuan?"))
    yield run(f"crmcore who after.yaml {QUESTION.touchpoint} {attributes} --on {DAY}")
    yield from (Padding.indent(part, 2) for part in answered(organization, organization.who(QUESTION)))
