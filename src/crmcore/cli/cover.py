"""`crmcore cover`: the calendar of lapses: on which days which customers will have nobody."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.formats.text import aligned
from crmcore.cli.harmless import visible
from crmcore.cli.organizations import organization_at
from crmcore.cli.parameters import DAY, PERSON
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.cli.words import MOST, where_in_words
from crmcore.language import say, say_many, told
from crmcore.organization import DAY as DAY_NAME
from crmcore.organization import Organization
from crmcore.responsibility import Lapse, Responsibilities, Space, lapses

__all__ = ["command"]

_COLUMNS: Final = 60
_OPEN, _COVERED = "█", "·"


@click.command(
    "cover",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore cover --until 2026-12-31": "does everybody have somebody to the end of the year?",
            "crmcore cover company.yaml --until 2027-02-28 --without li.na": "and without this person?",
        }
    },
    epilog="Exit status: 0 everybody has somebody on every day, 1 somebody has nobody, 2 the file cannot be used.",
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--on", type=DAY, help="The first day; today in the company's timezone if absent.")
@click.option("--until", type=DAY, required=True, help="The last day.")
@click.option("--without", type=PERSON, multiple=True, help="Reckon with this person as gone; may be repeated.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(*, path: Path | None, on: date | None, until: date, without: tuple[str, ...], format_: str) -> None:
    """Show on which days which customers of the organization at PATH have nobody, and what ends that day.

    PATH is a YAML, JSON or TOML file, or a folder; ./crmcore.yaml if absent.
    """
    organization = organization_at(path)
    on = on or organization.today()
    if until < on:
        message = say("{until} comes before the first day, {on}.", until=until, on=on)
        raise click.BadParameter(told(message), param_hint="--until")
    responsibilities = Responsibilities(organization, on, until, without)
    found = lapses(responsibilities)
    if format_ == "json":
        click.echo(dumped(_data(organization, responsibilities, found)).encode(), nl=False)
    else:
        terminal = Terminal.of()
        parts = (
            *_calendar(responsibilities, found),
            *_told(responsibilities, found),
            _summary(organization, responsibilities, found),
        )
        click.echo(draw(*parts, terminal=terminal), nl=False, color=terminal.color)
    if found:
        raise click.exceptions.Exit(1)


def _calendar(responsibilities: Responsibilities, found: Iterable[Lapse]) -> Iterator[RenderableType]:
    """Yield a line for each touchpoint that lapses, a column for a day, or for several in a long window."""
    first, last = responsibilities.on, responsibilities.until
    assert first is not None  # noqa: S101 (cover is always asked for a window)
    assert last is not None  # noqa: S101 (as above)
    days = (last - first).days + 1
    width = min(days, _COLUMNS)
    lines: dict[str, list[str]] = {}
    for lapse in found:
        line = lines.setdefault(lapse.touchpoint, [_COVERED] * width)
        for day in range((lapse.first - first).days, (lapse.last - first).days + 1):
            line[day * width // days] = _OPEN
    if lines:
        rows = [("", f"{first.isoformat():<{max(width - 10, 11)}}{last.isoformat()}")]
        rows += [(touchpoint, "".join(line)) for touchpoint, line in lines.items()]
        yield aligned(rows)
        yield Text()


def _told(responsibilities: Responsibilities, found: Iterable[Lapse]) -> Iterator[RenderableType]:
    for lapse in found:
        days = (lapse.last - lapse.first).days + 1
        span = say_many(
            "{first} to {last}, {count} day",
            "{first} to {last}, {count} days",
            days,
            first=lapse.first,
            last=lapse.last,
        )
        yield Text(visible(told(span)), "bold")
        yield Padding.indent(Text(visible(_what(lapse))), 2)
        rows = [(say("where"), words) for words in _where(responsibilities.space, lapse)]
        rows += [(say("because"), f"{told(reason.told)} ({reason.place})") for reason in lapse.reasons[:MOST]]
        yield Padding.indent(aligned(rows), 4)
        yield Text()


def _what(lapse: Lapse) -> str:
    if lapse.role is None:
        return told(say("{touchpoint}: no role is accountable", touchpoint=lapse.touchpoint))
    return told(say("{touchpoint}: too few people hold {role}", touchpoint=lapse.touchpoint, role=lapse.role))


def _where(space: Space, lapse: Lapse) -> Iterator[str]:
    for box in lapse.boxes[:MOST]:
        yield where_in_words(_without_days(space, box), space.points(box))
    more = len(lapse.boxes) - MOST
    if more > 0:
        yield told(say_many("and {count} more part", "and {count} more parts", more))


def _without_days(space: Space, box: Any) -> dict[str, list[Any]]:
    return {name: values for name, values in space.describe(box).items() if name != DAY_NAME}


def _summary(
    organization: Organization, responsibilities: Responsibilities, found: tuple[Lapse, ...]
) -> RenderableType:
    window = {"name": organization.name, "on": responsibilities.on, "until": responsibilities.until}
    if not found:
        return Text(
            visible(told(say("{name} from {on} to {until}: everybody has somebody on every day.", **window))),
            "bold green",
        )
    sentence = say_many(
        "{name} from {on} to {until}: {count} lapse.",
        "{name} from {on} to {until}: {count} lapses.",
        len(found),
        **window,
    )
    return Text(visible(told(sentence)), "bold red")


def _data(organization: Organization, responsibilities: Responsibilities, found: Iterable[Lapse]) -> dict[str, Any]:
    space = responsibilities.space
    return {
        "version": 1,
        "organization": organization.name,
        "on": str(responsibilities.on),
        "until": str(responsibilities.until),
        "lapses": [
            {
                "touchpoint": lapse.touchpoint,
                "role": lapse.role,
                "first": lapse.first.isoformat(),
                "last": lapse.last.isoformat(),
                "boxes": [_without_days(space, box) for box in lapse.boxes],
                "points": sum(map(space.points, lapse.boxes)),
                "witness": {name: value for name, value in space.witness(lapse.boxes[0]).items() if name != DAY_NAME},
                "reasons": [{"message": told(reason.told), "place": str(reason.place)} for reason in lapse.reasons],
            }
            for lapse in found
        ],
    }
