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

OWN_LETTERS = {check.code.rstrip("0123456789") for check in CHECKS}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_new_plugin_is_installed_and_its_tests_pass_at_once(tmp_path: Path) -> None:
    project = written(tmp_path / "crmcore-acme", skeleton("crmcore-acme"))
    site = installed(project, tmp_path / "site")
    outcome = python("-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", at=project, PYTHONPATH=str(site))
    assert re.search(r"^\d+ passed", outcome, re.MULTILINE), outcome
    listed = python("-m", "crmcore.cli", "plugins", "--format", "json", at=project, PYTHONPATH=str(site))
    (acme,) = [one for one in json.loads(listed)["plugins"] if one["distribution"] == "crmcore-acme"]
    assert (acme["name"], acme["version"], set(acme["adds"])) == (
        "acme",
        "0.1.0",
        {part.hook for part in PARTS.values()},
    )


@pytest.mark.parametrize("part", PARTS)
def test_a_plugin_with_one_part_adds_that_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    project = written(tmp_path, skeleton(f"crmcore-only-{part}", [part]))
    monkeypatch.syspath_prepend(str(project / "src"))
    registry = Registry()
    plugin = registry.register(import_module(f"crmcore_only_{part}"), name="only")
    assert list(registry.added(plugin)) == [PARTS[part].hook]
    assert registry.failures == ()


def test_every_hook_that_a_part_is_for_is_one() -> None:
    assert {part.hook for part in PARTS.values()} <= HOOKS.keys()
    assert all(HOOKS[part.hook].yields in (part.record or part.typed.split()[-1]) for part in PARTS.values())


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
