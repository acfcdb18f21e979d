"""Each hook has its section in the reference, with the signature that the code has, and what it is for."""

import inspect
import re
from pathlib import Path

import pytest

from crmcore.plugins import Registry, hookspecs
from crmcore.plugins.collecting import HOOKS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "hooks.md").read_text(encoding="utf-8")
SECTIONS = dict(zip(*[iter(re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))


@pytest.mark.parametrize("name", HOOKS)
def test_the_reference_has_the_signature_and_the_meaning_of_each_hook(name: str) -> None:
    hook = getattr(hookspecs, name)
    signature = f"{name}{inspect.signature(hook)}".replace("'", "")
    assert f"```text\n{signature}\n```" in SECTIONS[name]
    assert hook.__doc__.splitlines()[0].removesuffix(".") in " ".join(SECTIONS[name].split())


def test_the_hooks_are_all_that_the_module_specifies() -> None:
    marked = [name for name, value in vars(hookspecs).items() if hasattr(value, "crmcore_spec")]
    assert marked == list(HOOKS)
    assert all(name.startswith("crmcore_") for name in marked)


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_yields_records_of_the_class_that_its_signature_names(name: str) -> None:
    assert inspect.signature(getattr(hookspecs, name)).return_annotation == f"Iterable[{HOOKS[name].yields}]"


@pytest.mark.parametrize("name", HOOKS)
def test_a_registry_has_what_a_hook_adds_under_the_name_of_the_hook(name: str) -> None:
    assert isinstance(getattr(Registry, name.removeprefix("crmcore_")), property)


@pytest.mark.parametrize("name", HOOKS)
def test_the_reference_has_an_example_of_each_hook(name: str) -> None:
    _, _, example = SECTIONS[name].partition('title="from plugins/crmcore-example/src/crmcore_example/__init__.py"')
    assert f"def {name}()" in example
