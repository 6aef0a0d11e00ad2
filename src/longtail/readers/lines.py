"""Lines of bytes, and plain text with one document per line."""

import io
from collections.abc import Iterator

from longtail.readers.intake import Row
from longtail.readers.quarantine import Quarantine

LONGEST = 128 * 2**20


def numbered(stream: io.BufferedReader, path: str, quarantine: Quarantine, longest: int = LONGEST) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its number from 1; a line over `longest` bytes is set aside unread, so that memory stays bounded."""
    readline = stream.readline
    number = 0
    while line := readline(longest):
        number += 1
        if len(line) == longest and not line.endswith(b"\n"):
            rest = b" "
            while rest and not rest.endswith(b"\n"):
                rest = readline(2**20)
            quarantine.add(path, number, f"line over {longest:,} bytes")
            continue
        yield number, line


def plain(stream: io.BufferedReader, path: str, quarantine: Quarantine) -> Iterator[Row]:
    """Yield each line as one document, as bytes without its end."""
    for number, line in numbered(stream, path, quarantine):
        yield number, line.removesuffix(b"\n").removesuffix(b"\r")
