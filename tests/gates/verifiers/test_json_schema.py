import json
import sys

import pytest

pytest.importorskip("jsonschema")

from longtail.errors import ConfigError, MissingExtra
from longtail.gates.batch import Batch
from longtail.gates.verifiers import JsonSchema

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"$ref": "#/$defs/age"}},
    "required": ["name"],
    "additionalProperties": False,
    "$defs": {"age": {"type": "integer", "minimum": 0}},
}


def judged(*texts, schema=SCHEMA, **settings):
    found = JsonSchema(schema=schema, **settings)(Batch.of(list(texts)))
    return [found.at(at) for at in range(len(texts))]


def test_json_that_the_schema_allows_is_kept_also_in_a_fenced_block():
    found = judged('{"name": "a", "age": 3}', 'Here it is:\n```json\n{"name": "b"}\n```\nDone.')
    assert [each.decision for each in found] == ["keep", "keep"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"age": 3}', "$ breaks 'required': 'name' is a required property"),
        ('{"name": "a", "age": -1}', "$.age breaks 'minimum': -1 is less than the minimum of 0"),
        ('{"name": "a", "x": 1}', "$ breaks 'additionalProperties'"),
        ('{"name": NaN}', "no JSON: NaN is no number of JSON"),
        ('{"name": "a", "name": "b"}', "no JSON: a key occurs twice in one object"),
        ("no json at all", "no JSON: Expecting value"),
        ("[" * 100_000, "no JSON that can be judged: it is nested too deeply"),
    ],
)
def test_anything_else_is_rejected_with_one_reason(text, reason):
    (found,) = judged(text)
    assert found.decision == "reject" and found.reason.startswith(reason)


def test_a_record_in_a_column_and_a_schema_in_a_file(tmp_path):
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(SCHEMA))
    found = JsonSchema(schema=str(path), column="row")(
        Batch.of([{"text": "x", "row": {"name": "a"}}, {"text": "y", "row": {}}, {"text": "z"}])
    )
    assert [found.at(at).decision for at in range(3)] == ["keep", "reject", "reject"]
    assert found.at(2).reason == "nothing in column 'row'"


def test_formats_hold_only_where_that_is_asked_for():
    schema = {"type": "string", "format": "date"}
    assert judged('"no date"', schema=schema)[0].decision == "keep"
    assert judged('"no date"', schema=schema, formats=True)[0].decision == "reject"


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "objekt"}, "no schema"),
        ({"$ref": "https://example.org/schema.json"}, "nothing is fetched"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "nothing is fetched"),
        ([1], "a schema is a table, not a list"),
        ("/no/such/file.json", "cannot be read: No such file"),
    ],
)
def test_a_bad_schema_is_refused_at_load(schema, told):
    with pytest.raises(ConfigError, match=told):
        JsonSchema(schema=schema)


def test_a_published_meta_schema_is_known_without_a_network():
    assert judged('{"type": "object"}', schema={"$ref": "https://json-schema.org/draft/2020-12/schema"})[0].decision == "keep"


def test_a_missing_library_is_told_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(MissingExtra, match=r"pip install 'longtail\[verify\]'"):
        JsonSchema(schema={})
