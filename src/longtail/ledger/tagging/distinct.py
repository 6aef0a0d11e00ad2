"""How many different ids a pass has seen, exactly, in bounded memory."""

from typing import IO

import numpy as np

_AT_ONCE = 2**22
_ID = np.dtype([("high", ">u8"), ("low", ">u8")])


class Distinct:
    """Ids of 16 bytes each, gathered in a file and counted part by part.

    Args:
        file: Empty, open for writing and reading; best one that goes with the process whatever happens to it.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Start with an empty file."""
        self._file = file
        self.seen = 0

    def add(self, identity: bytes) -> None:
        """Take in one id of 16 bytes."""
        self._file.write(identity)
        self.seen += 1

    def count(self) -> int:
        """Return how many different ids were taken in; at most 4 million are held at once where they spread as hashes do."""
        parts = 1 << max(0, (self.seen - 1) // _AT_ONCE).bit_length()
        return sum(self._in_part(part, parts) for part in range(parts))

    def _in_part(self, part: int, parts: int) -> int:
        self._file.seek(0)
        chosen = []
        while block := self._file.read(_ID.itemsize * 2**18):
            ids = np.frombuffer(block, _ID)
            chosen.append(ids[ids["low"] % np.uint64(parts) == part])
        return len(np.unique(np.concatenate(chosen))) if chosen else 0
