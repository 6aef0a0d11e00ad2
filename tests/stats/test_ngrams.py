"""The bigram model against one made by hand, brute force and the parts of an independent package."""

from collections import Counter

import numpy as np
import pytest

from longtail.stats.ngrams import Sample, index_of, witten_bell


def sample(*documents):
    """Documents of letters, each letter a word."""
    letters = [ord(letter) for document in documents for letter in document]
    return Sample(np.array(letters, np.uint64), np.repeat(np.arange(len(documents)), [len(document) for document in documents]))


def model(training, scored):
    """The law of a training sample as a dictionary of (context, letter), "" for the beginning."""
    index = index_of([training, scored])
    distinct = np.unique(np.concatenate([training.words, scored.words]))
    names = ["", *(chr(int(letter)) for letter in distinct)]
    law = witten_bell(index.counts(0), index)
    return {(names[c], names[w + 1]): p for c, w, p in zip(index.context.tolist(), index.word.tolist(), law.tolist(), strict=True)}


def test_a_bigram_made_by_hand():
    """Training "aab", "b": a is followed by a and b once each; the beginning by a and b; words a 2, b 2 of 4, two kinds of three."""
    law = model(sample("aab", "b"), sample("ac", "cb"))
    p = {"a": (2 + 2 / 3) / 6, "b": (2 + 2 / 3) / 6, "c": (2 / 3) / 6}
    assert law["a", "a"] == pytest.approx((1 + 2 * p["a"]) / 4)
    assert law["a", "b"] == pytest.approx((1 + 2 * p["b"]) / 4)
    assert law["a", "c"] == pytest.approx(2 * p["c"] / 4)
    assert law["", "c"] == pytest.approx(2 * p["c"] / 4)
    assert law["c", "b"] == pytest.approx(p["b"])
    assert set(law) == {("", "a"), ("a", "a"), ("a", "b"), ("", "b"), ("a", "c"), ("", "c"), ("c", "b")}


def test_laws_sum_to_one_in_every_context():
    rng = np.random.default_rng(0)
    training = sample(*("".join(rng.choice(list("abcdef"), 12)) for _ in range(20)))
    pairs = [x + y for x in "abcdefgh" for y in "abcdefgh"]
    law = model(training, sample(*pairs))
    for context in "abcdefgh":
        assert sum(law[context, letter] for letter in "abcdefgh") == pytest.approx(1.0)
    assert sum(law["", letter] for letter in "abcdefgh") == pytest.approx(1.0)


def test_brute_force_by_dictionaries():
    rng = np.random.default_rng(1)
    documents = ["".join(rng.choice(list("abcdefghij"), rng.integers(1, 9), p=np.arange(10, 0, -1) / 55)) for _ in range(60)]
    scored = ["".join(rng.choice(list("abcdefghijk"), 6)) for _ in range(20)]
    law = model(sample(*documents), sample(*scored))
    pairs = Counter(pair for document in documents for pair in zip(("", *document), document, strict=False))
    words = Counter("".join(documents))
    vocabulary = len(set("".join(documents + scored)))
    for (context, word), found in law.items():
        alone = (words[word] + len(words) / vocabulary) / (words.total() + len(words))
        after = {pair: count for pair, count in pairs.items() if pair[0] == context}
        seen, kinds = sum(after.values()), len(after)
        expected = (pairs[context, word] + kinds * alone) / (seen + kinds) if seen else alone
        assert found == pytest.approx(expected), (context, word)


def test_documents_without_words_and_a_first_part():
    empty = Sample(np.zeros(0, np.uint64), np.zeros(0, np.int64))
    assert index_of([sample("ab"), empty]).counts(1).sum() == 0
    cut = sample("abc", "de").first(4)
    assert (cut.words.tolist(), cut.document.tolist()) == ([97, 98, 99, 100], [0, 0, 0, 1])


def test_the_smoothing_of_bigrams_is_that_of_nltk():
    counter, smoothing, vocab = (pytest.importorskip(f"nltk.lm.{name}") for name in ("counter", "smoothing", "vocabulary"))
    rng = np.random.default_rng(2)
    documents = ["".join(rng.choice(list("abcdefgh"), 7)) for _ in range(30)]
    law = model(sample(*documents), sample("aa", "gh", "hg"))
    edged = [("<s>", *document) for document in documents]
    counts = counter.NgramCounter([[*zip(d, d[1:], strict=False), *((word,) for word in d[1:])] for d in edged])
    theirs = smoothing.WittenBell(vocab.Vocabulary("".join(documents)), counts)
    total, kinds = counts.unigrams.N(), counts.unigrams.B()
    for (context, word), found in law.items():
        alpha, gamma = theirs.alpha_gamma(word, (context or "<s>",))
        lower = (counts.unigrams[word] + 1) / (total + kinds)  # all words are seen, so kinds / vocabulary is 1
        assert found == pytest.approx(alpha + gamma * lower, abs=1e-12)
