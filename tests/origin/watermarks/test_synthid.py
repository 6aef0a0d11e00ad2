import numpy as np
import pytest
from scipy.stats import binom, kstest, norm

from longtail.errors import ConfigError
from longtail.origin.watermarks.synthid import SynthId

V = 500
KEYS = (654, 400, 836, 123, 340, 443, 597, 160, 57, 29, 590, 639, 13, 715, 468, 990, 966, 226, 324, 585, 118, 504, 421, 521, 129)
KEY = SynthId(keys=KEYS)
rng = np.random.default_rng(0)
pytest.importorskip("torch", reason="needs the extra hf")
pytest.importorskip("transformers", reason="needs the extra hf")


@pytest.fixture(scope="module")
def model(tiny):
    return tiny.gpt("GPT2LMHeadModel", V, spread=0.02)


@pytest.fixture(scope="module")
def unmarked(tiny, model):
    return tiny.written(model, texts=100, tokens=200, seed=1)


def test_a_mark_of_transformers_is_found_with_its_key_alone(tiny, model, unmarked):
    texts = tiny.written(model, KEY.marking(), texts=2, tokens=100)
    assert all(each.log10_p < -10 for each in KEY.detect_many(texts))
    assert all(each.p > 1e-3 for each in SynthId(keys=tuple(each + 1001 for each in KEYS)).detect_many(texts))
    assert all(each.p > 1e-3 for each in KEY.detect_many(unmarked[:2]))


def test_near_greedy_text_carries_no_mark(tiny):
    sharp = tiny.gpt("GPT2LMHeadModel", V, spread=0.3)
    texts = tiny.written(sharp, KEY.marking(), texts=2, tokens=100, temperature=0.05)
    assert all(each.log10_p > -4 for each in KEY.detect_many(texts))


@pytest.mark.parametrize("key", [KEY, SynthId(keys=KEYS[:5], context=2, table_size=1000, table_seed=3)])
def test_bits_and_new_contexts_are_those_of_transformers(key):
    import torch

    processor = key.marking().construct_processor(V, "cpu")
    for tokens, words in [(150, V), (300, 4), (key.context + 1, V)]:
        row = rng.integers(0, words, tokens)
        bits = processor.compute_g_values(torch.tensor(row[None]))[0].numpy()
        new = processor.compute_context_repetition_mask(torch.tensor(row[None]))[0].numpy()
        right = [new.sum(), *bits[new].sum(axis=0)]
        assert key.layers(row).tolist() == right
        found = key.detect(row)
        weights = np.linspace(10, 1, len(key.keys))
        weights *= len(key.keys) / weights.sum()
        assert found.mean == pytest.approx(bits[new].mean())
        assert found.weighted == pytest.approx((bits[new] * weights).mean())


def test_the_null_is_that_of_the_table():
    """By 64-bit hashes drawn at random, in integers of Python."""
    table = KEY.marking().construct_processor(V, "cpu").sampling_table.numpy()
    weights = KEY.weights / len(KEYS)
    scores = []
    for state in np.random.default_rng(5).integers(0, 1 << 62, 20000).tolist():
        hashes = [(state + key) * 6364136223846793005 + 1 for key in KEYS]
        scores.append(sum(weight * int(table[each % (1 << 16)]) for weight, each in zip(weights, hashes, strict=True)))
    mean, variance = KEY.null
    assert mean == pytest.approx(np.mean(scores), abs=4 * np.std(scores) / np.sqrt(20000))
    assert variance == pytest.approx(np.var(scores), rel=0.05)


def test_a_table_whose_size_is_no_power_of_two_has_its_null_by_draws():
    mean, variance = SynthId(keys=KEYS, table_size=50000).null
    assert mean == pytest.approx(0.5, abs=0.01)
    assert variance == pytest.approx(np.sum(KEY.weights**2) / 4 / len(KEYS) ** 2, rel=0.1)


def test_long_texts_of_a_small_table_keep_the_level():
    """With 1/2 and independent bits instead of the moments of the table most of them would be found guilty."""
    key = SynthId(keys=KEYS, table_size=64, context=3)
    found = key.detect_many(rng.integers(0, V, (300, 2000)))
    assert kstest([each.p for each in found], "uniform").pvalue > 0.001
    naive = [(each.weighted - 0.5) / np.sqrt(np.sum(key.weights**2) / 4 / len(KEYS) ** 2 / each.positions) for each in found]
    assert kstest(norm.sf(naive), "uniform").pvalue < 1e-6


def test_a_repeated_phrase_is_scored_once():
    phrase = rng.integers(0, V, 30)
    assert KEY.detect(np.tile(phrase, 20)).positions == 30
    assert KEY.detect(np.tile(phrase, 20)).scored == 30 * len(KEYS)


def level(found):
    return binom.ppf(0.001, 1000, 0.01) <= sum(each.p < 0.01 for each in found) <= binom.ppf(0.999, 1000, 0.01)


def test_p_keeps_its_level_on_texts_that_nobody_marked(unmarked):
    assert level([each for shift in range(10) for each in SynthId(keys=tuple(key + 37 * shift for key in KEYS)).detect_many(unmarked)])


@pytest.mark.slow
def test_p_keeps_its_level_on_a_thousand_texts(tiny, model):
    assert level(KEY.detect_many(tiny.written(model, texts=1000, tokens=200, seed=2)))


@pytest.mark.parametrize("row", [[], [3], [1, 2, 3, 4]])
def test_what_is_too_short_says_nothing(row):
    found = KEY.detect(row)
    assert (found.positions, found.p, found.z, found.mean, found.reason) == (0, 1.0, None, None, "too short")
    assert found.words() == f"no SynthID watermark of key {KEY.key_id} found (too short); this does not say who wrote it"


@pytest.mark.parametrize("settings", [{"keys": ()}, {"keys": (1, 1)}, {"context": 0}, {"table_size": 1}])
def test_settings_that_mark_nothing_are_refused(settings):
    with pytest.raises(ConfigError, match="give one for each layer|take"):
        SynthId(**({"keys": KEYS} | settings))


def test_text_of_a_device_that_is_not_here_is_refused():
    with pytest.raises(ConfigError, match="marked on device 'xpu', which this machine lacks"):
        SynthId(keys=KEYS, device="xpu").detect([1, 2, 3])
