"""A new plugin: its files make a distribution that can be installed, and its tests pass at once."""

import json
import keyword
import re
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path

import pytest
from authoring import installed, python
from hypothesis import assume, given
from hypothesis import strategies as st

from crmcore.checks import CHECKS
from crmcore.errors import UnknownName
from crmcore.plugins import Registry
from crmcore.plugins.collecting import HOOKS
from crmcore.plugins.skeleton import PARTS, skeleton

EXAMPLE = Path(__file__).parents[2] / "plugins" / "crmcore-example" / "src" / "crmcore_example"
OWN_LETTERS = {check.code.rstrip("0123456789") for check in CHECKS}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_new_plugin_is_installed_and_its_tests_pass_at_once(tmp_path: Path) -> None:
    """But for the tests of the storage, which take a while: the tutorial runs them."""
    project = written(tmp_path / "crmcore-acme", skeleton("crmcore-acme"))
    site = installed(project, tmp_path / "site")
    options = ["-q", "-W", "error", "-p", "no:cacheprovider", "--ignore", "tests/test_storages.py"]
    outcome = python("-m", "pytest", *options, at=project, PYTHONPATH=str(site))
    assert re.search(r"^\d+ passed", outcome, re.MULTILINE), outcome
    listed = python("-m", "crmcore.cli", "plugins", "--format", "json", at=project, PYTHONPATH=str(site))
    (acme,) = [one for one in json.loads(listed)["plugins"] if one["distribution"] == "crmcore-acme"]
    assert (acme["name"], acme["version"]) == ("acme", "0.1.0")
    assert set(acme["adds"]) == {hook for part in PARTS.values() for hook in part.hooks}


@pytest.mark.parametrize("part", PARTS)
def test_a_plugin_with_one_part_adds_that_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    if part == "storage":
        pytest.importorskip("filelock", reason="install the plugins with `uv run --all-packages`")
    project = written(tmp_path, skeleton(f"crmcore-only-{part}", [part]))
    monkeypatch.syspath_prepend(str(project / "src"))
    registry = Registry()
    plugin = registry.register(import_module(f"crmcore_only_{part}"), name="only")
    assert set(registry.added(plugin)) == set(PARTS[part].hooks)
    assert registry.failures == ()


def test_there_is_a_part_for_every_hook() -> None:
    assert {hook for part in PARTS.values() for hook in part.hooks} == HOOKS.keys()
    for part in PARTS.values():
        for hook, record in part.hooks.items():
            assert HOOKS[hook].yields in (record, part.typed.split(" ")[-1])


@pytest.mark.parametrize(
    ("name", "part", "module", "example"),
    [
        ("crmcore-jsonlines", "storage", "storages", "jsonlines"),
        ("crmcore-folder", "channel", "messages", "folders"),
    ],
)
def test_what_a_plugin_begins_with_is_what_the_example_has(name: str, part: str, module: str, example: str) -> None:
    """But for what linters want to be told, who take crmcore for the project's own here and for another's there."""
    own = (EXAMPLE / f"{example}.py").read_text(encoding="utf-8")
    own = re.sub(r"  # noqa: \S+ \(.*\)$", "", own, flags=re.MULTILINE)
    own = re.sub(r"^(from (?:attrs|filelock) .*)\n\n(?=from crmcore)", r"\1\n", own, flags=re.MULTILINE)
    assert skeleton(name, [part])[f"src/{name.replace('-', '_')}/{module}.py"] == own


@given(
    name=st.from_regex(r"(crmcore-)?[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True),
    parts=st.lists(st.sampled_from([*PARTS])),
)
def test_whatever_the_name_is_the_files_are_python_and_the_code_is_the_plugins_own(
    name: str, parts: Iterable[str]
) -> None:
    assume(name not in {"crmcore", *keyword.kwlist} and name.replace("-", "_") not in sys.stdlib_module_names)
    files = skeleton(name, [*parts, "check"])
    for path, text in files.items():
        if path.endswith(".py"):
            compile(text, path, "exec")
    (page,) = [Path(path) for path in files if path.endswith("1.md")]
    assert re.fullmatch("[A-Z]{3,8}001", page.stem)
    assert page.stem.removesuffix("001") not in OWN_LETTERS


@pytest.mark.parametrize(
    "name", ["", "Acme", "acme_x", "acme--x", "-acme", "客户", "crmcore", "json", "class", "a" * 51]
)
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="a plugin is called by lower-case words"):
        skeleton(name)


@pytest.mark.parametrize("family", sorted(OWN_LETTERS))
def test_a_plugin_that_is_called_like_a_family_of_ours_gets_letters_of_its_own(family: str) -> None:
    assert f"src/{family.lower()}/{family}X001.md" in skeleton(family.lower())


def test_a_part_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'check'"):
        skeleton("acme", ["chek"])
