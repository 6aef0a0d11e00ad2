"""What is said of a loop, from files and records."""

import json
from datetime import date

import pytest

from longtail.auditing.pipeline import gather_manifests, read_pipeline
from longtail.errors import ConfigError, ReadError, UnknownName, UsageError
from longtail.ledger.manifest import Manifest
from longtail.rules import Override, Pipeline

WHOLE = """
[pipeline]
loop = true
gates = ["unit tests", "deduplication"]
reviews = ["editors"]
leash = 0.3
min_real = 0.3
max_synthetic = 0.7
metrics = ["accuracy", "tail_types_retained"]
reference_sha256 = "%s"
audit_every_days = 30
last_audit = 2026-01-05
cutoff = "2022-11-30"

[[override]]
code = "LT202"
reason = "a fixed budget until the new machines are here"
owner = "ann"
expires = "2026-06-30"
where = "generation 3"
""" % ("0f" * 32)


@pytest.fixture
def written(tmp_path):
    def put(text):
        path = tmp_path / "pipeline.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return put


def test_a_file_says_all_that_a_pipeline_can_say(written):
    assert read_pipeline(written(WHOLE)) == Pipeline(
        loop=True,
        gates=("unit tests", "deduplication"),
        reviews=("editors",),
        leash=0.3,
        min_real=0.3,
        max_synthetic=0.7,
        metrics=("accuracy", "tail_types_retained"),
        reference_sha256="0f" * 32,
        audit_every_days=30,
        last_audit=date(2026, 1, 5),
        cutoff=date(2022, 11, 30),
        overrides=(
            Override(
                code="LT202",
                reason="a fixed budget until the new machines are here",
                owner="ann",
                expires=date(2026, 6, 30),
                where="generation 3",
            ),
        ),
    )


def test_the_example_above_names_every_field():
    fields = set(Pipeline.__struct_fields__) - {"overrides"}
    assert {line.split(" = ")[0] for line in WHOLE.splitlines() if " = " in line} == fields | set(Override.__struct_fields__)


def test_an_empty_file_says_nothing(written):
    assert read_pipeline(written("")) == Pipeline()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[pipeline]\nmax_sinthetic = 0.7", r"key of \[pipeline\] in .*pipeline\.toml 'max_sinthetic': did you mean 'max_synthetic'\?"),
        ("[pipline]", r"table in .* 'pipline': did you mean 'pipeline'\?"),
        ('[[override]]\ncode = "LT201"\nowned = "x"', r"key of \[\[override\]\] in .* 'owned': did you mean 'owner'\?"),
        (WHOLE.replace("LT202", "LT2020"), "unknown rule 'LT2020': did you mean 'LT20"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(written, text, told):
    with pytest.raises(UnknownName, match=told):
        read_pipeline(written(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[pipeline", "is no TOML"),
        ("[pipeline]\nmax_synthetic = 70", "max_synthetic is 70.0; it is a share from 0 to 1"),
        ("[pipeline]\nmin_real = nan", "min_real is nan"),
        ("[pipeline]\nleash = -1", "leash is -1.0"),
        ("[pipeline]\nleash = nan", "leash is nan"),
        ("[pipeline]\naudit_every_days = 0", "audit_every_days is 0"),
        ('[pipeline]\nreference_sha256 = "abc"', "reference_sha256 is 'abc'; it has 64"),
        ('[pipeline]\nloop = "yes"', "Expected `bool | null`, got `str`"),
        ('[pipeline]\ncutoff = "soon"', "Invalid RFC3339 encoded date"),
        ("pipeline = 3", "write \\[pipeline\\] once"),
        ('[pipeline]\n[override]\ncode = "LT201"', "for each override"),
        ('[[override]]\ncode = "LT201"', "missing required field"),
        (WHOLE.replace("LT202", "LT804"), "LT804 cannot be overridden"),
        (WHOLE.replace('"ann"', '""'), "the override of LT202 has an empty owner"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(written, text, told):
    with pytest.raises(ConfigError, match=told) as refused:
        read_pipeline(written(text))
    assert "\n" not in str(refused.value) and "pipeline.toml" in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReadError, match=r"none\.toml: No such file"):
        read_pipeline(tmp_path / "none.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "p.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is no TOML"):
        read_pipeline(tmp_path / "p.toml")


def test_manifests_are_put_in_the_order_of_their_generations(tmp_path):
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"generation": 1, "rows": 5}))
    later = Manifest(generation=3, rows=9)
    assert [one.generation for one in gather_manifests([later, path])] == [1, 3]
    assert gather_manifests(later) == (later,)


def test_two_manifests_of_one_generation_are_refused():
    with pytest.raises(UsageError, match="two manifests are of generation 2"):
        gather_manifests([Manifest(generation=2, rows=5), Manifest(generation=2, rows=6)])
