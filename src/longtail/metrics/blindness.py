"""Benchmark blindness: how much of a benchmark lies where the reference is common, so that a loss of its tail leaves the score alone."""

import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.wording import types_of, words_of
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import combined, delete_a_group, quantile
from longtail.stats.ngrams import Sample
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing, Reference
from longtail.summaries.rows import Side, join
from longtail.summaries.strata import HEAD, TORSO, Strata
from longtail.summaries.units import FEWEST_UNITS, even

BLIND = 0.9
"""Convention: share of items without a rare word from which a benchmark is called blind."""

_VIEW = "words_1"
_GROUPS = 32


@RATIOS.add(unit="share", worse="higher", source="own definition; exact binomial interval (Clopper & Pearson 1934)")
def benchmark_blindness(benchmark: Profile, reference: Reference, /, *, tau: float = 0.1) -> Outcome:
    """Share of a benchmark's items that hold no rare word: all their words lie in the reference's head and torso.

    Rare are the tail of half A and words that it never saw. Of more items than the hash sample holds, the sample is read. Short items hold
    few words of any kind, so `expected` says what the share would be if every item were as many words in a row from a document of half B.

    How measured: over the items of --benchmark, beside the strata of the reference

    Formula: share = items of which every word lies in head or torso of the reference / items.

    Minimum: 16 items with words, and a reference with exact counts.

    False positives: short items, which hold few words of any kind: compare with `expected`.

    See it: `longtail audit longtail-demo/train.jsonl --reference longtail-demo/human.jsonl --benchmark
    longtail-demo/replace_t0.8/gen5.jsonl` after `longtail demo`.

    Akin: LT801

    Args:
        benchmark: Profile of the benchmark, one document for each item.
        reference: Human text, whose half A chooses the tail.
        tau: Share of mass called the tail.

    Raises:
        IncompatibleSummaries: The two were profiled with unlike settings.
    """
    from scipy.stats import binomtest

    strata = _strata(benchmark, reference, tau, "benchmark_blindness")
    if isinstance(strata, NotMeasured):
        return strata
    entries = benchmark.sample.entries()
    items = words_of(entries, benchmark.seed)
    rare = np.bincount(items.document, ~_is_common(items, strata), len(entries)) > 0
    lengths = np.bincount(items.document, minlength=len(entries))
    told = np.flatnonzero(lengths)
    if len(told) < FEWEST_UNITS:
        return _absent("benchmark_blindness", f"only {len(told)} items with words, fewer than {FEWEST_UNITS}", "a benchmark of more items")
    found = int((~rare[told]).sum())
    interval = binomtest(found, len(told)).proportion_ci(0.95, "exact")
    value = found / len(told)
    usual = words_of(reference.profile.sample.entries(1), reference.profile.seed)
    return Estimate(
        metric="benchmark_blindness", view=_VIEW, value=value, low=min(value, float(interval.low)), high=max(value, float(interval.high)),
        n=len(told), unit="share", resampling_unit="document", tau=strata.realised_tau, expected=_expected(usual, strata, lengths[told]),
        method=f"items whose words are all common in half A of the reference; {len(told)} distinct items; exact binomial interval",
    )  # fmt: skip


@RATIOS.add(unit="ratio", worse="higher", source="own definition; ratio of sums, delete-a-group jackknife (Kott 2001)")
def benchmark_common_mass(benchmark: Profile, reference: Reference, /, *, tau: float = 0.1) -> Outcome:
    """Share of a benchmark's words in the reference's head and torso, over that of the reference's own half B; above 1 where it is easier.

    How measured: over the items of --benchmark, beside the strata of the reference

    Formula: ratio = the benchmark's share of words in head and torso of the reference / the same share of the reference's half B.

    Minimum: 16 groups of documents with words on each side.

    False positives: a benchmark in a plain style on a hard subject.

    Akin: LT801

    Raises:
        IncompatibleSummaries: The two were profiled with unlike settings.
    """
    strata = _strata(benchmark, reference, tau, "benchmark_common_mass")
    if isinstance(strata, NotMeasured):
        return strata
    sides = [_common_by_group(benchmark, None, strata), _common_by_group(reference.profile, 1, strata)]
    if any((tokens > 0).sum() < FEWEST_UNITS or not common.sum() for common, tokens in sides):
        return _absent("benchmark_common_mass", "too few documents with words on one side", "more items, or a larger reference")
    shares = [float(common.sum() / tokens.sum()) for common, tokens in sides]
    logs = [np.log((common.sum() - common) / (tokens.sum() - tokens)) for common, tokens in sides]
    spread = combined([delete_a_group(without) for without in logs])
    value, half = shares[0] / shares[1], quantile(0.975, spread.freedom) * spread.error
    return Estimate(
        metric="benchmark_common_mass", view=_VIEW, kind="ratio", baseline="reference", baseline_value=shares[1], tau=strata.realised_tau,
        value=value, low=value * float(np.exp(-half)), high=value * float(np.exp(half)), n=benchmark.documents, unit="ratio",
        resampling_unit="document", method="ratio of word shares in head and torso; delete-a-group jackknife", expected=1.0,
    )  # fmt: skip


def blindness_warning(outcome: Outcome) -> str | None:
    """Return what to tell of a benchmark that is blind to the tail, or None where it is not.

    Blind is one of whose items at least `BLIND` hold no rare word, and more than items of their lengths from human text would.
    """
    if isinstance(outcome, NotMeasured) or outcome.value < BLIND or outcome.low <= (outcome.expected or 0.0):
        return None
    usual = "" if outcome.expected is None else f" (human text of the same lengths: {outcome.expected:.2f})"
    return (
        f"benchmark-blind: {outcome.value:.2f} [{outcome.low:.2f}, {outcome.high:.2f}] of {outcome.n:,} items hold none of the reference's "
        f"rare words{usual}; a score on this benchmark can stay flat while the tail goes: add items with rare words, or judge by LT301"
    )


def _strata(benchmark: Profile, reference: Reference, tau: float, metric: str) -> Strata | NotMeasured:
    """Return the strata that half A chooses, or why there are none."""
    frequencies = [profile.frequencies.get(_VIEW) for profile in (benchmark, reference.profile)]
    if frequencies[0] is None or frequencies[1] is None:
        return _absent(metric, f"{_VIEW} was not counted", f"profile with the view {_VIEW}")
    frequencies[0].require_comparable(frequencies[1])
    strata = Choosing(reference.profile, 0).strata(_VIEW, tau, frequencies[1].theta)
    if not frequencies[1].is_exact or not len(strata.types) or strata.is_too_sparse:
        return _absent(metric, "the reference has no tail that can be told apart", "a larger reference")
    return strata


def _is_common(sample: Sample, strata: Strata) -> npt.NDArray[np.bool_]:
    """Return which words lie in head or torso, shape (words,)."""
    return np.asarray(np.isin(strata.of(types_of(sample)), (HEAD, TORSO)))


def _expected(reference: Sample, strata: Strata, lengths: npt.NDArray[np.int64]) -> float | None:
    """Return the mean chance, over items, that as many words in a row of a reference document are all common; None without documents.

    Of an item longer than every document, as many words as the longest has.
    """
    if not len(reference.words):
        return None
    common = _is_common(reference, strata)
    of_document = np.bincount(reference.document)
    starts = np.flatnonzero(np.concatenate([[True], (common[1:] != common[:-1]) | (reference.document[1:] != reference.document[:-1])]))
    runs = np.diff(np.append(starts, len(common)))[common[starts]]
    wanted, items = np.unique(np.minimum(lengths, of_document.max()), return_counts=True)
    free, places = (np.array([np.maximum(each - length + 1, 0).sum() for length in wanted]) for each in (runs, of_document))
    return float((items * free / places).sum() / items.sum())


def _common_by_group(profile: Profile, half: int | None, strata: Strata) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the words in head and torso and all words, by group of documents, each of shape (groups,)."""
    rows = join([Side(profile.frequencies[_VIEW], half, even(_GROUPS))])
    return rows.per_unit(np.isin(strata.of(rows.types), (HEAD, TORSO))), rows.unit_tokens


def _absent(metric: str, reason: str, enable: str) -> NotMeasured:
    return NotMeasured(reason=reason, enable=enable, metric=metric, view=_VIEW)
