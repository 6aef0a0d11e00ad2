"""Outputs that lie there."""

import json

import pytest

from longtail.diagnosis.outputs import from_outputs
from longtail.diagnosis.outputs.given import generations_of
from longtail.errors import ConfigError, ReadError, UsageError
from longtail.summaries.profiling import profile


def put(path, texts):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return str(path)


@pytest.fixture
def evals(tmp_path):
    for version in (1, 2, 10):
        put(tmp_path / f"evals/v{version}/outputs.jsonl", ["a b c"] * version)
    return tmp_path / "evals"


def test_a_glob_is_taken_in_natural_order_with_the_versions_named(evals):
    found = from_outputs(f"{evals}/v*/outputs.jsonl")
    assert [(each.name, each.documents, each.order) for each in found] == [
        ("v1", 1, "by name"),
        ("v2", 2, "by name"),
        ("v10", 10, "by name"),
    ]


def test_a_folder_stands_for_its_entries_and_hidden_ones_are_none(evals):
    (evals / ".cache").mkdir()
    assert [each.name for each in from_outputs(str(evals))] == ["v1", "v2", "v10"]


def test_shards_of_a_version_are_read_together(tmp_path):
    for version in (1, 2):
        for part in (0, 1):
            put(tmp_path / f"v{version}/part-{part}.jsonl", ["a b"] * (part + 1))
    assert [(each.name, each.documents) for each in from_outputs(f"{tmp_path}/v*/part-*.jsonl")] == [("v1", 3), ("v2", 3)]


def test_a_list_and_a_mapping_keep_their_order(evals):
    paths = [str(evals / "v10/outputs.jsonl"), str(evals / "v2/outputs.jsonl")]
    assert [each.name for each in from_outputs(paths)] == ["v10", "v2"]
    named = from_outputs({"late": ["x y"], "soon": ["x", "y z"]})
    assert [(each.name, each.documents) for each in named] == [("late", 1), ("soon", 2)]
    assert [each.name for each in from_outputs([["x y"], ["x y"]])] == ["v1", "v2"]


def test_a_profile_is_taken_as_it_is():
    assert from_outputs({"v1": profile(["one text", "another text"])})[0].documents == 2


def test_what_cannot_be_read_stays_with_its_reason_and_the_rest_goes_on(evals):
    (evals / "v2/outputs.jsonl").write_text("")
    (evals / "v10/outputs.jsonl").write_bytes(b"\x1f\x8bnot gzip")
    found = from_outputs(f"{evals}/v*/outputs.jsonl")
    assert [bool(each.unread) for each in found] == [False, True, True]
    assert "no documents" in found[1].unread
    assert found[2].data is None


def test_nothing_that_matches_is_refused_with_the_pattern(tmp_path):
    with pytest.raises(UsageError, match="nothing matches"):
        from_outputs(f"{tmp_path}/none*.jsonl")
    with pytest.raises(UsageError, match="no outputs"):
        from_outputs([])
    with pytest.raises(UsageError, match="outputs is a int"):
        from_outputs(3)


def test_a_lineage_file_names_generations_and_reference_beside_itself(evals):
    file = evals / "lineage.toml"
    file.write_text('generations = ["v1/outputs.jsonl", ["v2/outputs.jsonl"]]\nreference = "human.jsonl"')
    given, reference = generations_of(str(file))
    assert given == [str(evals / "v1/outputs.jsonl"), [str(evals / "v2/outputs.jsonl")]]
    assert reference == str(evals / "human.jsonl")
    assert [each.name for each in from_outputs(str(file))] == ["v1", "v2"]


def test_a_lineage_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(ReadError, match="check the path"):
        generations_of(str(tmp_path / "no.toml"))
    (tmp_path / "bad.toml").write_text("generations = 3")
    with pytest.raises(ConfigError, match="not a lineage"):
        generations_of(str(tmp_path / "bad.toml"))
