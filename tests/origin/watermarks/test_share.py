import msgspec
import numpy as np
import pytest

from bench.watermarks import MODEL, Law, key_of, sampled
from longtail.errors import ConfigError, UsageError
from longtail.origin.watermarks import Words, detect_many
from longtail.origin.watermarks import share as module
from longtail.origin.watermarks.share import marked_share


def mixed(key, share, n, rng, length=200):
    """Texts of which a share is marked, in random order, and the share of marked tokens that came of it."""
    marked = rng.random(n) < share
    rows = np.where(marked[:, None], sampled(MODEL, n, length, rng, key), sampled(MODEL, n, length, rng))
    return rows, float(marked.mean())


def known(key, rng, n=300, length=200):
    return detect_many(key, sampled(MODEL, n, length, rng, key))


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.5, 0.9, 1.0])
def test_the_share_of_a_large_corpus_is_found_within_a_hundredth(share):
    key, rng = key_of(int(100 * share)), np.random.default_rng(int(1000 * share))
    rows, true = mixed(key, share, 3000, rng)
    found = marked_share(key, rows, marked=known(key, rng, 2000), replicates=200)
    assert abs(found.share - true) <= 0.01
    assert found.low <= found.share <= found.high
    assert (found.unit, found.reason, found.documents) == ("tokens", "", 3000)
    if share >= 0.1:
        assert found.log10_p < -20


def coverage(keys, repetitions, share, documents=80, length=50):
    """How often intervals hold the share that corpora are drawn with, and that which came of it, from 1,600 texts of each key."""
    rng, held = np.random.default_rng(7), []
    for key in map(key_of, range(keys)):
        marked, others = sampled(MODEL, 800, length, rng, key), sampled(MODEL, 800, length, rng)
        for seed in range(repetitions):
            order = rng.permutation(800)
            from_model = rng.random(documents) < share
            rows = np.where(from_model[:, None], marked[order[:documents]], others[order[:documents]])
            yardstick = detect_many(key, marked[order[-60:]])
            found = marked_share(key, rows, marked=yardstick, replicates=150, seed=seed)
            held.append([found.low <= each <= found.high for each in (share, from_model.mean())])
    return np.mean(held, axis=0)


def test_intervals_hold_the_share_as_often_as_they_say():
    assert min(coverage(2, 30, 0.3)) >= 0.88


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_intervals_hold_the_share_as_often_as_they_say_in_many_repetitions(share):
    assert min(coverage(10, 100, share, 200)) >= 0.93


def of_few_words(repetitions):
    """How often the interval of an unmarked corpus holds zero, where all documents use the same few pairs of words."""
    law, rng = Law("few", 30, 1.5), np.random.default_rng(1)
    keys = [key_of(n, context=1, green_rate=0.6) for n in range(repetitions)]
    return np.mean([marked_share(key, sampled(law, 80, 40, rng), replicates=200).low == 0 for key in keys])


def test_pairs_that_many_documents_share_widen_the_interval(monkeypatch):
    assert of_few_words(100) >= 0.9
    monkeypatch.setattr(module, "_shared", lambda pooled: np.empty(0))
    assert of_few_words(100) < 0.8


def test_the_test_of_any_watermark_scores_a_pair_once_in_the_whole_corpus():
    rng = np.random.default_rng(4)
    copies = np.repeat(sampled(MODEL, 10, 50, rng), 50, axis=0)
    logs = [marked_share(key_of(n, green_rate=0.6), copies, replicates=100).log10_p for n in range(100)]
    assert np.mean(np.array(logs) < -2) <= 0.05


def test_copies_in_one_cluster_count_as_one_document():
    rng, key = np.random.default_rng(5), key_of(5, green_rate=0.62)
    rows, _ = mixed(key, 0.5, 40, rng)
    copies = np.repeat(rows, 20, axis=0)
    alone = marked_share(key, copies)
    together = marked_share(key, copies, clusters=np.repeat(np.arange(40), 20))
    assert together.share == alone.share
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_what_marked_texts_leave_uncertain_is_in_the_interval():
    rng, key = np.random.default_rng(6), key_of(6)
    rows, _ = mixed(key, 0.7, 1000, rng)
    marked = known(key, rng, 15)
    exact = msgspec.structs.replace(key, green_rate=marked_share(key, rows, marked=marked).green_rate)
    wide, narrow = marked_share(key, rows, marked=marked), marked_share(exact, rows)
    assert wide.share == narrow.share
    assert wide.high - wide.low > 1.3 * (narrow.high - narrow.low)


def test_without_the_rate_of_marked_text_there_is_no_share_but_a_test():
    rng, key = np.random.default_rng(8), key_of(8)
    found = marked_share(key, mixed(key, 0.5, 100, rng)[0])
    assert (found.share, found.low, found.high) == (None, None, None)
    assert "green rate of marked text is not known" in found.reason
    assert found.log10_p < -20


@pytest.mark.parametrize(
    ("texts", "reason"),
    [([], "0 independent documents"), (["short"] * 50, "0 independent documents"), (["a text of five words"] * 9, "9 independent")],
)
def test_too_few_documents_give_no_share(texts, reason):
    found = marked_share(key_of(1, green_rate=0.6), texts, Words())
    assert found.share is None
    assert reason in found.reason
    assert found.documents + found.short == len(texts)


def test_marked_texts_that_hold_no_watermark_are_no_yardstick():
    rng, key = np.random.default_rng(9), key_of(9)
    marked = [each for each in detect_many(key, sampled(MODEL, 30, 100, rng)) if each.z < 0]
    found = marked_share(key, mixed(key, 0.5, 50, rng)[0], marked=marked)
    assert (found.share, "they hold no watermark" in found.reason) == (None, True)


def test_what_cannot_be_computed_is_refused():
    with pytest.raises(UsageError, match="2 clusters for 3 texts"):
        marked_share(key_of(1), [[1, 2, 3]] * 3, clusters=[1, 2])
    with pytest.raises(ConfigError, match=r"level is 1.0"):
        marked_share(key_of(1), [[1, 2, 3]], level=1.0)


def test_a_share_can_be_stored():
    rng, key = np.random.default_rng(10), key_of(10, green_rate=0.62)
    found = marked_share(key, mixed(key, 0.5, 20, rng)[0], replicates=100)
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found
