"""Columns of a table as types: each value of a column, and each pair of values of two columns in one document."""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from longtail.errors import ConfigError
from longtail.views import _kernels
from longtail.views.batch import Marks, Texts, TypeBatch, one_each
from longtail.views.keys import CELL_BITS, Keys, purpose_key
from longtail.views.labels import type_of

VERSION = "categories-1"
PAIRS = "pairs-1"
MOST_COLUMNS = 32
"""Columns whose pairs are counted together: 496 pairs for each document."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def category(marks: Marks, texts: Texts, seed: int) -> TypeBatch:
    """Return each document's value of a column as one token; documents without a value do not take part.

    Types are those of labels, so that `summaries.labels` names them.
    """
    return one_each(type_of(marks, seed), texts, marks.given)


def pairs_version(columns: Iterable[str]) -> str:
    """Return the version of the view of pairs of these columns: counts of other columns are not compared with it."""
    names = "\0".join(sorted(columns)).encode()
    return f"{PAIRS}/{hashlib.blake2b(names, digest_size=8).hexdigest()}"


def pairs(columns: Mapping[str, Marks], texts: Texts, seed: int) -> TypeBatch:
    """Return the values of every two columns of a document together, a token for each two columns in which it has both.

    Args:
        columns: Values by name of the column; the order does not matter.
        texts: The documents.
        seed: Seed of all hashes.

    Raises:
        ConfigError: There are more than `MOST_COLUMNS` columns.
    """
    if len(columns) > MOST_COLUMNS:
        raise ConfigError(f"pairs of {len(columns)} columns are too many to count; name at most {MOST_COLUMNS} category columns")
    values = {name: (columns[name].ranks(seed, f"pairs:{name}"), columns[name].given) for name in sorted(columns)}
    found, tokens = [np.zeros(0, np.uint64)], np.zeros(len(texts), np.int64)
    for (left, has_left), (right, has_right) in combinations(values.values(), 2):
        both = has_left & has_right
        found.append(_joined(left[both], right[both], seed) << np.uint64(CELL_BITS) | texts.cells[both])
        tokens += both
    return TypeBatch(np.concatenate(found), np.zeros(0, np.uint64), texts.cells[tokens > 0], tokens[tokens > 0])


def _joined(left: Keys, right: Keys, seed: int) -> Keys:
    """Return the type of each pair of hashed values, values below 2**52."""
    out = np.empty_like(left)
    _kernels.rekey(left * _SPREAD + right, np.uint64(purpose_key(seed, "pairs")), out)
    return out >> np.uint64(CELL_BITS)
