"""MinHash signatures against sets of shingles made by other means, and against binomial laws."""

import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from longtail.errors import ConfigError, IncompatibleSummaries, UsageError
from longtail.summaries.minhash import (
    DEFAULT,
    SIZE,
    Settings,
    Signatures,
    bands,
    caught,
    estimate,
    matches_needed,
    refuse_unlike,
    signatures,
    similarity,
)
from longtail.summaries.neighbours import Neighbours
from longtail.summaries.normal import normal, text_hash

SEEDS = 300
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def sign(*texts, **settings):
    return signatures(pa.array(texts, pa.string()), Settings(**settings))


def alike(left, right, **settings):
    """Estimated similarity of two texts, None where one has no signature."""
    return similarity(sign(left, **settings), sign(right, **settings))[0].as_py()


def shingles(text, order=5):
    """The set of runs of words, by a regular expression that does for plain English."""
    words = re.findall(r"\w+(?:'\w+)*", text.lower())
    return {tuple(words[at : at + order]) for at in range(max(len(words) - order + 1, 1))} if words else set()


def jaccard(left, right, order=5):
    one, other = shingles(left, order), shingles(right, order)
    return len(one & other) / len(one | other)


def edited(text, share, random):
    """The text with a share of its words replaced by words that it does not hold."""
    words = text.split()
    for at in random.choice(len(words), max(1, round(share * len(words))), replace=False):
        words[at] = f"edit{at}"
    return " ".join(words)


def over_seeds(left, right):
    """Agreeing places of two texts under each of many seeds."""
    return np.array([int((pair.values[0] == pair.values[1]).sum()) for pair in (sign(left, right, seed=seed) for seed in range(SEEDS))])


def words(start, stop):
    return " ".join(f"w{number}" for number in range(start, stop))


PAIRS = {
    "unlike": (words(0, 300), words(1000, 1300)),
    "little": (words(0, 300), words(250, 600)),
    "half": (words(0, 304), words(100, 404)),
    "much": (words(0, 1000), words(30, 1030)),
    "short": (words(0, 12), words(3, 14)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_agreement_is_binomial_with_the_probability_of_the_true_similarity(name):
    found, truth = over_seeds(*PAIRS[name]), jaccard(*PAIRS[name])
    agree = truth + (1 - truth) / 256
    variance = SIZE * agree * (1 - agree)
    kurtosis = (1 - 6 * agree * (1 - agree)) / variance
    assert abs(found.mean() - SIZE * agree) < 4 * np.sqrt(variance / SEEDS)
    assert abs(found.var(ddof=1) / variance - 1) < 4 * np.sqrt((2 + kurtosis) / SEEDS)


@pytest.mark.parametrize("truth", [0.2, 0.5, 0.9])
def test_the_estimate_is_unbiased(truth):
    law = binom.pmf(np.arange(SIZE + 1), SIZE, truth + (1 - truth) / 256)
    assert law @ estimate(np.arange(SIZE + 1)) == pytest.approx(truth, abs=1e-9)


def test_the_estimate_follows_the_shingles_of_real_sentences(stdlib_paragraphs):
    random = np.random.default_rng(3)
    long = [text for text in stdlib_paragraphs if len(text.split()) >= 40][:1500]
    like = [edited(text, share, random) for text, share in zip(long, random.choice([0.01, 0.03, 0.1, 0.3], len(long)), strict=True)]
    found = similarity(sign(*long), sign(*like)).to_numpy()
    truth = np.array([jaccard(*pair) for pair in zip(long, like, strict=True)])
    agree = truth + (1 - truth) / 256
    z = (found - truth) / np.sqrt(agree * (1 - agree) / SIZE)
    assert abs(z.mean()) * np.sqrt(len(z)) < 4
    assert 0.8 < z.std() < 1.2
    assert np.ptp(truth) > 0.7


def test_real_sentences_that_share_nothing_are_not_alike(stdlib_paragraphs):
    pairs = [pair for pair in pairwise(stdlib_paragraphs) if jaccard(*pair) == 0][:3000]
    found = similarity(sign(*(left for left, _ in pairs)), sign(*(right for _, right in pairs))).to_numpy()
    assert found.max() < 0.05
    assert len(pairs) == 3000


def test_large_and_small_documents_agree_as_often_as_they_share():
    left, right = words(0, 100_000), words(50_000, 150_000)
    truth = jaccard(left, right)
    found = np.array([(pair.values[0] == pair.values[1]).sum() for pair in (sign(left, right, seed=seed) for seed in range(20))])
    agree = truth + (1 - truth) / 256
    assert abs(found.sum() - 20 * SIZE * agree) < 4 * np.sqrt(20 * SIZE * agree * (1 - agree))


SAME = [
    ("It is, after all, a small world!", "it is after all a small world"),
    ("One two  three\tfour\nfive six", " one two three four five six "),
    ("ÉTÉ à la plage du nord", "e\u0301te\u0301 a\u0300 la plage du nord"),
    ("猫は 魚を 食べる", "猫は魚を食べる"),
    ("a\0b c d e f", "a b c d e f"),
    ("don\u2019t do it like this", "DON'T do it, like this."),
    ("Thank you!", "thank you"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_case_spacing_punctuation_and_composition_do_not_matter(left, right):
    assert alike(left, right) == 1


def test_the_order_of_words_matters():
    assert alike("one two three four five six", "six five four three two one") < 0.05
    assert alike("one two", "two one") < 0.05


def test_fewer_words_than_a_shingle_are_one_shingle():
    assert alike("yes", "yes") == 1
    assert alike("yes", "no") < 0.05
    assert alike("a b c d", "a b c") < 0.05


def test_repeated_shingles_count_once():
    assert alike("spam eggs " * 5, "spam eggs " * 500) == 1


def test_a_text_without_spaces_is_compared_by_runs_of_letters():
    text = "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏閏餘成歲律呂調陽雲騰致雨露結為霜金生麗水玉出崑岡"
    assert 0.55 < alike(text, text[:20] + "貓" + text[21:]) < 0.95  # 39 of 49 runs shared
    assert alike(text, text[::-1]) < 0.05


@pytest.mark.parametrize("text", [None, "", " \n", "\0", "... -- !?", "\u200b"])
def test_a_document_without_words_has_no_signature(text):
    made = sign(text, "word")
    assert made.given.tolist() == [False, True]
    assert not made.values[0].any()
    assert similarity(made, made).to_pylist() == [None, 1.0]
    assert made.to_arrow().is_null().to_pylist() == [True, False]


def test_signatures_do_not_depend_on_how_the_column_is_laid_out():
    texts = ["one two three", None, "café " * 9, "", "猫" * 7, *(words(n, n + 9) for n in range(5000))]
    whole = sign(*texts)
    alone = [sign(text).values[0] for text in texts[:50]]
    assert (whole.values[:50] == alone).all()
    padded = pa.array(["x"] * 3 + texts, pa.string()).slice(3)
    chunked = pa.chunked_array([padded.slice(0, 7), padded.slice(7, 0), padded.slice(7)])
    for column in (padded, chunked, padded.cast(pa.large_string()), padded.dictionary_encode()):
        assert (signatures(column).values == whole.values).all()
        assert (signatures(column).given == whole.given).all()


def test_no_documents_have_no_signatures():
    assert len(sign()) == 0
    assert sign().to_arrow().type == pa.binary(SIZE)
    assert len(signatures(pa.chunked_array([], pa.string()))) == 0


def test_signatures_of_this_version_never_change():
    made = sign("The quick brown fox jumps over the lazy dog.", "déjà vu", "猫")
    assert made.values[:, :8].tobytes().hex() == "412c49f3b57cd392226272a6d1bd2b6780b0925d59e6f6b0"
    assert text_hash("The  quick\nBROWN fox") == xxhash.xxh3_64_intdigest(b"the quick brown fox")


def test_signatures_come_back_from_bytes():
    made = sign("one two three", "", "four")
    for column in (made.to_arrow(), made.to_arrow().cast(pa.binary()), pa.concat_arrays([sign("x").to_arrow(), made.to_arrow()]).slice(1)):
        back = Signatures.from_arrow(column)
        assert (back.values == made.values).all()
        assert back.given.tolist() == made.given.tolist()
    assert (Signatures.from_arrow(sign("a", "b").to_arrow()).values == sign("a", "b").values).all()
    assert len(Signatures.from_arrow(sign().to_arrow())) == 0
    assert not Signatures.from_arrow(sign("", None).to_arrow()).given.any()


@pytest.mark.parametrize("column", [pa.array([b"short"]), pa.array(["text"]), pa.array([1])])
def test_bytes_that_are_no_signature_are_refused(column):
    with pytest.raises(UsageError, match="128 bytes"):
        Signatures.from_arrow(column)


@pytest.mark.parametrize("other", [{"seed": 1}, {"order": 3}, {"version": "minhash-2"}])
def test_unlike_settings_refuse_to_be_compared(other):
    made = sign("one two three")
    unlike = Signatures(made.values, made.given, Settings(**other))
    with pytest.raises(IncompatibleSummaries, match=next(iter(other))):
        similarity(made, unlike)
    with pytest.raises(IncompatibleSummaries, match=next(iter(other))):
        refuse_unlike(unlike.settings, DEFAULT)


def test_other_seeds_and_orders_give_other_signatures():
    text = words(0, 50)
    for other in ({"seed": 1}, {"order": 3}):
        assert (sign(text).values == sign(text, **other).values).mean() < 0.05


def test_bad_settings_are_refused():
    with pytest.raises(ConfigError, match="order is 0"):
        Settings(order=0)
    with pytest.raises(ConfigError, match="minhash-9"):
        sign("a", version="minhash-9")
    with pytest.raises(ConfigError, match="not 3"):
        bands(np.zeros((1, SIZE), np.uint8), 3)
    for threshold in (0, -1, 1.1, float("nan")):
        with pytest.raises(ConfigError, match="threshold is"):
            matches_needed(threshold)


@pytest.mark.parametrize("threshold", [0.01, 0.3, 0.5, 0.8, 0.9, 1])
def test_as_many_places_must_agree_as_the_estimate_needs(threshold):
    least = matches_needed(threshold)
    assert estimate(np.array(least)) >= threshold > estimate(np.array(least - 1))


@pytest.mark.parametrize("rows", [1, 2, 4, 8])
def test_bands_are_equal_where_their_values_are(rows):
    values = np.random.default_rng(rows).integers(0, 3, (60, SIZE), dtype=np.uint8)
    keys = bands(values, rows)
    assert keys.shape == (60, SIZE // rows)
    assert keys.dtype.itemsize == rows
    cut = values.reshape(60, -1, rows)
    assert ((keys[:, None] == keys[None]) == (cut[:, None] == cut[None]).all(axis=-1)).all()


@pytest.mark.parametrize("rows", [1, 2, 4, 8])
@pytest.mark.parametrize("truth", [0.1, 0.3, 0.5, 0.8])
def test_pairs_share_a_band_as_often_as_the_curve_says(rows, truth):
    random = np.random.default_rng(8)
    left = random.integers(0, 256, (4000, SIZE), dtype=np.uint8)
    right = np.where(random.random((4000, SIZE)) < truth, left, random.integers(0, 256, (4000, SIZE), dtype=np.uint8))
    found, expected = (bands(left, rows) == bands(right, rows)).any(axis=1).mean(), caught(truth, rows)
    assert abs(found - expected) <= 4 * np.sqrt(max(expected * (1 - expected), 1e-4) / 4000)


def test_the_curve_is_what_its_description_says():
    assert caught(np.array([0, 0.2, 0.4, 0.5, 0.7])) == pytest.approx([7.5e-9, 0.053, 0.57, 0.88, 0.9998], rel=0.05)
    assert 1 - caught(0.8) == pytest.approx(4.4e-8, rel=0.1)


def brute_nearest(values, query, rows, least):
    shared = (bands(values, rows) == bands(query[None], rows)).any(axis=1)
    matches = np.where(shared, (values == query).sum(axis=1), 0)
    best = int(matches.argmax())
    return best if matches[best] >= least else -1


@pytest.mark.parametrize("rows", [1, 2, 4, 8])
@pytest.mark.parametrize("threshold", [0.2, 0.8])
def test_the_nearest_is_the_first_of_the_most_alike_that_share_a_band(rows, threshold):
    random = np.random.default_rng(5)
    seen = random.integers(0, 256, (40, SIZE), dtype=np.uint8)
    kept = random.random((400, SIZE)) < random.choice([0.3, 0.7, 0.9, 1], (400, 1))
    values = np.where(kept, seen[random.integers(0, 40, 400)], random.integers(0, 256, (400, SIZE), dtype=np.uint8))
    queries = np.concatenate([seen, values[:20], random.integers(0, 256, (20, SIZE), dtype=np.uint8)])
    found, similarities = Neighbours(values, rows).nearest(queries, threshold)
    assert found.tolist() == [brute_nearest(values, query, rows, matches_needed(threshold)) for query in queries]
    hit = found >= 0
    assert similarities[hit].tolist() == estimate((values[found[hit]] == queries[hit]).sum(axis=1)).tolist()
    assert not similarities[~hit].any()
    assert 0 < hit.sum() < len(hit)


def test_of_rows_equally_alike_the_first_is_found_whatever_band_they_share():
    query = np.arange(SIZE, dtype=np.uint8)
    early, late = query.copy(), query.copy()
    early[:20], late[-20:] = 255, 255
    for values in ([early, late], [late, early]):
        rows, similarities = Neighbours(np.array(values)).nearest(query[None])
        assert (rows.tolist(), similarities.tolist()) == ([0], estimate(np.array([108])).tolist())


def test_an_index_of_nothing_finds_nothing():
    rows, _ = Neighbours(np.zeros((0, SIZE), np.uint8)).nearest(sign("a", "b").values)
    assert rows.tolist() == [-1, -1]


@given(ANY_TEXT)
def test_the_normal_form_of_a_normal_form_is_itself(text):
    assert normal(normal(text)) == normal(text)


@given(ANY_TEXT)
def test_plain_and_other_texts_are_normalised_alike(text):
    assert normal(f"{text} é") == f"{normal(text)} é".strip()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Straße", "STRASSE"),
        (" a\u00a0b\u3000c\n", "A B C"),
        ("caf\u00e9", "CAFE\u0301"),
        ("\u0390", "\u03b9\u0308\u0301"),
        ("a\x1cb", "a b"),
    ],
)
def test_the_hash_is_the_same_up_to_case_and_spacing(left, right):
    assert text_hash(left) == text_hash(right)


def test_the_hash_tells_punctuation_and_nul_bytes_apart():
    assert len({text_hash(text) for text in ("a b", "a, b", "a\0b", "ab", "a b.")}) == 5
    assert text_hash(" \n") is None
