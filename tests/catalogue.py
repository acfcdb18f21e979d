"""The catalogue of what people read: which texts the code says, what the translators wrote, and both compared.

Run as a program it compiles `src/crmcore/language/zh/*.po` into `zh.mo`, and prints what still lacks a translation:

    python tests/catalogue.py            # compile, and say what is missing, out of use or misspelt
    python tests/catalogue.py --missing  # print what is missing as entries of a .po file
"""

import ast
import string
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = ["COMPILED", "compiled", "entries", "fields", "said"]

SOURCE = Path(__file__).parents[1] / "src" / "crmcore"
COMPILED = SOURCE / "language" / "zh.mo"
_SAYING = {"say", "say_many"}
_KEYWORDS = {"text", "help", "short_help", "epilog", "metavar"}


def said() -> dict[str, str]:
    """Return every text that the code says, with the place where it does so first."""
    texts: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for text, line in _in_code(ast.parse(path.read_text(encoding="utf-8"))):
            texts.setdefault(text, f"{path.relative_to(SOURCE.parent)}:{line}")
    return texts


def _in_code(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _SAYING and node.args:
            yield from _constants(node.args[0])
        for keyword in node.keywords:
            if keyword.arg in _KEYWORDS and name not in _SAYING:
                yield from _constants(keyword.value)


def _constants(node: ast.expr) -> Iterator[tuple[str, int]]:
    """Yield the texts that an expression can be: a constant, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value, node.lineno
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def entries() -> dict[str, tuple[str, str]]:
    """Return what the translators wrote: the translation of every text, and the file and line where it stands."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(COMPILED.with_suffix("").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if message.id:
                    text, translation, place = str(message.id), str(message.string), f"{path.name}:{message.lineno}"
                    if text in found and found[text][0] != translation:
                        raise SystemExit(f"{place} and {found[text][1]} translate {text!r} differently")
                    found[text] = (translation, place)
    return found


def fields(template: str) -> set[str]:
    """Return the names in the braces of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def compiled() -> bytes:
    """Return the catalogue as gettext reads it."""
    catalog = Catalog(locale="zh", fuzzy=False)
    for text, (translation, _) in sorted(entries().items()):
        catalog.add(text, translation)
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> None:
    """Compile, and say what is missing."""
    known, wanted = entries(), said()
    missing = [text for text in wanted if not known.get(text, ("", ""))[0]]
    if "--missing" in sys.argv:
        for text in missing:
            print(f'#: {wanted[text]}\nmsgid {_quoted(text)}\nmsgstr ""\n')
        return
    COMPILED.write_bytes(compiled())
    print(f"{len(known)} translations compiled; {len(missing)} texts have none")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    main()
