"""What is planted, how it is scored, and that every contender that is installed finds a plain copy."""

import numpy as np
import pyarrow as pa
import pytest

from bench import duplicate_peers, duplicates
from bench.duplicate_peers import CONTENDERS, version

DOCUMENT = [
    "The whale came up slowly beside the boat, and nobody said a word.",
    *(f"Then wave number {at} broke over the deck." for at in range(12)),
]
OTHER = ["On the other hand nothing that was said in the parliament of that year was ever written down by anyone."]


@pytest.mark.parametrize("edit", duplicates.EDITS, ids=lambda edit: edit.__name__)
def test_edits_leave_most_shingles(edit):
    text = edit(DOCUMENT, OTHER, np.random.default_rng(1))
    assert text != " ".join(DOCUMENT)
    one, other = duplicates.shingles_of(" ".join(DOCUMENT)), duplicates.shingles_of(text)
    shared = len(one & other) / len(one | other)
    assert shared == 1 if edit is duplicates.recased else 0.7 < shared < 1


def test_scores_by_hand():
    planted = pa.table({"edit": ["", "", "a", "a", "b"], "similarity": [1.0, 1.0, 0.9, 0.5, 0.8]})
    removed = {duplicates.MINE: np.array([0, 0, 1, 0, 1], bool), "other": np.array([0, 1, 1, 1, 0], bool)}
    mine, other = duplicates.scored(removed, planted)
    assert (mine["recall"], mine["precision"]) == (2 / 3, 1)
    assert mine["recall where J >= 0.7"] == 1
    assert (other["recall"], other["precision"], other["a"], other["b"]) == (2 / 3, 2 / 3, 1, 0)
    assert (other["decisions as ours"], other["removed by both, of either"]) == (2 / 5, 1 / 4)


@pytest.mark.parametrize("name", [name for name, each in CONTENDERS.items() if "signatures" not in name and each.package == "longtail"])
def test_ours_removes_the_copy_and_nothing_else(name, tmp_path):
    texts = [f"{' '.join(DOCUMENT)} {at} {' '.join(OTHER[0].split()[at:])}" for at in (0, 4)]
    texts = [" ".join(OTHER * 2), *texts, "something else that is short enough", texts[0].upper()]
    path = duplicates._written(tmp_path / "texts.parquet", texts)
    assert CONTENDERS[name].work(path).tolist() == [False, False, True, False, True]


@pytest.mark.parametrize("name", ["rensa", "rensa, bulk", "datasketch"])
def test_peers_remove_the_copy(name, tmp_path):
    if version(name) is None:
        pytest.skip(f"{CONTENDERS[name].package} is not installed")
    path = duplicates._written(tmp_path / "texts.parquet", [" ".join(DOCUMENT), " ".join(OTHER), " ".join(DOCUMENT).upper()])
    assert CONTENDERS[name].work(path).tolist() == [False, False, True]


def test_shingles_are_the_same_for_peers_and_for_the_score():
    text = "It's A small, small world after all."
    assert set(duplicate_peers.shingles(duplicate_peers.WORD.findall(text.lower()))) == duplicates.shingles_of(text)
    assert duplicates.shingles_of("Two words") == {"two words"}
