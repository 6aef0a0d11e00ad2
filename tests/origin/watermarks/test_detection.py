import math

import numpy as np
import pytest
from scipy.stats import binom

from bench.watermarks import FLAT, GREEDY, LEVELS, MODEL, WIDE, edited, key_of, rates, sampled
from longtail.errors import ConfigError, UsageError
from longtail.origin.watermarks import Words, detect, detect_many, green

KEY = key_of(1)


def by_hand(key, tokens):
    """Scored and green pairs, one window at a time."""
    pairs = {tuple(tokens[at : at + key.context + 1]) for at in range(len(tokens) - key.context)}
    return len(pairs), sum(bool(green(key, np.array([pair[:-1]]), np.array([pair[-1]]))[0]) for pair in pairs)


@pytest.mark.parametrize("context", [1, 2, 3])
def test_each_distinct_pair_of_a_text_is_scored_once_and_the_tail_is_exact(context):
    key = key_of(5, context=context)
    rng = np.random.default_rng(0)
    texts = [rng.integers(0, 12, size).tolist() for size in (0, 1, 2, 3, 4, 40, 400)]
    for text, found in zip(texts, detect_many(key, texts), strict=True):
        scored, greens = by_hand(key, text)
        assert (found.tokens, found.scored, found.green) == (len(text), scored, greens)
        assert found == detect(key, text)
        assert found.p == pytest.approx(binom.sf(greens - 1, scored, 0.25))
        assert found.log10_p == pytest.approx(math.log10(found.p))
        if scored:
            assert found.z == pytest.approx((greens - 0.25 * scored) / math.sqrt(0.1875 * scored))


def test_a_text_is_scored_alike_alone_and_among_others():
    texts = [f"text {at} of a batch, " + "which is so long that it fills a slice " * (at % 3) for at in range(2500)]
    together = detect_many(KEY, iter(texts), Words())
    assert [together[at] for at in (0, 1023, 1024, 2499)] == [detect(KEY, texts[at], Words()) for at in (0, 1023, 1024, 2499)]
    assert detect_many(KEY, [], Words()) == []


@pytest.mark.parametrize("text", ["", "one", "one two", "... !", "\n"])
def test_a_text_too_short_to_score_says_nothing_of_its_author(text):
    found = detect(KEY, text, Words())
    assert (found.scored, found.z, found.p, found.log10_p, found.reason) == (0, None, 1.0, 0.0, "too short")
    assert found.words() == f"no watermark of key {KEY.key_id} found (too short); this does not say who wrote it"


def test_another_tokenizer_is_refused_with_the_one_that_is_needed():
    other = key_of(1).__class__(secret=KEY.secret, tokenizer="ab" * 32)
    with pytest.raises(ConfigError, match="give the tokenizer with SHA-256 " + "ab" * 32):
        detect(other, "some text", Words())


def test_a_text_needs_a_tokenizer_and_ids_are_whole_numbers():
    with pytest.raises(UsageError, match="without the tokenizer"):
        detect(KEY, "some text")
    with pytest.raises(UsageError, match="type float64"):
        detect(KEY, np.array([1.0, 2.0]))


@pytest.fixture(scope="module")
def marked():
    return sampled(MODEL, 400, 200, np.random.default_rng(0), KEY)


def test_a_marked_text_is_found_with_its_own_key_alone(marked):
    assert rates(detect_many(KEY, marked))[1e-4] == 1.0
    assert rates(detect_many(key_of(2), marked))[1e-4] <= 0.005
    found = detect(KEY, marked[0])
    assert found.words().startswith(f"watermark of key {KEY.key_id} found: {found.green} of {found.scored} scored tokens are green, p = ")


def test_a_copy_whose_watermark_was_washed_out_is_not_called_human(marked):
    washed = detect(KEY, edited(marked[:1], 1.0, 10_000, np.random.default_rng(0))[0])
    assert "no watermark of key" in washed.words()
    assert washed.words().endswith("this does not say who wrote it")
    assert "human" not in washed.words()


@pytest.mark.parametrize("law", [FLAT, WIDE, MODEL], ids=lambda law: law.name)
def test_200_tokens_are_found_99_times_in_100_at_one_false_find_in_10_000(law):
    found = detect_many(KEY, sampled(law, 1000, 200, np.random.default_rng(3), KEY))
    assert rates(found)[1e-4] >= 0.99


def test_what_is_found_falls_with_edits_as_the_pairs_that_survive_them(marked):
    rng = np.random.default_rng(1)
    whole = np.mean([each.green / each.scored for each in detect_many(KEY, marked)])
    for share in (0.1, 0.3, 0.5):
        found = detect_many(KEY, edited(marked, share, 10**9, rng))
        rate = sum(each.green for each in found) / sum(each.scored for each in found)
        assert rate == pytest.approx(0.25 + (whole - 0.25) * (1 - share) ** 3, abs=0.01)


def test_text_sampled_near_greedily_holds_next_to_no_watermark():
    found = detect_many(KEY, sampled(GREEDY, 500, 200, np.random.default_rng(0), KEY))
    assert rates(found)[1e-4] <= 0.01


def null(keys, texts):
    """Rates of finds in unmarked texts of 200 tokens, other texts for each key."""
    rng = np.random.default_rng(5)
    found = [each for n in range(keys) for each in detect_many(key_of(n), sampled(MODEL, texts, 200, rng))]
    return rates(found)


def test_unmarked_texts_are_found_as_often_as_the_level_says():
    found = null(40, 500)
    assert 0.0065 <= found[1e-2] <= 0.0125
    assert found[1e-4] <= 5e-4


@pytest.mark.slow
def test_100_000_unmarked_texts_are_found_as_often_as_the_level_says():
    found = null(200, 500)
    assert 0.007 <= found[1e-2] <= 0.013
    assert found[1e-4] <= 2e-4


def test_scoring_repeats_would_find_watermarks_in_unmarked_texts():
    rng = np.random.default_rng(6)
    texts = np.tile(sampled(MODEL, 4000, 20, rng), 10)
    windows = np.lib.stride_tricks.sliding_window_view(texts, 3, axis=1)
    all_green = green(KEY, windows[..., :2].reshape(-1, 2), windows[..., 2].ravel()).reshape(len(texts), -1).sum(axis=1)
    naive = binom.sf(all_green - 1, windows.shape[1], 0.25)
    assert (naive <= 1e-4).mean() > 0.05
    once = rates(detect_many(KEY, texts))
    assert once[1e-4] <= 1e-3
    assert once[1e-2] <= 0.0125


def test_a_text_of_ten_million_tokens_is_scored_whole():
    words = " ".join(f"w{at}" for at in range(200_000)) + " "
    found = detect(KEY, words * 50, Words())
    assert found.tokens == 10_000_000
    assert 200_000 <= found.scored <= 200_002
    assert abs(found.z) < 5


def test_many_scripts_in_one_text_are_scored(marked):
    text = "Страсти по Матфею 源氏物語の冒頭 ภาษาไทย العربية 🙂 Ελλάδα देवनागरी " * 5
    found = detect(KEY, text, Words())
    assert found.scored > 20
    assert found.p > 1e-4


def test_levels_of_the_tables_are_in_order():
    assert list(LEVELS) == sorted(LEVELS, reverse=True)
