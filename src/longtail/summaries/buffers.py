"""Keys that wait to be sorted, end to end in one array, and room that is used again and again."""

import threading

import numpy as np

from longtail.views.keys import Keys

_KEPT = 1 << 20  # keys of scratch that a thread keeps: pages touched for the first time cost more than what is done in them

_arena = threading.local()


def scratch(purpose: str, size: int) -> Keys:
    """Return room for keys, to be read before the next call for this purpose in this thread."""
    if size > _KEPT:
        return np.empty(size, np.uint64)
    kept: Keys | None = getattr(_arena, purpose, None)
    if kept is None or len(kept) < size:
        kept = np.empty(size, np.uint64)
        setattr(_arena, purpose, kept)
    return kept[:size]


def copied(purpose: str, keys: Keys) -> Keys:
    """Return a copy of keys in `scratch`."""
    copy = scratch(purpose, len(keys))
    copy[:] = keys
    return copy


class Buffer:
    """A growing array of keys."""

    def __init__(self) -> None:
        self._keys: Keys = np.zeros(0, np.uint64)
        self._size = 0

    def __len__(self) -> int:
        """Return the number of keys."""
        return self._size

    def extend(self, keys: Keys) -> None:
        """Copy keys to the end."""
        size = self._size + len(keys)
        if size > len(self._keys):
            larger = np.empty(max(size, 2 * len(self._keys)), np.uint64)
            larger[: self._size] = self._keys[: self._size]
            self._keys = larger
        self._keys[self._size : size] = keys
        self._size = size

    @property
    def keys(self) -> Keys:
        """The keys, in the buffer's own array."""
        return self._keys[: self._size]

    def keep(self, size: int) -> Keys:
        """Forget all but the first keys, and return these."""
        self._size = size
        return self.keys

    def clear(self) -> None:
        """Forget the keys and keep the room."""
        self._size = 0
