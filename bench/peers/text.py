"""Contenders for metrics of texts."""

from typing import Any

import numpy as np

from bench.peers import given
from bench.peers.contender import AGREES, Contender, Family, Work

Documents = list[list[str]]
ORDERS = (1, 2, 3, 4)


def mean(values: Any) -> float:
    """Return the mean of the values that exist."""
    return float(np.nanmean(np.asarray(values, np.float64)))


def our_self_bleu(documents: Documents) -> float:
    """Score each document against all others in linear time (`stats.surface.bleu.self_bleu`), words numbered first."""
    from longtail.stats.surface.bleu import self_bleu
    from longtail.stats.surface.corpus import corpus_of

    return mean(self_bleu(corpus_of(documents)))


def fast_bleu(documents: Documents) -> float:
    """Run `SelfBLEU(documents).get_score()`, C++."""
    from fast_bleu import SelfBLEU

    return mean(SelfBLEU(documents, {4: (0.25,) * 4}).get_score()[4])


def nltk_bleu(documents: Documents) -> float:
    """Run `sentence_bleu` of each document against all others, smoothing method 1."""
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    smoothing = SmoothingFunction().method1
    rest = [documents[:at] + documents[at + 1 :] for at in range(len(documents))]
    return mean([sentence_bleu(others, one, smoothing_function=smoothing) for others, one in zip(rest, documents, strict=True)])


def sacrebleu(documents: Documents) -> float:
    """Run `BLEU(smooth_method="floor", smooth_value=0.1, tokenize="none").sentence_score` of each against all others."""
    from sacrebleu.metrics import BLEU

    scorer = BLEU(smooth_method="floor", smooth_value=0.1, tokenize="none", force=True, effective_order=False)
    texts = [" ".join(document) for document in documents]
    return mean([scorer.sentence_score(text, texts[:at] + texts[at + 1 :]).score / 100 for at, text in enumerate(texts)])


def excerpts(texts: list[str]) -> Any:
    """Return our form of texts, not yet cut into words."""
    from longtail.metrics.surface.excerpts import Excerpts

    return Excerpts(tuple(texts), np.zeros(len(texts), np.uint16))


def _ours(given: Any, name: str) -> float:
    from longtail.stats.surface import lexical
    from longtail.stats.surface.corpus import Corpus

    return mean(getattr(lexical, name)(given if isinstance(given, Corpus) else excerpts(given).corpus))


def numbered(texts: list[str]) -> Any:
    """Return texts as numbers of words."""
    return excerpts(texts).corpus


def our_hdd(given: Any) -> float:
    """Expected types in 42 words by document (`stats.surface.lexical.hdd`)."""
    return _ours(given, "hdd")


def our_mtld(given: Any) -> float:
    """MTLD by document, variant `mean` (`stats.surface.lexical.mtld`)."""
    return _ours(given, "mtld")


def our_mattr(given: Any) -> float:
    """Mean share of types in windows of 50 words by document (`stats.surface.lexical.mattr`)."""
    return _ours(given, "mattr")


def _lexicalrichness(texts: list[str], name: str, least: int = 1, **settings: float) -> float:
    from lexicalrichness import LexicalRichness

    made = [LexicalRichness(text, preprocessor=None, tokenizer=str.split) for text in texts]
    return mean([getattr(one, name)(**settings) for one in made if one.words >= least])


def lexicalrichness_hdd(texts: list[str]) -> float:
    """Run `LexicalRichness(text).hdd(draws=42)` by document, split at spaces."""
    return _lexicalrichness(texts, "hdd", 42, draws=42)


def lexicalrichness_mtld(texts: list[str]) -> float:
    """Run `LexicalRichness(text).mtld(threshold=0.72)` by document, split at spaces."""
    return _lexicalrichness(texts, "mtld", threshold=0.72)


def lexicalrichness_mattr(texts: list[str]) -> float:
    """Run `LexicalRichness(text).mattr(window_size=50)` by document, split at spaces."""
    return _lexicalrichness(texts, "mattr", 50, window_size=50)


def _lexical_diversity(texts: list[str], name: str, least: int = 1) -> float:
    from lexical_diversity import lex_div

    return mean([getattr(lex_div, name)(words) for words in map(str.split, texts) if len(words) >= least])


def lexical_diversity_hdd(texts: list[str]) -> float:
    """Run `lex_div.hdd(words)` by document."""
    return _lexical_diversity(texts, "hdd", 42)


def lexical_diversity_mtld(texts: list[str]) -> float:
    """Run `lex_div.mtld(words)` by document: another definition of MTLD."""
    return _lexical_diversity(texts, "mtld")


def lexical_diversity_mattr(texts: list[str]) -> float:
    """Run `lex_div.mattr(words, window_length=50)` by document."""
    return _lexical_diversity(texts, "mattr", 50)


def our_compression(texts: list[str]) -> float:
    """Mean ratio of blocks of 64 KiB in shuffled order (`stats.surface.compression.block_ratios`)."""
    from longtail.stats.surface.compression import block_ratios

    return mean(block_ratios(texts, seed=0))


def diversity_compression(texts: list[str]) -> float:
    """Run `diversity.compression_ratio`, which compresses all texts as one, twice."""
    from diversity import compression_ratio

    return float(compression_ratio(texts))


def our_self_repetition(documents: Documents) -> float:
    """Mean logarithm of how often 4-grams of a document stand in others (`stats.surface.repetition.self_repetition`)."""
    from longtail.stats.surface.corpus import corpus_of
    from longtail.stats.surface.repetition import self_repetition

    return mean(self_repetition(corpus_of(documents)))


def diversity_self_repetition(documents: Documents) -> float:
    """Run `diversity.self_repetition_score(texts, 4)`."""
    from diversity import self_repetition_score

    return float(self_repetition_score([" ".join(document) for document in documents], 4, verbose=False))


def our_distinct(documents: Documents) -> float:
    """Sum of distinct-1 to distinct-4, n-grams within documents (`Corpus.up_to`), words numbered first."""
    from longtail.stats.surface.corpus import corpus_of

    return sum(grams.types / len(grams.ids) for grams in corpus_of(documents).up_to(max(ORDERS)))


def nltk_distinct(documents: Documents) -> float:
    """Sum of distinct-1 to distinct-4 by `nltk.util.ngrams` and sets, n-grams within documents."""
    from nltk.util import ngrams

    score = 0.0
    for order in ORDERS:
        found = [gram for document in documents for gram in ngrams(document, order)]
        score += len(set(found)) / len(found)
    return score


def diversity_distinct(documents: Documents) -> float:
    """Run `diversity.ngram_diversity_score(texts, 4)`, whose n-grams cross documents; three digits."""
    from diversity import ngram_diversity_score

    return float(ngram_diversity_score([" ".join(document) for document in documents], 4))


def our_rouge(documents: Documents) -> float:
    """Mean ROUGE-L over every pair of documents (`stats.surface.repetition.rouge_l`), words numbered first."""
    from longtail.stats.surface.corpus import corpus_of
    from longtail.stats.surface.repetition import rouge_l

    pairs = np.stack(np.triu_indices(len(documents), 1), axis=1).astype(np.int64)
    return mean(rouge_l(corpus_of(documents), pairs))


def rouge_score(documents: Documents) -> float:
    """Run `RougeScorer(["rougeL"]).score` over every pair of documents."""
    from rouge_score.rouge_scorer import RougeScorer

    class Split:
        @staticmethod
        def tokenize(text: str) -> list[str]:
            return text.split(" ")

    scorer, texts = RougeScorer(["rougeL"], tokenizer=Split()), [" ".join(document) for document in documents]
    pairs = ((one, other) for at, one in enumerate(texts) for other in texts[:at])
    return mean([scorer.score(one, other)["rougeL"].fmeasure for one, other in pairs])


WIDE = (1_000, 10_000, 100_000)


def _lexical(metric: str, ours: Work, richness: Work, diversity: Work, *, alike: bool = True) -> Family:
    """Return a family of a measure of single texts; `alike` says whether both packages define it as we do."""
    return Family(metric, given.texts, "documents", WIDE, (
        Contender("longtail", "longtail", ours), Contender("longtail, words numbered", "longtail", ours, prepare=numbered),
        Contender("lexicalrichness", "lexicalrichness", richness),
        Contender("lexical-diversity", "lexical-diversity", diversity, within=AGREES if alike else None),
    ), warm=20)  # fmt: skip


FAMILIES = (
    Family("self-BLEU-4, all others as references", given.words, "documents", (100, 1_000, 2_000, 10_000, 100_000), (
        Contender("longtail", "longtail", our_self_bleu), Contender("fast-bleu", "fast-bleu", fast_bleu, growth=2),
        Contender("nltk", "nltk", nltk_bleu, growth=2), Contender("sacrebleu", "sacrebleu", sacrebleu, growth=2),
    ), warm=20),
    _lexical("HD-D", our_hdd, lexicalrichness_hdd, lexical_diversity_hdd),
    _lexical("MTLD", our_mtld, lexicalrichness_mtld, lexical_diversity_mtld, alike=False),
    _lexical("MATTR, windows of 50", our_mattr, lexicalrichness_mattr, lexical_diversity_mattr),
    Family("distinct-1 to distinct-4, summed", given.words, "documents", WIDE, (
        Contender("longtail", "longtail", our_distinct), Contender("nltk", "nltk", nltk_distinct),
        Contender("diversity", "diversity", diversity_distinct, within=None),
    )),
    Family("self-repetition of 4-grams", given.words, "documents", WIDE, (
        Contender("longtail", "longtail", our_self_repetition),
        Contender("diversity", "diversity", diversity_self_repetition, growth=2),
    )),
    Family("compression ratio", given.texts, "documents", WIDE, (
        Contender("longtail", "longtail", our_compression), Contender("diversity", "diversity", diversity_compression, within=None),
    ), warm=1_000),
    Family("ROUGE-L over all pairs", given.words, "documents", (100, 1_000, 2_000), (
        Contender("longtail", "longtail", our_rouge, growth=2), Contender("rouge-score", "rouge-score", rouge_score, growth=2),
    ), warm=20),
)  # fmt: skip
