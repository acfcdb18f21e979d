"""The documentation tells the truth: every block in it is run, read or compared with what crmcore prints."""

import ast
import importlib.util
import inspect
import io
import os
import re
import shlex
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import attrs
import click
import pytest
import yaml
from authoring import Workbench
from click.testing import CliRunner

from crmcore import CRM, Organization, customers, organization
from crmcore.checks import CHECKS
from crmcore.cli.commands import crmcore as program
from crmcore.crm import Desks
from crmcore.organization.model import Record
from crmcore.storage import Entity

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])


@attrs.frozen
class Block:
    """A fenced block of a page: its language, the file that its title names, its text, and where the text begins."""

    language: str
    title: str | None
    text: str
    line: int


_LEFT_ALONE = {"sh", "json", "toml", "mermaid", "sql"}


def blocks(page: str) -> Iterator[Block]:
    for fence in re.finditer(r'^```([a-z]+)(?: title="([^"]+)")?\n(.*?)^```$', page, re.MULTILINE | re.DOTALL):
        yield Block(fence[1], fence[2], fence[3], page.count("\n", 0, fence.start(3)) + 1)


def ids(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


class Reader:
    """Someone who works through a page in a folder of their own, block after block.

    - `python` is run; a `text` block right after it is what it prints. With a title it is written to that file, or is
      shown `title="from …"` a file of this repository, and stands there word for word.
    - `yaml` is read as an organization file, or as sections of one. With a title it is written to that file, or added
      to its end by `title="add to …"`; a title other than `crmcore.yaml` is written, and not read.
    - `csv` with a title is written to that file.
    - `diff` changes the file that its title names: the lines that it keeps or takes away stand there once.
    - `console`: each `$ crmcore …` is run, and what follows is what it prints. `…` alone on a line stands for any
      lines, and in a line for any part of it. Whoever builds a plugin also goes to its folder (`cd`), installs it
      (`pip`), and runs its tests (`pytest`).
    - `sh` is left alone: `.ci/run` runs the README's.
    """

    def __init__(self, page: Path, workbench: Workbench) -> None:
        self.page = page
        self.workbench = workbench
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.printed: str | None = None
        self.status = 0

    def work_through(self) -> None:
        for block in blocks(self.page.read_text(encoding="utf-8")):
            getattr(self, f"do_{block.language}", self.leave)(block)
            if block.language != "python":
                self.printed = None

    def leave(self, block: Block) -> None:
        assert block.language in _LEFT_ALONE, f"{self.at(block)}: no rule for {block.language}"

    def do_python(self, block: Block) -> None:
        if block.title and block.title.startswith("from "):
            whole = (ROOT / block.title.removeprefix("from ")).read_text(encoding="utf-8")
            assert block.text in whole, f"{self.at(block)}: {block.title} does not hold this"
            return
        if block.title:
            Path(block.title).parent.mkdir(parents=True, exist_ok=True)
            Path(block.title).write_text(block.text, encoding="utf-8")
            return
        with redirect_stdout(io.StringIO()) as out:
            exec(compile("\n" * (block.line - 1) + block.text, str(self.page), "exec"), self.names)  # noqa: S102
        self.printed = out.getvalue()

    def do_text(self, block: Block) -> None:
        if self.printed is not None:
            assert alike(self.printed, block.text), f"{self.at(block)}: printed\n{self.printed}"

    def do_yaml(self, block: Block) -> None:
        tree = yaml.safe_load(block.text)
        target = Path((block.title or "fragment.yaml").removeprefix("add to "))
        text = block.text
        if block.title and block.title.startswith("add to "):
            text = target.read_text(encoding="utf-8") + text
        elif not block.title and "crmcore" not in tree:
            text = yaml.safe_dump({"crmcore": 1, "name": "A fragment", **tree}, allow_unicode=True, sort_keys=False)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        if target.name in ("crmcore.yaml", "fragment.yaml"):
            Organization.read(target)

    def do_csv(self, block: Block) -> None:
        assert block.title, f"{self.at(block)}: a table needs a title, the file that it is"
        Path(block.title).write_text(block.text, encoding="utf-8")

    def do_diff(self, block: Block) -> None:
        assert block.title, f"{self.at(block)}: a change needs a title, the file that it changes"
        before, after = (
            "".join(f"{line[1:]}\n" for line in block.text.splitlines() if line[:1] in kept) for kept in (" -", " +")
        )
        text = Path(block.title).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{self.at(block)}: {block.title} holds these lines {text.count(before)} times"
        Path(block.title).write_text(text.replace(before, after), encoding="utf-8")

    def do_console(self, block: Block) -> None:
        before, *parts = re.split(r"^\$ (.*)$", block.text, flags=re.MULTILINE)
        assert not before, f"{self.at(block)}: a console block begins with its command"
        for command, expected in zip(parts[::2], parts[1::2], strict=True):
            printed = self.run(shlex.split(command))
            assert alike(printed, expected), f"{self.at(block)}: {command}\nprinted\n{printed}"

    def run(self, words: list[str]) -> str:
        """Run one command, the way a shell would, and return what appears on the screen."""
        if words == ["echo", "$?"]:
            return f"{self.status}\n"
        name, *arguments = words
        self.workbench.forget()
        match words:
            case ["cd", folder]:
                os.chdir(folder)  # what changed to the folder of the page goes back
                return ""
            case ["pip", "install", "--editable", folder]:
                self.workbench.install(Path(folder))
                return ""
            case ["pytest", *_]:
                printed, self.status = self.workbench.pytest(*arguments)
                return printed
        assert name == "crmcore", f"crmcore, cd, pip install --editable and pytest can be run, not {name}"
        target = None
        if ">" in arguments:
            *arguments, _, target = arguments
        result = CliRunner().invoke(program, arguments, prog_name="crmcore")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        self.status = result.exit_code
        if target is not None:
            Path(target).write_text(result.stdout, encoding="utf-8")
        return result.stderr if target is not None else result.output

    def at(self, block: Block) -> str:
        return f"{ids(self.page)}:{block.line}"


def alike(printed: str, expected: str) -> bool:
    """Whether a page shows what is printed, but for white space at ends of lines and what it leaves out with `…`."""
    lines = [line.rstrip() for line in expected.strip("\n").split("\n")]
    pattern = "\n".join("(?:.*\n)*.*" if line == "…" else re.escape(line).replace("…", ".*") for line in lines)
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in printed.strip("\n").split("\n"))) is not None


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_block_of_the_page_does_what_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    if re.search(r'(--storage |CRM\.open\(")sqlite:', page.read_text(encoding="utf-8")):  # its readers have the plugin
        monkeypatch.setenv("CRMCORE_PLUGINS", "sqlalchemy")
    workbench = Workbench(tmp_path / "installed", monkeypatch)
    Reader(page, workbench).work_through()
    workbench.forget()


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_fence_is_one_that_the_reader_sees(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("```") == 2 * len(list(blocks(text)))


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    """The module that fills pages for mkdocs; it is loaded by its path, as mkdocs does."""
    spec = importlib.util.spec_from_file_location("docs_hooks", DOCS / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECORDS = sorted(
    name
    for name in organization.__all__
    if isinstance(record := getattr(organization, name), type) and issubclass(record, Record) and record is not Record
)


@pytest.mark.parametrize("name", RECORDS)
def test_the_reference_has_every_key_of_every_section(hooks: ModuleType, name: str) -> None:
    page = (DOCS / "reference" / "organization-file.md").read_text(encoding="utf-8")
    assert f"<!-- keys: {name} -->" in page
    table = hooks.filled(f"<!-- keys: {name} -->")
    keys = [field.name.rstrip("_") for field in attrs.fields(getattr(organization, name)) if field.name != "place"]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == keys
    headings = {heading.lower() for heading in re.findall(r"^#+ (\w+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\(#(\w+)\)", table)) <= headings


def test_the_reference_has_every_command(hooks: ModuleType) -> None:
    assert "<!-- help -->" in (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    page = hooks.filled("<!-- help -->")
    for name in program.list_commands(click.Context(program)):
        assert f"## `crmcore {name}`" in page


def test_the_reference_has_every_check(hooks: ModuleType) -> None:
    assert "<!-- checks -->" in (DOCS / "reference" / "checks.md").read_text(encoding="utf-8")
    page = hooks.filled("<!-- checks -->")
    assert re.findall(r"^\| \[(\w+)\]", page, re.MULTILINE) == sorted(check.code for check in CHECKS)


DESKS = {name: get_type_hints(desk.func)["return"] for name, desk in vars(Desks).items() if hasattr(desk, "func")}


@pytest.mark.parametrize(("name", "owner"), [("crm", CRM), *DESKS.items()])
def test_the_reference_has_every_method_of_every_desk(hooks: ModuleType, name: str, owner: type) -> None:
    source = (DOCS / "reference" / "crm.md").read_text(encoding="utf-8")
    page = hooks.filled(source)
    assert name == "crm" or f"## `crm.{name}`\n\n{getattr(Desks, name).__doc__}" in page
    found = dict(re.findall(rf"^### `{name}\.(\w+)`\n\n```python\n(.+?)\n```$", page, re.MULTILINE | re.DOTALL))
    public = [method for method in vars(owner) if not method.startswith("_") and callable(getattr(owner, method))]
    assert list(found) == public
    for method, signature in found.items():
        given = ast.parse(f"def {signature}: pass").body[0]
        assert isinstance(given, ast.FunctionDef)
        arguments = (*given.args.args, given.args.vararg, *given.args.kwonlyargs, given.args.kwarg)
        expected = [one for one in inspect.signature(getattr(owner, method)).parameters if one != "self"]
        assert [one.arg for one in arguments if one is not None] == expected


CUSTOMER_RECORDS = sorted(
    name for name in customers.__all__ if isinstance(record := getattr(customers, name), type) and attrs.has(record)
)


@pytest.mark.parametrize("name", CUSTOMER_RECORDS)
def test_the_reference_has_every_attribute_of_every_record_of_customers(hooks: ModuleType, name: str) -> None:
    page = hooks.filled("<!-- records -->")
    (table,) = re.findall(rf"^### `{name}`$(.*?)(?=^### |\Z)", page, re.MULTILINE | re.DOTALL)
    rows = dict(re.findall(r"^\| `(\w+)` \| (?:`.+?`)? ?\| (.*) \|$", table, re.MULTILINE))
    own = [one.name for one in attrs.fields(getattr(customers, name)) if not hasattr(Entity, one.name)]
    assert set(own) <= set(rows)
    assert all(rows.values()), [attribute for attribute, meaning in rows.items() if not meaning]


def test_the_architecture_has_every_room_from_top_to_bottom() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    page = (DOCS / "explanation" / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == re.findall(r"\w+", " ".join(layers))


def test_both_readmes_show_the_same_commands_and_programs() -> None:
    english, chinese = (
        [block.text for block in blocks((ROOT / name).read_text(encoding="utf-8")) if block.language != "text"]
        for name in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese
