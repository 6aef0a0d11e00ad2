"""The nested bootstrap: reference and target drawn anew together, each in whole clusters."""

from collections.abc import Callable, Iterator

import numpy as np

from longtail.errors import UsageError
from longtail.origin.reference import Floats, Ints

CHUNK = 2**21
"""Most multiplicities that are held at a time, replicates by documents: with a few arrays of their size, about 200 MB."""


def replicates(
    reference_groups: Ints, labels: Ints, target_clusters: Ints, count: int, seed: int, *, fixed_reference: bool = False
) -> Iterator[tuple[Ints, Ints]]:
    """Yield multiplicities of the reference, shape (b, N), and of the target, shape (b, n), `count` replicates in all.

    Reference groups are drawn with replacement among the groups that hold the same labels, such as all pairs, so that every
    origin keeps its size; target clusters among all clusters. The draws do not depend on how they are cut into chunks.

    Args:
        reference_groups: Number of the group of each reference document, shape (N,).
        labels: Origin of each reference document, 0 for human, shape (N,).
        target_clusters: Number of the cluster of each target document, shape (n,).
        count: Replicates.
        seed: Of numpy's generator.
        fixed_reference: Draw the target only, as published intervals do; they are too narrow.

    Raises:
        UsageError: There is no target document.
    """
    if not len(target_clusters):
        raise UsageError("the target has no documents; give some")
    ours, theirs = (np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(2))
    groups, strata = _strata(reference_groups, labels)
    _, clusters = np.unique(target_clusters, return_inverse=True)
    together = np.zeros(clusters.max() + 1, dtype=np.int64)
    size = max(CHUNK // (len(labels) + len(clusters)), 1)
    for done in range(0, count, size):
        rows = min(size, count - done)
        drawn = np.ones((rows, len(labels)), dtype=np.int64) if fixed_reference else _drawn(ours, strata, rows)[:, groups]
        yield drawn, _drawn(theirs, together, rows)[:, clusters]


def nested_bootstrap(
    shares_of: Callable[[Ints, Ints], Floats],
    reference_groups: Ints,
    labels: Ints,
    target_clusters: Ints,
    *,
    count: int = 500,
    seed: int = 0,
    fixed_reference: bool = False,
) -> Floats:
    """Return the shares of every replicate, shape (count, K).

    Args:
        shares_of: Takes multiplicities of the reference (b, N) and of the target (b, n) and returns shares (b, K): it calibrates
            and measures anew what depends on the reference.
        reference_groups: Number of the group of each reference document, shape (N,).
        labels: Origin of each reference document, shape (N,).
        target_clusters: Number of the cluster of each target document, shape (n,).
        count: Replicates.
        seed: Of numpy's generator.
        fixed_reference: Draw the target only.
    """
    chunks = replicates(reference_groups, labels, target_clusters, count, seed, fixed_reference=fixed_reference)
    return np.concatenate([shares_of(reference, target) for reference, target in chunks])


def _strata(reference_groups: Ints, labels: Ints) -> tuple[Ints, Ints]:
    """Return the group of each document and the stratum of each group: groups of one stratum hold the same labels."""
    _, groups = np.unique(reference_groups, return_inverse=True)
    held = np.zeros((groups.max(initial=-1) + 1, labels.max(initial=0) + 1), dtype=bool)
    held[groups, labels] = True
    _, strata = np.unique(held, axis=0, return_inverse=True)
    return groups, strata.reshape(-1)


def _drawn(generator: np.random.Generator, strata: Ints, rows: int) -> Ints:
    """Return how often each unit was drawn from its stratum, in as many draws as the stratum has units, shape (rows, units)."""
    order = np.argsort(strata, kind="stable")
    sizes = np.bincount(strata)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    picks = order[starts + (generator.random((rows, len(strata))) * sizes[strata[order]]).astype(np.int64)]
    cells = picks + np.arange(rows)[:, None] * len(strata)
    return np.bincount(cells.ravel(), minlength=rows * len(strata)).reshape(rows, len(strata))
