"""Rules of validity as they are written."""

import json

import pytest

from longtail.errors import ConfigError
from longtail.gates.validity import validity_of

TEXTS = ['{"a": 1}', '{"a": "x"}', "no JSON", "42"]


@pytest.mark.parametrize(
    ("spec", "valid"),
    [
        (r"regex:^\{", [True, True, False, False]),
        ("letters:2", [False, True, True, False]),
        ("builtins:list", None),
    ],
)
def test_a_rule_is_read_from_its_text(spec, valid):
    rule = validity_of(spec)
    assert rule.name == spec
    if valid is not None:
        assert rule.of(TEXTS).tolist() == valid


def test_a_schema_judges_and_is_named_by_its_content(tmp_path):
    pytest.importorskip("jsonschema")
    one, other = tmp_path / "a.json", tmp_path / "b.json"
    one.write_text('{"type": "object", "properties": {"a": {"type": "integer"}}}')
    other.write_text(json.dumps(json.loads(one.read_text()), indent=2, sort_keys=True))
    assert validity_of(f"schema:{one}").of(TEXTS).tolist() == [True, False, False, False]
    assert validity_of(f"schema:{one}").name == validity_of(f"schema:{other}").name
    other.write_text('{"type": "object"}')
    assert validity_of(f"schema:{one}").name != validity_of(f"schema:{other}").name


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("letters", "no rule; write regex:PATTERN, letters:NUMBER"),
        ("letters:", "no rule"),
        ("letters:x", "'x' is no number of letters"),
        ("letters:0", "0 letters"),
        ("no.such.module:f", "cannot be imported"),
        ("math:pi", "is a float; name a function"),
    ],
)
def test_what_is_no_rule_is_refused(spec, said):
    with pytest.raises(ConfigError, match=said):
        validity_of(spec)
