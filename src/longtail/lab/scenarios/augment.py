"""Augmentation done right: few real documents, all kept, beside output of another model that a verifier let pass.

The writer has learnt from more human text than there is of the task, one word back; the verifier knows which three-word
sequences occur in that text and keeps the documents in which most do. That text, not the loop, is where the gain comes
from; what the gate adds to it is small, as the third data set shows.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy

from longtail.lab.corpus import split, stdlib_prose
from longtail.lab.expectation import Measured
from longtail.lab.learners.ngram import NGram
from longtail.lab.scenarios.catalogue import Audited, Laid, fact, ranged
from longtail.lab.scenarios.files import documents, lines, sampled
from longtail.lab.scenarios.streams import stream
from longtail.stats.interpolated import Interpolated, numbered

TITLE = "Augmentation done right"
REAL = 600
WRITTEN = 12_000
PASSING = 0.4
KEPT = 1_200
OUTPUT = 1_800
ORDER = 2
WRITER = 2
SCORED = 600


def lay(folder: Path, seed: int) -> Laid:
    """Write what a model puts out that learnt from real documents alone, then with gated output, then with ungated output."""
    rest, human = split(stdlib_prose(), seed)
    reference, scored = human[SCORED:], human[:SCORED]
    more, few = split(rest, seed + 1, 0.8)
    real, written = few[:REAL], NGram(WRITER).fit(more).sample(WRITTEN, stream(seed, 1))
    sets = {"real": real, "gated": [*real, *gated(written, more)], "ungated": [*real, *written[:KEPT]]}
    vocabulary = numbered(rest)
    losses = {name: Interpolated.learnt(learnt, ORDER, vocabulary).nll(scored, vocabulary) for name, learnt in sets.items()}
    paths = tuple(
        lines(folder / f"{name}.jsonl", sampled(NGram(ORDER).fit(learnt).sample(OUTPUT, stream(seed, 2)), 1 + (name != "real")))
        for name, learnt in sets.items()
    )
    return Laid(generations=paths, reference=lines(folder / "human.jsonl", documents(reference, 0)), facts=losses)


def gated(written: Sequence[str], human: Sequence[str]) -> list[str]:
    """Return the first documents in which the share of known three-word sequences is among the highest."""
    known = set(_triples(human))
    shares = numpy.array([_known(text, known) for text in written])
    least = numpy.quantile(shares, 1 - PASSING)
    return [text for text, share in zip(written, shares, strict=True) if share >= least][:KEPT]


def checks(laid: Laid, audits: Sequence[Audited]) -> tuple[Measured, ...]:
    """Return whether the audit calls nothing lost, and whether the tail is better covered with gated data than without them."""
    good = audits[0]
    types, mass = (good.kept[f"tail_{each}_retained@words_1"] for each in ("types", "mass"))
    told = ", ".join(f"{name} {value:.3f}" for name, value in laid.facts.items())
    return (
        fact(
            f"Nothing is called lost of the augmented model (found: phase {good.phase}, {good.status})",
            good.phase in ("healthy", "drift") and good.status != "fail",
            "phase healthy or drift, no rule fails",
        ),
        ranged("It writes more of the rare words of held-out text than without augmentation", types, "above", 1),
        ranged("Rare words hold at least 90 % of the share they had without augmentation", mass, "at_least", 0.9),
        fact(
            f"Held-out text is likelier to it than without augmentation (nats: {told})", laid.facts["gated"] < laid.facts["real"], "lower"
        ),
    )


def _triples(texts: Iterable[str]) -> Iterable[tuple[str, ...]]:
    for text in texts:
        words = text.split()
        yield from zip(words, words[1:], words[2:], strict=False)


def _known(text: str, known: set[tuple[str, ...]]) -> float:
    """Return the share of a document's sequences that the verifier knows."""
    found = list(_triples([text]))
    return sum(each in known for each in found) / max(len(found), 1)
