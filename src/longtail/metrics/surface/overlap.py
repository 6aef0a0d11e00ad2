"""How much documents share with one another: self-BLEU, self-repetition, homogenisation."""

import math

import numpy as np

from longtail.metrics.catalogue import VALUES
from longtail.metrics.surface.excerpts import Excerpts
from longtail.metrics.surface.means import FEWEST, I64, PARTS, estimate, jackknife_half, parts_of, too_few, too_few_prompts
from longtail.records import Outcome
from longtail.stats.jackknife import NORMAL_95, quantile
from longtail.stats.surface import bleu, repetition

REFERENCES = (50, 10)
"""References of a document: as many as the documents allow."""

REPEATED_AMONG = 500
PARTNERS = 5
_ORDER = 4
_FEWEST_PARTS = 8


@VALUES.add(unit="BLEU", worse="higher", source="Zhu et al. 2018; test: nltk, sacrebleu")
def self_bleu(excerpts: Excerpts, /, *, seed: int = 0) -> Outcome:
    """Self-BLEU: how well other documents foretell a document's n-grams of 1 to 4 words, the document itself left out.

    It rises with the number of references, which is therefore fixed and stands in the method. They are drawn from the same part
    of the sample, so that parts are independent and their spread holds what chance does to documents and to references alike.

    Formula: mean over documents of BLEU against 50 (or 10) others: the brevity penalty * (p1 p2 p3 p4)^(1/4), where p1, p2, p3 and p4 are
    the shares of its n-grams of 1 to 4 words that the others hold.

    Minimum: 88 distinct documents; at most 2,048 are looked at.

    False positives: longer documents, a narrower subject; numbers with more references are higher and do not compare.
    """
    drawn = next((each for each in REFERENCES if len(excerpts) >= _FEWEST_PARTS * (each + 1)), None)
    if drawn is None:
        return too_few(len(excerpts), "self_bleu", "words_4", "", _FEWEST_PARTS * (REFERENCES[-1] + 1))
    part = parts_of(excerpts.cells, min(PARTS, len(excerpts) // (drawn + 1)))
    drawn = min(drawn, int(np.bincount(part).min()) - 1)
    if drawn < 1 or not part.any():
        return too_few_prompts("self_bleu", "words_4")
    values = bleu.bleu_against(excerpts.corpus, inside_parts(part, drawn, seed))
    means = np.bincount(part, weights=values) / np.bincount(part)
    half = quantile(0.975, len(means) - 1) * float(means.std(ddof=1)) / math.sqrt(len(means))
    method = f"{drawn} drawn references each, n-grams to {_ORDER}, smoothing method 1; standard error over {len(means)} parts"
    return estimate("self_bleu", "words_4", "BLEU", (float(values.mean()), half), len(excerpts), method)


def inside_parts(part: I64, references: int, seed: int) -> I64:
    """Return references of each document, drawn from its own part, shape (documents, references)."""
    out = np.empty((len(part), references), np.int64)
    for each in np.unique(part).tolist():
        inside = np.flatnonzero(part == each)
        out[inside] = inside[bleu.drawn(len(inside), references, seed + each)]
    return out


@VALUES.add(unit="log(1 + repeats)", worse="higher", source="Salkar et al. 2022; test: frozen value of the package diversity")
def self_repetition(excerpts: Excerpts, /) -> Outcome:
    """Self-repetition: log(1 + how often the 4-grams of a document stand in others), at a fixed number of documents.

    Formula: mean over documents of ln(1 + r), where r is how often the runs of four words of a document stand in others, among 500
    documents or all there are.

    Minimum: 30 distinct documents.

    False positives: more documents, which repeat one another more; forms that are meant to share phrases.

    Akin: LT304
    """
    few = excerpts.first(REPEATED_AMONG)
    if len(few) < FEWEST:
        return too_few(len(few), "self_repetition", "words_4", "")
    part = parts_of(few.cells, PARTS)
    if not part.any():
        return too_few_prompts("self_repetition", "words_4")
    without = [repetition.self_repetition(few.corpus.take(np.flatnonzero(part != each)), _ORDER).mean() for each in np.unique(part)]
    value = float(repetition.self_repetition(few.corpus, _ORDER).mean())
    half = jackknife_half(np.array(without))
    method = f"among {len(few):,} documents, n-grams of {_ORDER} words; delete-a-group jackknife"
    return estimate("self_repetition", "words_4", "log(1 + repeats)", (value, half), len(few), method)


@VALUES.add(unit="ROUGE-L", worse="higher", source="Padmakumar & He 2023 by random pairs; test: rouge-score")
def homogenisation(excerpts: Excerpts, /, *, seed: int = 0) -> Outcome:
    """Mean ROUGE-L over random pairs of documents: 1 where all are the same, 0 where they have no word in common.

    Formula: mean over random pairs of 2 L / (a + b), where a and b are the words of two documents and L those of their longest common
    subsequence.

    Minimum: 30 distinct documents; at most 2,048 are looked at, five partners each.

    False positives: a form that documents share on purpose, such as letters.

    Akin: LT304
    """
    if len(excerpts) < FEWEST:
        return too_few(len(excerpts), "homogenisation", "words_1", "")
    found = repetition.homogenisation(excerpts.corpus, PARTNERS, seed)
    method = f"{found.pairs:,} random pairs; error of the Hoeffding projection"
    return estimate("homogenisation", "words_1", "ROUGE-L", (found.value, NORMAL_95 * found.error), len(excerpts), method)
