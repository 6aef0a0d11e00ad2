"""Opening files of text: decompressed, past a byte order mark, refused where they are UTF-16."""

import io
import os
import sys
from typing import Any

import pyarrow as pa

from longtail.errors import ReadError

CODECS = {".gz": "gzip", ".zst": "zstd"}
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_BUFFER = 2**20


def bare(path: str) -> str:
    """Return the path without the suffix of its compression."""
    stem, suffix = os.path.splitext(path)
    return stem if suffix.lower() in CODECS else path


def open_bytes(path: str) -> io.BufferedReader:
    """Open a file of UTF-8 text as bytes, decompressed and past the byte order mark.

    Raises:
        ReadError: The suffix names a compression that the file does not have, or the text is UTF-16.
    """
    plain: io.BufferedReader = io.BufferedReader(io.FileIO(path), _BUFFER)
    codec = codec_of(plain.peek(4)[:4])
    claimed = CODECS.get(os.path.splitext(path)[1].lower())
    if codec is None and (claimed is None or not plain.peek(1)):
        return past_mark(plain, path)
    plain.close()
    if codec is None:
        raise ReadError(path, f"is not {claimed}, which its suffix says", fix="rename it, or write it again")
    stream: io.RawIOBase = pa.CompressedInputStream(pa.OSFile(path), codec)
    return past_mark(io.BufferedReader(stream, _BUFFER), path)


def codec_of(head: bytes) -> str | None:
    """Return the compression that the first bytes of a file show."""
    return next((codec for magic, codec in _MAGIC.items() if head.startswith(magic)), None)


def past_mark(stream: io.BufferedReader, path: str) -> io.BufferedReader:
    """Skip a UTF-8 byte order mark; refuse UTF-16 and UTF-32."""
    head = stream.peek(4)[:4]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _alternating(head):
        stream.close()
        fix = f"re-encode it as UTF-8, for example: iconv -f UTF-16 -t UTF-8 {path}"
        raise ReadError(path, "is UTF-16 text, and only UTF-8 is read", fix=fix)
    if head.startswith(b"\xef\xbb\xbf"):
        stream.read(3)
    return stream


def _alternating(head: bytes) -> bool:
    zeros = [byte == 0 for byte in head]
    return zeros in ([False, True, False, True], [True, False, True, False])


class Counted(io.RawIOBase):
    """Standard input as bytes; `count` says how many have been read."""

    def __init__(self) -> None:
        """Take standard input as it is now."""
        super().__init__()
        self.count = 0
        self._source: Any = sys.stdin.buffer

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there into the buffer."""
        block: bytes = self._source.read1(len(buffer))
        self.count += len(block)
        buffer[: len(block)] = block
        return len(block)
