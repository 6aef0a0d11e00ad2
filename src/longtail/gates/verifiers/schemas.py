"""Texts that must be JSON of a given schema."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.verdicts import KEPT, Judgement, Verdicts
from longtail.gates.verifiers.door import library
from longtail.gates.verifiers.extracting import fenced

FEATURE = "the gate json_schema"
SHOWN = 160
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


@GATES.add("json_schema", judges="documents", source="JSON Schema, drafts 3 to 2020-12, by the library jsonschema")
class JsonSchema:
    """Reject documents that are no JSON, or JSON that a schema does not allow.

    Of a text with a fenced block of JSON, the last such block counts. JSON is read strictly: NaN, Infinity and a key that occurs
    twice are refused. A schema may refer to itself and to the published meta-schemas; nothing is ever fetched.

    Args:
        schema: Path of a schema as a JSON file, or the schema as a table.
        column: Column to judge, a text or a record; the text of the document by default.
        formats: Whether `format`, which only annotates by itself, must hold as well.

    Raises:
        ConfigError: The schema cannot be read, is no schema, or refers to what it does not hold.
        MissingExtra: jsonschema is not installed.
    """

    def __init__(self, *, schema: str | dict[str, Any], column: str = "", formats: bool = False) -> None:
        self._column = column
        self._validator = _validator(_schema(schema), formats)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge each document."""
        values = batch.values(self._column) if self._column else batch.texts.to_pylist()
        return Verdicts.of([self._judge(value) for value in values])

    def _judge(self, value: Any) -> Judgement:
        if value is None:
            return Judgement("reject", f"nothing in column {self._column!r}" if self._column else "no text")
        try:
            found = parsed(value) if isinstance(value, str) else value
            wrong = library("jsonschema.exceptions", FEATURE).best_match(self._validator.iter_errors(found))
        except ValueError as error:
            return Judgement("reject", f"no JSON: {error}")
        except RecursionError:
            return Judgement("reject", "no JSON that can be judged: it is nested too deeply")
        if wrong is None:
            return KEPT
        return Judgement("reject", f"{wrong.json_path} breaks {wrong.validator!r}: {' '.join(wrong.message.split())[:SHOWN]}")


def parsed(text: str) -> Any:
    """Return the value of a text of JSON, or of the last fenced block of JSON in it.

    Raises:
        ValueError: It is none; the message says where.
    """
    block = fenced(text, "json", "jsonc", "json5")
    return json.loads(text if block is None else block, parse_constant=_refused, object_pairs_hook=_once)


def _schema(given: str | dict[str, Any]) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(Path(given).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"json_schema: schema {given!r} cannot be read: {error.strerror}; name a JSON file or give a table") from None
    except ValueError as error:
        raise ConfigError(f"json_schema: schema {given!r} is no JSON: {error}") from None


def _validator(schema: Any, formats: bool) -> Any:
    jsonschema = library("jsonschema", FEATURE)
    if not isinstance(schema, Mapping | bool):
        raise ConfigError(f"json_schema: a schema is a table, not a {type(schema).__name__}")
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ConfigError(f"json_schema: no schema: {error.json_path} {' '.join(error.message.split())[:SHOWN]}") from None
    registry = library("jsonschema_specifications", FEATURE).REGISTRY
    known = {each for each in registry} | {str(each) for each in _said(schema, ("$id", "id"))}
    for reference in _said(schema, REFERENCES):
        if not reference.startswith("#") and reference.partition("#")[0] not in known:
            raise ConfigError(f"json_schema: {reference!r} is not in the schema, and nothing is fetched; put it under $defs")
    return kind(schema, registry=registry, format_checker=kind.FORMAT_CHECKER if formats else None)


def _said(schema: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the texts under some keys, wherever in a schema they stand."""
    if isinstance(schema, Mapping):
        yield from (value for key, value in schema.items() if key in keys and isinstance(value, str))
    inner = schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list) else ()
    for each in inner:
        yield from _said(each, keys)


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice in one object")
    return found
