"""A file of what each document weighs."""

import json
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest

from longtail.errors import UsageError
from longtail.origin.calibration import Calibration
from longtail.origin.estimating.corpus import How
from longtail.origin.estimating.weights_file import SCHEMA, write_weights

SAME = Calibration(np.zeros(1), np.ones((1, 1)), np.array([10.0]))
ROWS = [{"text": f"text {at}", "lt_id": f"d{at}", "s": score} for at, score in enumerate([0.0, 2.0, -2.0, None])]


def found(share):
    whole = SimpleNamespace(origins=[SimpleNamespace(share=share)])
    return SimpleNamespace(told=SimpleNamespace(whole=whole), instrument=SimpleNamespace(calibration=SAME))


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_weights_are_those_of_the_rule_of_bayes(tmp_path, suffix):
    path = tmp_path / f"w.{suffix}"
    assert write_weights(str(path), ROWS, found(0.25), How(), "s") == 4
    rows = pq.read_table(path).to_pylist() if suffix == "parquet" else [json.loads(line) for line in path.read_text().splitlines()]
    human = [0.75 / (0.75 + 0.25 * np.exp(score)) for score in (0, 2, -2, 0)]
    assert [row["lt_id"] for row in rows] == ["d0", "d1", "d2", "d3"] and list(rows[0]) == SCHEMA.names
    assert [row["p_human"] for row in rows] == pytest.approx(human)
    assert [row["lt_weight"] for row in rows] == pytest.approx([each / 0.75 for each in human])


@pytest.mark.parametrize(("share", "human", "weight"), [(0.0, 1.0, 1.0), (1.0, 0.0, 0.0)])
def test_a_corpus_of_one_origin_has_finite_weights(tmp_path, share, human, weight):
    path = tmp_path / "w.jsonl"
    write_weights(str(path), ROWS, found(share), How(), "s")
    assert {(row["p_human"], row["lt_weight"]) for row in map(json.loads, path.read_text().splitlines())} == {(human, weight)}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"text": "a b", "s": 1.0}], "documents without lt_id cannot be told apart"),
        ([*ROWS, {"text": "a b", "s": 1.0}], "documents without lt_id cannot be told apart"),
        ([*ROWS, {"text": "a b", "lt_id": "e", "s": "high"}], "score 'high' is no number"),
    ],
)
def test_what_cannot_be_weighed_leaves_the_file_that_was_there(tmp_path, rows, says):
    path = tmp_path / "w.jsonl"
    path.write_text("before")
    data = [{key: None if value is None else str(value) for key, value in row.items()} for row in rows]
    with pytest.raises(UsageError, match=says):
        write_weights(str(path), data, found(0.2), How(), "s")
    assert path.read_text() == "before" and [each.name for each in tmp_path.iterdir()] == ["w.jsonl"]
