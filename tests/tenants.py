"""All rows of a tenant, to compare what was with what is."""

import json
from typing import Any

from crmcore.crm import CRM
from crmcore.storage import Query, plain_row

__all__ = ["rows"]


def rows(crm: CRM) -> dict[tuple[str, str], str]:
    """All rows of the tenant of a CRM by kind and id, but for events and versions."""
    found: dict[tuple[str, str], str] = {}
    with crm.begin(read_only=True) as work:
        for kind in work.job.kinds.values():
            if kind.name != "event":
                for one in work.job.unit.each(Query(kind.record, limit=1_000)):
                    values: dict[str, Any] = plain_row(kind, work.job.kinds.rows(kind).of(one))
                    del values["version"]
                    found[kind.name, one.id] = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return found
