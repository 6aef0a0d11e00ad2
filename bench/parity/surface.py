"""Overlap, repetition, lexical variety and compression of texts beside the packages that people take them from."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import permutations
from typing import Any
from unittest import mock

import numpy as np

from bench import venvs
from bench.parity.rows import Defect, Parity
from longtail.stats.rarefaction import expected_types
from longtail.stats.surface import bleu, compression, lexical, novelty, repetition
from longtail.stats.surface.corpus import corpus_of

RIVER = (
    "the river keeps the shape of the valley and the valley keeps the shape of the river a small boat moves along the river while "
    "rare birds call from the far bank and nobody counts them if we count only the common birds the rare birds vanish from the record "
    "and then from the valley "
)
WORDS = (RIVER * 3).split()
CATS = [
    "the cat sat on the mat",
    "the cat sat on the rug",
    "a dog slept by the door",
    "rain fell on the quiet town all night",
]
STRANGERS = ["ash birch", "cedar fir", "oak pine"]
REPEATED = ["the same line again"] * 2000
VARIED = [f"t{number}" for number in range(60)]
HALVES = [f"t{number}" for number in range(50)] + ["t0"] * 50

_RIVER_GIVEN, _CATS_GIVEN = "165 words of 30 types", "4 sentences"
_DIVERSITY = """
import diversity as d
cats, strangers, repeated = given
found = dict(
    gzip=d.compression_ratio(cats), gzip_repeated=d.compression_ratio(repeated), strangers=d.homogenization_score(strangers, verbose=False),
    homogeneous=d.homogenization_score(cats, verbose=False), sum=d.ngram_diversity_score(cats),
    repeats={n: d.self_repetition_score(cats, n, False) for n in (2, 4)},
)
"""
_LEXICAL = """
from lexical_diversity import lex_div as d
found = dict(
    hdd=d.hdd(given[0]), mattr=d.mattr(given[0], 50), msttr=d.msttr(given[0], 50), least_10=d.mtld(given[0]), wrap=d.mtld_ma_wrap(given[0]),
    both_ways=d.mtld_ma_bid(given[0]), varied=d.mtld(given[1]),
)
"""


def zipf(documents: int, seed: int = 0) -> list[list[str]]:
    """Return documents of 5 to 40 words of a Zipf law over 60 words."""
    rng, law = np.random.default_rng(seed), 1 / np.arange(1, 61)
    return [[f"w{word}" for word in rng.choice(60, rng.integers(5, 41), p=law / law.sum())] for _ in range(documents)]


def rows() -> Iterator[Parity]:
    """Yield our measures of texts beside those of packages."""
    for part in (_nltk, _sacrebleu, _fast_bleu, _rouge, _lexicalrichness, _lexical_diversity, _diversity):
        yield from part()


def _nltk_scores(documents: list[list[str]], is_itself_included: bool = False) -> list[float]:
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    smooth = SmoothingFunction().method1
    others = [documents if is_itself_included else documents[:at] + documents[at + 1 :] for at in range(len(documents))]
    return [sentence_bleu(others[at], document, smoothing_function=smooth) for at, document in enumerate(documents)]


def _nltk() -> Iterator[Parity]:
    for given, documents in ((_CATS_GIVEN, [text.split() for text in CATS]), ("60 documents of a Zipf law", zipf(60))):
        theirs, ours = _nltk_scores(documents), bleu.self_bleu(corpus_of(documents))
        at = int(np.argmax(np.abs(ours - theirs)))
        call = "sentence_bleu(others, document, method1)"
        yield Parity("self-BLEU, the document that differs most", given, float(ours[at]), theirs[at], "nltk", call, 1e-12)
        yield Parity("self-BLEU, mean", given, float(ours.mean()), float(np.mean(theirs)), "nltk", call, 1e-12)


def _sacrebleu() -> Iterator[Parity]:
    from sacrebleu.metrics import BLEU

    documents = [each for each in zipf(140) if len(each) >= 8][:100]
    lines = [" ".join(document) for document in documents]
    metric = BLEU(tokenize="none", smooth_method="floor", smooth_value=0.1, effective_order=True)
    theirs = [metric.sentence_score(line, lines[:at] + lines[at + 1 :]).score / 100 for at, line in enumerate(lines)]
    ours = float(bleu.self_bleu(corpus_of(documents)).mean())
    yield Parity(
        "self-BLEU, mean", "100 documents of at least 8 words", ours, float(np.mean(theirs)), "sacrebleu", "BLEU(floor, 0.1)", 1e-9
    )


def _fast_bleu() -> Iterator[Parity]:
    from fast_bleu import SelfBLEU

    documents = zipf(300)
    theirs = SelfBLEU(documents, {4: (0.25,) * 4}).get_score()[4]
    ours = float(bleu.self_bleu(corpus_of(documents)).mean())
    yield Parity("self-BLEU, mean", "300 documents of a Zipf law", ours, float(np.mean(theirs)), "fast-bleu", "SelfBLEU.get_score", 1e-12)


def _rouge() -> Iterator[Parity]:
    from rouge_score.rouge_scorer import RougeScorer

    scorer, documents = RougeScorer(["rougeL"], use_stemmer=False), zipf(30)
    pairs = np.array([(a, b) for a in range(30) for b in range(a)])
    theirs = [scorer.score(" ".join(documents[a]), " ".join(documents[b]))["rougeL"].fmeasure for a, b in pairs]
    ours = repetition.rouge_l(corpus_of(documents), pairs)
    yield Parity(
        "ROUGE-L, mean of all pairs", "30 documents", float(ours.mean()), float(np.mean(theirs)), "rouge-score", "RougeScorer.score"
    )


def _lexicalrichness() -> Iterator[Parity]:
    from lexicalrichness import LexicalRichness

    for given, words in ((_RIVER_GIVEN, WORDS), ("777 words of a Zipf law", [word for each in zipf(60) for word in each][:777])):
        theirs, ours = LexicalRichness(words, preprocessor=None, tokenizer=None), corpus_of([words])
        yield Parity("HD-D", given, float(lexical.hdd(ours)[0]), theirs.hdd(42), "lexicalrichness", "hdd(42)")
        yield Parity("MTLD, variant mean", given, float(lexical.mtld(ours)[0]), theirs.mtld(0.72), "lexicalrichness", "mtld(0.72)")
        yield Parity("MATTR, 50 words", given, float(lexical.mattr(ours)[0]), theirs.mattr(50), "lexicalrichness", "mattr(50)")
        yield Parity("MSTTR, 50 words", given, float(lexical.msttr(ours)[0]), theirs.msttr(50), "lexicalrichness", "msttr(50)")
        yield Parity("Yule's K", given, float(lexical.yule_k(ours)[0]), float(theirs.yulek), "lexicalrichness", "yulek")


@cache
def _found_by_lexical_diversity() -> dict[str, float]:
    return dict(venvs.evaluated("lexical-diversity", _LEXICAL, [WORDS, VARIED]))


def _lexical_diversity() -> Iterator[Parity]:
    theirs, ours = _found_by_lexical_diversity(), corpus_of([WORDS])
    yield Parity("HD-D", _RIVER_GIVEN, float(lexical.hdd(ours)[0]), theirs["hdd"], "lexical-diversity", "hdd")
    yield Parity("MATTR, 50 words", _RIVER_GIVEN, float(lexical.mattr(ours)[0]), theirs["mattr"], "lexical-diversity", "mattr")
    yield Parity("MSTTR, 50 words", _RIVER_GIVEN, float(lexical.msttr(ours)[0]), theirs["msttr"], "lexical-diversity", "msttr")
    calls: tuple[tuple[lexical.Variant, str], ...] = (("least_10", "mtld"), ("wrap", "mtld_ma_wrap"), ("both_ways", "mtld_ma_bid"))
    for variant, call in calls:
        mine = float(lexical.mtld(ours, variant)[0])
        yield Parity(f"MTLD, variant {variant}", _RIVER_GIVEN, mine, theirs[variant], "lexical-diversity", call)


@cache
def _found_by_diversity() -> dict[str, Any]:
    return dict(venvs.evaluated("diversity", _DIVERSITY, [CATS, STRANGERS, REPEATED]))


def _diversity() -> Iterator[Parity]:
    theirs, ours = _found_by_diversity(), corpus_of([text.split() for text in CATS])
    for order in (2, 4):
        mine = float(repetition.self_repetition(ours, order).mean())
        yield Parity(
            f"self-repetition, n = {order}", _CATS_GIVEN, mine, theirs["repeats"][str(order)], "diversity", "self_repetition_score"
        )
    pairs = np.array([(a, b) for a in range(4) for b in range(a)])
    mean = float(repetition.rouge_l(ours, pairs).mean())
    yield Parity(
        "mean ROUGE-L of all pairs",
        _CATS_GIVEN,
        mean,
        theirs["homogeneous"],
        "diversity",
        "homogenization_score",
        5e-4,
        "rounds to 3 places",
    )


def defects() -> Iterator[Defect]:
    """Yield what packages give wrong."""
    for part in (_of_diversity, _of_mtld, _of_segments, _of_self_bleu, _of_nltk, _of_novelty):
        yield from part()


def _of_diversity() -> Iterator[Defect]:
    theirs, ours = _found_by_diversity(), corpus_of([text.split() for text in STRANGERS])
    for given, key, texts in ((_CATS_GIVEN, "gzip", CATS), ("one line 2,000 times", "gzip_repeated", REPEATED)):
        mine = compression.ratio(" ".join(texts).encode())
        why = "what was compressed is compressed a second time, headers and all; ours is zlib once; gzip once gives the 4 sentences 1.176"
        yield Defect("compression ratio", "diversity", 'compression_ratio(texts, "gzip")', given, f"{theirs[key]}", mine, why)
    why = "a sum of zero is replaced by the number of documents, so that nothing in common reads as all the same"
    mine = repetition.homogenisation(ours).value
    yield Defect(
        "homogenisation", "diversity", "homogenization_score", "3 texts without a common word", f"{theirs['strangers']}", mine, why
    )
    why = "documents are joined first, so that n-grams cross from one into the next; rounded to 3 places"
    mine, call = _distinct(CATS), "ngram_diversity_score"
    yield Defect("sum of distinct-1 to distinct-4", "diversity", call, _CATS_GIVEN, f"{theirs['sum']}", mine, why)


def _distinct(texts: list[str]) -> float:
    """Return the sum of the shares of different n-grams, n = 1 to 4, none of which crosses documents."""
    grams = corpus_of([text.split() for text in texts]).up_to(4)
    return sum(expected_types(np.bincount(each.ids), len(each.ids)) / len(each.ids) for each in grams)


def _of_mtld() -> Iterator[Defect]:
    from lexicalrichness import LexicalRichness

    theirs, corpus = _found_by_lexical_diversity(), corpus_of([WORDS])
    forwards = LexicalRichness(WORDS, preprocessor=None, tokenizer=None).mtld(0.72)
    said = f"{forwards:.3f} (lexicalrichness), {theirs['least_10']:.3f} (mtld), {theirs['wrap']:.3f} (mtld_ma_wrap), "
    said += f"{theirs['both_ways']:.3f} (mtld_ma_bid)"
    why = "one name for several definitions; ours has the variant in its name and in the method of the estimate"
    yield Defect("MTLD", "lexical-diversity", "mtld, mtld_ma_wrap, mtld_ma_bid", _RIVER_GIVEN, said, float(lexical.mtld(corpus)[0]), why)
    why = "a text without a repeat has no factor, and 0 says that it is the least varied of all; ours is its length (lexical_diversity #6)"
    mine = float(lexical.mtld(corpus_of([VARIED]), "least_10")[0])
    yield Defect("MTLD", "lexical-diversity", "mtld", "60 different words", f"{theirs['varied']}", mine, why)


def _of_segments() -> Iterator[Defect]:
    from lexicalrichness import LexicalRichness

    theirs = LexicalRichness(HALVES, preprocessor=None, tokenizer=None).msttr(50)
    why = "the last segment is thrown away although it is whole, where the length is a multiple of the segment's"
    mine = float(lexical.msttr(corpus_of([HALVES]))[0])
    yield Defect("MSTTR", "lexicalrichness", "msttr(50)", "50 different words, then one word 50 times", f"{theirs}", mine, why)


def _of_self_bleu() -> Iterator[Defect]:
    documents = [text.split() for text in CATS]
    theirs = float(np.mean(_nltk_scores(documents, is_itself_included=True)))
    why = "the hypothesis is one of its own references, so that any data set scores 1 (Texygen #27, #46); the caller is at fault, not nltk"
    call = "sentence_bleu(all documents, document)"
    yield Defect(
        "self-BLEU as Texygen calls it", "nltk", call, _CATS_GIVEN, f"{theirs}", float(bleu.self_bleu(corpus_of(documents)).mean()), why
    )


def _of_nltk() -> Iterator[Defect]:
    from nltk.translate import bleu_score

    counts = []
    for documents in (20, 40):
        with mock.patch.object(bleu_score, "ngrams", wraps=bleu_score.ngrams) as read:
            _nltk_scores(zipf(documents))
        counts.append(read.call_count)
    why = "every reference is cut into n-grams anew for every document, so that time grows with the square of the documents"
    said = f"{counts[0]:,} readings of a document, then {counts[1]:,}"
    yield Defect(
        "self-BLEU", "nltk", "sentence_bleu(others, document)", "20 documents, then 40", said, "each is read twice for each order", why
    )


def _near(one: str, other: str) -> bool:
    return abs(int(one) - int(other)) <= 1


def _one_by_one(answers: Sequence[str], rng: np.random.Generator) -> int:
    """Return how many classes there are where each answer in turn is held against a random one of each class so far."""
    found: list[list[str]] = []
    for answer in answers:
        alike = (each for each in found if _near(answer, each[int(rng.integers(len(each)))]))
        home = next(alike, None)
        if home is None:
            found.append([answer])
        else:
            home.append(answer)
    return len(found)


def _of_novelty() -> Iterator[Defect]:
    rng, orders = np.random.default_rng(0), list(permutations("12345"))
    theirs = [_one_by_one(order, rng) for order in orders for _ in range(20)]
    ours = {novelty.expected_distinct(novelty.classes(order, _near), 5) for order in orders}
    yield Defect(
        "distinct_k", "novelty-bench", "its partition as Zhang et al. 2025 describe it, written here; not run",
        "5 answers 1 to 5, alike where they differ by one, in all orders", f"{min(theirs)} to {max(theirs)}",
        ", ".join(f"{each:g}" for each in sorted(ours)),
        "an answer is held against a random one of each class so far: classes depend on the order of the answers and on chance",
    )  # fmt: skip
