"""Gaps of an audit as targets: which rows hold what was found under-represented, and how many such rows a training set should have."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ReadError, UsageError
from longtail.ledger.chunks import Chunk
from longtail.ledger.statements import values_of
from longtail.ledger.stored import Stored
from longtail.ledger.values import label
from longtail.policies.mixing.gathering import Sources
from longtail.policies.mixing.texts import SEED, VIEW, Mask, Numbers, Passage, passages, worded
from longtail.readers.quarantine import Unfit
from longtail.views import words as word_view
from longtail.views.keys import Keys

LABELS = "labels:"

_HASH = re.compile(r"[0-9a-f]{13}")
_FIX = "name the file that longtail audit --export wrote"


class Targets(NamedTuple):
    """Gaps that rows can be told by.

    Attributes:
        types: Words as types, ascending, shape (words,).
        labels: Position of each class, after those of the words, by column and value.
        shares: Share of the documents of the reference that hold each, shape (gaps,).
        unused: Gaps of other kinds.
        redacted: Whether words are given as hashes.
    """

    types: Keys
    labels: dict[tuple[str, str], int]
    shares: npt.NDArray[np.float64]
    unused: int
    redacted: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that tell classes."""
        return tuple(dict.fromkeys(column for column, _ in self.labels))

    def wanted(self, rows: int) -> Numbers:
        """Return how many of so many rows should hold each, to the nearest whole row, shape (gaps,)."""
        return np.floor(self.shares * rows + 0.5).astype(np.int64)


class Holders(NamedTuple):
    """Which rows hold which gap, in the order of the rows: shapes (pairs,)."""

    rows: Numbers
    gaps: npt.NDArray[np.int32]


def read_targets(path: str) -> Targets:
    """Read the gaps that an audit exported.

    Raises:
        ReadError: The file cannot be read, or a line is no gap.
    """
    rows = [gap for chunk in Stored([path]).chunks() for gap in _gaps(chunk)]
    if not rows:
        raise ReadError(path, "holds no gaps: nothing was found under-represented", fix="leave --target-gaps out")
    return _targets(rows)


def _gaps(chunk: Chunk) -> list[tuple[str, str, str, float]]:
    return [_gap(record, chunk.path, place) for record, place in zip(chunk.records, chunk.places(), strict=True)]


def _targets(rows: Sequence[tuple[str, str, str, float]]) -> Targets:
    """Return targets from view, word, class and share of gaps."""
    words = {word: share for view, word, _, share in rows if view == VIEW and word}
    hashed = _are_hashes(words)
    told = ((_type(word, hashed), share) for word, share in words.items())
    types = {kind: share for kind, share in told if kind is not None}
    classes = {(view.removeprefix(LABELS), name): share for view, _, name, share in rows if view.startswith(LABELS) and name}
    shares = [types[kind] for kind in sorted(types)] + list(classes.values())
    labels = {each: len(types) + at for at, each in enumerate(classes)}
    return Targets(np.array(sorted(types), np.uint64), labels, np.array(shares, np.float64), len(rows) - len(shares), hashed)


def _are_hashes(words: Collection[str]) -> bool:
    return bool(words) and all(_HASH.fullmatch(word) for word in words)


def _gap(record: Mapping[str, object] | Unfit, path: str, line: int | None) -> tuple[str, str, str, float]:
    """Return view, word, class and share of one gap.

    Raises:
        ReadError: It is none.
    """
    if isinstance(record, Unfit):
        raise ReadError(path, str(record), line=line, fix=_FIX)
    share = record.get("reference_share")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ReadError(path, f"reference_share is {share!r}, not a number from 0 to 1", line=line, fix=_FIX)
    view, word, name = (str(record.get(column) or "") for column in ("view", "type", "slice"))
    return view, word, name, float(share)


def _type(word: str, hashed: bool) -> int | None:
    """Return the type of a word as an audit writes it, None where it is not one word."""
    if hashed:
        return int(word, 16)
    spans = word_view.spans(word, SEED)
    return spans[0][0] if len(spans) == 1 else None


def holders(sources: Sources, wanted: Mask, targets: Targets) -> Holders:
    """Return which of the marked rows hold which gap, in one pass over their texts.

    Args:
        sources: The data.
        wanted: Which rows, shape (rows,).
        targets: The gaps.

    Raises:
        UsageError: Words are given as hashes and no row holds any: they were hashed with another seed.
    """
    rows, gaps = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
    for passage in passages(sources, wanted, "looking for gaps", targets.columns):
        for found in (_words(passage, targets), _classes(passage, targets)):
            rows.append(found.rows)
            gaps.append(found.gaps)
    all_rows, all_gaps = np.concatenate(rows), np.concatenate(gaps)
    if targets.redacted and wanted.any() and not (all_gaps < len(targets.types)).any():
        raise UsageError(
            f"no row holds any of the {len(targets.types):,} redacted words; export the gaps without --redact, or audit with --seed 0"
        )
    order = np.lexsort((all_gaps, all_rows))
    return Holders(all_rows[order], all_gaps[order])


def _words(passage: Passage, targets: Targets) -> Holders:
    found = worded(passage)
    types, owners = found.types[: found.distinct], found.owners[: found.distinct]
    held = np.isin(types, targets.types)
    return Holders(found.rows[owners[held]], np.searchsorted(targets.types, types[held]).astype(np.int32))


def _classes(passage: Passage, targets: Targets) -> Holders:
    pairs = [
        (int(row), targets.labels[column, name])
        for column in targets.columns
        for row, name in zip(passage.rows, map(label, values_of(passage.chunk, column)), strict=True)
        if name is not None and (column, name) in targets.labels
    ]
    return Holders(np.array([row for row, _ in pairs], np.int64), np.array([gap for _, gap in pairs], np.int32))
