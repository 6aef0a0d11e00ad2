"""The handwritten digits that ship with scikit-learn: a pool of real images, a held-out part, and who tells them apart.

1,797 images of 8x8 pixels in 17 grey levels, ten classes of about 180; Alpaydin and Kaynak, Optical Recognition of
Handwritten Digits, UCI Machine Learning Repository, 1998.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple, TypeAlias

import numpy
from numpy.typing import NDArray

from longtail.errors import UsageError
from longtail.lab.learners.torch.door import need

LEVELS = 16
CLASSES = 10
PIXELS = 64
HELD_OUT = 3
"""Every third image of a class is held out."""
RECOGNISED = 0.99

Images: TypeAlias = NDArray[Any]
"""Grey values from 0 to 1 as 32-bit floats, pixels on the last axis."""
Labels = NDArray[numpy.int64]


class Digits(NamedTuple):
    """Images with pixels from 0 to 1 in steps of 1/16, their labels, and the share of each image in the held-out mean.

    Args:
        pool: Real images to learn from, (images, 64), their classes thinned.
        labels: Their classes, (images,).
        held: Images that nothing learns from but the labeller, (held, 64).
        held_labels: Their classes, (held,).
        weights: What each held-out image counts, so that classes count as in the pool: (held,), summing to 1.
        labeller: Tells the class of an image: an RBF support vector machine fitted to the held-out part.
        limit: The distance from the nearest held-out image that 99 of 100 real images keep to.
        labelled: Shares of the classes in the pool as `shares` counts them, (10,).
        accuracy: Share of the pool that the labeller gets right; it has learnt from none of it.
    """

    pool: Images
    labels: Labels
    held: Images
    held_labels: Labels
    weights: NDArray[numpy.float64]
    labeller: Any
    limit: float
    labelled: NDArray[numpy.float64]
    accuracy: float

    def common(self) -> NDArray[numpy.bool_]:
        """Tell which held-out images are of the commoner five classes: (held,)."""
        counts = numpy.bincount(self.labels, minlength=CLASSES)
        low = counts[: CLASSES // 2].sum() >= counts[CLASSES // 2 :].sum()
        return numpy.asarray((self.held_labels < CLASSES // 2) == low)

    def distances(self, images: Images) -> NDArray[numpy.float64]:
        """Return how far each image is from the nearest held-out one: (n, 64) to (n,)."""
        return _nearest(images, self.held)

    def shares(self, images: Images, distances: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
        """Return the share of each class among images, (10,); an image farther than `limit` from all real ones is in none."""
        recognised = self.labeller.predict(images)[distances <= self.limit]
        return numpy.bincount(recognised, minlength=CLASSES) / len(images)


@lru_cache(maxsize=8)
def digits(decay: float) -> Digits:
    """Return the digits with class c thinned to the share decay^c of its images, at least one of them kept.

    Args:
        decay: 1 keeps all; 0.8 leaves 13 % of the nines; above 1 it is the low digits that are thinned, down from the nines.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    need("the data set of digits")
    stored = import_module("sklearn.datasets").load_digits()
    images = (stored.data / LEVELS).astype(numpy.float32)
    labels = stored.target.astype(numpy.int64)
    places = [numpy.flatnonzero(labels == each) for each in range(CLASSES)]
    held = numpy.concatenate([place[::HELD_OUT] for place in places])
    real = [numpy.delete(place, numpy.s_[::HELD_OUT]) for place in places]
    shares = decay ** numpy.arange(CLASSES) / max(1.0, decay ** (CLASSES - 1))
    kept = numpy.concatenate([_thinned(place, share) for place, share in zip(real, shares, strict=True)])
    everything = numpy.concatenate(real)
    counts = numpy.bincount(labels[kept], minlength=CLASSES) / numpy.bincount(labels[held], minlength=CLASSES)
    labeller = import_module("sklearn.svm").SVC(gamma=0.5, C=10).fit(images[held], labels[held])
    found = Digits(
        pool=images[kept],
        labels=labels[kept],
        held=images[held],
        held_labels=labels[held],
        weights=counts[labels[held]] / counts[labels[held]].sum(),
        labeller=labeller,
        limit=float(numpy.quantile(_nearest(images[everything], images[held]), RECOGNISED)),
        labelled=numpy.ones(CLASSES),
        accuracy=float(labeller.score(images[everything], labels[everything])),
    )
    return found._replace(labelled=found.shares(found.pool, found.distances(found.pool)))


def drawn(data: Digits, replicates: int, rows: int, taken: int) -> Images:
    """Return real images that no earlier call with a smaller `taken` has handed out: (replicates, rows, 64).

    Each replicate goes through the pool in an order of its own, which depends on its place in the block alone; so what
    was taken before is known without being stored, and no image is seen twice.

    Raises:
        UsageError: The pool does not hold as many.
    """
    held = len(data.pool)
    if taken + rows > held:
        asked = f"{rows} real images are wanted after {taken} were taken, in all {taken + rows}"
        raise UsageError(f"digits: {asked}; there are {held} to learn from. Take fewer samples, or a smaller share of real data")
    orders = [numpy.random.default_rng(replicate).permutation(held)[taken : taken + rows] for replicate in range(replicates)]
    return data.pool[numpy.stack(orders)]


def _thinned(places: Labels, share: float) -> Labels:
    """Return a share of places, evenly spread, at least one."""
    kept = max(1, round(share * len(places)))
    return places[numpy.linspace(0, len(places) - 1, kept).round().astype(numpy.int64)]


def _nearest(images: Images, held: Images) -> NDArray[numpy.float64]:
    squares = numpy.square(images).sum(axis=1)[:, None] - 2 * images @ held.T + numpy.square(held).sum(axis=1)
    return numpy.asarray(numpy.sqrt(numpy.maximum(squares.min(axis=1), 0)), dtype=numpy.float64)
