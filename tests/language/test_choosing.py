import pytest

from crmcore.language import LANGUAGES, Language, current, of_locale, speaking


def test_english_is_spoken_unless_somebody_says_otherwise() -> None:
    assert current() == "en"
    assert LANGUAGES[0] == "en"


def test_a_language_is_spoken_inside_a_block_and_no_further() -> None:
    with speaking("zh"):
        assert current() == "zh"
        with speaking("en"):
            assert current() == "en"
        assert current() == "zh"
    assert current() == "en"


def test_a_block_that_fails_gives_the_language_back() -> None:
    with pytest.raises(KeyError), speaking("zh"):
        raise KeyError
    assert current() == "en"


def test_a_language_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(ValueError, match="the languages are en, zh, not 'fr'"), speaking("fr"):  # type: ignore[arg-type]
        pass


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": ""}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.Big5"}, "zh"),
        ({"LANG": "zh-Hans"}, "zh"),
        ({"LANG": "zh@pinyin"}, "zh"),
        ({"LANG": "ZH"}, "zh"),
        ({"LANG": "zhuang"}, "en"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_CTYPE": "zh_CN.UTF-8"}, "en"),
        ({"LANGUAGE": "fr:zh_CN:en", "LANG": "fr_FR.UTF-8"}, "zh"),
        ({"LANGUAGE": "fr:en:zh_CN"}, "en"),
        ({"LANGUAGE": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
        ({"CRMCORE_LANGUAGE": "en", "LANGUAGE": "zh", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"CRMCORE_LANGUAGE": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
    ],
)
def test_the_first_variable_that_says_something_decides(environment: dict[str, str], language: Language) -> None:
    assert of_locale(environment) == language
