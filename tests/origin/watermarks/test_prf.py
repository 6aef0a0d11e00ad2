import hashlib

import numpy as np
import pytest
from scipy.stats import chisquare, kstest

from longtail.errors import UsageError
from longtail.origin.watermarks import Key, Words, bias, green, greens, prf, tilted

WHOLE = 1 << 64


def splitmix(value):
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 % WHOLE
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB % WHOLE
    return value ^ (value >> 31)


def brute_force(key, context, token):
    """Whether a token is green, in Python's whole numbers alone."""
    digest = hashlib.sha256(key.scheme.encode() + b"\0" + bytes.fromhex(key.secret)).digest()
    one, two, three, four = (int.from_bytes(digest[at : at + 8], "little") for at in range(0, 32, 8))
    left = one
    for each in context:
        left = splitmix((splitmix(left ^ each % WHOLE) + two) % WHOLE)
    return splitmix(splitmix(left ^ (token + three) % WHOLE) ^ four) < key.gamma * WHOLE


@pytest.fixture(params=[1, 2, 4], ids=lambda context: f"context {context}")
def key(request):
    return Key(secret=f"{7:064x}", tokenizer=Words.sha256, context=request.param)


@pytest.fixture
def cases(key):
    rng = np.random.default_rng(1)
    contexts = rng.integers(-(2**63), 2**63 - 1, (500, key.context))
    tokens = np.concatenate([rng.integers(-(2**63), 2**63 - 1, 250), rng.integers(0, 100, 250)])
    return contexts, tokens


@pytest.mark.parametrize("gamma", [0.001, 0.25, 0.5, 0.999])
def test_green_sets_are_those_of_whole_numbers_of_python(key, cases, gamma):
    key = Key(secret=key.secret, tokenizer=key.tokenizer, context=key.context, gamma=gamma)
    expected = [brute_force(key, context, token) for context, token in zip(*(each.tolist() for each in cases), strict=True)]
    assert green(key, *cases).tolist() == expected
    assert len(set(expected)) == 2 or gamma in (0.001, 0.999)


def test_values_of_a_row_are_those_of_its_windows_across_pieces(key):
    tokens = np.random.default_rng(2).integers(0, 1000, 3 * prf._BLOCK + 5)
    rows = np.lib.stride_tricks.sliding_window_view(tokens, key.context + 1)
    whole = prf.draws(key.words, prf.state(key.words, rows[:, :-1]), rows[:, -1])
    assert (prf.windows(key.words, tokens, key.context) == whole).all()


@pytest.mark.parametrize("length", [0, 1])
def test_a_row_without_a_full_context_has_no_values(key, length):
    assert len(prf.windows(key.words, np.zeros(length, dtype=np.int64), key.context)) == 0


def of_torch(key, contexts, tokens, device):
    torch = pytest.importorskip("torch")
    states = prf.state(key.words, torch.from_numpy(contexts).to(device))
    return prf.draws(key.words, states, torch.from_numpy(tokens).to(device)).cpu().numpy()


def test_torch_on_the_cpu_draws_the_same_bits_as_numpy(key, cases):
    assert (of_torch(key, *cases, "cpu") == prf.draws(key.words, prf.state(key.words, cases[0]), cases[1])).all()


def test_torch_on_a_gpu_draws_the_same_bits_as_numpy(key, cases):
    if not pytest.importorskip("torch").cuda.is_available():
        pytest.skip("torch finds no GPU")
    assert (of_torch(key, *cases, "cuda") == prf.draws(key.words, prf.state(key.words, cases[0]), cases[1])).all()


def test_values_pass_as_uniform_and_unrelated():
    words = prf.keys("greenlist-1", f"{3:064x}")
    contexts = np.stack(np.meshgrid(np.arange(300), np.arange(300)), axis=-1).reshape(-1, 2)
    values = prf.draws(words, prf.state(words, contexts), contexts[:, 0] * 0 + 5)
    unit = (values / 2.0**64) + 0.5
    assert kstest(unit, "uniform").pvalue > 0.001
    pairs = np.histogram2d(unit[:-1], unit[1:], bins=16)[0]
    assert chisquare(pairs.ravel()).pvalue > 0.001


def test_one_bit_of_a_token_a_context_or_a_secret_turns_half_the_bits_of_a_value():
    def value(secret, first, second, token):
        words = prf.keys("greenlist-1", f"{secret:064x}")
        return prf.draws(words, prf.state(words, np.array([[first, second]])), np.array([token])).view(np.uint64)[0]

    base = value(1, 2, 3, 4)
    for changed in ((2, 2, 3, 4), (1, 3, 3, 4), (1, 2, 2, 4), (1, 2, 3, 5), (1, 3, 2, 4)):
        assert 16 <= int(base ^ value(*changed)).bit_count() <= 48


def test_two_keys_agree_no_more_than_by_chance():
    contexts = np.random.default_rng(0).integers(0, 1000, (40_000, 2))
    one, other = (green(Key(secret=f"{n:064x}", tokenizer=Words.sha256), contexts, contexts[:, 0]) for n in (1, 2))
    assert abs((one & other).mean() - 1 / 16) < 0.006


def test_a_bias_adds_delta_to_green_tokens_and_nothing_before_a_full_context(key):
    logits = np.linspace(-3, 3, 500)
    last = np.arange(10, 10 + key.context)
    flags = greens(key, last, 500)
    assert flags.tolist() == green(key, np.tile(last, (500, 1)), np.arange(500)).tolist()
    assert (bias(key, last, logits) - logits).tolist() == pytest.approx((key.delta * flags).tolist())
    assert (bias(key, np.concatenate([[3, 4], last]), logits) == bias(key, last, logits)).all()
    assert (bias(key, last[1:], logits) == logits).all()
    assert not greens(key, [], 500).any()


def test_a_tilted_law_is_that_of_biased_logits():
    key = Key(secret=f"{7:064x}", tokenizer=Words.sha256)
    words, law = np.array([10**15, -4, 17, 3, 8, 9]), np.array([0.1, 0.2, 0.3, 0.2, 0.2, 0.0])
    raised = np.exp(bias(key, [1, 2], np.log(law[:5]), words[:5]))
    assert tilted(key, [1, 2], law, words)[:5] == pytest.approx(raised / raised.sum())
    assert tilted(key, [1, 2], law, words)[5] == 0
    assert tilted(key, [1], law, words) == pytest.approx(law)


def test_what_makes_no_green_list_is_refused():
    key = Key(secret=f"{7:064x}", tokenizer=Words.sha256)
    with pytest.raises(UsageError, match=r"token ids are of type float64"):
        greens(key, [1.5, 2.0], 5)
    with pytest.raises(UsageError, match=r"contexts have shape \(3, 1\)"):
        green(key, np.zeros((3, 1), dtype=np.int64), np.zeros(3, dtype=np.int64))
    with pytest.raises(UsageError, match="2 numbers for 3 tokens"):
        bias(key, [1, 2], [0.0, 0.0], np.arange(3))
    with pytest.raises(UsageError, match="a law sums to"):
        tilted(key, [1, 2], [0.0, 0.0])
