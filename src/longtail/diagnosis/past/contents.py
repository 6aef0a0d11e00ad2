"""What data files hold: their hash, their rows, and what the rows say of their origin and depth."""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from longtail.errors import LongtailError
from longtail.records import Origin

MOST_BYTES = 2 * 1024**3
"""Bytes of a data set up to which its rows are read; beyond, it is hashed alone."""

_DATA = re.compile(r"\.(jsonl|ndjson|csv|tsv|parquet|arrow|txt)(\.(gz|zst|bz2|xz))?$", re.IGNORECASE)
_APART = re.compile(
    r"(?<![a-z])(evals?|evaluations?|tests?|valid|validation|dev|outs?|outputs?|samples?|predictions?|completions?|generations|generated"
    r"|references?|ref|benchmarks?|requirements|readme|license|merges|vocab)(?![a-z])",
    re.IGNORECASE,
)
_TRAINING = re.compile(r"(?<![a-z])train(ing|ed)?(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Content:
    """What data files hold together; `rows` is None and `shares` are empty where they cannot be read or do not say."""

    sha256: str | None = None
    rows: int | None = None
    shares: dict[str, float] = field(default_factory=dict)
    depths: dict[str, float] = field(default_factory=dict)


def is_data(path: str) -> bool:
    """Tell whether a path is named like data."""
    return bool(_DATA.search(path))


def training_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return which data files are taken for the training set.

    Those with "train" in their path where there are any, else all but those named like outputs, tests, references and licences.
    """
    data = [path for path in paths if is_data(path)]
    trained = [path for path in data if _TRAINING.search(path)]
    return tuple(trained or [path for path in data if not _APART.search(path)])


def content_of(paths: Sequence[str]) -> Content:
    """Return what files hold together: the hash of one, or of the sorted hashes of several.

    Args:
        paths: One data set.
    """
    try:
        hashes = sorted(_sha256(path) for path in paths)
        size = sum(os.path.getsize(path) for path in paths)
    except OSError:
        return Content()
    if not hashes:
        return Content()
    digest = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
    return _read(paths, digest) if size <= MOST_BYTES else Content(digest)


def _sha256(path: str) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(paths: Sequence[str], digest: str) -> Content:
    from longtail.ledger.statements import Tally, statements

    origins: Counter[str] = Counter()
    depths: Counter[str] = Counter()
    tally = Tally()
    try:
        for batch in statements(list(paths), columns=("lt_origin", "lt_depth"), tally=tally):
            origins.update(batch.column("lt_origin").to_pylist())
            depths.update("unknown" if depth is None else str(depth) for depth in batch.column("lt_depth").to_pylist())
    except (LongtailError, OSError, ValueError, RecursionError):
        return Content(digest)
    rows = tally.documents
    return Content(digest, rows or None, shares_of(origins, rows, Origin.UNKNOWN), shares_of(depths, rows, "unknown"))


def shares_of(counts: dict[str, int], rows: int, rest: str) -> dict[str, float]:
    """Return shares of the rows, with what the counts leave under the name of the rest; none where they say nothing else.

    Args:
        counts: Rows by name.
        rows: All of them.
        rest: Name of what is not known.
    """
    stated = {str(name): count for name, count in counts.items() if count and name != rest}
    left = rows - sum(stated.values())
    if not stated or rows <= 0 or left < 0:
        return {}
    return {name: count / rows for name, count in sorted(stated.items())} | ({str(rest): left / rows} if left else {})
