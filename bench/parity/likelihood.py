"""Near duplicates, entropy and bigram models beside datasketch, rensa, the printed numbers of iNEXT, numpy and nltk."""

import math
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from bench.parity.rows import Defect, Parity
from longtail.metrics.losses import quantile_bounds
from longtail.stats import hill
from longtail.stats.ngrams import Index, Sample, index_of, witten_bell
from longtail.summaries.bands import Bands
from longtail.views.batch import texts_of

DOCUMENTS, COPIES, FUNCTIONS, BANDS, BAND = 600, 300, 128, 16, 8
NEAR = {"similarity .95": (200, 1), "similarity .84": (120, 2)}
"""Words of a document and how many a copy has changed; each changes five runs of five."""
GIRDLED = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, 2, 2, 2, 2, *[1] * 12]
LETTERS = "abcdefgh"


def rows() -> Iterator[Parity]:
    """Yield our numbers beside those of packages and of print."""
    ours, printed, note = (
        math.log(hill.asymptotic(GIRDLED, 1)),
        math.log(13.8262535),
        "printed as its exponential, kept here",
    )
    yield Parity("entropy, estimated", "spider, girdled", ours, printed, "iNEXT", "iNEXT, Shannon", 5e-9, note)
    losses = np.random.default_rng(0).gamma(3, 1.0, 1000)
    for level in (0.9, 0.95, 0.99):
        bounds = quantile_bounds(losses, level)
        assert bounds is not None
        yield Parity(f"quantile {level} of losses", "1,000 draws", bounds[0], float(np.quantile(losses, level)), "numpy", "quantile")
    yield from _bigrams()
    yield from _near()


def defects() -> Iterator[Defect]:
    """Yield what is wrong in packages."""
    from nltk.lm import WittenBellInterpolated
    from nltk.lm.preprocessing import padded_everygram_pipeline

    training = ["aab", "ab", "b"]
    model = WittenBellInterpolated(2)
    model.fit(*padded_everygram_pipeline(2, [list(document) for document in training]))
    ours = _law(_letters(training), ["c"])
    why = "its lowest order is not smoothed, so one new word makes a whole corpus impossible; ours goes down to one over the vocabulary"
    yield Defect(
        metric="perplexity of text with a word that training lacks",
        package="nltk",
        call="lm.WittenBellInterpolated(2).perplexity",
        given='trained on "aab", "ab", "b"; the first word is "c"',
        theirs=str(model.perplexity([("<s>", "c")])),
        ours=1 / ours["", "c"],
        why=why,
    )


def planted(words: int, changes: int) -> list[str]:
    """Return documents of different words, and copies of the first half with some words changed."""
    rng = np.random.default_rng(words)
    bases = [[f"w{number}" for number in rng.choice(20_000, words, replace=False)] for _ in range(DOCUMENTS)]
    copies = [list(base) for base in bases[:COPIES]]
    for copy in copies:
        for at in range(changes):
            copy[20 + 30 * at] = f"x{at}"
    return [" ".join(document) for document in bases + copies]


def ours_near(texts: list[str]) -> int:
    """Return how many documents share a band with an earlier one."""
    made = Bands()
    made.add(texts_of(pa.array(texts), 0))
    return int(made.clusters().repeats.sum())


def datasketch_near(texts: list[str]) -> int:
    """Return the same by `MinHashLSH` of the same parameters, documents in order."""
    from datasketch import MinHash, MinHashLSH

    index, found = MinHashLSH(num_perm=FUNCTIONS, params=(BANDS, BAND)), 0
    for at, text in enumerate(texts):
        mine = MinHash(num_perm=FUNCTIONS, seed=1)
        mine.update_batch([run.encode() for run in _runs(text)])
        found += bool(index.query(mine))
        index.insert(at, mine)
    return found


def rensa_near(texts: list[str]) -> int:
    """Return the same by `RMinHashLSH`."""
    import rensa

    index, found = rensa.RMinHashLSH(0.7, FUNCTIONS, BANDS), 0
    for at, mine in enumerate(rensa.RMinHash.from_token_sets([_runs(text) for text in texts], FUNCTIONS, 1)):
        found += bool(index.query(mine))
        index.insert(at, mine)
    return found


def _near() -> Iterator[Parity]:
    for given, (words, changes) in NEAR.items():
        texts, runs = planted(words, changes), words - 4
        similarity = (runs - 5 * changes) / (runs + 5 * changes)
        missed = (1 - similarity**BAND) ** BANDS
        tolerance = 4 * math.sqrt(2 * COPIES * missed * (1 - missed))
        told = f"{DOCUMENTS} documents and {COPIES} copies, {given}"
        note = "" if tolerance < 1 else "other hash functions find other copies: the tolerance is four standard errors"
        for package, theirs in (("datasketch", datasketch_near), ("rensa", rensa_near)):
            yield Parity(
                "near duplicates, 16 bands of 8", told, ours_near(texts), theirs(texts), package, "MinHashLSH", max(tolerance, 1e-9), note
            )


def _bigrams() -> Iterator[Parity]:
    from nltk.lm.counter import NgramCounter
    from nltk.lm.smoothing import WittenBell
    from nltk.lm.vocabulary import Vocabulary

    rng = np.random.default_rng(1)
    documents = ["".join(rng.choice(list(LETTERS), 7)) for _ in range(30)]
    edged = [("<s>", *document) for document in documents]
    counts = NgramCounter([[*zip(document, document[1:], strict=False), *((word,) for word in document[1:])] for document in edged])
    theirs, law = WittenBell(Vocabulary("".join(documents)), counts), _law(_letters(documents), ["aa", "hg"])
    for context, word in (("a", "b"), ("a", "a"), ("h", "g"), ("", "c")):
        alpha, gamma = theirs.alpha_gamma(word, (context or "<s>",))
        alone = (counts.unigrams[word] + 1) / (counts.unigrams.N() + counts.unigrams.B())
        given = f"p({word} after {context or 'the beginning'}), 30 documents of 7 letters"
        yield Parity(
            "bigram, Witten-Bell", given, law[context, word], alpha + gamma * alone, "nltk", "lm.smoothing.WittenBell.alpha_gamma",
            note="theirs for pairs of words; words alone by the same formula, which the package does not smooth",
        )  # fmt: skip


def _runs(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[at : at + 5]) for at in range(len(words) - 4)]


def _letters(documents: list[str]) -> Sample:
    codes = [ord(letter) for document in documents for letter in document]
    return Sample(np.array(codes, np.uint64), np.repeat(np.arange(len(documents)), [len(document) for document in documents]))


def _law(training: Sample, scored: list[str]) -> dict[tuple[str, str], float]:
    """Return our probabilities by (context, letter), "" for the beginning."""
    further = _letters(scored)
    index: Index = index_of([training, further])
    names = ["", *(chr(int(code)) for code in np.unique(np.concatenate([training.words, further.words])))]
    law = witten_bell(index.counts(0), index)
    return {(names[c], names[w + 1]): p for c, w, p in zip(index.context.tolist(), index.word.tolist(), law.tolist(), strict=True)}
