"""MinHash signatures: how much of their wording two documents share, from 128 bytes each.

A document is the set of its shingles: runs of five words, the words those of `views.words`. So case, spacing and
punctuation do not matter; a Han, Hiragana, Thai, Lao, Khmer or Myanmar letter is a word of its own, and a shingle there is five
letters. Fewer than five words are one shingle; a document without any word has no signature.

Each of 128 functions takes its least value on the shingles (Broder 1997); two documents share that value with the
probability of the Jaccard similarity J of their sets. Eight bits of it are kept (Li & König 2010, b-bit minwise hashing), which
agree by chance with probability 2**-8 more: P(agree) = J + (1 - J) / 256. The standard error of an estimate is about
sqrt(J (1 - J) / 128), at most .044.

Signatures belong to documents and not to a data set: their state does not shrink by merging, and eight bits of a minimum
do not tell which of two is lower. So this is no `Summary`; keeping them is the work of a store.
"""

from dataclasses import dataclass
from typing import Self

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import ConfigError, IncompatibleSummaries, UsageError
from longtail.records import Record
from longtail.summaries import _minhash_kernels as kernels
from longtail.views._kernels import rekey
from longtail.views._unicode import tables
from longtail.views.batch import composed
from longtail.views.keys import purpose_key

Values = npt.NDArray[np.uint8]
Estimates = npt.NDArray[np.float64]

VERSION = "minhash-1"
SIZE = 128
BAND_ROWS = 4
THRESHOLD = 0.8
CHANCE = 2.0**-8

_BAND_TYPES = {1: "u1", 2: "<u2", 4: "<u4", 8: "<u8"}
_SLICE = 4096  # documents


class Settings(Record, frozen=True):
    """What two signatures must share to be compared: words of a shingle, seed of all hashes, and the method.

    The Unicode version is left out on purpose: a newer one changes only words of characters that it added.
    """

    order: int = 5
    seed: int = 0
    version: str = VERSION

    def __post_init__(self) -> None:
        """Refuse shingles without words."""
        if self.order < 1:
            raise ConfigError(f"order is {self.order}; a shingle has at least 1 word")

    def to_json(self) -> str:
        """Return the settings as one line of JSON; equal settings give equal lines."""
        return msgspec.json.encode(self).decode()


DEFAULT = Settings()


@dataclass(frozen=True)
class Signatures:
    """Signatures of documents.

    Attributes:
        values: Shape (documents, 128); zeros where a document has none.
        given: Whether the document has one, shape (documents,).
        settings: How they were made.
    """

    values: Values
    given: npt.NDArray[np.bool_]
    settings: Settings = DEFAULT

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.given)

    def to_arrow(self) -> pa.FixedSizeBinaryArray:
        """Return 128 bytes a document, null where it has no signature."""
        empty = pa.py_buffer(np.packbits(self.given, bitorder="little"))
        return pa.Array.from_buffers(pa.binary(SIZE), len(self), [empty, pa.py_buffer(np.ascontiguousarray(self.values))])

    @classmethod
    def from_arrow(cls, column: pa.Array, settings: Settings = DEFAULT) -> Self:
        """Return the signatures of a column of bytes, 128 or null each.

        Raises:
            UsageError: The column holds something else.
        """
        try:
            fixed = column.cast(pa.binary(SIZE))
        except pa.ArrowException as error:
            raise UsageError(f"a signature has {SIZE} bytes, found {column.type}: {error}; sign the documents again") from None
        given = fixed.is_valid().to_numpy(zero_copy_only=False)
        if not given.any():
            return cls(np.zeros((len(fixed), SIZE), np.uint8), given, settings)
        raw = np.frombuffer(fixed.buffers()[1], np.uint8).reshape(-1, SIZE)[fixed.offset : fixed.offset + len(fixed)]
        return cls(raw if given.all() else np.where(given[:, None], raw, np.uint8(0)), given, settings)


def signatures(texts: pa.Array | pa.ChunkedArray, settings: Settings = DEFAULT) -> Signatures:
    """Return the signatures of a column of texts; null has none.

    Raises:
        ConfigError: The settings are of another version than this one makes.
    """
    if settings.version != VERSION:
        raise ConfigError(f"signatures of version {settings.version!r} cannot be made here; this release makes {VERSION!r}")
    values, given = np.zeros((len(texts), SIZE), np.uint8), np.zeros(len(texts), np.bool_)
    start = 0
    for chunk in texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]:
        for first in range(0, len(chunk), _SLICE):
            part = chunk.slice(first, _SLICE)
            stop = start + len(part)
            _sign(part.cast(pa.string()), settings, values[start:stop], given[start:stop])
            start = stop
    return Signatures(values, given, settings)


def similarity(left: Signatures, right: Signatures) -> pa.DoubleArray:
    """Return the estimated similarity of each document of `left` to its like in `right`, null where one has no signature.

    Either may hold a single document, which is compared with all of the other.

    Raises:
        IncompatibleSummaries: The settings differ.
    """
    refuse_unlike(left.settings, right.settings)
    both = left.given & right.given
    return pa.array(estimate((left.values == right.values).sum(axis=-1)), mask=~both)


def refuse_unlike(left: Settings, right: Settings) -> None:
    """Refuse to go on with signatures of unlike settings.

    Raises:
        IncompatibleSummaries: They differ.
    """
    if left != right:
        what = (msgspec.to_builtins(left), msgspec.to_builtins(right))
        raise IncompatibleSummaries("signatures", *what, fix="sign the documents again with the same settings")


def estimate(matches: npt.NDArray[np.int64]) -> Estimates:
    """Return the Jaccard similarity that a number of agreeing places speaks for.

    Unbiased (Li & König 2010, for sets that are small beside all 64-bit hashes), but for the cut to [0, 1].
    """
    return np.clip((matches / SIZE - CHANCE) / (1 - CHANCE), 0, 1)


def matches_needed(threshold: float) -> int:
    """Return the least number of agreeing places whose estimate reaches `threshold`.

    Raises:
        ConfigError: The threshold is not above 0 and at most 1.
    """
    if not 0 < threshold <= 1:
        raise ConfigError(f"threshold is {threshold}; a similarity to look for lies above 0 and is at most 1")
    return int(np.searchsorted(estimate(np.arange(SIZE + 1)), threshold))


def bands(values: Values, rows: int = BAND_ROWS) -> npt.NDArray[np.unsignedinteger]:
    """Return the bands of signatures as whole numbers: documents that share one are candidates (Indyk & Motwani 1998).

    Args:
        values: Shape (documents, 128).
        rows: Values in a band: 1, 2, 4 or 8; `caught` says what each catches.

    Returns:
        Shape (documents, 128 / rows), 8 * rows bits each; by default (documents, 32) of 32 bits.

    Raises:
        ConfigError: No band has so many rows.
    """
    if rows not in _BAND_TYPES:
        raise ConfigError(f"a band has 1, 2, 4 or 8 rows, not {rows}")
    return np.ascontiguousarray(values).view(_BAND_TYPES[rows])


def caught(similarity: float | Estimates, rows: int = BAND_ROWS) -> Estimates:
    """Return the probability that two documents of a Jaccard similarity share a band.

    1 - (1 - p**rows)**(128 / rows) with p = J + (1 - J) / 256: with four rows 7e-9 at J = 0, .05 at .2, .57 at .4,
    .88 at .5, .9998 at .7 and 1 - 4e-8 at .8.
    """
    agree = np.asarray(similarity) * (1 - CHANCE) + CHANCE
    return 1 - (1 - agree**rows) ** (SIZE // rows)


def _sign(texts: pa.StringArray, settings: Settings, values: Values, given: npt.NDArray[np.bool_]) -> None:
    data, offsets = composed(texts.fill_null("") if texts.null_count else texts)
    key = np.uint64(purpose_key(settings.seed, "minhash:words"))
    by, plus = _functions(settings.seed, "by") | np.uint64(1), _functions(settings.seed, "plus")
    kernels.sign(data, offsets, settings.order, *tables(), key, by, plus, values, given)


def _functions(seed: int, part: str) -> npt.NDArray[np.uint64]:
    out = np.empty(SIZE, np.uint64)
    rekey(np.arange(SIZE, dtype=np.uint64), np.uint64(purpose_key(seed, f"minhash:{part}")), out)
    return out
