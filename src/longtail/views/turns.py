"""Messages of conversations as types: who speaks, after whom, and about how long.

A conversation is told as "system:12 user:30 assistant:110", role and words of each message in order. Each message is one token;
its type is its role, the role before it (none for the first) and the octave of its length: no words, 1, 2 to 3, 4 to 7, and so on.
Documents that are no conversations do not take part.
"""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._kernels import mix
from longtail.views.batch import Marks, Texts, TypeBatch
from longtail.views.keys import CELL_BITS, Keys, purpose_key

VERSION = "turns-1"

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]

_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_SHIFT = np.uint64(CELL_BITS)
_COLON, _SPACE = 0x3A, 0x20


def turns(marks: Marks, texts: Texts, seed: int) -> TypeBatch:
    """Return each message as one token of its type.

    Args:
        marks: The conversations, in the words of this module; none for a document that is no conversation.
        texts: The documents.
        seed: Seed of the type hash.
    """
    types, owners = _types(marks, seed)
    keys = types << _SHIFT | texts.cells[owners]
    order = np.lexsort((keys, owners))
    keys, sorted_owners = keys[order], owners[order]
    is_new = np.ones(len(keys), np.bool_)
    is_new[1:] = (keys[1:] != keys[:-1]) | (sorted_owners[1:] != sorted_owners[:-1])
    messages = np.bincount(owners, minlength=len(texts)).astype(np.int64)
    return TypeBatch(keys[is_new], keys[~is_new], texts.cells[messages > 0], messages[messages > 0])


def spoken(conversation: str, seed: int) -> list[tuple[int, str]]:
    """Return the messages of a conversation in order: type hash (as in the keys) and the type in words."""
    raw = np.frombuffer(conversation.encode(), np.uint8)
    types, _ = _types_of(raw, np.array([0, len(raw)], np.int32), seed)
    said: list[tuple[int, str]] = []
    before = ""
    for kind, message in zip(types.tolist(), conversation.split(" "), strict=True):
        role, words = message.rsplit(":", 1)
        said.append((kind, f"{role} {f'after {before}' if before else 'first'}, {_octave(int(words))}"))
        before = role
    return said


def _octave(words: int) -> str:
    if words == 0:
        return "no words"
    least = 1 << (words.bit_length() - 1)
    return "1 word" if least == 1 else f"{least:,} to {2 * least - 1:,} words"


def _types(marks: Marks, seed: int) -> tuple[Keys, I64]:
    return _types_of(marks.data, marks.offsets, seed)


def _types_of(data: U8, offsets: I32, seed: int) -> tuple[Keys, I64]:
    """Return the type of each message and the number of its document."""
    room = int(np.count_nonzero(data[offsets[0] : offsets[-1]] == _COLON))
    types, owners = np.empty(room, np.uint64), np.empty(room, np.int64)
    count = _messages(data, offsets, np.uint64(purpose_key(seed, "turn")), types, owners)
    return types[:count], owners[:count]


@njit
def _hashed(data: U8, start: int, stop: int, value: np.uint64) -> np.uint64:
    for at in range(start, stop):
        value = (value ^ np.uint64(data[at])) * _PRIME
    return (value ^ np.uint64(_SPACE)) * _PRIME


@njit
def _messages(data: U8, offsets: I32, key: np.uint64, types: Keys, owners: I64) -> int:
    """Write the type and the document of every message; return how many there are."""
    count = 0
    for document in range(offsets.shape[0] - 1):
        at, stop = offsets[document], offsets[document + 1]
        before_start = before_stop = at
        while at < stop:
            start = at
            while at < stop and data[at] != _COLON:
                at += 1
            colon, words = at, 0
            at += 1
            while at < stop and data[at] != _SPACE:
                words = 10 * words + data[at] - 0x30
                at += 1
            at += 1
            octave = 0
            while words > 0:
                words >>= 1
                octave += 1
            value = _hashed(data, before_start, before_stop, _OFFSET)
            value = _hashed(data, start, min(colon, stop), value)
            types[count] = mix((value ^ np.uint64(octave)) * _PRIME ^ key) >> _SHIFT
            owners[count] = document
            before_start, before_stop = start, colon
            count += 1
    return count
