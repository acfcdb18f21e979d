"""A package beside crmcore brings the translations of what it says."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from crmcore.language import bring_catalogue, catalogues, say, speaking, told, translated


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed package that is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(catalogues, "_packages", {})
    folder = tmp_path / "a_plugin_that_speaks"
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    yield folder
    sys.modules.pop(folder.name, None)
    catalogues.catalogue.cache_clear()


def translate(package: Path, **translations: str) -> None:
    catalog = Catalog(locale="zh")
    for text, translation in translations.items():
        catalog.add(text, translation)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    folder = package / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / f"{package.name}.mo").write_bytes(compiled.getvalue())


def test_what_a_package_says_is_told_in_its_own_words(package: Path) -> None:
    translate(package, **{"{count} pigeons flew": "{count} 只鸽子飞走了"})
    with speaking("zh"):
        assert told(say("{count} pigeons flew", count=3)) == "3 pigeons flew"
        bring_catalogue(package.name)
        assert told(say("{count} pigeons flew", count=3)) == "3 只鸽子飞走了"
    assert told(say("{count} pigeons flew", count=3)) == "3 pigeons flew"


def test_what_crmcore_says_too_is_told_as_crmcore_tells_it(package: Path) -> None:
    translate(package, role="卷", pigeon="鸽子")
    bring_catalogue(package.name)
    with speaking("zh"):
        assert (translated("role"), translated("pigeon")) == ("角色", "鸽子")


def test_a_package_without_translations_speaks_english(package: Path) -> None:
    bring_catalogue(package.name)
    with speaking("zh"):
        assert (translated("pigeon"), translated("role")) == ("pigeon", "角色")


def test_english_asks_no_package() -> None:
    assert translated("pigeon") == "pigeon"
