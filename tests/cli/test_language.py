"""The command line in Chinese: what is asked for in one language is answered in it, and the next call starts anew."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

from crmcore.checks import pages
from crmcore.cli.commands import COMMANDS, crmcore
from crmcore.cli.taught import Spoken
from crmcore.language import current

Run = Callable[..., Result]
SENTENCE = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,}){3}")
"""Four English words in a row: no command line has them, and no sentence lacks them."""


def commands() -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, those inside others too."""
    yield ()
    context = click.Context(crmcore)
    for name in COMMANDS:
        command = crmcore.get_command(context, name)
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands)


def command_of(words: tuple[str, ...]) -> click.Command:
    command: click.Command = crmcore
    for word in words:
        assert isinstance(command, click.Group)
        inner = command.get_command(click.Context(command), word)
        assert inner is not None
        command = inner
    return command


EVERY_COMMAND = pytest.mark.parametrize("words", list(commands()), ids=" ".join)


def without_calls(help_: str) -> str:
    """Take out what is typed: `crmcore raci import` is no English sentence."""
    return re.sub(r"crmcore( [\w.:-]+)*", "", help_)


@EVERY_COMMAND
def test_every_command_can_be_asked_for_its_language(words: tuple[str, ...]) -> None:
    command = command_of(words)
    assert isinstance(command, Spoken)
    assert any("--language" in parameter.opts for parameter in command.params)


@EVERY_COMMAND
def test_the_help_of_every_command_is_chinese(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words, "--language", "zh", "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("用法: crmcore")
    assert "选项:" in result.stdout
    assert "显示本帮助并退出。" in result.stdout
    assert not SENTENCE.findall(without_calls(result.stdout))
    assert not re.search(r"Options|Commands|Examples|default:", result.stdout)


@EVERY_COMMAND
def test_the_help_is_english_again_after_it_was_chinese(run: Run, words: tuple[str, ...]) -> None:
    before = run(*words, "--help").stdout
    run(*words, "--language", "zh", "--help")
    assert run(*words, "--help").stdout == before
    assert before.startswith("Usage: crmcore")
    if not {"people", "import"} & {*words}:  # their help names columns that Chinese files have
        assert not re.search("[\u4e00-\u9fff]", before)
    assert current() == "en"


def test_the_option_stands_before_the_command_or_after_it(run: Run) -> None:
    wanted = run("--language", "zh", "check", "--help").stdout
    assert run("check", "--language=zh", "--help").stdout == wanted
    assert run("check", "--help", "--language", "zh").stdout == wanted


def test_the_environment_chooses_the_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMCORE_LANGUAGE", "zh")
    assert "选项:" in run("--help").stdout
    assert "Options:" in run("--language", "en", "--help").stdout
    monkeypatch.delenv("CRMCORE_LANGUAGE")
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "选项:" in run("--help").stdout


def test_a_language_that_nobody_speaks_is_refused(run: Run) -> None:
    result = run("check", "--language", "fr")
    assert result.exit_code == 2
    assert "'fr' is not one of 'en', 'zh'." in result.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("check --sortiment", "错误：没有选项 '--sortiment'。"),
        ("check --lim 1", "'--limit'？"),
        ("check --format pdf", "错误：'--format' 的值无效：'pdf' 不在 "),
        ("check --limit -1", "错误：'--limit' 的值无效：-1 不在范围 x>=0 内。"),
        ("check --limit x", "错误：'--limit' 的值无效：'x' 不是有效的 "),
        ("check --on", "错误：选项 '--on' 需要一个值。"),
        ("check --on 2026-13-01", "错误：'--on' 的值无效：日历上没有 '2026-13-01' 这一天。"),
        ("check --on today", "请写成年-月-日，如 2026-11-23。"),
        ("check a b", "错误：多余的参数（b）"),
        ("who", "错误：缺少参数 'PATH'"),
        ("who crmcore.yaml visit region", "请写成“名称=取值”，如 region=East。"),
        ("chekc", "错误：没有名为 'chekc' 的命令；您是不是想写 'check'？"),
        ("explain COV1001", "错误：没有名为 'COV1001' 的检查；您是不是想写 'COV101'？"),
        ("check", "错误：此文件夹里没有 crmcore.yaml"),
        ("check absent.yaml", "absent.yaml:1:1: 文件 'absent.yaml' 不存在"),
        ("check --until 2026-01-01 --on 2026-01-02", "错误：此文件夹里没有 crmcore.yaml"),
    ],
)
def test_what_is_wrong_with_a_call_is_told_in_chinese(run: Run, line: str, said: str) -> None:
    result = run("--language", "zh", *line.split())
    assert result.exit_code == 2
    assert said in result.stderr
    assert not SENTENCE.findall(result.stderr)


def test_what_is_wrong_with_a_file_is_told_in_chinese(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "crmcore.yaml"
    path.write_text(
        "crmcore: 1\nname: 012\npeople: [{id: A B, nmae: x}]\nduties: [{touchpoints: all, role: a, duty: vetoo}]\n"
    )
    keys = "id、name、department、level、reports_to、skills、capacity、from、to、absences、status、external"
    duties = "accountable、responsible、consulted、informed、veto"
    assert run("check", path, "--language", "zh").stderr.splitlines() == [
        f'{path}:2:7: 应为：文本；实为：数字 12（请加上引号："012"）',
        f"{path}:3:11: 'A B' 不是合法的 id：只能用 a-z、0-9 和 . _ -，并以字母或数字开头（请写成 a-b）",
        f"{path}:3:20: 该人员没有名为 'nmae' 的键；可用的键有 {keys}（您是不是想写 'name'？）",
        f"{path}:4:44: 应为：{duties} 之一；实为：文本 'vetoo'（您是不是想写 'veto'？）",
        "错误：共 4 处错误；未做任何检查。",
    ]


def test_a_question_that_has_no_answer_is_told_in_chinese(run: Run, company: Path) -> None:
    nobody = run("--language", "zh", "who", company, "renewal-call", "region=Singapore")
    assert nobody.exit_code == 1
    assert nobody.stderr.startswith("错误：触点 'renewal-call' 无人负责，例如 region=Singapore")
    outside = run("--language", "zh", "who", company, "renewal-call", "regoin=Sichuan")
    assert outside.stderr.startswith("错误：该组织没有维度 'regoin'；现有维度：region、channel、employees")
    assert outside.stderr.endswith("；您是不是想写 'region'？\n")


def test_a_page_is_read_in_chinese(run: Run) -> None:
    page = run("explain", "COV101", "--language", "zh")
    assert page.exit_code == 0
    assert page.stderr == ""
    for heading in ("含义", "为什么重要", "出错的文件", "如何修改", "crmcore: 1"):
        assert heading in page.stdout


def test_a_page_that_is_there_in_english_only_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmcore.cli.explain.page", lambda code, _language: pages.page(code))
    result = run("explain", "COV101", "--language", "zh")
    assert result.stderr == "COV101 的页面目前只有英文版。\n"
    assert "What it means" in result.stdout


def test_english_needs_no_catalogue() -> None:
    """Whoever speaks English does not wait for the Chinese to be read."""
    code = (
        "import gettext; gettext.GNUTranslations = None;"
        "from crmcore.cli.commands import crmcore; crmcore(['check', '--help'], standalone_mode=False)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.startswith("Usage:")
