import math

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from bench.watermarks import MODEL, key_of, sampled
from longtail.errors import ConfigError, UsageError
from longtail.origin.watermarks import Key, Words
from longtail.origin.watermarks.many import detect_all, rejected

KEYS = [key_of(n) for n in (1, 2, 3)]


@pytest.mark.parametrize("q", [0.01, 0.05, 0.2])
def test_finds_are_those_of_scipys_false_discovery_control(q):
    rng = np.random.default_rng(0)
    for n in (1, 5, 200):
        p = np.where(rng.random(n) < 0.3, rng.random(n) * 1e-3, rng.random(n))
        assert rejected(np.log10(p), q).tolist() == (false_discovery_control(p) <= q).tolist()


def test_no_text_at_all_is_rejected_among_none():
    assert rejected(np.zeros(0), 0.05).tolist() == []


def mixture(rng, unmarked=300):
    """Texts of which the first 40 are marked with the second key and the last 10 are too short."""
    texts = [*sampled(MODEL, 40, 200, rng, KEYS[1]), *sampled(MODEL, unmarked, 200, rng)]
    return [*texts, *([1, 2],) * 10]


def test_marked_texts_are_found_with_their_key_among_several():
    hits = detect_all(KEYS, mixture(np.random.default_rng(1)), q=0.05)
    assert {each.document for each in hits.hits} >= set(range(40))
    assert {each.detection.key_id for each in hits.hits if each.document < 40} == {KEYS[1].key_id}
    assert (hits.documents, hits.scored, hits.keys, hits.q) == (350, 340, tuple(key.key_id for key in KEYS), 0.05)
    words = hits.words()
    assert f"watermark found in {len(hits.hits)} texts (3 keys and 350 texts)" in words
    assert "a share of at most 0.05 is expected to be false" in words
    assert "10 of them are too short to say anything" in words
    assert words.endswith("this does not say who wrote it") or words.endswith("this does not say who wrote them")


def test_a_text_pays_for_each_key_that_was_tried():
    hits = detect_all(KEYS, mixture(np.random.default_rng(1)))
    for each in hits.hits:
        assert each.log10_p == pytest.approx(each.detection.log10_p + math.log10(3))


def test_false_finds_stay_below_q():
    rng = np.random.default_rng(2)
    shares = []
    for n in range(15):
        keys = [key_of(10 * n + each) for each in range(3)]
        texts = [*sampled(MODEL, 20, 200, rng, keys[0]), *sampled(MODEL, 100, 200, rng)]
        hits = detect_all(keys, texts, q=0.2).hits
        shares.append(sum(each.document >= 20 for each in hits) / max(len(hits), 1))
    assert np.mean(shares) <= 0.2


def test_where_nothing_is_marked_hardly_ever_anything_is_found():
    rng = np.random.default_rng(3)
    any_found = [bool(detect_all([key_of(n)], sampled(MODEL, 50, 100, rng), q=0.05).hits) for n in range(200)]
    assert np.mean(any_found) <= 0.09


def test_nothing_found_is_not_called_human():
    words = detect_all([KEYS[0]], [[1, 2], [1, 2, 3, 4]]).words()
    assert words == ("no watermark found (1 key and 2 texts). 1 of them are too short to say anything. This does not say who wrote them")


def test_texts_of_several_tokenizers_are_each_cut_by_that_of_the_key():
    class Letters:
        name, sha256 = "letters", "cd" * 32

        def encode(self, texts):
            return [np.array([ord(each) for each in text], dtype=np.int64) for text in texts]

    keys = [KEYS[0], Key(secret="01" * 32, tokenizer="cd" * 32)]
    hits = detect_all(keys, ["some words in a row"], [Words(), Letters()])
    assert hits.scored == 1
    with pytest.raises(ConfigError, match="give the tokenizer with SHA-256 cdcd"):
        detect_all(keys, ["some words"], [Words()])


def test_no_key_and_no_level_are_refused():
    with pytest.raises(UsageError, match="no watermark key"):
        detect_all([], ["text"])
    with pytest.raises(ConfigError, match="q is 1.5"):
        detect_all(KEYS, [[1, 2, 3]], q=1.5)
