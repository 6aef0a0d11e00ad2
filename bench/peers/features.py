"""Contenders for metrics of features."""

from typing import Any

import numpy as np
import numpy.typing as npt

from bench.peers import given
from bench.peers.contender import Contender, Family

Pair = tuple[Any, Any]
NEIGHBOURS = 5
_BLOCK = 1 << 23  # products of a block


def tensors(pair: Pair) -> Pair:
    """Return both samples as tensors of torch."""
    import torch

    return torch.from_numpy(pair[0]), torch.from_numpy(pair[1])


def wide(rows: int) -> npt.NDArray[np.float64]:
    """Return one sample in double precision."""
    return given.features(rows)[0].astype(np.float64)


def our_coverage(pair: Pair) -> float:
    """Coverage alone (`stats.features.neighbours.coverage`)."""
    from longtail.stats.features.neighbours import coverage

    return coverage(pair[0], pair[1], NEIGHBOURS)


def three_products(pair: Pair) -> float:
    """Three products of all rows, in blocks: the floor of what tells precision, recall, density and coverage."""
    total = 0.0
    for one, other in ((0, 0), (1, 1), (0, 1)):
        size = max(1, _BLOCK // len(pair[other]))
        out, turned = np.empty((size, len(pair[other])), np.float32), pair[other].T
        for first in range(0, len(pair[one]), size):
            rows = pair[one][first : first + size]
            total += float(np.matmul(rows, turned, out=out[: len(rows)])[0, 0])
    return total


def our_fidelity(pair: Pair) -> float:
    """Precision, recall, density and coverage (`stats.features.neighbours.fidelity`); the value is their sum."""
    from longtail.stats.features.neighbours import fidelity

    found = fidelity(pair[0], pair[1], NEIGHBOURS)
    return found.precision + found.recall + found.density + found.coverage


def prdc(pair: Pair) -> float:
    """Run `compute_prdc(real, fake, 5)`; the value is the sum of the four."""
    from prdc import compute_prdc

    return float(sum(compute_prdc(pair[0], pair[1], NEIGHBOURS).values()))


def torch_precision_recall(pair: Pair) -> float:
    """Run `prc_features_to_metric(fake, real, prc_neighborhood=5)`; the value is the sum of precision and recall."""
    from torch_fidelity.metric_prc import prc_features_to_metric

    found = prc_features_to_metric(pair[1], pair[0], prc_neighborhood=NEIGHBOURS, verbose=False)
    return float(found["precision"] + found["recall"])


def our_precision_recall(pair: Pair) -> float:
    """Precision and recall, with density and coverage, which cost nothing more (`fidelity`); the value is the sum of the two."""
    from longtail.stats.features.neighbours import fidelity

    found = fidelity(pair[0], pair[1], NEIGHBOURS)
    return found.precision + found.recall


def our_vendi(rows: Any) -> float:
    """Vendi score of order 1, cosine kernel, from the d x d products (`stats.features.spectra.vendi`)."""
    from longtail.stats.features.spectra import vendi

    return vendi(rows)


def vendi_score(rows: Any) -> float:
    """Run `vendi.score_X(rows)`, its way for features by default: the eigenvalues of the n x n kernel."""
    from vendi_score.vendi import score_X

    return float(score_X(rows))


def vendi_dual(rows: Any) -> float:
    """Run `vendi.score_dual(rows)`: the eigenvalues of the d x d products."""
    from vendi_score.vendi import score_dual

    return float(score_dual(rows))


def our_kid(pair: Pair) -> float:
    """Kernel inception distance of all rows at once (`stats.features.distances.kernel_inception_distance`)."""
    from longtail.stats.features.distances import kernel_inception_distance

    return kernel_inception_distance(pair[0], pair[1])


def torch_kid(pair: Pair) -> float:
    """Run `kid_features_to_metric(fake, real, kid_subsets=1, kid_subset_size=n)`: all rows at once, in single precision."""
    from torch_fidelity.metric_kid import kid_features_to_metric

    found = kid_features_to_metric(pair[1], pair[0], kid_subsets=1, kid_subset_size=len(pair[0]), verbose=False)
    return float(found["kernel_inception_distance_mean"])


def our_frechet(pair: Pair) -> float:
    """Fréchet distance of two samples (`stats.features.frechet.frechet_distance`)."""
    from longtail.stats.features.frechet import frechet_distance

    return frechet_distance(pair[0], pair[1])


def torch_fid(pair: Pair) -> float:
    """Run `fid_features_to_statistics` of both, then `fid_statistics_to_metric`."""
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    one, other = map(fid_features_to_statistics, pair)
    return float(fid_statistics_to_metric(one, other, verbose=False)["frechet_inception_distance"])


def our_energy(pair: Pair) -> float:
    """Energy distance over all pairs (`stats.features.distances.energy_distance`)."""
    from longtail.stats.features.distances import energy_distance

    return energy_distance(pair[0], pair[1])


def dcor_energy(pair: Pair) -> float:
    """Run `dcor.energy_distance(one, other)`, which computes in the single precision of its input."""
    from dcor import energy_distance

    return float(energy_distance(pair[0], pair[1]))


ROWS = (1_000, 2_000, 10_000)
FAMILIES = (
    Family("coverage", given.features, "rows x 384", ROWS, (
        Contender("longtail", "longtail", our_coverage, growth=2),
        Contender("numpy, three products", "numpy", three_products, growth=2, within=None),
    )),
    Family("precision, recall, density and coverage", given.features, "rows x 384", ROWS, (
        Contender("longtail", "longtail", our_fidelity, growth=2), Contender("prdc", "prdc", prdc, growth=2),
    )),
    Family("precision and recall", given.features, "rows x 384", ROWS, (
        Contender("longtail", "longtail", our_precision_recall, growth=2),
        Contender("torch-fidelity", "torch-fidelity", torch_precision_recall, growth=2, prepare=tensors),
    )),
    Family("Vendi score", wide, "rows x 384", (*ROWS, 100_000), (
        Contender("longtail", "longtail", our_vendi), Contender("vendi-score", "vendi-score", vendi_score, growth=3, longest=10_000),
        Contender("vendi-score, dual", "vendi-score", vendi_dual),
    ), limit=600),
    Family("KID, all rows", given.features, "rows x 384", ROWS, (
        Contender("longtail", "longtail", our_kid, growth=2),
        Contender("torch-fidelity", "torch-fidelity", torch_kid, growth=2, prepare=tensors, within=None),
    )),
    Family("Fréchet distance", given.features, "rows x 384", (*ROWS, 100_000), (
        Contender("longtail", "longtail", our_frechet),
        Contender("torch-fidelity", "torch-fidelity", torch_fid, within=1e-4, prepare=tensors),
    )),
    Family("energy distance", given.features, "rows x 384", ROWS, (
        Contender("longtail", "longtail", our_energy, growth=2), Contender("dcor", "dcor", dcor_energy, growth=2, within=1e-3),
    )),
)  # fmt: skip
