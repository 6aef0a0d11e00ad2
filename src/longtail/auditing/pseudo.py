"""Pseudo-audits: parts of a reference held against the rest of it, to learn how errors shrink as documents grow.

Nothing is lost between two random parts of one data set, so what they differ by is chance. Parts of several sizes give
the squared error of each endpoint as a function of the documents of both sides, which is then read off at other sizes.
Where a reference is cross-fitted a part is taken from both of its halves. Where it is not, the part comes from the half
that measures, and the half that chooses stays whole, so that the tail is the one that audits will use.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from longtail.auditing.families import tail_endpoints
from longtail.metrics.comparison import Comparison
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.pairing import WORDS, Pairing, Sample, Settings
from longtail.metrics.richness import smooth_endpoint
from longtail.records import NotMeasured
from longtail.summaries.carve import carved
from longtail.summaries.reference import Choosing, Measuring, Reference
from longtail.summaries.units import DOCUMENTS_PER_UNIT, FEWEST_DOCUMENTS, FEWEST_UNITS, MOST_TIMES, MOST_UNITS
from longtail.views.keys import BINS

Values = npt.NDArray[np.float64]
Key = tuple[str, str, str | None]

TYPES = "tail_types_retained"
CUT = ("hill_1", "hill_2")
"""Endpoints for which both sides are cut to equally many units."""

DRAWS = 5
RELABELLINGS = 199
SHARES = {1: (1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4), 2: (1 / 8, 1 / 4, 1 / 3, 1 / 2)}
"""Share of the documents that plays the candidate, by the number of halves that measure."""

_BINS_STEP = MOST_UNITS
_SPARE = 1.1
_ALIKE = 0.1
_DEPTHS = 9


@dataclass(frozen=True)
class Sizes:
    """Documents of a comparison.

    Attributes:
        candidate: Documents of the candidate.
        measured: Documents of each sample that it is measured against.
        halves: Number of those samples: 2 where a reference is cross-fitted, else 1.
    """

    candidate: float
    measured: float
    halves: int = 1

    @property
    def used(self) -> tuple[float, float]:
        """Return the documents of both sides that the test uses, all measured samples together."""
        here, there = min(self.candidate, MOST_TIMES * self.measured), min(self.measured, MOST_TIMES * self.candidate)
        return here, there * self.halves

    @property
    def units(self) -> tuple[int, int]:
        """Return the permutation units of both sides, all measured samples together."""
        least = min(self.candidate, self.measured)
        base = min(max(int(least // DOCUMENTS_PER_UNIT), FEWEST_UNITS), MOST_UNITS)
        here, there = (int(min(size / least, MOST_TIMES) * base) for size in (self.candidate, self.measured))
        return here, there * self.halves


@dataclass(frozen=True)
class Pseudo:
    """One pseudo-audit: which documents played the candidate, how many there were, and endpoints by metric, view and slice."""

    draw: int
    share: float
    sizes: Sizes
    tail: dict[Key, Endpoint]
    concentration: dict[Key, Endpoint]
    absent: tuple[NotMeasured, ...]

    @property
    def endpoints(self) -> dict[Key, Endpoint]:
        """Return the endpoints of both families."""
        return self.tail | self.concentration


@dataclass(frozen=True)
class Fitted:
    """The squared error of an endpoint: (candidate / n + measured / M) · exp(-min(n, M) / depth), n and M documents.

    The last factor is for counts of types alone: where nearly all types are found, little is left to chance. It falls no
    further beyond `deepest`, the size of the whole reference's half, up to which parts of it can tell.
    """

    candidate: float
    measured: float
    depth: float
    deepest: float
    is_cut: bool

    def squared(self, sizes: Sizes, growth: float = 1.0) -> float:
        """Return the squared error at some sizes, the candidate's part of it times `growth`."""
        by = columns(sizes, self.is_cut, min(sizes.candidate, sizes.measured, self.deepest) / self.depth)
        return float(np.dot(by, (self.candidate * growth, self.measured)))


def pseudo_audits(reference: Reference, tau: float, level: float) -> Iterator[Pseudo]:
    """Yield pseudo-audits of several sizes and several draws each; none where the reference is too small to be cut.

    Args:
        reference: The reference.
        tau: Share of mass called the tail.
        level: Level in force, which decides what classes are too rare.
    """
    settings = Settings(tau, RELABELLINGS, reference.profile.seed)
    for draw in range(DRAWS):
        for share in SHARES[halves_of(reference)]:
            if _is_enough(reference, share):
                yield pseudo_audit(reference, draw, share, settings, level)


def pseudo_audit(reference: Reference, draw: int, share: float, settings: Settings, level: float) -> Pseudo:
    """Return the pseudo-audit of a random share of the documents against the others; each draw takes other ones."""
    order = np.random.default_rng([settings.seed, draw]).permutation(BINS)
    stop = round(BINS * share / _BINS_STEP) * _BINS_STEP
    whole, halves = reference.profile, halves_of(reference)
    candidate, rest = (carved(whole, bins, None if halves == 2 else 1) for bins in (order[:stop], order[stop:]))
    roles: list[tuple[Choosing, Sample]] = [(Choosing(whole, 0), Measuring(rest, 1))]
    if halves == 2:
        roles = list(Reference(rest).folds())
    pairing = Pairing(candidate, "reference", roles, settings)
    words = Comparison(pairing, WORDS)
    found = tail_endpoints(words, level)
    concentration = [smooth_endpoint(words, order) for order in (1, 2)]
    return Pseudo(
        draw=draw,
        share=share,
        sizes=Sizes(candidate.documents, rest.documents / halves, halves),
        tail=_by_key(found),
        concentration=_by_key(concentration),
        absent=tuple(each for each in (*found, *concentration) if isinstance(each, NotMeasured)),
    )


def nearest(audits: Sequence[Pseudo], sizes: Sizes) -> Pseudo:
    """Return the pseudo-audit whose sides are most nearly in the ratio of those asked about."""
    asked = math.log(sizes.candidate / sizes.measured)
    return min(audits, key=lambda audit: abs(math.log(audit.sizes.candidate / audit.sizes.measured) - asked))


def halves_of(reference: Reference) -> int:
    """Return how many halves of a reference measure: both where it is cross-fitted."""
    return 2 if reference.is_small else 1


def sizes_of(candidate: float, reference: float, *, is_small: bool) -> Sizes:
    """Return the sizes of a comparison with a reference of some documents, one half of which measures, or both in turn."""
    return Sizes(candidate, reference / 2, 2 if is_small else 1)


def fitted(audits: Sequence[Pseudo], key: Key, realised_tau: float | None) -> Fitted:
    """Return the squared error of one endpoint as a function of sizes, by non-negative least squares.

    Relative errors are made small, all pseudo-audits alike. Errors of the tail are brought to the share of mass that the
    tail of the whole reference has, to which squared errors are inverse.

    Args:
        audits: The pseudo-audits.
        key: Metric, view and slice.
        realised_tau: Share of mass in the tail of the whole reference; None for endpoints that have no tail.
    """
    found = [(audit.sizes, audit.endpoints[key]) for audit in audits if key in audit.endpoints]
    squares = np.array([endpoint.error**2 * _scale(endpoint, realised_tau) for _, endpoint in found])
    sizes, is_cut = [each for each, _ in found], key[0] in CUT
    common = np.array([min(each.candidate, each.measured) for each in sizes])
    depths = [math.inf, *np.geomspace(0.5, 8, _DEPTHS) * common.max()] if key[0] == TYPES else [math.inf]
    fits = []
    for depth in depths:
        design = np.array([columns(each, is_cut, at / depth) for each, at in zip(sizes, common, strict=True)])
        fits.append((*_least_squares(design, squares), depth))
    (candidate, measured), _, depth = min(fits, key=lambda fit: fit[1])
    deepest = max(each.measured + each.candidate / each.halves for each in sizes)
    return Fitted(float(candidate), float(measured), float(depth), deepest, is_cut)


def columns(sizes: Sizes, is_cut: bool, depth: float) -> tuple[float, float]:
    """Return by what the two parts of a squared error are multiplied at some sizes and some depth, 0 where depth plays no part."""
    here, there = sizes.used
    if is_cut:
        here = there = min(sizes.candidate, sizes.measured * sizes.halves)
    factor = math.exp(-depth)
    return factor / here, factor / there


def _least_squares(design: Values, squares: Values) -> tuple[Values, float]:
    """Return both parts and the remaining norm; a light pull keeps them alike where the sizes cannot tell them apart."""
    rows = design / squares[:, None]
    pull = _ALIKE * float(np.sqrt((rows**2).sum() / 2)) * np.array([[1.0, -1.0]])
    parts, norm = nnls(np.vstack([rows, pull]), np.append(np.ones(len(rows)), 0.0))
    return parts, float(norm)


def _scale(endpoint: Endpoint, realised_tau: float | None) -> float:
    return 1.0 if endpoint.tau is None or not realised_tau else endpoint.tau / realised_tau


def _by_key(found: Sequence[Endpoint | NotMeasured]) -> dict[Key, Endpoint]:
    return {(each.metric, each.view, each.slice): each for each in found if isinstance(each, Endpoint)}


def _is_enough(reference: Reference, share: float) -> bool:
    """Tell whether a share of the documents, and the half or halves that are left, can be expected to suffice for a test."""
    halves = halves_of(reference)
    pool = reference.profile.distinct(None if halves == 2 else 1)
    return min(share * pool, (1 - share) * pool / halves) >= _SPARE * FEWEST_DOCUMENTS
