"""Audit of a verifier before it gates anything: how often it accepts what is right, refuses what is wrong, and changes its mind.

From documents whose answer is known. The rates hold for documents like these; a verifier is to be audited on the answers that
the model writes, by family and difficulty.
"""

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from scipy.special import ndtri

from longtail.errors import ConfigError, UsageError
from longtail.gates.audit import FEWEST
from longtail.gates.batch import Batch
from longtail.gates.intervals import exact_interval
from longtail.gates.judging import guarded
from longtail.gates.verdicts import DECISIONS, Decisions
from longtail.gates.verifiers.outside import Called
from longtail.records import Estimate, NotMeasured, Outcome, Record

Document: TypeAlias = str | Mapping[str, Any]
Counts: TypeAlias = dict[str, int]
Side: TypeAlias = tuple[Decisions, list[str]]
RATES = ("true_positive_rate", "true_negative_rate", "youden_j")
_EXACT = "Clopper-Pearson"
_HYBRID = "hybrid score, method 10 of Newcombe 1998"


class Stratum(Record, frozen=True):
    """What a verifier decided on the documents of one kind.

    Args:
        name: Of the kind; empty for all documents.
        good: Number of right documents by decision.
        bad: Number of wrong documents by decision.
    """

    name: str
    good: Counts
    bad: Counts


class VerifierAudit(Record, frozen=True):
    """What a verifier was found to do.

    Args:
        strata: What it decided, over all first.
        estimates: What was measured; `slice` names the stratum.
        not_measured: What was not, why, and what to add.
        says: What follows, each statement with its condition.
    """

    strata: tuple[Stratum, ...]
    estimates: tuple[Estimate, ...]
    not_measured: tuple[NotMeasured, ...]
    says: tuple[str, ...]

    def get(self, metric: str, stratum: str | None = None) -> Estimate | None:
        """Return the estimate of a metric, over all or in a stratum, or None where it was not measured."""
        return next((each for each in self.estimates if each.metric == metric and each.slice == stratum), None)


def audit_verifier(
    verifier: Callable[..., Any],
    good: Iterable[Document],
    bad: Iterable[Document],
    rewrites: Iterable[Sequence[Document]] | None = None,
    strata: str | None = None,
    level: float = 0.95,
) -> VerifierAudit:
    """Measure a verifier on documents that are known to be right or wrong.

    A document is accepted where it is kept: one that is sent to review is not. TPR is the share of right ones that are accepted,
    TNR the share of wrong ones that are not, and J = TPR + TNR - 1 (Youden 1950). J > 0 means that errors of the verifier slow
    what is learnt from its verdicts, J < 0 that they teach what is wrong (arXiv:2601.04411).

    Args:
        verifier: A gate, or a function as the gate `callable` takes it.
        good: Right documents, as texts or records.
        bad: Wrong ones.
        rewrites: Groups of documents that say the same in other words, so that each group must get one verdict.
        strata: Column whose values name the kinds of documents, each measured by itself too.
        level: Level of each interval.

    Raises:
        UsageError: There are no documents of one kind, or a group of rewrites has fewer than two.
        ConfigError: The level is out of range.
    """
    if not 0 < level < 1:
        raise ConfigError(f"level is {level!r}; take a number between 0 and 1")
    found = _strata(_side(verifier, good, strata), _side(verifier, bad, strata))
    outcomes = [outcome for each in found for outcome in _rates(each, level)]
    if rewrites is not None:
        outcomes.append(_consistency(verifier, rewrites, level))
    return VerifierAudit(
        strata=tuple(found),
        estimates=tuple(each for each in outcomes if isinstance(each, Estimate)),
        not_measured=tuple(each for each in outcomes if isinstance(each, NotMeasured)),
        says=tuple(_says(outcomes)),
    )


def difference_interval(first: tuple[int, int], second: tuple[int, int], level: float) -> tuple[float, float]:
    """Return an interval of a difference of two independent shares, each given as hits and trials.

    The hybrid score interval, method 10 of Newcombe, Statistics in Medicine 17 (1998) 873-890: from the Wilson interval of each
    share. Its exact coverage at the level 0.95, over pairs of shares from 0.005 to 0.995, is 0.95 on average and above 0.935 for 19
    pairs in 20; it is least 0.88 with 20 trials each, 0.895 with 50 and 0.919 with 100.
    """
    (p, low, high), (q, low_q, high_q) = (_wilson(*each, level) for each in (first, second))
    below, above = math.hypot(p - low, high_q - q), math.hypot(high - p, q - low_q)
    return max(-1.0, p - q - below), min(1.0, p - q + above)


def _wilson(hits: int, of: int, level: float) -> tuple[float, float, float]:
    z = float(ndtri((1 + level) / 2))
    share = hits / of
    centre, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return share, max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def _decided(verifier: Callable[..., Any], documents: Sequence[Document]) -> Decisions:
    """Return the decision on each document, shape (documents,)."""
    batch = Batch.of(documents)
    if not _is_gate(verifier):
        names = {name for each in documents if isinstance(each, Mapping) for name in each}
        verifier = Called(function=verifier, columns=sorted(names - {"id", "text"}))
    return guarded(verifier, batch).decisions


def _is_gate(verifier: Callable[..., Any]) -> bool:
    try:
        parameters = list(inspect.signature(verifier).parameters.values())
    except (TypeError, ValueError):
        return False
    return bool(parameters) and parameters[0].annotation in (Batch, "Batch")


def _side(verifier: Callable[..., Any], given: Iterable[Document], strata: str | None) -> Side:
    documents = list(given)
    if not documents:
        raise UsageError("a verifier is audited on right and on wrong documents; give one or more of each")
    names = Batch.of(documents).values(strata) if strata else [None] * len(documents)
    return _decided(verifier, documents), ["" if name is None else str(name) for name in names]


def _strata(good: Side, bad: Side) -> list[Stratum]:
    names = sorted({name for _, of in (good, bad) for name in of if name})
    return [Stratum(name=name, good=_counts(*good, name), bad=_counts(*bad, name)) for name in ("", *names)]


def _counts(decisions: Decisions, names: Sequence[str], stratum: str) -> Counts:
    inside = np.array([not stratum or name == stratum for name in names], bool)
    return {name: int((decisions[inside] == at).sum()) for at, name in enumerate(DECISIONS)}


def _rates(stratum: Stratum, level: float) -> list[Outcome]:
    good, bad = (sum(side.values()) for side in (stratum.good, stratum.bad))
    right, wrong = stratum.good["keep"], bad - stratum.bad["keep"]
    found = [_share(RATES[0], right, good, stratum.name, level), _share(RATES[1], wrong, bad, stratum.name, level)]
    absent = next((each for each in found if isinstance(each, NotMeasured)), None)
    if absent is not None:
        return [*found, NotMeasured(metric=RATES[2], reason=absent.reason, enable=absent.enable, slice=stratum.name)]
    low, high = difference_interval((right, good), (bad - wrong, bad), level)
    bounds = (right / good + wrong / bad - 1, low, high)
    return [*found, _estimate(RATES[2], bounds, good + bad, stratum.name, _HYBRID, level)]


def _share(metric: str, hits: int, of: int, stratum: str, level: float) -> Outcome:
    if of < FEWEST:
        kind = "right" if metric == RATES[0] else "wrong" if metric == RATES[1] else "rewritten"
        reason = f"{of} {kind} {'groups' if kind == 'rewritten' else 'documents'}; {FEWEST} are needed"
        return NotMeasured(metric=metric, reason=reason, enable="add more whose answer is known", slice=stratum)
    return _estimate(metric, (hits / of, *exact_interval(hits, of, level)), of, stratum, _EXACT, level)


def _estimate(metric: str, bounds: tuple[float, float, float], n: int, stratum: str, method: str, level: float) -> Estimate:
    value, low, high = bounds
    return Estimate(
        metric=metric,
        view="",
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=n,
        unit="share" if metric != RATES[2] else "difference of shares",
        resampling_unit="group of rewrites" if metric == "consistency" else "document",
        method=method,
        level=level,
        slice=stratum or None,
    )


def _consistency(verifier: Callable[..., Any], rewrites: Iterable[Sequence[Document]], level: float) -> Outcome:
    groups = [list(each) for each in rewrites]
    if any(len(each) < 2 for each in groups):
        raise UsageError("a group of rewrites has fewer than two documents; give what says the same in other words together")
    decisions = _decided(verifier, [document for group in groups for document in group]) if groups else np.zeros(0, np.uint8)
    ends = np.cumsum([len(each) for each in groups])
    alike = sum(len(set(decisions[end - len(group) : end].tolist())) == 1 for group, end in zip(groups, ends, strict=True))
    return _share("consistency", alike, len(groups), "", level)


def _says(outcomes: Iterable[Outcome]) -> list[str]:
    said = []
    for each in outcomes:
        if isinstance(each, Estimate) and each.metric == RATES[2]:
            where = f"in stratum {each.slice!r}" if each.slice else "over all"
            said.append(f"{where} J = {each.value:+.3g} ({each.low:+.3g} to {each.high:+.3g}): {_sign(each)}")
        elif isinstance(each, Estimate) and each.metric == "consistency":
            said.append(f"{each.value:.3g} of {each.n} groups that say the same got one verdict ({each.low:.3g} to {each.high:.3g})")
    return said


def _sign(j: Estimate) -> str:
    condition = "on documents like these"
    if j.low > 0:
        return f"it accepts right answers more often than wrong ones, so its errors slow what is learnt from it, {condition}"
    if j.high < 0:
        return f"it accepts wrong answers more often than right ones, so what is learnt from it is wrong, {condition}; do not gate with it"
    return "whether it tells right from wrong is not decided; audit it on more documents"
