"""Mending the text of an organization's files: entries are taken out, and all else stays as its author wrote it."""

from crmcore.organization.mending.contents import Content, content_of, replace
from crmcore.organization.mending.entries import without_entries
from crmcore.organization.mending.tidying import tidied

__all__ = ["Content", "content_of", "replace", "tidied", "without_entries"]
