"""What the plugin adds to crmcore, and that nobody pays for it who wants something else."""

import subprocess
import sys
from pathlib import Path

import pytest

from crmcore.language import speaking
from crmcore.plugins import Registry
from crmcore.storage import StorageUnavailable
from crmcore.testing.storages import KINDS, Company, company


@pytest.fixture
def registry() -> Registry:
    return Registry.installed({"CRMCORE_PLUGINS": "sqlalchemy"})


def test_it_adds_its_databases_by_the_schemes_of_their_urls(registry: Registry) -> None:
    assert list(registry.storages) == ["mariadb", "memory", "postgresql", "sqlite"]
    assert registry.failures == ()


def test_the_url_of_a_file_opens_a_storage_that_keeps_what_it_is_given(registry: Registry, tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'crm.db').as_posix()}"
    with registry.storage_of(url).open(url, KINDS) as storage, storage.begin("one") as work:
        work.add(company())
        work.commit()
    with registry.storage_of(url).open(url, KINDS) as again, again.begin("one") as work:
        assert work.get(Company, "c1").name == "华为"


def test_whoever_asks_what_there_is_does_not_import_sqlalchemy() -> None:
    code = (
        "import sys; from crmcore.plugins import Registry; registry = Registry.installed({});"
        "print('sqlite' in registry.storages, registry.storage_of('sqlite:///x').name, 'sqlalchemy' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout == "True sqlite False\n"


def test_what_it_refuses_is_told_in_chinese_too(registry: Registry) -> None:
    with pytest.raises(StorageUnavailable) as caught:
        registry.storage_of("sqlite:").open("sqlite://", KINDS)
    with speaking("zh"):
        assert str(caught.value) == "SQLite 的存储是一个文件，如 sqlite:///crm.db；放在内存里请写 memory:"
