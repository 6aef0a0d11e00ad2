"""Names and order of versions."""

import pytest

from longtail.diagnosis.outputs.naming import grouped, names_of, natural


def test_numbers_sort_by_value():
    assert sorted(["v10", "v2", "v1"], key=natural) == ["v1", "v2", "v10"]
    assert sorted(["b2", "a10", "A9", "10", "9"], key=natural) == ["9", "10", "A9", "a10", "b2"]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["evals/v1/outputs.jsonl", "evals/v2/outputs.jsonl", "evals/v10/outputs.jsonl"], ["v1", "v2", "v10"]),
        (["out/gen1.jsonl", "out/gen2.jsonl"], ["gen1", "gen2"]),
        (["outputs-v3.jsonl", "outputs-v4.jsonl.gz"], ["v3.jsonl", "v4.jsonl.gz"]),
        (["run_a_v3_eval.csv", "run_a_v4_eval.csv"], ["v3", "v4"]),
        (["ckpt/checkpoint-500", "ckpt/checkpoint-1000"], ["checkpoint-500", "checkpoint-1000"]),
        (["m-v1.2.jsonl", "m-v1.3.jsonl"], ["v1.2", "v1.3"]),
        (["evals/v3/outputs-v3.jsonl", "evals/v4/outputs-v4.jsonl"], ["v3", "v4"]),
        (["a/x/1.jsonl", "b/y/1.jsonl"], ["a", "b"]),
        (["jan/v1.jsonl", "feb/v2.jsonl"], ["v1", "v2"]),
        (["evals/v1/outputs.jsonl", "evals/v2/outputs.parquet"], ["v1", "v2"]),
        (["s1/v1.jsonl", "s1/v2.jsonl", "s2/v1.jsonl"], ["s1/v1", "s1/v2", "s2/v1"]),
        (["outputs.jsonl", "outputs-v2.jsonl"], ["outputs", "v2"]),
        (["evals/v3/outputs.jsonl"], ["v3"]),
        (["outputs.jsonl"], ["outputs"]),
    ],
)
def test_a_version_is_called_by_what_differs_between_paths(paths, names):
    assert names_of(paths) == names


def test_names_that_would_not_tell_versions_apart_are_whole_paths():
    assert names_of(["x/a/1.jsonl", "x/a/1.csv", "y/a/1.csv", "y/a/1.jsonl"])[1] == "x/csv"
    assert names_of(["a-1", "a_1", "b-1"]) == ["a-1", "a_1", "b-1"]


def test_numbered_shards_of_folders_are_one_version_each_and_plain_files_are_not():
    shards = [f"e/{version}/part-{number}.jsonl" for version in ("v10", "v2") for number in (1, 0)]
    assert grouped(shards) == [("e/v2/part-0.jsonl", "e/v2/part-1.jsonl"), ("e/v10/part-0.jsonl", "e/v10/part-1.jsonl")]
    assert grouped(["s1/v1.jsonl", "s1/v2.jsonl", "s2/v1.jsonl"]) == [("s1/v1.jsonl",), ("s1/v2.jsonl",), ("s2/v1.jsonl",)]
    assert grouped(["e/part-0.jsonl", "e/part-1.jsonl"]) == [("e/part-0.jsonl",), ("e/part-1.jsonl",)]
