"""Documents of unknown origin, and what makes some of them depend on each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from longtail.origin.reference import Floats, Ints


@dataclass(frozen=True)
class Target:
    """Documents of unknown origin.

    Attributes:
        texts: Shape (documents,).
        clusters: What makes documents depend on each other, such as an author or a host; by default each is alone. Copies of
            one text are one cluster in any case. Shape (documents,).
        slices: Columns by name, each with a value or None for every document.
        scores: Scores that were made elsewhere, shape (documents, K).
        seen: Documents that these were drawn from; 0 for these alone.
    """

    texts: tuple[str, ...]
    clusters: Sequence[object] | None = None
    slices: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    scores: Floats | None = None
    seen: int = 0


@dataclass(frozen=True)
class Controls:
    """Texts of the corpus's own domain whose origin is known.

    Attributes:
        human: Certainly human, such as published before there were models.
        machine: Certainly machine-made, such as one's own rewrites of the human ones.
    """

    human: Target | None = None
    machine: Target | None = None


def key_of(text: str) -> str:
    """Return what copies of a text have in common: its words, whatever the spaces between them."""
    return " ".join(text.split())


def clusters_of(target: Target, kept: Ints) -> Ints:
    """Return the cluster of each text kept: what was given, and copies together."""
    copies = _numbered([key_of(target.texts[at]) for at in kept])
    if target.clusters is None:
        return copies
    given = target.clusters
    return _joined(copies, _numbered([given[at] for at in kept]))


def _numbered(names: Sequence[object]) -> Ints:
    known: dict[object, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)


def _joined(one: Ints, other: Ints) -> Ints:
    """Return numbers that are the same where either of two is the same."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = int(one.max()) + 1
    edges = coo_array((np.ones(len(one)), (one, size + other)), shape=(size + int(other.max()) + 1,) * 2)
    _, parts = connected_components(edges, directed=False)
    return np.asarray(parts[one], np.int64)
