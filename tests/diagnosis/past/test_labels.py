"""Which version a name states."""

import pytest

from longtail.diagnosis.past.contents import training_of
from longtail.diagnosis.past.labels import label_of, natural


@pytest.mark.parametrize(
    ("name", "key", "count"),
    [
        ("v3", "v3", 3),
        ("data/V3/train.jsonl", "v3", 3),
        ("model_version-12.bin", "v12", 12),
        ("gen3.jsonl", "gen3", 3),
        ("generation 4", "gen4", 4),
        ("v1.2/train.jsonl", "v1.2", None),
        ("runs/v3/checkpoint-500/model.safetensors", "v3", 3),
        ("checkpoint-500", "checkpoint500", None),
        ("dumps/2024-05/train.jsonl", "date2024.5", None),
        ("v2/2024-05.jsonl", "v2", 2),
    ],
)
def test_a_name_states_a_version(name, key, count):
    label = label_of(name)
    assert (label.key, label.count) == (key, count)


@pytest.mark.parametrize("name", ["train.jsonl", "conv2d.txt", "3fa9c1d", "train-00000-of-00005.parquet", "1999-13", "mp4v3x"])
def test_a_name_states_none(name):
    assert label_of(name) is None


def test_two_stands_before_ten():
    assert sorted(["v10", "v2", "v1"], key=natural) == ["v1", "v2", "v10"]


def test_training_sets_are_those_named_so_or_all_that_are_not_named_otherwise():
    assert training_of(["a/train.jsonl", "a/human.jsonl", "a/test.jsonl"]) == ("a/train.jsonl",)
    assert training_of(["a/human.jsonl", "a/made.csv", "a/outputs.jsonl", "reference.jsonl", "README.txt"]) == (
        "a/human.jsonl",
        "a/made.csv",
    )
