"""Rules of validity as they are written on the command line."""

import hashlib
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import ConfigError
from longtail.gates.settings import imported
from longtail.views.validity import Validity, judged_by, lettered, matching

FORMS = "regex:PATTERN, letters:NUMBER, schema:FILE or MODULE:FUNCTION"


def validity_of(spec: str) -> Validity:
    """Return the rule that a text stands for.

    Args:
        spec: "regex:PATTERN" (RE2, found anywhere), "letters:NUMBER" (at least so many), "schema:FILE" (JSON that a JSON Schema
            allows) or "module:function" (takes a list of texts, returns a truth, or a number above 0, for each).

    Raises:
        ConfigError: It stands for none, or its settings are wrong.
        MissingExtra: A schema, and jsonschema is not installed.
    """
    kind, colon, given = spec.partition(":")
    if not colon or not given or not kind:
        raise ConfigError(f"validity: {spec!r} is no rule; write {FORMS}")
    if kind == "regex":
        return matching(given)
    if kind == "letters":
        if not given.isdecimal():
            raise ConfigError(f"validity: {given!r} is no number of letters; write letters:5")
        return lettered(int(given))
    if kind == "schema":
        return schema(given)
    found = imported("validity", "function", spec)
    if not callable(found):
        raise ConfigError(f"validity: {spec!r} is a {type(found).__name__}; name a function")
    return judged_by(spec, found)


def schema(path: str) -> Validity:
    """Return the rule that a text is JSON that a schema allows; its name holds the hash of the schema.

    Raises:
        ConfigError: The schema cannot be read, or is none.
        MissingExtra: jsonschema is not installed.
    """
    from longtail.gates.batch import Batch
    from longtail.gates.verdicts import KEEP
    from longtail.gates.verifiers.schemas import JsonSchema

    gate = JsonSchema(schema=path)
    settings = json.dumps(json.loads(Path(path).read_text(encoding="utf-8")), sort_keys=True)
    name = f"schema:{hashlib.sha256(settings.encode()).hexdigest()[:16]}"

    def judge(texts: pa.StringArray) -> npt.NDArray[np.bool_]:
        return np.asarray(gate(Batch(texts, texts)).decisions == KEEP)

    return Validity(name, judge)
