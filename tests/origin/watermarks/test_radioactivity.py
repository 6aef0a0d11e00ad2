import numpy as np
import pytest
from scipy.stats import kstest

from longtail.errors import ConfigError, UsageError
from longtail.lab.learners.ngram import NGram
from longtail.lab.learners.watermarked import Watermarked
from longtail.origin.watermarks import Key, Words, greenlist, prf
from longtail.origin.watermarks.radioactivity import NOTHING, radioactivity, radioactivity_reading
from longtail.origin.watermarks.tail import upper

WORDS = Words()
VOCABULARY = [
    start + vowel + end for start in "bdfgklmn" for vowel in "aeiou" for end in ("rt", "st", "l", "m", "n", "p", "ll", "s", "x", "z")
]


def key(seed=0, context=1, **more):
    return Key(secret=np.random.default_rng(seed).bytes(32).hex(), tokenizer=WORDS.sha256, context=context, **more)


def written(laws, documents, rng, words=40):
    """Walk by the laws of the next word, shape (words, words); return documents of word numbers."""
    sums = laws.cumsum(axis=1) / laws.sum(axis=1, keepdims=True)
    rows = [rng.integers(0, len(laws), documents)]
    for _ in range(words - 1):
        rows.append((sums[rows[-1]] < rng.random((documents, 1))).sum(axis=1))
    return np.transpose(rows)


def uneven(words, rng):
    """Laws with many rare words, each its own."""
    laws = np.arange(1, words + 1) ** -0.7 * np.exp(rng.normal(0, 1, (words, words)))
    return laws / laws.sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def teacher():
    rng = np.random.default_rng(0)
    return NGram(2).fit([" ".join(VOCABULARY[at] for at in row) for row in written(uneven(len(VOCABULARY), rng), 2000, rng)])


def suspect(teacher, its_key, share, documents, rng):
    """A model of the teacher's texts, a share of them marked."""
    marked = round(share * documents)
    texts = teacher.sample(documents - marked, rng) + Watermarked.of(teacher, its_key).sample(marked, rng)
    return NGram(its_key.context + 1).fit(texts)


def with_repeats(its_key, samples):
    values = np.concatenate([prf.windows(its_key.words, row, its_key.context) for row in WORDS.encode(samples)])
    return float(upper((values < prf.threshold(its_key.gamma)).sum(), len(values), its_key.gamma)[0][0])


def innocent(teacher, context, seeds):
    """p of models that learnt from no marked text, and the same with repeats counted."""
    found, naive = [], []
    for seed in range(seeds):
        rng, its_key = np.random.default_rng(seed), key(seed, context)
        samples = suspect(teacher, its_key, 0, 50, rng).sample(150, rng)
        found.append(radioactivity(its_key, samples, WORDS).p)
        naive.append(with_repeats(its_key, samples))
    return np.array(found), np.array(naive)


def test_innocent_models_get_any_p_alike(teacher):
    found, _ = innocent(teacher, 2, 40)
    assert kstest(found, "uniform").pvalue > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("context", [1, 2])
def test_two_hundred_innocent_models_get_any_p_alike_and_not_where_repeats_count(teacher, context):
    found, naive = innocent(teacher, context, 200)
    assert kstest(found, "uniform").pvalue > 0.01
    assert np.mean(naive < 1e-3) > 0.05


@pytest.mark.parametrize("context", [1, 2])
@pytest.mark.parametrize("share, most", [(0.05, 1e-3), (0.2, 1e-12), (1.0, 1e-100)])
def test_a_model_that_learnt_from_marked_text_is_found(teacher, context, share, most):
    for seed in range(2):
        rng, its_key = np.random.default_rng(seed), key(seed, context)
        samples = suspect(teacher, its_key, share, 1000, rng).sample(1000, rng)
        assert radioactivity(its_key, samples, WORDS).p < most
        assert radioactivity(key(seed + 99, context), samples, WORDS).p > 1e-4


def test_every_pair_is_counted_once_by_brute_force(teacher):
    its_key, rng = key(3, 2), np.random.default_rng(3)
    samples, prompts = teacher.sample(30, rng), [" ".join(teacher.sample(200, rng)) for _ in range(30)]
    known = teacher.sample(200, rng)
    pairs, given, unknown, tokens = set(), 0, 0, 0
    marked = {pair for row in WORDS.encode(known) for pair in zip(row.tolist(), row.tolist()[1:], strict=False)}
    for row, prompt in zip(WORDS.encode(samples), WORDS.encode(prompts), strict=True):
        words, before = row.tolist(), set(zip(prompt.tolist(), prompt.tolist()[1:], strict=False))
        for triple in zip(words, words[1:], words[2:], strict=False):
            tokens += 1
            given += triple[:2] in before
            unknown += triple[:2] not in before and triple[:2] not in marked
            if triple[:2] not in before and triple[:2] in marked:
                pairs.add(triple)
    found = radioactivity(its_key, samples, WORDS, prompts, known)
    right = sum(bool(greenlist.greens(its_key, triple[:2], np.array(triple[2:]))[0]) for triple in pairs)
    assert (found.scored, found.green, found.given, found.unknown, found.tokens) == (len(pairs), right, given, unknown, tokens)
    assert min(given, unknown, len(pairs)) > 20


def test_a_watermark_that_leaked_into_the_prompts_is_left_out_where_they_are_given(teacher):
    """An innocent model that repeats what it was asked."""
    its_key = key(4)
    prompts = Watermarked.of(teacher, its_key).sample(50, np.random.default_rng(4))
    assert radioactivity(its_key, prompts, WORDS).p < 1e-12
    found = radioactivity(its_key, prompts, WORDS, prompts)
    assert (found.scored, found.p, found.reason) == (0, 1.0, NOTHING)
    assert found.given == found.tokens


def reader(model, rng=None):
    """Read with the bigram law of a model: its likeliest next word, or one drawn."""
    names, laws = {}, {}
    for (word,), law in model.law().items():
        told = [(int(WORDS.encode([each])[0][0]), share) for each, share in law.items() if each]
        if word and told:
            names[int(WORDS.encode([word])[0][0])] = word
            laws[word] = np.array([each for each, _ in told]), np.array([share for _, share in told])

    def next_token(row):
        return [expected(*laws[names[token]]) if token in names else -1 for token in row.tolist()]

    def expected(tokens, shares):
        return int(rng.choice(tokens, p=shares / shares.sum()) if rng else tokens[shares.argmax()])

    return next_token


@pytest.mark.parametrize("marked", [True, False])
def test_a_model_that_learnt_from_marked_text_is_found_by_what_it_expects(teacher, marked):
    its_key, rng = key(5), np.random.default_rng(5)
    read = (Watermarked.of(teacher, its_key) if marked else teacher).sample(300, rng)
    guilty = radioactivity_reading(its_key, reader(suspect(teacher, its_key, 0.2, 1000, rng), rng), read, WORDS)
    assert guilty.p < 1e-3
    assert guilty.mode == "open"
    assert radioactivity_reading(its_key, reader(suspect(teacher, its_key, 1, 300, rng)), read, WORDS).p < 1e-10


def test_innocent_models_that_read_marked_text_get_any_p_alike(teacher):
    found = []
    for seed in range(40):
        rng, its_key = np.random.default_rng(seed), key(seed)
        read = Watermarked.of(teacher, its_key).sample(20, rng)
        found.append(radioactivity_reading(its_key, reader(suspect(teacher, its_key, 0, 50, rng), rng), read, WORDS).p)
    assert kstest(found, "uniform").pvalue > 0.01


def test_a_reader_that_copies_from_earlier_in_the_text_is_not_guilty(teacher):
    its_key = key(6)

    def copy(row):
        words = row.tolist()
        later = {}
        found = []
        for at, word in enumerate(words):
            if at:
                later[words[at - 1]] = word
            found.append(later.get(word, -1))
        return found

    read = Watermarked.of(teacher, its_key).sample(100, np.random.default_rng(6))
    found = radioactivity_reading(its_key, copy, read, WORDS)
    assert (found.scored, found.p) == (0, 1.0)
    assert found.given == found.tokens > 100


def test_words_say_what_it_means_and_what_it_does_not():
    found = radioactivity(key(), [], WORDS)
    assert found.reason == NOTHING
    assert found.words().endswith("leaked into what it was given; a large one says nothing")


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(UsageError, match="1 prompts for 2 samples"):
        radioactivity(key(), ["a b", "c d"], WORDS, ["e"])
    with pytest.raises(UsageError, match="without the tokenizer"):
        radioactivity(key(), ["a b"])
    with pytest.raises(UsageError, match=r"next_token gave \(1,\) tokens for a text of 3"):
        radioactivity_reading(key(), lambda row: [5], [[1, 2, 3]])
    with pytest.raises(ConfigError, match="give the tokenizer with SHA-256"):
        radioactivity(Key(secret="0" * 64, tokenizer="1" * 64), ["a b"], WORDS)


class Tiny:
    """A transformer of two layers over word numbers, and what it learns from."""

    def __init__(self, share, seed):
        self.rng = np.random.default_rng(seed)
        laws, every = uneven(400, np.random.default_rng(0)), np.arange(400)
        self.key = Key(secret=self.rng.bytes(32).hex(), tokenizer="0" * 64, context=1)
        green = greenlist.green(self.key, np.repeat(every, 400)[:, None], np.tile(every, 400)).reshape(400, 400)
        marked = laws * np.exp(self.key.delta * green)
        self.marked = written(marked, max(25, round(share * 500)), self.rng)
        self.known = np.concatenate([written(laws, 500 - round(share * 500), self.rng), self.marked[: round(share * 500)]])

    def trained(self, torch, model, epochs):
        best = torch.optim.AdamW(model.train().parameters(), lr=2e-3, weight_decay=0.0)
        texts = torch.tensor(self.known)
        for _ in range(epochs):
            for part in torch.tensor(self.rng.permutation(len(texts))).split(16):
                loss = model(texts[part], labels=texts[part]).loss
                best.zero_grad()
                loss.backward()
                best.step()
        return model.eval()


def likeliest(torch, model):
    def next_token(row):
        with torch.inference_mode():
            return model(torch.tensor(row[None])).logits[0].argmax(dim=1).numpy()

    return next_token


def answers(torch, model, prompts, each):
    """Let it go on after the prompts, several times."""
    given = torch.tensor(np.repeat(prompts, each, axis=0))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        more = {"do_sample": True, "top_k": 0, "max_length": 40, "min_length": 40, "pad_token_id": 1}
        made = model.generate(given, attention_mask=torch.ones_like(given), **more)
    return list(made[:, prompts.shape[1] :].numpy()), list(given.numpy())


@pytest.mark.slow
@pytest.mark.parametrize("share, closed, reading", [(0, (1e-3, 1), (1e-3, 1)), (0.05, (0, 1), (0, 1e-12)), (1, (0, 1e-3), (0, 1e-12))])
def test_a_tiny_transformer_tells_whether_it_learnt_from_marked_text(tiny, share, closed, reading):
    """By what it expects in marked texts; by what it writes after their first words only where it learnt from many."""
    torch = pytest.importorskip("torch")
    its = Tiny(share, 0)
    model = its.trained(torch, tiny.gpt("GPT2LMHeadModel", 400, limit=40, spread=0.02, width=64), 50)
    samples, prompts = answers(torch, model, its.marked[:25, :5], 4)
    assert closed[0] <= radioactivity(its.key, samples, prompts=prompts).p <= closed[1]
    assert reading[0] <= radioactivity_reading(its.key, likeliest(torch, model), list(its.marked)).p <= reading[1]
