"""Whole documents as types: what exact duplicates and overlaps between data sets are counted from."""

import numpy as np

from longtail.views.batch import Texts, TypeBatch
from longtail.views.keys import CELL_BITS, Keys

VERSION = "documents-1"


def documents(texts: Texts, seed: int) -> TypeBatch:
    """Return each document as one occurrence of the type that its content is."""
    types = type_of(texts, seed)
    totals = texts.per_cell()
    return TypeBatch(
        first=types << np.uint64(CELL_BITS) | texts.cells,
        again=np.zeros(0, dtype=np.uint64),
        documents=totals,
        tokens=totals,
    )


def type_of(texts: Texts, seed: int) -> Keys:
    """Return the type hash of each document, shape (documents,)."""
    return texts.ranks(seed, "document") >> np.uint64(CELL_BITS)
