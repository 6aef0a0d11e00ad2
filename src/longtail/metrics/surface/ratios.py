"""Surface measures of a candidate against a baseline: equally many documents, units of whole documents permuted.

References of self-BLEU and the blocks that are compressed lie inside a unit, so that every relabelling of units holds the same
number of either, and the mean over units is exact under permutation. Everything else is recounted in each relabelling.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.surface.excerpts import Excerpts
from longtail.metrics.surface.form import OPENING, TEMPLATE, template_least
from longtail.metrics.surface.lexical import long_enough
from longtail.metrics.surface.overlap import REFERENCES, inside_parts
from longtail.metrics.surface.pair import Pair
from longtail.records import Baseline, Estimate, Outcome
from longtail.stats.jackknife import NORMAL_95
from longtail.stats.permutation import p_lower, standard_error
from longtail.stats.surface import _relabelled, bleu, compression, lexical, repetition

Values = npt.NDArray[np.float64]

ORDERS = (1, 2)
_FEWEST_TOKENS = 100
_FEWEST_BYTES = 1024
_PERMUTED = "units of whole documents permuted"


def surface_ratios(
    candidate: Excerpts, baseline: Excerpts, seed: int = 0, permutations: int = 999, name: Baseline = "reference"
) -> tuple[Outcome, ...]:
    """Return every surface measure of a candidate against a baseline, or why it has none.

    Args:
        candidate: Documents of the candidate.
        baseline: Documents of the baseline; of a reference that was split, those of the half that measures.
        seed: Seed of the relabellings and of what is drawn.
        permutations: Random relabellings of the units.
        name: What the baseline is called in the estimates.
    """
    pair = Pair(candidate, baseline, name, permutations, seed)
    return (*(distinct_n(pair, order=order) for order in ORDERS), *(measure(pair) for measure in MEASURES))


@RATIOS.add("distinct_n", unit="ratio", worse="lower", source="Li et al. 2016, rarefied (Hurlbert 1971); units permuted, decision 0003")
def distinct_n(pair: Pair, /, *, order: int = 1) -> Outcome:
    """Different n-grams among equally many, relative to the baseline, over the sampled documents.

    Formula: ratio = expected different n-grams among m of the candidate / among m of the baseline, where m is what the smaller side has in
    any relabelling.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at. 100 n-grams.
    """
    view = f"words_{order}"
    if pair.refusal:
        return pair.absent("distinct_n", view)
    grams = pair.both.corpus.grams(order)
    found = pair.rarefied(grams.ids, grams.documents, grams.lengths)
    if found is None or found[1] < _FEWEST_TOKENS:
        return pair.absent("distinct_n", view, f"fewer than {_FEWEST_TOKENS} n-grams on a side")
    return ratio_of(pair, "distinct_n", view, found[0] / found[1], f"rarefied to {found[1]:,} n-grams", is_higher_worse=False)


@RATIOS.add("openings", unit="ratio", worse="lower", source="own definition, rarefied (Hurlbert 1971); units permuted, decision 0003")
def openings_ratio(pair: Pair, /) -> Outcome:
    """Different openings (first three words) among equally many documents, relative to the baseline.

    Formula: ratio = expected different openings among equally many documents of the candidate / of the baseline.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at. 50 of them of at least three words.
    """
    view = f"words_{OPENING}"
    if pair.refusal:
        return pair.absent("openings", view)
    kinds = repetition.openings(pair.both.corpus, OPENING)
    has_one = kinds >= 0
    found = pair.rarefied(kinds[has_one], np.flatnonzero(has_one), has_one.astype(np.int64))
    if found is None or found[1] < _FEWEST_TOKENS / 2:
        return pair.absent("openings", view, f"fewer than {_FEWEST_TOKENS // 2} documents with at least {OPENING} words on a side")
    return ratio_of(pair, "openings", view, found[0] / found[1], f"rarefied to {found[1]:,} documents", is_higher_worse=False)


@RATIOS.add("self_bleu", unit="ratio", worse="higher", source="Zhu et al. 2018 with fixed references; units permuted, decision 0003")
def self_bleu_ratio(pair: Pair, /) -> Outcome:
    """Self-BLEU relative to the baseline, with equally many references each.

    Formula: ratio = mean of the candidate / mean of the baseline, with equally many references each.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at.
    """
    if pair.refusal:
        return pair.absent("self_bleu", "words_4")
    drawn = min(REFERENCES[0], int(pair.sizes.min()) - 1)
    values = pair.means(bleu.bleu_against(pair.both.corpus, inside_parts(pair.unit, drawn, pair.seed)))
    return ratio_of(pair, "self_bleu", "words_4", values, f"{drawn} drawn references each", is_higher_worse=True)


@RATIOS.add("compression_ratio", unit="ratio", worse="higher", source="own definition on zlib; units permuted, decision 0003")
def compression_ratio_ratio(pair: Pair, /) -> Outcome:
    """Bytes over compressed bytes relative to the baseline, in blocks of equal size.

    Formula: ratio = mean over groups of documents of bytes / compressed bytes, of the candidate / of the baseline.

    Minimum: 96 distinct documents on each side, 1,024 bytes in each group.
    """
    if pair.refusal:
        return pair.absent("compression_ratio", "documents")
    texts = [[pair.both.texts[at] for at in np.flatnonzero(pair.unit == unit)] for unit in range(2 * pair.units)]
    block = min(compression.BLOCK, *(len("\n".join(each).encode("utf-8")) for each in texts))
    if block < _FEWEST_BYTES:
        return pair.absent("compression_ratio", "documents", f"a group of documents has {block} bytes, fewer than {_FEWEST_BYTES}")
    by_unit = np.array([compression.block_ratios(each, block).mean() for each in texts])
    return ratio_of(
        pair, "compression_ratio", "documents", pair.sums(by_unit) / pair.units, f"blocks of {block:,} bytes", is_higher_worse=True
    )


@RATIOS.add("mattr", unit="ratio", worse="lower", source="Covington & McFall 2010; units permuted, decision 0003")
def mattr_ratio(pair: Pair, /) -> Outcome:
    """Moving-average type-token ratio (50 words) relative to the baseline.

    Formula: ratio = mean of the candidate / mean of the baseline.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at. 50 of them of at least 50 words.
    """
    return _of_documents(pair, "mattr", lexical.mattr, f"windows of {lexical.WINDOW} words")


@RATIOS.add("hdd", unit="ratio", worse="lower", source="McCarthy & Jarvis 2007; units permuted, decision 0003")
def hdd_ratio(pair: Pair, /) -> Outcome:
    """HD-D relative to the baseline.

    Formula: ratio = mean of the candidate / mean of the baseline.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at. 50 of them of at least 42 words.
    """
    return _of_documents(pair, "hdd", lexical.hdd, f"rarefied to {lexical.DRAWS} words")


@RATIOS.add("mtld", unit="ratio", worse="lower", source="McCarthy & Jarvis 2010; units permuted, decision 0003")
def mtld_ratio(pair: Pair, /) -> Outcome:
    """MTLD relative to the baseline.

    Formula: ratio = mean of the candidate / mean of the baseline.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at. 50 of them of at least 50 words.
    """
    return _of_documents(pair, "mtld", lexical.mtld, f"variant mean, threshold {lexical.THRESHOLD}", is_long_only=True)


@RATIOS.add("self_repetition", unit="log(1 + repeats)", worse="higher", source="Salkar et al. 2022; units permuted, decision 0003")
def self_repetition_difference(pair: Pair, /) -> Outcome:
    """Self-repetition (4-grams) less the baseline's, among equally many documents.

    Formula: difference = mean of the candidate - mean of the baseline, among equally many documents.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at.
    """
    if pair.refusal:
        return pair.absent("self_repetition", "words_4")
    holders = repetition.holders_of(pair.both.corpus.grams(4), 2)
    sums = _relabelled.repeated(holders.kind, _starts(holders, pair), holders.types, pair.unit, pair.labels)
    values = sums / pair.totals(np.ones(len(pair.both), np.int64))
    return difference_of(pair, "self_repetition", "words_4", values, "log(1 + repeats)", "")


@RATIOS.add("template_share", unit="share", worse="higher", source="own definition; units permuted, decision 0003")
def template_difference(pair: Pair, /) -> Outcome:
    """Share of documents that hold a template, less the baseline's, among equally many documents.

    Formula: difference = share of the candidate - share of the baseline, among equally many documents.

    Minimum: 96 distinct documents on each side; at most 2,048 are looked at.
    """
    view = f"words_{TEMPLATE}"
    if pair.refusal:
        return pair.absent("template_share", view)
    least = template_least(pair.documents)
    holders = repetition.holders_of(pair.both.corpus.grams(TEMPLATE), least)
    found = _relabelled.templated(holders.kind, _starts(holders, pair), holders.types, pair.unit, pair.labels, least)
    values = found / pair.totals(np.ones(len(pair.both), np.int64))
    return difference_of(pair, "template_share", view, values, "share", f"{TEMPLATE} words on end in at least {least} documents; ")


MEASURES: tuple[Callable[[Pair], Outcome], ...] = (
    self_bleu_ratio,
    compression_ratio_ratio,
    mattr_ratio,
    hdd_ratio,
    mtld_ratio,
    self_repetition_difference,
    openings_ratio,
    template_difference,
)


def _of_documents(pair: Pair, metric: str, measure: Callable[..., Values], method: str, is_long_only: bool = False) -> Outcome:
    """Return the ratio of the means of a measure of single documents."""
    if pair.refusal:
        return pair.absent(metric, "words_1")
    values = measure(pair.both.corpus)
    found = long_enough(values, pair.both) if is_long_only else values
    if pair.totals(np.isfinite(found).astype(np.int64)).min() < _FEWEST_TOKENS / 2:
        return pair.absent(metric, "words_1", f"fewer than {_FEWEST_TOKENS // 2} documents of a side are long enough")
    return ratio_of(pair, metric, "words_1", pair.means(found), method, is_higher_worse=False)


def _starts(holders: repetition.Holders, pair: Pair) -> npt.NDArray[np.int64]:
    return np.searchsorted(holders.document, np.arange(len(pair.both) + 1))


def ratio_of(pair: Pair, metric: str, view: str, values: Values, method: str, is_higher_worse: bool) -> Outcome:
    """Return a ratio from the values of both sides by relabelling, shape (2, B + 1), with its permutation error and one-sided p."""
    if not np.isfinite(values).all() or values.min() <= 0:
        return pair.absent(metric, view, "a value of 0 on one side has no ratio")
    logs = np.log(values[0]) - np.log(values[1])
    error = standard_error(logs)
    if not error > 0:
        return pair.absent(metric, view, "no variation between groups of documents")
    centre, half = float(logs[0]), NORMAL_95 * error
    bounds = math.exp(centre), math.exp(centre - half), math.exp(centre + half)
    told = f"{method}; {pair.documents:,} documents a side, {_PERMUTED}"
    return _estimate(pair, metric, view, bounds, float(values[1, 0]), p_lower(-logs if is_higher_worse else logs), told, unit="ratio")


def difference_of(pair: Pair, metric: str, view: str, values: Values, unit: str, method: str) -> Outcome:
    """Return the candidate's value less the baseline's, higher being worse; where no relabelling shows any, within three in n."""
    differences = values[0] - values[1]
    half = NORMAL_95 * standard_error(differences) if values.any() else 3 / pair.documents
    if not half > 0:
        return pair.absent(metric, view, "no variation between groups of documents")
    centre = float(differences[0])
    widest = 1.0 if unit == "share" else math.inf
    told = f"{method}{pair.documents:,} documents a side, {_PERMUTED}"
    return _estimate(
        pair,
        metric,
        view,
        (centre, max(-widest, centre - half), min(widest, centre + half)),
        float(values[1, 0]),
        p_lower(-differences),
        told,
        unit=unit,
    )


def _estimate(
    pair: Pair, metric: str, view: str, bounds: tuple[float, float, float], baseline: float, p: float, method: str, unit: str
) -> Estimate:
    value, low, high = bounds
    return Estimate(
        metric=metric,
        view=view,
        kind="ratio" if unit == "ratio" else "value",
        baseline=pair.name,
        baseline_value=baseline,
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=pair.documents,
        unit=unit,
        resampling_unit="document",
        method=method,
        p=p,
        expected=1.0 if unit == "ratio" else 0.0,
    )
