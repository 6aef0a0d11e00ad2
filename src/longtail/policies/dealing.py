"""How many real rows each batch of a pass has, and which: in turn, so that none comes again before all have come."""

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError

Ints = npt.NDArray[np.int64]


def sizes_of(real: int, written: int, batch: int, share: Fraction) -> tuple[Ints, Ints]:
    """Return how many real rows each batch of a pass has, and how many rows of model output.

    Rows of model output come once each, real rows at least once. Where there are more real rows than the share asks for they are
    spread evenly.

    Args:
        real: Distinct real rows.
        written: Rows of model output.
        batch: Rows of a batch.
        share: Least share of real rows in each batch.

    Raises:
        UsageError: The real rows do not fill the floor of one batch, or the floor leaves no place for model output.
    """
    least = math.ceil(share * batch)
    if written and least >= batch:
        raise UsageError(
            f"a share of {float(share):g} is {least} of the {batch} rows of a batch, which leaves no place for the {written:,} rows of "
            "model output; lower min_real, take larger batches, or leave the model output out"
        )
    if written and least > real:
        raise UsageError(
            f"a share of {float(share):g} is {least} of the {batch} rows of a batch, and there are {real:,} distinct real rows: "
            f"{least - real} are missing; add real rows, take smaller batches, or lower min_real"
        )
    natural = Fraction(real, max(1, real + written))
    found: list[tuple[int, int]] = []
    dealt = left = 0
    left = written
    while left or dealt < real:
        rows = dealt + written - left
        ours = min(max(least if left else 0, min(math.floor(natural * (rows + batch)), real) - dealt), batch)
        if left < batch - ours:
            ours = max(math.ceil(share * left / (1 - share)) if left else 0, min(real - dealt, batch - left))
        theirs = min(left, batch - ours)
        found.append((ours, theirs))
        dealt, left = dealt + ours, left - theirs
    table = np.array(found, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


class Deck:
    """Numbers in random order, each dealt once before any is dealt again, and none twice to one batch.

    Args:
        size: How many numbers there are, from 0.
        seed: Of the order.
    """

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self._rng = np.random.default_rng([seed, 0])
        self._left = np.zeros(0, np.int64)

    def dealt(self, sizes: Ints) -> Ints:
        """Return numbers for batches of some sizes, none of them larger than the deck, one batch after another, shape (sum,)."""
        found = [self._batch(size) for size in sizes.tolist()]
        return np.concatenate([*found, np.zeros(0, np.int64)])

    def _batch(self, size: int) -> Ints:
        if size > len(self._left):
            held = self._left
            order = self._rng.permutation(self._size)
            is_held = np.zeros(self._size, np.bool_)
            is_held[held] = True
            first = order[~is_held[order]][: size - len(held)]
            is_held[:] = False
            is_held[first] = True
            self._left = np.concatenate([held, first, order[~is_held[order]]])
        found, self._left = self._left[:size], self._left[size:]
        return found
