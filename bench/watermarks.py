"""What the keyed green list finds, what it costs and what it withstands, beside the detector of transformers.

python -m bench.watermarks [--write] [--texts 2000]
"""

import argparse
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.tables import Row, table
from longtail.lab.corpus import stdlib_prose
from longtail.lab.learners.watermarked import Watermarked
from longtail.origin.watermarks import Detection, Key, Words, detect, detect_many, prf
from longtail.origin.watermarks.greenlist import green

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks-watermarks.md"
LENGTH = 200
LEVELS = (1e-2, 1e-3, 1e-4)
EDITS = (0.0, 0.1, 0.3, 0.5)
CHOICES = 5

Ids = np.ndarray
Tokens = np.ndarray


def key_of(number: int, **settings: Any) -> Key:
    """Return a key whose secret follows from a number, so that a measurement can be repeated."""
    return Key(secret=f"{number:064x}", tokenizer=Words.sha256, **settings)


@dataclass(frozen=True)
class Law:
    """A next-token law of one shape in every context: the token of rank r has a weight of r^(-slope), and each context ranks anew."""

    name: str
    vocabulary: int
    slope: float
    temperature: float = 1.0

    @property
    def shares(self) -> np.ndarray:
        """Probabilities by rank, shape (vocabulary,)."""
        logs = -self.slope / self.temperature * np.log(np.arange(1, self.vocabulary + 1))
        weights = np.exp(logs - logs.max())
        return weights / weights.sum()

    @property
    def entropy(self) -> float:
        """Entropy in nats."""
        shares = self.shares[self.shares > 0]
        return float(-(shares * np.log(shares)).sum())

    def propose(self, last: Tokens, rng: np.random.Generator) -> Tokens:
        """Draw a token after each last token, shape (n,)."""
        ranks = np.searchsorted(_ceiling(self), rng.random(len(last)))
        return (ranks + _turned(last)) % self.vocabulary


@cache
def _ceiling(law: Law) -> np.ndarray:
    ceiling = np.cumsum(law.shares)
    return ceiling / ceiling[-1]


def _turned(last: Tokens) -> Tokens:
    return prf.mix(last + 12345) & 0x7FFFFFFFFFFF


FLAT = Law("flat over 1,000 tokens", 1000, 0.0)
WIDE = Law("Zipf of slope 1 over 10,000 tokens", 10_000, 1.0)
MODEL = Law("Zipf of slope 1.5 over 10,000 tokens", 10_000, 1.5)
GREEDY = Law("Zipf of slope 1.5, temperature .05", 10_000, 1.5, 0.05)


def sampled(law: Law, n: int, length: int, rng: np.random.Generator, key: Key | None = None) -> Tokens:
    """Return `n` texts, marked where a key is given, shape (n, length).

    Marked tokens are drawn by rejection: a proposal that is red stays with probability exp(-delta). This is the tilted law exactly,
    made without the code that biases logits.
    """
    context = key.context if key else 1
    rows = np.empty((n, length + context), dtype=np.int64)
    rows[:, :context] = rng.integers(law.vocabulary, size=(n, context))
    for at in range(context, length + context):
        todo = np.arange(n)
        while len(todo):
            rows[todo, at] = law.propose(rows[todo, at - 1], rng)
            if key is None:
                break
            kept = green(key, rows[todo, at - context : at], rows[todo, at]) | (rng.random(len(todo)) < math.exp(-key.delta))
            todo = todo[~kept]
    return rows[:, context:]


def edited(texts: Tokens, share: float, vocabulary: int, rng: np.random.Generator) -> Tokens:
    """Return texts with a share of their tokens replaced by others drawn at random."""
    swapped = rng.random(texts.shape) < share
    return np.where(swapped, rng.integers(vocabulary, size=texts.shape), texts)


def rates(found: Sequence[Detection]) -> dict[float, float]:
    """Return the share of detections with a p-value of at most each level."""
    return {level: statistics.mean(each.found(level) for each in found) for level in LEVELS}


def forged(law: Law, key: Key, seen: int, texts: int, rng: np.random.Generator) -> float:
    """Return how often an attacker's texts of 200 tokens are taken for marked at p = 1e-4.

    The attacker knows the law, has `seen` marked tokens and no key. For each pair of context and token there it keeps how often it
    occurs beside how often it would without a watermark, and writes by choosing, of five tokens that the law proposes, the one with
    the greatest excess.
    """
    counts = _learnt(law, sampled(law, max(seen // LENGTH, 1), LENGTH, rng, key), key.context)
    rows = np.empty((texts, LENGTH + key.context), dtype=np.int64)
    rows[:, : key.context] = rng.integers(law.vocabulary, size=(texts, key.context))
    for at in range(key.context, LENGTH + key.context):
        offered = np.stack([law.propose(rows[:, at - 1], rng) for _ in range(CHOICES)], axis=1)
        before = rows[:, at - key.context : at].tolist()
        merit = np.array([[counts.get((*last, token), 0.0) for token in some] for last, some in zip(before, offered.tolist(), strict=True)])
        rows[:, at] = offered[np.arange(texts), merit.argmax(axis=1)]
    return rates(detect_many(key, rows))[1e-4]


def _learnt(law: Law, texts: Tokens, context: int) -> dict[tuple[int, ...], float]:
    """Return the log of how much more often each pair occurs than expected, in standard errors; contexts seen are keys too."""
    windows = np.lib.stride_tricks.sliding_window_view(texts, context + 1, axis=1).reshape(-1, context + 1)
    pairs, times = np.unique(windows, axis=0, return_counts=True)
    contexts, whole = np.unique(windows[:, :-1], axis=0, return_counts=True)
    of = {tuple(each): int(n) for each, n in zip(contexts.tolist(), whole.tolist(), strict=True)}
    ranks = (pairs[:, -1] - _turned(pairs[:, -2])) % law.vocabulary
    shares = law.shares[ranks]
    learnt: dict[tuple[int, ...], float] = {}
    for pair, n, share in zip(pairs.tolist(), times.tolist(), shares.tolist(), strict=True):
        expected = of[tuple(pair[:-1])] * share
        learnt[tuple(pair)] = (n - expected) / math.sqrt(expected)
    return learnt


def strengths(n: int) -> Iterator[Row]:
    """Yield the true positive rate by law and delta."""
    for law in (FLAT, WIDE, MODEL):
        row: Row = {"next-token law": law.name, "entropy, nats": f"{law.entropy:.1f}"}
        for delta in (1.0, 1.5, 2.0, 2.5):
            found = detect_many(key_of(1, delta=delta), sampled(law, n, LENGTH, np.random.default_rng(1), key_of(1, delta=delta)))
            row[f"delta {delta:g}"] = f"{rates(found)[1e-4]:.3f} ({_rate(found):.2f})"
        yield row


def written(order: int, key: Key, n: int) -> list[np.ndarray]:
    """Return texts of 200 tokens by an n-gram model of Python's documentation, its marked documents one after another."""
    model = Watermarked(key, order, max_words=300).fit(stdlib_prose())
    rng, tokens = np.random.default_rng(2), np.empty(0, dtype=np.int64)
    while len(tokens) < n * LENGTH:
        made = Words().encode(model.sample(256, rng))
        tokens = np.concatenate([tokens, *made])
    return list(tokens[: n * LENGTH].reshape(n, LENGTH))


def roc(n: int) -> Iterator[Row]:
    """Yield the true positive rates under substitution of tokens, by law and context."""
    for context in (2, 1):
        key = key_of(1, context=context)
        made: dict[str, Any] = {law.name: (sampled(law, n, LENGTH, np.random.default_rng(1), key), law.vocabulary) for law in (WIDE, MODEL)}
        for order in (2, 3):
            made[f"{order}-gram model of Python's documentation"] = (np.array(written(order, key, n // 4)), 2**62)
        for name, (texts, vocabulary) in made.items():
            for share in EDITS:
                found = detect_many(key, edited(texts, share, vocabulary, np.random.default_rng(3)))
                row = {"context": context, "next-token law": name, "replaced": f"{share:.0%}", "green rate": f"{_rate(found):.3f}"}
                yield row | {f"TPR at FPR {level:.0e}": f"{rate:.3f}" for level, rate in rates(found).items()}


def greedy(n: int) -> Iterator[Row]:
    """Yield the true positive rates of text that is sampled near-greedily, by where the favour is added."""
    for temperature in (1.0, 0.5, 0.2, 0.05):
        law = Law("", MODEL.vocabulary, MODEL.slope, temperature)
        row: Row = {"temperature": f"{temperature:g}", "entropy, nats": f"{law.entropy:.2f}"}
        for name, delta in {"after": 2.0, "before": 2.0 / temperature}.items():
            key = key_of(1, delta=delta)
            found = detect_many(key, _of_the_top(law, n, key, np.random.default_rng(1)))
            row[f"TPR at FPR 1e-04 (green rate), favour added {name} the temperature"] = f"{rates(found)[1e-4]:.3f} ({_rate(found):.2f})"
        yield row


def _of_the_top(law: Law, n: int, key: Key, rng: np.random.Generator) -> Tokens:
    """Return marked texts whose tokens are among the first 200 ranks of a law, by tilting and not by rejection."""
    shares = law.shares[:200]
    rows = rng.integers(law.vocabulary, size=(n, LENGTH + key.context))
    for at in range(key.context, LENGTH + key.context):
        offered = (np.arange(200) + _turned(rows[:, at - 1])[:, None]) % law.vocabulary
        before = np.repeat(rows[:, at - key.context : at], 200, axis=0)
        raised = shares * np.exp(key.delta * green(key, before, offered.ravel()).reshape(n, 200))
        ceiling = np.cumsum(raised, axis=1)
        chosen = (rng.random((n, 1)) * ceiling[:, -1:] >= ceiling).sum(axis=1)
        rows[:, at] = offered[np.arange(n), np.minimum(chosen, 199)]
    return rows[:, key.context :]


def contexts(n: int) -> Iterator[Row]:
    """Yield what a longer context costs and buys."""
    prose = np.concatenate(Words().encode(stdlib_prose()))
    rows = prose[: len(prose) // LENGTH * LENGTH].reshape(-1, LENGTH)
    for context in (1, 2):
        key, row = key_of(1, context=context), {"context": context}
        found = [detect_many(key_of(at, context=context), rows) for at in range(40)]
        row["sd over 40 keys of the share found in Python's documentation"] = (
            f"{np.std([_rate(each) for each in found]) / (0.62 - 0.25):.4f}"
        )
        for seen in (10**4, 10**5, 10**6):
            row[f"forged with {seen:,} marked tokens"] = f"{forged(MODEL, key, seen, n // 20, np.random.default_rng(4)):.2f}"
        yield row


def null() -> Row:
    """Return how often 100,000 unmarked texts of 200 tokens are found, 500 with each of 200 keys."""
    rng = np.random.default_rng(5)
    found = [each for at in range(200) for each in detect_many(key_of(at), sampled(MODEL, 500, LENGTH, rng))]
    return {"texts": f"{len(found):,}"} | {f"P(p <= {level:.0e})": f"{rate:.5f}" for level, rate in rates(found).items()}


def timed(call: Callable[[], Any], rounds: int = 3) -> float:
    """Return the median CPU-seconds of a call once it is warm."""
    call()
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        call()
        spent.append(time.process_time() - begun)
    return statistics.median(spent)


def speeds() -> Iterator[Row]:
    """Yield tokens scored per CPU-second, ours and those of transformers' detector."""
    rng, key = np.random.default_rng(6), key_of(1)
    ids = rng.integers(0, 50257, (5000, LENGTH))
    words = [" ".join(f"w{token}" for token in row) for row in ids[:2000].tolist()]
    long = ids.reshape(-1)
    yield _speed("ours, token ids, 5,000 texts of 200", ids.size, lambda: detect_many(key, ids))
    yield _speed("ours, token ids, one text of 1,000,000", long.size, lambda: detect(key, long))
    yield _speed("ours, texts of 200 words, cut by Words", 2000 * LENGTH, lambda: detect_many(key, words, Words()))
    yield from _peers(ids)


def _speed(name: str, tokens: int, call: Callable[[], Any]) -> Row:
    return {"detector": name, "tokens per CPU-second": f"{tokens / timed(call):,.0f}"}


def _peers(ids: np.ndarray) -> Iterator[Row]:
    import torch
    from transformers import GPT2Config, WatermarkDetector, WatermarkingConfig

    torch.set_num_threads(1)
    for vocabulary in (1000, 50257):
        config = WatermarkingConfig(greenlist_ratio=0.25, bias=2.0)
        detector = WatermarkDetector(
            GPT2Config(vocab_size=vocabulary, bos_token_id=0, eos_token_id=0), "cpu", config, ignore_repeated_ngrams=True
        )
        rows = torch.from_numpy(ids[: 4 if vocabulary > 1000 else 20] % vocabulary)
        yield _speed(
            f"transformers WatermarkDetector, {vocabulary:,} tokens in the vocabulary", rows.numel(), lambda d=detector, r=rows: d(r)
        )


def _rate(found: Sequence[Detection]) -> float:
    return sum(each.green for each in found) / sum(each.scored for each in found)


def main() -> None:
    """Measure, print, and with `--write` put the tables into the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=2000, help="texts behind each rate")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args()
    page = PAGE_TEXT.format(
        texts=f"{asked.texts:,}",
        fewer=f"{asked.texts // 4:,}",
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        strengths=table(list(strengths(asked.texts))),
        roc=table(list(roc(asked.texts))),
        greedy=table(list(greedy(asked.texts // 4))),
        contexts=table(list(contexts(asked.texts))),
        null=table([null()]),
        speeds=table(list(speeds())),
    )
    print(page)
    if asked.write:
        PAGE.write_text(page, encoding="utf-8")


PAGE_TEXT = """# Benchmarks of the keyed green list

Written by `python -m bench.watermarks --write`. Python {python}, {system}. Texts have 200 tokens, of which each distinct
pair of a context and a token is scored once; gamma is .25 and, where nothing else is said, delta 2, context 2 and the
temperature 1. {texts} texts stand behind each rate, {fewer} behind those of n-gram models and of low temperatures. A text counts as found
where its exact p-value is at most the false positive rate (FPR). Texts of a law are drawn by rejection, without the code that biases
logits; each context ranks the tokens anew.

## Strength: true positive rate at FPR 1e-4, and the green rate

{strengths}

Delta 2 finds 99 of 100 texts or more under each of these laws, and delta 1.5 leaves less for texts that are lower in entropy or were
edited. The documented strength is delta 2.

## Edits: true positive rate when tokens are replaced by others at random

{roc}

Of the green excess, (1 - replaced)^(context + 1) outlives replacement. Text of low entropy carries less: a 3-gram model often has one
next word only.

## Sampling near-greedily

{greedy}

Where the favour is added to the law that is sampled from (`tilted`, the n-gram model), low temperatures leave no choice to favour, and
**next to nothing is found**. Where it is added before the temperature (`processor` in `generate`), it counts delta / T and changes what is
written more.

## How many tokens back

{contexts}

A longer context loses more to edits (above). It keeps the share of a corpus that one key finds nearer to zero where nothing is marked,
because fewer pairs are common to many texts. And it is harder to forge: the attacker here knows the law and writes 200 tokens, each the
most suspicious of five that the law proposes; the cells say how often that is taken for marked at FPR 1e-4. Hence the default is 2. With
enough marked text any green list is learnt: a watermark is no signature.

## Unmarked texts

{null}

The binomial law is discrete, so an exact test is found a little less often than its level.

## Speed

{speeds}

The detector of transformers shuffles the vocabulary anew for each context; ours asks for the colour of the tokens that are there.
"""


if __name__ == "__main__":
    main()
