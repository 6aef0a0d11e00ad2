"""Misfit: whether a target can be a mixture of the reference's kinds of text at all.

Were it one, the mean of anything that can be measured of a text would be the same mixture of the means of the kinds. With more
things measured than kinds there are more equations than shares, and what is left over after the best shares is a test of
the mixture: the test of over-identifying restrictions of Sargan (1958) and Hansen (1982), here with the covariance of both the
target's and the reference's means, by clusters, and F in place of chi-squared as Hotelling has it. Text of another domain, and
most text of another generator, leaves much; text that is itself a blend of human and known machine text leaves nothing,
and no test on texts alone can see it.
"""

from dataclasses import dataclass

import numpy as np

from longtail.origin.calibration import Bools
from longtail.origin.reference import Floats, Ints, Reference
from longtail.origin.scorers.features import Features

LIMIT = 4.0
"""Deviations of the reference beyond which a measured value is read as this."""
_FEWEST = 5.0
_RIDGE = 1e-6


@dataclass(frozen=True)
class Misfit:
    """What the best mixture leaves unexplained.

    Attributes:
        p: Probability of as much or more where the target is a mixture.
        ratio: What is left over what chance leaves: about 1 where it is one.
        distance: Root mean square of what is left, chance taken off, in deviations of the reference; it does not grow with the
            number of documents.
        shares: Shares of the machine origins that leave least, shape (K,).
    """

    p: float
    ratio: float
    distance: float
    shares: Floats


class Moments:
    """What is measured of the texts of a reference to hold targets against: style, and the share of n-grams new to the others.

    Args:
        reference: Texts of known origin.
        order: Longest n-gram.
    """

    def __init__(self, reference: Reference, order: int) -> None:
        features = Features.of(reference.texts, order)
        self.order = order
        self._grams, self._held = _holders(features, reference.groups)
        measured = np.column_stack([features.style, self._strange(features, own=1)])
        self._centre = measured.mean(0)
        self._spread = np.where(measured.std(0) > 0, measured.std(0), 1.0)
        values = self._scaled(measured)
        kinds = range(len(reference.origins) + 1)
        self.means = np.array([values[reference.labels == kind].mean(0) for kind in kinds])
        self._pulls = np.stack([_pulls(values, reference.labels == kind, reference.groups) for kind in kinds])
        self._strata = _strata(reference)
        self._crossed = np.einsum("kgi,lgj->klij", self._pulls, self._pulls)

    def misfit(self, features: Features, clusters: Ints) -> Misfit | None:
        """Return what the best mixture leaves of a target, None where too few clusters or groups are there to tell.

        Args:
            features: Of the target's texts, with n-grams up to `order`.
            clusters: Cluster of each text, shape (documents,).
        """
        values = self._scaled(np.column_stack([features.style, self._strange(features, own=0)]))
        pulls = _pulls(values, np.ones(len(values), bool), clusters)
        mean, spread = values.mean(0), pulls.T @ pulls
        weights = self._best(mean, spread)
        left, covariance = mean - weights @ self.means, self._covariance(spread, weights)
        units = _units(pulls, np.tensordot(weights, self._pulls, 1), self._strata)
        width = int(((np.diag(covariance) > 2 * _RIDGE) | (np.abs(left) > _RIDGE)).sum())
        free = width - len(self.means) + 1
        if free < 1 or units - free < _FEWEST:
            return None
        from scipy.stats import f

        ratio = float(left @ np.linalg.solve(covariance, left)) * (units - free + 1) / (units * free)
        excess = float(left @ left) - float(np.trace(covariance))
        distance = float(np.sqrt(max(excess, 0.0) / width))
        return Misfit(float(f.sf(ratio, free, units - free + 1)), ratio, distance, weights[1:])

    def _best(self, mean: Floats, spread: Floats) -> Floats:
        """Return the weights of the kinds, at least 0 and 1 in all, that leave least of a mean by its own covariance, shape (K + 1,).

        The covariance changes with the weights, and all of it is minimised at once (Hansen, Heaton and Yaron 1996): held fixed, it
        draws weights to the middle, where it is smallest, and finds a misfit where there is none.
        """
        from scipy.optimize import minimize

        def left(weights: Floats) -> float:
            apart = mean - weights @ self.means
            return float(apart @ np.linalg.solve(self._covariance(spread, weights), apart))

        kinds = len(self.means)
        starts = [*np.eye(kinds), np.full(kinds, 1 / kinds)]
        whole = {"type": "eq", "fun": lambda weights: weights.sum() - 1}
        found = minimize(left, min(starts, key=left), method="SLSQP", bounds=[(0, 1)] * kinds, constraints=[whole]).x
        weights = np.clip(found, 0, 1)
        return np.asarray(weights / weights.sum())

    def _scaled(self, measured: Floats) -> Floats:
        return np.asarray(np.clip((measured - self._centre) / self._spread, -LIMIT, LIMIT))

    def _covariance(self, spread: Floats, weights: Floats) -> Floats:
        reference = np.einsum("k,l,klij->ij", weights, weights, self._crossed)
        return np.asarray(spread + reference + _RIDGE * np.eye(len(spread)))

    def _strange(self, features: Features, own: int) -> Floats:
        """Return the share of a text's n-grams that no group of the reference holds, beyond `own` of them, shape (documents,)."""
        grams, counted = features.counted.grams, features.counted
        if not len(self._grams):
            return np.ones(len(features))
        at = np.minimum(np.searchsorted(self._grams, grams), len(self._grams) - 1)
        held = np.where(self._grams[at] == grams, self._held[at], 0)
        strange = np.bincount(_documents(features), held <= own, minlength=len(features))
        return np.asarray(strange / np.maximum(np.diff(counted.starts), 1))


def _documents(features: Features) -> Ints:
    """Return the text of each n-gram entry, shape (entries,)."""
    return np.repeat(np.arange(len(features)), np.diff(features.counted.starts))


def _holders(features: Features, groups: Ints) -> tuple[Ints, Ints]:
    """Return the n-grams of a reference, ascending, and how many of its groups hold each."""
    owners = groups[_documents(features)]
    order = np.lexsort((owners, features.counted.grams))
    grams, owners = features.counted.grams[order], owners[order]
    fresh = np.ones(len(grams), bool)
    fresh[1:] = (grams[1:] != grams[:-1]) | (owners[1:] != owners[:-1])
    return np.unique(grams[fresh], return_counts=True)


def _pulls(values: Floats, chosen: Bools, clusters: Ints) -> Floats:
    """Return how far each cluster pulls the mean of the chosen documents, shape (clusters, width); their squares sum to its variance."""
    _, numbers = np.unique(clusters, return_inverse=True)
    apart = np.where(chosen[:, None], values - values[chosen].mean(0), 0.0) / chosen.sum()
    sums = np.zeros((numbers.max() + 1, values.shape[1]))
    np.add.at(sums, numbers, apart)
    holding = len(np.unique(numbers[chosen]))
    return np.asarray(sums * np.sqrt(holding / max(holding - 1, 1)))


def _strata(reference: Reference) -> Ints:
    """Return the stratum of each group: groups of one stratum hold the same kinds, shape (groups,)."""
    names, numbers = np.unique(reference.groups, return_inverse=True)
    held = np.zeros((len(names), len(reference.origins) + 1), bool)
    held[numbers, reference.labels] = True
    return np.asarray(np.unique(held, axis=0, return_inverse=True)[1].reshape(-1))


def _units(target: Floats, reference: Floats, strata: Ints) -> float:
    """Return the degrees of freedom of the sum of covariances (Welch-Satterthwaite, on their traces), the reference's by stratum."""
    pulled = [target, *(reference[strata == stratum] for stratum in range(int(strata.max()) + 1))]
    parts = [(float((each**2).sum()), max(len(each) - 1, 1)) for each in pulled]
    return float(sum(trace for trace, _ in parts) ** 2 / max(sum(trace**2 / free for trace, free in parts), 1e-300))
