"""Whether people see a name for every touchpoint, and not its id."""

from collections.abc import Iterator
from importlib.resources import files

from crmcore.checks import Check, Context, Problem, Severity

__all__ = ["UNLABELLED"]


def unlabelled_touchpoint(context: Context) -> Iterator[Problem]:
    """EXA001: every touchpoint has a label."""
    for touchpoint in context.organization.touchpoints:
        if not touchpoint.label:
            yield Problem(
                subject=touchpoint.id,
                place=touchpoint.place,
                text="{touchpoint} has no label",
                arguments={"touchpoint": touchpoint.id},
                help="Write in `label` what people call it.",
            )


UNLABELLED = Check(
    "EXA001",
    "unlabelled-touchpoint",
    Severity.INFO,
    unlabelled_touchpoint,
    page=files("crmcore_example").joinpath("EXA001.md").read_text(encoding="utf-8"),
)
