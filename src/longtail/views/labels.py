"""Labels as types: classes, topics, languages, whatever a column says of each document."""

import numpy as np

from longtail.views.batch import Marks, Texts, TypeBatch, one_each
from longtail.views.keys import CELL_BITS, Keys

VERSION = "labels-1"


def labels(marks: Marks, texts: Texts, seed: int) -> TypeBatch:
    """Return each document's label as one token; documents without a label do not take part."""
    return one_each(type_of(marks, seed), texts, marks.given)


def type_of(marks: Marks, seed: int) -> Keys:
    """Return the type hash of each label, shape (documents,)."""
    return marks.ranks(seed, "label") >> np.uint64(CELL_BITS)
