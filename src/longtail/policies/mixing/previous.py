"""How many of the real rows of the training set before are in this one."""

import hashlib
import os
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from longtail.ledger.manifest import Manifest
from longtail.ledger.statements import statements
from longtail.policies.mixing.gathering import ORIGINS, Rows, keys_of
from longtail.policies.mixing.texts import Mask
from longtail.readers.files import guarded
from longtail.records import Origin
from longtail.views.keys import purpose_key


class Retained(NamedTuple):
    """A share, and whether it was counted "ids" by "ids" or from numbers of "rows"."""

    share: float
    by: str


class Before(NamedTuple):
    """The manifest of the training set before, and where it lies."""

    path: str
    manifest: Manifest


def retained(before: Before, rows: Rows, taken: Mask, seed: int) -> Retained | None:
    """Return what share of the human rows of the training set before is in this one, None where it held none.

    Counted are ids where its file is still what its manifest says; else human rows beside human rows, which is no more than a
    bound: other rows may stand in for those that went.

    Args:
        before: Its manifest.
        rows: The rows of this mix.
        taken: Those that are drawn, shape (rows,).
        seed: Seed of this mix.
    """
    there = before.manifest.count(Origin.HUMAN)
    if not there:
        return None
    kept = taken & (rows.origins == ORIGINS.index(Origin.HUMAN))
    file = _file(*before)
    if file is None:
        return Retained(min(1.0, int(kept.sum()) / there), "rows")
    key = purpose_key(seed, "mix")
    found = [keys_of(_human(batch), key) for batch in statements([file], columns=("lt_id", "lt_origin"))]
    old = np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)
    return Retained(float(np.isin(old, rows.keys[kept]).mean()), "ids") if len(old) else None


def _human(batch: pa.RecordBatch) -> list[str]:
    ids: list[str] = batch.filter(pc.equal(batch.column("lt_origin"), Origin.HUMAN.value)).column("lt_id").to_pylist()
    return ids


def _file(path: str, before: Manifest) -> str | None:
    """Return the file of a training set, from here or beside its manifest, None where it is not what its manifest says."""
    if before.output is None or before.sha256 is None:
        return None
    beside = os.path.join(os.path.dirname(path), os.path.basename(before.output))
    for file in (before.output, beside):
        if os.path.isfile(file) and _sha256(file) == before.sha256:
            return file
    return None


def _sha256(file: str) -> str:
    with guarded(file), open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
