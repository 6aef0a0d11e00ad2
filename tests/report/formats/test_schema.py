"""The JSON Schema of the report, by which anyone can check one."""

import copy
import json
from pathlib import Path

import pytest

import longtail
from longtail.records import SCHEMA_VERSION
from longtail.report import to_json
from longtail.report.formats.schema import ID, PANELS, schema, schema_text
from tests.report.formats.hostile import planted

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"


@pytest.fixture(scope="module")
def faults():
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema judges schemas and reports independently of us")
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    return lambda plain: [f"{error.json_path}: {error.message}" for error in validator.iter_errors(plain)]


@pytest.fixture(scope="module")
def audited():
    """An audit with slices, a lineage and a reference, made now."""
    texts = [[f"word{(at * step) % (40 - 9 * step)} and common things {at % 7}" for at in range(100)] for step in (1, 2, 3)]
    sets = [[{"text": text, "topic": "ab"[at % 2]} for at, text in enumerate(each)] for each in texts]
    return longtail.audit(lineage=sets[1:] + sets[:1], reference=sets[0], by=["topic"])


def test_the_published_schema_is_that_of_the_code():
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "run: longtail list --schema > docs/report.schema.json"


def test_it_has_a_name_without_a_host_and_one_version():
    found = schema()
    assert found["$id"] == ID == f"urn:longtail:schema:report:{SCHEMA_VERSION}"
    assert found["$defs"]["Report"]["properties"]["schema_version"] == {"const": SCHEMA_VERSION}


def test_every_report_is_valid(report, faults):
    assert faults(json.loads(to_json(report))) == []
    assert faults(json.loads(to_json(planted(report)))) == []


def test_a_fresh_audit_is_valid_and_its_panels_are_described(audited, faults):
    plain = json.loads(to_json(audited))
    assert faults(plain) == []
    assert set(plain["panels"]) <= set(PANELS)


@pytest.mark.parametrize("place", [(), ("estimates", 0), ("findings", 0), ("phase",), ("guarantee",), ("inputs", 0), ("not_measured", 0)])
def test_an_unknown_field_is_refused(full, faults, place):
    plain = json.loads(to_json(full))
    within = plain
    for step in place:
        within = within[step]
    within["surprise"] = 1
    assert len(faults(plain)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("schema_version", "2.0"), ("seed", "0"), ("passed", "LT301"), ("regime", "other"), ("lineage", []), ("estimates", {})],
)
def test_a_wrong_value_is_refused(full, faults, name, value):
    assert faults(json.loads(to_json(full)) | {name: value}) != []


def test_a_report_without_its_version_is_refused(full, faults):
    plain = json.loads(to_json(full))
    del plain["schema_version"]
    assert faults(plain) != []


def test_panels_may_grow_and_the_known_ones_keep_their_shape(full, faults):
    plain = json.loads(to_json(full))
    grown = copy.deepcopy(plain)
    grown["panels"]["of_tomorrow"] = {"rows": []}
    assert faults(grown) == []
    grown["panels"]["absent"] = [{"metric": "m"}]
    assert faults(grown) != []
