"""Head, torso, tail and beyond: strata of types by the mass they hold in the half that chooses them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.views.keys import Keys

HEAD, TORSO, TAIL, BEYOND = 0, 1, 2, 3
NAMES = ("head", "torso", "tail", "beyond")
HEAD_SHARE = 0.5
MOST_TAU = 0.25

Totals = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Strata:
    """The strata of a view, fixed by one sample.

    Attributes:
        types: Types of the choosing sample, ascending, shape (types,).
        codes: Stratum of each, shape (types,).
        cutoff: Greatest count of a type in the tail.
        realised_tau: Share of the choosing sample's mass in the tail; ties make it larger than asked.
    """

    types: Keys
    codes: npt.NDArray[np.uint8]
    cutoff: int
    realised_tau: float

    @property
    def is_too_sparse(self) -> bool:
        """Whether rare types hold so much mass that head, torso and tail cannot be told apart."""
        return self.realised_tau > MOST_TAU

    def of(self, types: Keys) -> npt.NDArray[np.uint8]:
        """Return the stratum of each given type; `BEYOND` for types the choosing sample never saw."""
        if not len(self.types):
            return np.full(len(types), BEYOND, np.uint8)
        at = np.minimum(np.searchsorted(self.types, types), len(self.types) - 1)
        return np.where(self.types[at] == types, self.codes[at], np.uint8(BEYOND)).astype(np.uint8)


def choose(types: Keys, tokens: Totals, total: int, tau: float, sampling_share: float = 1.0) -> Strata:
    """Return the strata: tail = types with count <= c, c the smallest count whose cumulative mass reaches tau.

    Args:
        types: Types of the choosing sample, ascending.
        tokens: Their counts, shape (types,).
        total: All tokens of the choosing sample.
        tau: Share of mass called the tail.
        sampling_share: Share of all types that `types` is a sample of.
    """
    if not len(types) or total == 0:
        return Strata(types, np.zeros(0, np.uint8), 0, 0.0)
    counts, held = np.unique(tokens, return_counts=True)
    mass = np.cumsum(counts * held) / (total * sampling_share)
    at = min(int(np.searchsorted(mass, tau)), len(counts) - 1)
    head = min(int(np.searchsorted(mass, 1 - HEAD_SHARE)), len(counts) - 1)
    codes = np.where(tokens <= counts[at], TAIL, np.where(tokens > counts[head], HEAD, TORSO)).astype(np.uint8)
    return Strata(types, codes, int(counts[at]), float(mass[at]))
