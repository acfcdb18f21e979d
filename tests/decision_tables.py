"""Decision tables for tests: a DMN file made of rows as people write them."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from crmcore.organization.dmn import DecisionTable, parse_tables

__all__ = ["dmn", "table"]

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def _text(tag: str, text: str) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>" if text else ""


def dmn(
    *rows: Sequence[str],
    policy: str = "UNIQUE",
    types: Sequence[str] = (),
    names: Sequence[str] = (),
    allowed: Sequence[str] = (),
    outputs: int = 1,
    order: Sequence[str] = (),
    default: str = "",
    more: str = "",
    attributes: str = "",
) -> bytes:
    """Write a file with one table.

    Args:
        rows: the rules, each its conditions and then its outputs.
        policy: the hit policy.
        types: the type of each input; `number` if absent.
        names: the expression of each input; `a`, `b`, … if absent.
        allowed: the input values of each; empty for none.
        outputs: how many columns of a row are outputs.
        order: the output values of each output.
        default: the default of every output.
        more: other elements of the file.
        attributes: other attributes of the table.
    """
    inputs = len(rows[0]) - outputs if rows else max(len(types), len(names), 1)
    lines = [f'<definitions xmlns="{NAMESPACE}" name="test">', more, '<decision id="d" name="T">']
    lines.append(f"<decisionTable hitPolicy={quoteattr(policy)} {attributes}>")
    for number in range(inputs):
        type_ = types[number] if number < len(types) else "number"
        name = names[number] if number < len(names) else chr(ord("a") + number)
        values = _text("inputValues", allowed[number] if number < len(allowed) else "")
        expression = f"<inputExpression typeRef={quoteattr(type_)}><text>{escape(name)}</text></inputExpression>"
        lines.append(f"<input>{expression}{values}</input>")
    for number in range(outputs):
        values = _text("outputValues", order[number] if number < len(order) else "")
        lines.append(f'<output name="out{number}">{values}{_text("defaultOutputEntry", default)}</output>')
    lines.extend(_rule(row, inputs) for row in rows)
    lines.append("</decisionTable></decision></definitions>")
    return "\n".join(lines).encode()


def _rule(row: Sequence[str], inputs: int) -> str:
    return f"<rule>{_entries('inputEntry', row[:inputs])}{_entries('outputEntry', row[inputs:])}</rule>"


def _entries(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}><text>{escape(text)}</text></{tag}>" for text in texts)


def table(*rows: Sequence[str], **options: object) -> DecisionTable:
    """Read the one table of such a file."""
    (read,) = parse_tables(dmn(*rows, **options), "t.dmn")  # type: ignore[arg-type]
    return read
