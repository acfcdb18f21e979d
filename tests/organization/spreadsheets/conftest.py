"""Workbooks made by hand, so that they can be as wrong as files are in the world."""

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest

Made = Callable[..., bytes]

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def made(sheets: Mapping[str, str], *, more: Mapping[str, str | bytes] | None = None, state: str = "visible") -> bytes:
    """Return a workbook of sheets whose XML, from `sheetData` on, is given; the last has a state."""
    names = list(sheets)
    states = {name: state if name == names[-1] else "visible" for name in names}
    entries = "".join(
        f'<sheet name="{name}" sheetId="{index}" state="{states[name]}" r:id="r{index}"/>'
        for index, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="r{index}" Type="{_LINKS}/worksheet" Target="worksheets/s{index}.xml"/>'
        for index in range(1, len(names) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="w" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook {_MAIN} xmlns:r="{_LINKS}"><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
    }
    for index, xml in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/s{index}.xml"] = f"{_HEAD}<worksheet {_MAIN}>{xml}</worksheet>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **(more or {})}.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def workbook() -> Made:
    """Make a workbook by hand."""
    return made
