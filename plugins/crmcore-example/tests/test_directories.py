"""The people of a directory come in through the importer of the example."""

from pathlib import Path

import pytest

from crmcore.importing import Layout, ValueType, examine
from crmcore.organization.spreadsheets import UnreadableSheet
from crmcore.plugins import Registry

LDIF = """version: 1

# the sales department
dn: cn=li.na,ou=sales,dc=example,dc=com
cn: li.na
sn:: 5p2O
mail: li.na@example.com
mail: na.li@example.com
telephoneNumber: +86 21
  6500 1234

dn: cn=wang.wei,ou=sales,dc=example,dc=com
cn: wang.wei
title: Head of Sales
"""


@pytest.fixture
def registry() -> Registry:
    return Registry.installed({"CRMCORE_PLUGINS": "example"})


def test_a_directory_is_a_table(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "people.txt"
    path.write_text(LDIF, encoding="utf-8")
    examination = examine(path, importers=registry.importers.values())
    assert examination.layout.format == "ldif"
    assert examination.table.columns == ("dn", "cn", "sn", "mail", "telephoneNumber", "title")
    assert [list(line.cells)[1:] for line in examination.table] == [
        ["li.na", "李", "li.na@example.com; na.li@example.com", "+86 21 6500 1234", ""],
        ["wang.wei", "", "", "", "Head of Sales"],
    ]
    assert [line.number for line in examination.table] == [4, 12]
    assert examination.column("telephoneNumber").format.type is ValueType.PHONE


@pytest.mark.parametrize("content", [b"", b"version: 1\n", b"dn: \xff\n"])
def test_what_is_no_directory_is_refused_in_a_sentence(tmp_path: Path, registry: Registry, content: bytes) -> None:
    path = tmp_path / "people.ldif"
    path.write_bytes(content)
    with pytest.raises(UnreadableSheet):
        list(registry.importers["ldif"].open(path, Layout()))
