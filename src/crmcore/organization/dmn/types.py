"""The types that a DMN file defines for its inputs and outputs: what kind of value, and which values are allowed."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from crmcore.organization.dmn.elements import Element
from crmcore.organization.dmn.literals import TYPES, Kind
from crmcore.values import Place

__all__ = ["Types"]

_FEEL: tuple[str, ...] = ("feel:", "xsd:", "xs:")


@frozen
class Types:
    """The item definitions of a file, and the variables that have one of these types.

    Attributes:
        definitions: the definitions, by name.
        variables: the name of a type, by the name of the input data or decision that has it.
    """

    definitions: Mapping[str, Element]
    variables: Mapping[str, str]

    @classmethod
    def of(cls, root: Element) -> "Types":
        """Read the types of a file."""
        definitions: dict[str, Element] = {}
        variables: dict[str, str] = {}
        for element in root.children:
            name = element.attributes.get("name", "")
            if element.name == "itemDefinition":
                definitions.setdefault(name, element)
            variable = element.child("variable")
            if variable is not None and "typeRef" in variable.attributes:
                variables.setdefault(name, variable.attributes["typeRef"])
        return cls(definitions, variables)

    def chain(self, type_: str) -> Iterator[Element]:
        """Yield the definition of a type, and those that it rests on."""
        seen: set[str] = set()
        while type_ in self.definitions and type_ not in seen:
            seen.add(type_)
            definition = self.definitions[type_]
            yield definition
            type_ = _type_reference(definition)

    def kind(self, type_: str) -> Kind | None:
        """Return what kind of value a type is; None when it is unknown, or any."""
        for definition in self.chain(type_):
            type_ = _type_reference(definition)
        for prefix in _FEEL:
            type_ = type_.removeprefix(prefix)
        return TYPES.get(type_)

    def manifold(self, type_: str) -> bool:
        """Say whether a value of a type has parts, so that nothing in it can be compared."""
        return any(
            definition.attributes.get("isCollection") == "true" or definition.child("itemComponent") is not None
            for definition in self.chain(type_)
        )

    def allowed(self, type_: str) -> tuple[str, Place] | None:
        """Return the values that a type allows, and where they are written; None for all."""
        for definition in self.chain(type_):
            for name in ("allowedValues", "typeConstraint"):
                values = definition.child(name)
                text, place = values.expression() if values is not None else ("", definition.place)
                if text:
                    return text, place
        return None


def _type_reference(definition: Element) -> str:
    reference = definition.child("typeRef")
    return reference.text.strip() if reference is not None else ""
