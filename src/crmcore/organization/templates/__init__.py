"""Organizations to start from: each one file, commented to teach, and clean under every check."""

from crmcore.organization.templates.choosing import TEMPLATES, template, template_text

__all__ = ["TEMPLATES", "template", "template_text"]
