from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.stats import binom

from longtail.errors import ConfigError, UsageError
from longtail.origin.watermarks.kgw import Kgw

V = 500
rng = np.random.default_rng(0)
pytest.importorskip("torch", reason="needs the extra hf")
pytest.importorskip("transformers", reason="needs the extra hf")


@pytest.fixture(scope="module")
def model(tiny):
    return tiny.gpt("GPT2LMHeadModel", V, spread=0.02)


@pytest.fixture(scope="module")
def unmarked(tiny, model):
    return tiny.written(model, texts=100, tokens=200, seed=1)


def theirs(key, row, repeats=False):
    import torch
    from transformers import WatermarkDetector

    class Config:
        vocab_size, bos_token_id, is_encoder_decoder = key.vocabulary, -1, False

    detector = WatermarkDetector(Config, key.device, key.marking(), ignore_repeated_ngrams=not repeats)
    found = detector(torch.tensor([row]), return_dict=True)
    return int(found.num_green_tokens[0]), int(found.num_tokens_scored[0])


@pytest.mark.parametrize("settings", [{}, {"seeding": "selfhash", "context": 3}, {"hashing_key": 7919, "gamma": 0.4}])
def test_a_mark_of_transformers_is_found_with_its_key_alone(tiny, settings):
    """The model is uncertain among few words: selfhash favours none but the 40 likeliest."""
    model = tiny.gpt("GPT2LMHeadModel", V, spread=0.25)
    key = Kgw(vocabulary=V, **settings)
    texts = tiny.written(model, key.marking(), texts=2, tokens=100)
    assert all(each.log10_p < -5 for each in key.detect_many(texts))
    other = Kgw(vocabulary=V, **(settings | {"hashing_key": 104729}))
    assert all(each.p > 1e-3 for each in other.detect_many(texts))
    assert other.key_id != key.key_id
    assert all(each.p > 1e-3 for each in key.detect_many(tiny.written(model, texts=2, tokens=100)))


@pytest.mark.parametrize(
    "settings", [{}, {"seeding": "selfhash", "context": 1}, {"seeding": "selfhash", "context": 4}, {"context": 1, "gamma": 0.5}]
)
def test_colours_are_those_of_transformers(settings):
    """Where no pair repeats, both count the same."""
    key = Kgw(vocabulary=V, **settings)
    for seed in range(3):
        row = np.random.default_rng(seed).permutation(V)[:120]
        found = key.detect(row)
        green, scored = theirs(key, row.tolist())
        assert (found.green, found.scored) == (green, scored)


def test_repeats_are_counted_once_where_transformers_counts_them_all():
    row = np.tile(rng.permutation(V)[:20], 10)
    key = Kgw(vocabulary=V)
    found = key.detect(row)
    assert theirs(key, row.tolist(), repeats=True)[1] == 199
    assert found.scored == 20
    assert (found.green, 20) == theirs(key, row.tolist())


def test_p_is_the_binomial_tail_at_the_rate_of_whole_tokens():
    key = Kgw(vocabulary=10, gamma=0.25)
    found = key.detect(rng.permutation(10))
    rate = Fraction(2, 10)
    tail = sum(comb(found.scored, k) * rate**k * (1 - rate) ** (found.scored - k) for k in range(found.green, found.scored + 1))
    assert found.p == pytest.approx(float(tail), rel=1e-12)


def test_a_wider_context_changes_no_list_of_lefthash():
    """So pairs that differ only further back are one pair to us, and several to the detector of transformers."""
    row = np.array([5, 7, 9, 6, 7, 9, 8, 7, 9] + [11, 12])
    wide, narrow = Kgw(vocabulary=V, context=3).detect(row), Kgw(vocabulary=V).detect(row)
    assert (wide.scored, wide.green) == (narrow.scored, narrow.green)
    assert theirs(Kgw(vocabulary=V, context=3), row.tolist())[1] == 8
    assert wide.scored == 8
    same = np.array([5, 6, 7, 9, 6, 5, 7, 9])
    assert Kgw(vocabulary=V).detect(same).scored == 6


def test_windows_of_selfhash_that_share_a_seed_are_one_coin():
    key = Kgw(vocabulary=V, seeding="selfhash", context=4)
    row = rng.integers(0, V, 3000) % 50
    windows = len({tuple(row[at : at + 4]) for at in range(len(row) - 3)})
    assert key.detect(row).scored < 0.9 * windows


def test_the_generator_of_a_cpu_takes_the_lower_half_of_a_seed():
    torch = pytest.importorskip("torch")
    drawn = [torch.randperm(100, generator=torch.Generator().manual_seed(seed)).tolist() for seed in (5, 5 + (1 << 32), 6)]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("row", [[], [3]])
def test_what_is_too_short_says_nothing(row):
    found = Kgw(vocabulary=V).detect(row)
    assert (found.scored, found.p, found.z, found.reason) == (0, 1.0, None, "too short")


def test_another_tokenizer_or_device_or_vocabulary_is_refused():
    from longtail.origin.watermarks.tokenizers import Words

    with pytest.raises(ConfigError, match="tokenizer 'words' .* is not that of the key"):
        Kgw(vocabulary=V, tokenizer="0" * 64).detect("a b c", Words())
    with pytest.raises(ConfigError, match="marked on device 'xpu', which this machine lacks"):
        Kgw(vocabulary=V, device="xpu").detect([1, 2, 3])
    with pytest.raises(UsageError, match="the vocabulary has 500 tokens"):
        Kgw(vocabulary=V).detect([1, 500])
    with pytest.raises(UsageError, match="without the tokenizer"):
        Kgw(vocabulary=V).detect("a b c")


@pytest.mark.parametrize("settings", [{"gamma": 0.0}, {"vocabulary": 3}, {"seeding": "right"}, {"context": 0}, {"hashing_key": 0}])
def test_settings_that_make_no_list_are_refused(settings):
    with pytest.raises(ConfigError, match="take"):
        Kgw(**({"vocabulary": V} | settings))


def test_p_keeps_its_level_on_texts_that_nobody_marked(unmarked):
    small = sum(each.p < 0.01 for seed in range(10) for each in Kgw(vocabulary=V, hashing_key=15485863 + 2 * seed).detect_many(unmarked))
    assert small <= binom.ppf(0.999, 1000, 0.01)


@pytest.mark.slow
def test_p_keeps_its_level_on_a_thousand_texts(tiny, model):
    texts = tiny.written(model, texts=1000, tokens=200, seed=2)
    small = sum(each.p < 0.01 for each in Kgw(vocabulary=V).detect_many(texts))
    assert binom.ppf(0.001, 1000, 0.005) <= small <= binom.ppf(0.999, 1000, 0.01)
