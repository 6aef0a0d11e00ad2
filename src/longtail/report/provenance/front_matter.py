"""YAML for the head of a card: mappings, lists and scalars, every text in double quotes."""

from collections.abc import Iterator, Mapping
from typing import Any

from longtail.report.provenance.wording import dumps


def front_matter(values: Mapping[str, Any]) -> str:
    """Return values as a YAML block between two lines of dashes; those that are None or empty are left out.

    Texts are JSON strings, which YAML reads as they are (YAML 1.2.2, section 1.3: JSON is a subset), so that no name can be
    taken for a number, a date or a key.
    """
    filled = {name: value for name, value in values.items() if value not in (None, {}, [], ())}
    return "\n".join(["---", *_mapping(filled, ""), "---", ""])


def _mapping(values: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in values.items():
        key = name if name.isidentifier() and name.isascii() else dumps(name)
        if isinstance(value, Mapping) and value:
            yield f"{indent}{key}:"
            yield from _mapping(value, indent + "  ")
        elif isinstance(value, list | tuple) and value:
            yield f"{indent}{key}:"
            yield from (f"{indent}- {dumps(item, indent=None)}" for item in value)
        else:
            yield f"{indent}{key}: {dumps(value, indent=None)}"
