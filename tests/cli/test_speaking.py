import gettext
import os
from types import SimpleNamespace

import pytest

from crmcore.cli.speaking import asked, spoken
from crmcore.language import Language, current


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        ("", "en"),
        ("check company.yaml", "en"),
        ("--language zh check", "zh"),
        ("--language=zh check", "zh"),
        ("check --language zh", "zh"),
        ("check --on 2026-01-01 --language=zh company.yaml", "zh"),
        ("--language zh check --language en", "en"),
        ("check zh", "en"),
        ("check -- --language zh", "en"),
        ("check --language", "en"),
        ("check --language fr", "en"),
    ],
)
def test_the_option_decides_wherever_it_stands(arguments: str, language: Language) -> None:
    assert asked(arguments.split(), {"LANG": "en_US.UTF-8"}) == language


def test_without_the_option_the_environment_decides() -> None:
    assert asked([], {"LANG": "zh_CN.UTF-8"}) == "zh"
    assert asked([], {"LANG": "zh_CN.UTF-8", "CRMCORE_LANGUAGE": "en"}) == "en"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Chinese (Simplified)_China", "zh"),
        ("zh_CN", "zh"),
        ("English_United States", "en"),
        ("de_DE", "en"),
        (None, "en"),
    ],
)
def test_windows_says_its_language_in_no_variable(
    monkeypatch: pytest.MonkeyPatch, name: str | None, language: Language
) -> None:
    monkeypatch.setattr("crmcore.cli.speaking.os", SimpleNamespace(name="nt"))
    monkeypatch.setattr("locale.getlocale", lambda: (name, None))
    assert asked([], {}) == language
    assert asked([], {"CRMCORE_LANGUAGE": "en"}) == "en"


@pytest.mark.parametrize("before", [None, "fr:de"])
def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    if before is not None:
        monkeypatch.setenv("LANGUAGE", before)
    domain = gettext.textdomain()
    with pytest.raises(KeyError), spoken("zh"):
        assert current() == "zh"
        assert gettext.gettext("Options") == "选项"
        raise KeyError
    assert current() == "en"
    assert gettext.gettext("Options") == "Options"
    assert gettext.textdomain() == domain
    assert os.environ.get("LANGUAGE") == before
