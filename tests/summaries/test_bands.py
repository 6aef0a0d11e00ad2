"""Near duplicates by bands: against brute force, the curve of the theory, planted copies and an independent package."""

import math
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.summaries import bands as module
from longtail.summaries.bands import BANDS, Bands, earliest, roots
from longtail.testing.difference import difference
from longtail.views.batch import texts_of

VOCABULARY = np.array([f"w{number}" for number in range(5000)])


def documents(count, words, seed):
    """Documents of different words inside each, so that the similarity of changed copies is known."""
    rng = np.random.default_rng(seed)
    return [rng.choice(VOCABULARY, words, replace=False).tolist() for _ in range(count)]


def changed(words, places):
    """The same words but for one at each place, far enough apart that each change takes five runs of its own."""
    copy = list(words)
    for place in places:
        copy[place] = f"x{place}"
    return copy


def similarity(words, changes):
    runs = words - 4
    return (runs - 5 * changes) / (runs + 5 * changes)


def banded(texts, seed=0, **settings):
    made = Bands(seed, **settings)
    for start in range(0, len(texts), 50):
        made.add(texts_of(pa.array(texts[start : start + 50], pa.string()), seed))
    return made


def flagged(texts, seed=0):
    """Which texts nearly repeat one of a smaller hash, exact copies among them, by text."""
    found = banded(texts, seed).clusters()
    by_content = dict(zip(found.content.tolist(), found.repeats.tolist(), strict=True))
    return [by_content[int(each)] for each in texts_of(pa.array(texts, pa.string()), seed).content]


def brute(columns):
    """The first document that shares a key with each, by dictionaries."""
    count = len(columns[0])
    holders = [defaultdict(list) for _ in columns]
    for at in range(count):
        for keys, held in zip(columns, holders, strict=True):
            if keys[at]:
                held[keys[at]].append(at)
    return [min([at, *(held[keys[at]][0] for keys, held in zip(columns, holders, strict=True) if keys[at])]) for at in range(count)]


@pytest.mark.parametrize("kinds", [2, 30, 10_000])
def test_the_earliest_sharer_is_that_of_brute_force(kinds):
    rng = np.random.default_rng(kinds)
    columns = rng.integers(0, kinds, (BANDS, 300)).astype(np.uint64)
    found = earliest(list(columns))
    assert found.tolist() == brute(columns.tolist())
    ends = roots(found)
    for at in range(300):
        place = at
        while found[place] != place:
            place = found[place]
        assert ends[at] == place


@pytest.mark.parametrize("changes", [1, 2, 4, 6])
def test_pairs_share_a_band_as_often_as_the_theory_says(changes):
    words, pairs = 124, 1500
    texts = []
    for base in documents(pairs, words, changes):
        texts += [" ".join(base), " ".join(changed(base, [10 + 18 * step for step in range(changes)]))]
    expected = 1 - (1 - similarity(words, changes) ** 8) ** 16
    caught = sum(flagged(texts)) / pairs
    assert caught == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / pairs) + 0.005)


def test_planted_copies_of_four_fifths_are_found_and_nothing_else():
    """With seven words of 120 changed, similarity is .54; with two .84: the first are no duplicates, the second are."""
    bases = documents(1000, 120, 3)
    near = [" ".join(changed(base, [20, 60])) for base in bases[:100]]
    far = [" ".join(changed(base, range(5, 113, 12))) for base in bases[100:200]]
    plain = [" ".join(base) for base in bases]
    found = banded(plain + near + far).clusters()
    hashes = texts_of(pa.array(plain + near + far, pa.string()), 0).content.tolist()
    of_pair = [{hashes[at], hashes[1000 + at]} for at in range(100)]
    told = set(found.content[found.repeats].tolist())
    caught = sum(bool(pair & told) for pair in of_pair)
    assert caught >= 95
    assert caught / len(told) >= 0.95


def test_case_and_punctuation_are_no_difference_and_outer_white_space_makes_an_exact_copy():
    found = banded(["The cat sat on the mat today.", "the cat, sat ON the mat today", "  The cat sat on the mat today.\n"]).clusters()
    assert found.copies.tolist() in ([2, 1], [1, 2])
    assert found.repeats.tolist() == [False, True]
    assert found.root.tolist() == [0, 0]


def test_documents_without_words_repeat_only_their_exact_copies():
    found = banded(["...", "!!!", "...", "", " "]).clusters()
    assert sorted(found.copies.tolist()) == [1, 2, 2]
    assert not found.repeats.any()


def test_no_documents():
    made = Bands()
    assert made.documents == 0
    assert made.clusters().content.shape == (0,)


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_bands_in_files_give_the_same_state(monkeypatch, block):
    texts = [" ".join(words) for words in documents(120, 12, 5)] * 2
    plain = banded(texts)
    monkeypatch.setattr(module, "_BLOCK", block)
    written = banded(texts, memory_documents=0)
    assert difference(plain.to_dict(), written.to_dict()) == ""
    reloaded = Bands.from_dict(written.to_dict())
    reloaded.merge(written)
    assert reloaded.documents == 2 * len(texts)
    assert np.array_equal(reloaded.clusters().earliest, plain.clusters().earliest)


def test_the_files_go_with_the_summary(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "_BLOCK", 10)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = banded([" ".join(words) for words in documents(100, 12, 6)], memory_documents=0)
    assert list(tmp_path.iterdir())
    del made
    assert list(tmp_path.iterdir()) == []


def test_another_version_is_refused():
    state = banded(["one two three"]).to_dict() | {"version": "bands-0"}
    with pytest.raises(IncompatibleSummaries, match="profile the data again"):
        Bands.from_dict(state)


def test_datasketch_flags_the_same_planted_copies():
    sketch = pytest.importorskip("datasketch")
    bases = documents(300, 120, 9)
    texts = [" ".join(base) for base in bases] + [" ".join(changed(base, [20, 60])) for base in bases[:150]]
    index, found = sketch.MinHashLSH(num_perm=128, params=(16, 8)), 0
    for at, text in enumerate(texts):
        words = text.split()
        mine = sketch.MinHash(num_perm=128, seed=1)
        mine.update_batch([" ".join(words[start : start + 5]).encode() for start in range(len(words) - 4)])
        found += bool(index.query(mine))
        index.insert(at, mine)
    ours = sum(flagged(texts))
    expected = 1 - (1 - similarity(120, 2) ** 8) ** 16
    assert abs(ours - found) <= 4 * math.sqrt(2 * 150 * expected * (1 - expected)) + 1
