"""Which heading means what, kept in a file so that the next export of the same system is read in the same way."""

import json
from collections.abc import Mapping
from pathlib import Path

from crmcore.language import listed, say
from crmcore.organization.faults import Faults, did_you_mean, quoted
from crmcore.organization.reading.files import bytes_of
from crmcore.organization.spreadsheets import UnreadableSheet
from crmcore.organization.staff_lists.columns import FIELDS

__all__ = ["read_mapping", "write_mapping"]


def write_mapping(path: Path, headings: Mapping[str, str]) -> None:
    """Write a mapping as JSON: `{"name": "姓名"}`.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text(json.dumps(dict(headings), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read_mapping(path: Path) -> dict[str, str]:
    """Read a mapping.

    Raises:
        UnreadableSheet: the file is no mapping of fields to headings.
        InvalidOrganization: there is no such file.
    """
    faults = Faults()
    data = bytes_of(path, faults)
    if data is None:
        raise faults.error()
    wanted = say('a mapping such as {{"name": "姓名"}} is wanted')
    try:
        mapping = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableSheet(str(path), say("the file is no JSON"), wanted) from None
    if not isinstance(mapping, dict) or not all(isinstance(heading, str) for heading in mapping.values()):
        raise UnreadableSheet(str(path), say("the file maps no fields to headings"), wanted)
    for name in mapping:
        if name not in FIELDS:
            reason = say("there is no field {name}", name=quoted(name))
            mend = did_you_mean(name, FIELDS) or say("the fields are {fields}", fields=listed(FIELDS))
            raise UnreadableSheet(str(path), reason, mend)
    return mapping
