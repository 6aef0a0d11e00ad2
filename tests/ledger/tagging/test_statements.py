"""What tagging says of documents, and what they say already."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ConfigError, ReadError
from longtail.ledger import Tags, tag
from longtail.ledger.columns import NAMES, SCHEMA
from longtail.records import Evidence, Origin

from .tagging_help import MADE, hashed, put, rows_of, take

TOLD = [
    {"text": "a", "lt_id": "mine", "lt_origin": "human", "lt_source": "kept", "lt_depth": 0},
    {"text": "b", "lt_origin": "synthetic", "lt_model": "other", "lt_depth": 3},
    {"text": "c", "lt_origin": "unknown"},
    {"text": "d", "lt_depth": 2},
    {"text": "e", "lt_origin": "robot"},
    {"text": "f", "lt_source": None, "lt_origin": ""},
]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_what_a_document_says_already_is_kept_and_what_contradicts_is_named(here, suffix):
    put("a" + suffix, TOLD)
    made = tag("a" + suffix, "b" + suffix, Tags(origin=Origin.HUMAN, source="new"))
    rows = take("b" + suffix)
    assert [row["lt_origin"] for row in rows] == ["human", "synthetic", "unknown", "unknown", "robot", "human"]
    assert [row["lt_source"] for row in rows] == ["kept", "new", "new", "new", "new", "new"]
    assert [row.get("lt_depth") for row in rows] == ["0", "3", None, "2", None, "0"]
    assert [row.get("lt_evidence") for row in rows] == ["asserted", None, None, None, None, "asserted"]
    assert rows[0]["lt_id"] == "mine" and made.foreign_ids == 1
    line = {".jsonl": 0, ".parquet": 0, ".csv": 1}[suffix]
    assert {(found.says, found.documents, found.first) for found in made.contradictions} == {
        ("lt_origin: synthetic", 1, f"a{suffix}:{2 + line}"),
        ("lt_origin: unknown", 1, f"a{suffix}:{3 + line}"),
        ("lt_depth: not 0", 1, f"a{suffix}:{4 + line}"),
        ("lt_origin: no origin that is known", 1, f"a{suffix}:{5 + line}"),
    }
    assert made.origins == {"human": 2, "synthetic": 1, "unknown": 2, "no origin that is known": 1}


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_overwriting_replaces_what_was_said_and_what_hung_on_it(here, suffix):
    put("a" + suffix, TOLD)
    made = tag("a" + suffix, "b" + suffix, Tags(origin=Origin.HUMAN, overwrite=True))
    rows = take("b" + suffix)
    assert [row["lt_id"] for row in rows] == [hashed(text) for text in "abcdef"]
    assert {row["lt_origin"] for row in rows} == {"human"} and {row["lt_depth"] for row in rows} == {"0"}
    assert all("lt_model" not in row for row in rows)
    assert rows[0]["lt_source"] == "kept"
    assert len(made.contradictions) == 4 and made.overwrite


def test_columns_of_another_type_get_the_type_of_the_contract_or_are_refused(here):
    told = {"text": ["a"], "lt_depth": pa.array([3], pa.int64()), "lt_time": ["2020-01-02"], "lt_parents": [["x"]], "lt_weight": [0.5]}
    pq.write_table(pa.table({**told, "n": [1]}), "a.parquet")
    tag("a.parquet", "b.parquet", MADE)
    after = pq.read_table("b.parquet")
    assert after.schema.names[:6] == ["text", "lt_depth", "lt_time", "lt_parents", "lt_weight", "n"]
    assert all(after.schema.field(name).type == SCHEMA.field(name).type for name in NAMES)
    assert after.to_pylist()[0]["lt_time"] == datetime(2020, 1, 2, tzinfo=UTC)
    pq.write_table(pa.table({"text": ["a"], "lt_weight": ["heavy"]}), "a.parquet")
    with pytest.raises(ReadError, match="column 'lt_weight' holds what is no float"):
        tag("a.parquet", "c.parquet", MADE)
    pq.write_table(pa.table({"text": ["a"], "lt_time": ["soon"]}), "a.parquet")
    with pytest.raises(ReadError, match=r"column 'lt_time' holds what is no timestamp.*'soon'"):
        tag("a.parquet", "c.parquet", MADE)
    assert not Path("c.parquet").exists()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_times_are_parsed_and_those_that_cannot_be_are_counted(here, suffix):
    put("a" + suffix, [{"text": str(n), "when": when} for n, when in enumerate(["2019-05-01", "soon", None, "2025", "soon"])])
    made = tag("a" + suffix, "b" + suffix, Tags(origin=Origin.HUMAN, time_column="when"))
    assert (made.dated, made.undated, made.not_times) == (2, 1, {"soon": 2})
    times = [row.get("lt_time") for row in take("b" + suffix)]
    assert times == ["2019-05-01T00:00:00Z", None, None, "2025-01-01T00:00:00Z", None]


def test_times_of_a_parquet_file_become_timestamps(here):
    days = pa.array([datetime(2019, 5, 1, tzinfo=UTC), None], pa.timestamp("ns", tz="UTC"))
    pq.write_table(pa.table({"text": ["a", "b"], "meta": pa.StructArray.from_arrays([days], ["day"])}), "a.parquet")
    tag("a.parquet", "b.parquet", Tags(origin=Origin.HUMAN, time_column="meta.day"))
    assert pq.read_table("b.parquet").column("lt_time").to_pylist() == [datetime(2019, 5, 1, tzinfo=UTC), None]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"origin": Origin.HUMAN, "depth": 1}, "human documents have depth 0"),
        ({"origin": Origin.HUMAN, "model": "m"}, "model is 'm' for origin 'human'"),
        ({"origin": Origin.HUMAN, "evidence": Evidence.MEASURED}, "a detector alone makes no document human"),
        ({"origin": Origin.SYNTHETIC, "depth": 0}, "depth is 0 for origin 'synthetic'"),
        ({"origin": Origin.MODEL_EDITED, "depth": 0}, "depth is 0 for origin 'model_edited'"),
        ({"origin": Origin.SYNTHETIC, "depth": -1}, "depth is -1"),
        ({"origin": Origin.SYNTHETIC, "depth": 40_000}, "from 0 to 32,767"),
        ({"origin": Origin.UNKNOWN, "source": " "}, "source is ' '"),
    ],
)
def test_tags_that_cannot_be_true_are_refused(said, words):
    with pytest.raises(ConfigError, match=words):
        Tags(**said)


def test_depth_and_evidence_follow_from_the_origin():
    said = {origin: Tags(origin=origin).claims() for origin in Origin}
    assert {origin for origin in Origin if "lt_depth" in said[origin]} == {Origin.HUMAN}
    assert said[Origin.HUMAN]["lt_depth"] == 0
    assert {said[origin]["lt_evidence"] for origin in Origin if origin is not Origin.UNKNOWN} == {"asserted"}
    assert said[Origin.UNKNOWN]["lt_evidence"] == "none"


def test_the_share_of_each_origin_of_a_tagged_file_is_what_was_tagged(here):
    put("a.jsonl", [{"text": f"t{n}", **({"lt_origin": "synthetic"} if n < 300 else {})} for n in range(1000)])
    made = tag("a.jsonl", "b.jsonl", Tags(origin=Origin.UNKNOWN))
    assert made.origins == {"synthetic": 300, "unknown": 700}
    assert Counter(row["lt_origin"] for row in rows_of("b.jsonl")) == made.origins
