"""The elements of a DMN file with their places, read so that no file can do harm: no DTD, no entities, bounded."""

from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from attrs import Factory, define

from crmcore.language import Phrase, say
from crmcore.organization.faults import Faults, quoted
from crmcore.values import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LARGEST_FILE", "Element", "read_elements"]

LARGEST_FILE: Final = 32 * 1024 * 1024
"""How many bytes a DMN file may have."""

_DEEPEST: Final = 100
_MOST: Final = 1_000_000
_DMN: Final = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")
_SAVE_AGAIN: Final = say("open it in your modeler and save it again")


@define
class Element:
    """One element of DMN's own namespaces; what modelers add to it for themselves is left out.

    Attributes:
        name: its name without a prefix.
        attributes: its attributes that have no namespace.
        place: where it begins.
        parent: the element around it.
        children: the elements in it.
        text: its text, without what its children hold.
        text_place: where its text begins.
    """

    name: str
    attributes: dict[str, str]
    place: Place
    parent: "Element | None" = None
    children: "list[Element]" = Factory(list)
    text: str = ""
    text_place: Place | None = None

    def child(self, name: str) -> "Element | None":
        """Return the first child of a name."""
        return next(self.all(name), None)

    def all(self, name: str) -> "Iterator[Element]":
        """Yield the children of a name."""
        return (child for child in self.children if child.name == name)

    def walk(self) -> "Iterator[Element]":
        """Yield this element and all below it, in the order of the file."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))

    def expression(self) -> "tuple[str, Place]":
        """Return the text of its `text` child, and where it is written; empty when there is none."""
        text = self.child("text")
        if text is None:
            return "", self.place
        return text.text.strip(), text.text_place or text.place


class _Refused(Exception):
    """The file is not read on."""


def read_elements(data: bytes, file: str, faults: Faults) -> Element | None:
    """Read the elements of a DMN file.

    Args:
        data: what the file holds.
        file: its name.
        faults: where what is wrong is added.

    Returns:
        The `definitions`; None, with a fault, when there are none.
    """
    if len(data) > LARGEST_FILE:
        faults.add(Place(file), say("the file is larger than {most} MB", most=LARGEST_FILE // 1024 // 1024))
        return None
    reading = _Reading(file, faults)
    try:
        reading.parser.Parse(data, True)
    except _Refused:
        return None
    except expat.ExpatError as error:
        place = Place(file, error.lineno, error.offset + 1)
        faults.add(place, say("the file is no XML: {reason}", reason=expat.ErrorString(error.code)), _SAVE_AGAIN)
        return None
    except (LookupError, ValueError):
        faults.add(Place(file), say("the encoding that the file names is unknown, or not its own"), _SAVE_AGAIN)
        return None
    return reading.definitions()


class _Reading:
    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults
        self.root: Element | None = None
        self.first: tuple[str, str, Place] | None = None
        self.path: list[Element | None] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = False  # so that the place of a text is that of its beginning
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    @property
    def place(self) -> Place:
        return Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def refuse(self, found: Phrase, suggestion: str = "") -> None:
        self.faults.add(self.place, found, suggestion)
        raise _Refused

    def doctype(self, *_: Any) -> None:
        self.refuse(say("the file declares a document type, which could hide things in it"), say("remove <!DOCTYPE …>"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.path) >= _DEEPEST:
            self.refuse(say("the elements are nested more than {most} deep", most=_DEEPEST))
        if self.count > _MOST:
            self.refuse(say("the file holds more than {most:,} elements", most=_MOST))
        namespace, _, local = name.rpartition(" ")
        self.first = self.first or (local, namespace, self.place)
        parent = self.path[-1] if self.path else None
        ours = namespace.startswith(_DMN) and (parent is not None or not self.path)
        if not ours:
            self.path.append(None)
            return
        element = Element(local, {key: text for key, text in attributes.items() if " " not in key}, self.place, parent)
        self.path.append(element)
        if parent is not None:
            parent.children.append(element)
        else:
            self.root = element

    def end(self, _name: str) -> None:
        self.path.pop()

    def characters(self, text: str) -> None:
        element = self.path[-1] if self.path else None
        if element is None or element.name not in {"text", "typeRef"}:
            return
        if element.text_place is None and text.strip():
            element.text_place = self.place if text[0].strip() else _behind_blanks(self.place, text)
        element.text += text

    def definitions(self) -> Element | None:
        if self.root is not None and self.root.name == "definitions":
            return self.root
        name, namespace, place = self.first or ("", "", Place(self.file))
        root = {"name": quoted(name), "namespace": quoted(namespace)}
        found = say("the file holds no DMN: its root is {name} of the namespace {namespace}", **root)
        self.faults.add(place, found, say("export it as DMN 1.1 or later from your modeler"))
        return None


def _behind_blanks(place: Place, text: str) -> Place:
    blanks = text[: len(text) - len(text.lstrip())]
    lines = blanks.count("\n")
    column = len(blanks) - blanks.rfind("\n") if lines else place.column + len(blanks)
    return Place(place.file, place.line + lines, column)
