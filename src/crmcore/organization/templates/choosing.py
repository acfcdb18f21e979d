"""The templates that there are, and each of them in the language that is wanted."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from crmcore.errors import UnknownName, nearest
from crmcore.language import Language, Phrase, current, say, speaking
from crmcore.organization.model import Organization
from crmcore.organization.templates.texts import retold

__all__ = ["TEMPLATES", "template", "template_text"]

TEMPLATES: Final[Mapping[str, Phrase]] = {
    "founder": say("One person holds nearly everything: a company of a few, with a process and named people."),
    "b2b": say("Few and large customers: account managers one to one, and success with a veto on promises."),
    "b2c": say("Many and small customers: standard processes, automation and a pooled service centre."),
    "saas": say("Software by subscription: trial, onboarding, adoption and renewal, led by customer success."),
    "crm-department": say("A CRM department of its own that coordinates marketing, sales and service."),
    "one-to-one-marketing": say(
        "The right offer to the right customer: segments, campaigns, channels and contact rules."
    ),
}
"""The templates by name, each in one sentence, the smallest company first."""


def template_text(name: str, language: Language | None = None) -> str:
    """Return a template as the text of its file, with comments.

    Args:
        name: one of `TEMPLATES`.
        language: that of names and comments; None for the language of the moment. Ids are the same in all of them.

    Raises:
        UnknownName: there is no such template.
    """
    if name not in TEMPLATES:
        raise UnknownName("template", name, nearest(name, TEMPLATES))
    text = files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    with speaking(language or current()):
        return retold(text)


def template(name: str, language: Language | None = None) -> Organization:
    """Return a template as an organization.

    Args:
        name: one of `TEMPLATES`.
        language: that of names and labels; None for the language of the moment.

    Raises:
        UnknownName: there is no such template.
    """
    return Organization.parse(template_text(name, language), file=f"{name}.yaml")
