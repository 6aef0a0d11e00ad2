"""What is left of the tail: its mass, its types, and what is new."""

import numpy as np

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.comparison import Comparison, Fold
from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import Spread, combined, delete_a_group, quantile, ratio_of_sums
from longtail.stats.permutation import standard_error
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing
from longtail.summaries.rows import type_counts
from longtail.summaries.strata import BEYOND, HEAD, TAIL

_MASS_METHOD = "log ratio of token shares; delete-a-group jackknife"
_TYPES_METHOD = "log ratio of expected types at equal tokens in whole documents; permutation standard error"


@RATIOS.add(unit="ratio", worse="lower", source="own definition, decision 0003; ratio estimator with delete-a-group jackknife (Kott 2001)")
def tail_mass_retained(comparison: Comparison, /) -> Outcome:
    """Share of tokens on the reference's rare types, relative to the baseline.

    It does not fall in expectation when a model is trained on its own unbiased output (a martingale); it falls when
    sampling is sharpened, truncated or filtered.

    Formula: ratio = share of tokens on tail types in the candidate / the same share in the baseline, the tail being the types of half A of
    the reference with the lowest counts up to 10 % of its mass.

    Minimum: 96 documents on each side.
    """
    found = mass_endpoint(comparison)
    return found if isinstance(found, NotMeasured) else _alone(found)


@RATIOS.add(unit="ratio", worse="lower", source="own definition, decision 0003; sample-based rarefaction (Colwell et al. 2012)")
def tail_types_retained(comparison: Comparison, /) -> Outcome:
    """Number of the reference's rare types still present, relative to the baseline, at equal numbers of tokens.

    It falls with every generation that learns from the last one only, at any temperature.

    Formula: ratio = expected tail types in the candidate / expected tail types in the baseline, both at equal numbers of tokens in whole
    documents.

    Minimum: 96 documents on each side.
    """
    found = types_endpoint(comparison)
    return found if isinstance(found, NotMeasured) else _alone(found)


@RATIOS.add(unit="ratio", worse="both", source="own definition; ratio estimator with delete-a-group jackknife (Kott 2001)")
def novel_mass(comparison: Comparison, /) -> Outcome:
    """Share of tokens on types that the choosing sample never saw, relative to the baseline.

    A fall is narrowing; a rise is text that no human wrote, or another subject.

    Why: new words are where a language keeps growing. A loop that narrows uses fewer; one that has come apart writes words that no person
    wrote.

    Formula: ratio = share of tokens on types that half A of the reference lacks, in the candidate / the same share in the baseline.

    Minimum: 96 documents on each side, exact counts, and a type that the reference lacks.

    False positives: another subject, or broken text such as encoding errors.

    Silence: no rule reads it, so that it fails nothing by itself; with a lost tail, a lower bound above 2 makes the phase late.

    Akin: LT301
    """
    if comparison.refusal is not None:
        return comparison.refusal
    if not comparison.frequencies.is_exact:
        return NotMeasured(reason="needs exact counts", enable="count again with --exact", metric="novel_mass", view=comparison.view)
    if not any((fold.codes == BEYOND).any() for fold in comparison.folds):
        reason = "neither side has a word that the reference lacks"
        return NotMeasured(reason=reason, enable="a larger sample", metric="novel_mass", view=comparison.view)
    statistics = np.mean([fold.pictured.log_mass(BEYOND) for fold in comparison.folds], axis=0)
    spread = _mass_spread(comparison.folds, BEYOND)
    made = _endpoint(comparison, "novel_mass", statistics, spread, _MASS_METHOD, _share(comparison.folds, BEYOND))
    return undecidable(made) or _alone(made, spread.freedom)


def rare_endpoints(comparison: Comparison) -> list[Endpoint | NotMeasured]:
    """Return tail types and tail mass of a view."""
    return [types_endpoint(comparison), mass_endpoint(comparison)]


def mass_endpoint(comparison: Comparison) -> Endpoint | NotMeasured:
    """Return tail mass retained with its relabellings."""
    return _tail_endpoint(comparison, "tail_mass_retained", _MASS_METHOD)


def types_endpoint(comparison: Comparison) -> Endpoint | NotMeasured:
    """Return tail types retained with its relabellings."""
    return _tail_endpoint(comparison, "tail_types_retained", _TYPES_METHOD)


def _tail_endpoint(comparison: Comparison, metric: str, method: str) -> Endpoint | NotMeasured:
    if comparison.refusal is not None:
        return comparison.refusal
    if comparison.is_too_sparse:
        return NotMeasured(
            reason=f"too sparse: the rarest types hold {comparison.realised_tau:.0%} of the reference, so no tail can be told apart",
            enable="a larger reference",
            metric=metric,
            view=comparison.view,
        )
    mass, types = comparison.tail
    if metric == "tail_mass_retained":
        spread, statistics, value = _mass_spread(comparison.folds, TAIL), mass, _share(comparison.folds, TAIL)
    else:
        spread, statistics, value = Spread(standard_error(types), np.inf), types, _types(comparison.folds)
    error = Spread(float(np.hypot(spread.error, _sampling_error(comparison, metric))), spread.freedom)
    made = _endpoint(comparison, metric, statistics, error, method + (", cross-fitted" if comparison.is_cross_fitted else ""), value)
    return undecidable(made) or made


def _endpoint(comparison: Comparison, metric: str, statistics: np.ndarray, spread: Spread, method: str, value: float) -> Endpoint:
    return Endpoint(
        metric=metric,
        view=comparison.view,
        baseline=comparison.name,
        statistics=statistics,
        error=spread.error,
        method=method,
        n=comparison.documents,
        baseline_value=value,
        tau=comparison.realised_tau,
    )


def _alone(endpoint: Endpoint, freedom: float = np.inf) -> Estimate:
    """Return the estimate with its own two-sided 95 % interval, outside any family."""
    z = quantile(0.975, freedom)
    return endpoint.estimate(z, z, 0.95)


def _mass_spread(folds: list[Fold], stratum: int) -> Spread:
    """Return the jackknife error of the log ratio of mass, averaged over folds: units of the candidate, then of each measured half."""
    tops, bottoms, parts = [], [], []
    for fold in folds:
        tokens, totals, size = (
            fold.rows.per_unit(fold.codes == stratum).astype(float),
            fold.rows.unit_tokens.astype(float),
            fold.rows.sizes[0],
        )
        tops.append(ratio_of_sums(np.maximum(tokens[:size], 1e-9), totals[:size])[1])
        parts.append(delete_a_group(ratio_of_sums(np.maximum(tokens[size:], 1e-9), totals[size:])[1] / len(folds)))
        bottoms.append(tokens[:size].sum())
    parts.append(delete_a_group(np.mean(tops, axis=0)))
    return combined(parts)


def _sampling_error(comparison: Comparison, metric: str) -> float:
    """Return the error that comes from counting a sample of types only: jackknife over 32 groups of type hashes."""
    share = comparison.sampling_share
    if share == 1:
        return 0.0
    fold = comparison.folds[0]
    rows, tail = fold.rows, fold.codes == TAIL
    weights = rows.tokens if metric == "tail_mass_retained" else np.ones_like(rows.tokens)
    group = (rows.types % np.uint64(32)).astype(np.int64)[tail]
    here, there = (np.bincount(group, weights=rows.of_sample(side, weights)[tail], minlength=32) for side in (0, 1))
    return float(delete_a_group(ratio_of_sums(np.maximum(here, 1e-9), np.maximum(there, 1e-9))[1]).error * np.sqrt(1 - share))


def _share(folds: list[Fold], stratum: int) -> float:
    """Return the baseline's share of tokens in a stratum, averaged over folds."""
    shares = []
    for fold in folds:
        size = fold.rows.sizes[0]
        shares.append(fold.rows.per_unit(fold.codes == stratum)[size:].sum() / max(1, fold.rows.unit_tokens[size:].sum()))
    return float(np.mean(shares))


def _types(folds: list[Fold]) -> float:
    """Return the baseline's expected tail types at the common size, averaged over folds."""
    return float(np.mean([fold.observed.presence(TAIL)[1][0] for fold in folds]))


def head_kept(candidate: Profile, chooser: Choosing, view: str, tau: float) -> float | None:
    """Return the candidate's share of tokens on the reference's commonest types, over the reference's own share; None without any.

    The commonest words of a language are its function words, which another subject keeps and another language does not.
    """
    theta = min(profile.frequencies[view].theta for profile in (candidate, chooser.profile))
    strata, shares = chooser.strata(view, tau, theta), []
    for profile, half in ((candidate, None), (chooser.profile, chooser.half)):
        types, tokens, _ = type_counts(profile.frequencies[view], half, theta)
        shares.append(float(tokens[strata.of(types) == HEAD].sum() / tokens.sum()) if tokens.sum() else 0.0)
    return shares[0] / shares[1] if shares[1] else None


def tail_found(comparison: Comparison) -> float | None:
    """Return the share of the tail's types that the baseline is expected to hold at the common size; near 1 none can be missed."""
    fold = comparison.folds[0]
    there_are = int((fold.strata.codes == TAIL).sum())
    return float(fold.observed.presence(TAIL)[1][0] / there_are) if there_are else None


def stratum_mass(comparison: Comparison, stratum: int) -> dict[str, float | None]:
    """Return the share of tokens in one stratum on both sides and their ratio with a 95 % interval, for pictures."""
    folds = [fold.pictured for fold in comparison.folds]
    baseline = _share(folds, stratum)
    statistics = np.mean([fold.log_mass(stratum) for fold in folds], axis=0)
    spread = _mass_spread(folds, stratum)
    return {"baseline": baseline, "candidate": baseline * float(np.exp(statistics[0]))} | _interval(statistics[0], spread, baseline)


def stratum_types(comparison: Comparison, stratum: int) -> dict[str, float | None]:
    """Return the expected types of one stratum at equal size on both sides and their ratio with a 95 % interval, for pictures."""
    folds = [fold.pictured for fold in comparison.folds]
    candidate, baseline = np.mean([[side[0] for side in fold.observed.presence(stratum)] for fold in folds], axis=0).tolist()
    statistics = np.mean([fold.log_types(stratum) for fold in folds], axis=0)
    return {"baseline": baseline, "candidate": candidate} | _interval(statistics[0], Spread(standard_error(statistics), np.inf), baseline)


def _interval(log_value: float, spread: Spread, baseline: float) -> dict[str, float | None]:
    if baseline <= 0 or not np.isfinite(spread.error):
        return {"ratio": None, "low": None, "high": None}
    half = quantile(0.975, spread.freedom) * spread.error
    low, value, high = (float(np.exp(log_value + shift)) for shift in (-half, 0.0, half))
    return {"ratio": value, "low": low, "high": high}
