"""A watermark in pictures: 64 bits that follow from a secret, and an exact test for them."""

import hashlib
import math

import numpy as np

from longtail.errors import ConfigError, UsageError
from longtail.origin.watermarks.pictures import door
from longtail.origin.watermarks.pictures.door import Bits, Pixels
from longtail.records import Record

BITS = 64
SMALLEST = 256 * 256
"""Pixels below which a picture holds no watermark."""
LEVEL = 1e-6
"""Highest p at which a picture counts as watermarked: 51 bits of 64 have to agree."""


class PictureWatermark(Record, frozen=True):
    """What one secret finds in one picture.

    Attributes:
        bits: Bits read.
        agree: How many are those of the secret.
        p: Probability of so many or more with a secret that had no part in the picture; exact, whatever the picture: bits of another
            secret agree like tosses of a coin. 1 where nothing was read.
        words: The same for a reader.
        reason: Why nothing could be read, else empty.
    """

    bits: int
    agree: int
    p: float
    words: str
    reason: str = ""

    @property
    def found(self) -> bool:
        """Whether p is at most `LEVEL`."""
        return self.p <= LEVEL


def mark(pixels: Pixels, secret: str) -> Pixels:
    """Return the picture with a watermark.

    It outlives JPEG and a change of size that is undone, not cropping; whoever has the secret can find and forge it.

    Args:
        pixels: Shape (rows, columns, 3), red first, 0 to 255.
        secret: Hexadecimal digits of at least 16 random bytes.

    Raises:
        ConfigError: The secret is none.
        MissingExtra: The optional part is not installed.
        UsageError: The picture has another shape or type, or fewer than 65,536 pixels.
    """
    bits = expected(secret)
    if _checked(pixels).shape[0] * pixels.shape[1] < SMALLEST:
        raise UsageError(f"a picture of {pixels.shape[1]} by {pixels.shape[0]} pixels is too small; it needs {SMALLEST:,} pixels in all")
    return door.written(pixels, bits)


def detect(pixels: Pixels, secret: str) -> PictureWatermark:
    """Return what a secret finds in a picture; that it finds nothing says nothing of where the picture comes from.

    Args:
        pixels: Shape (rows, columns, 3), red first, 0 to 255.
        secret: That of `mark`.

    Raises:
        ConfigError: The secret is none.
        MissingExtra: The optional part is not installed.
        UsageError: The picture has another shape or type.
    """
    bits = expected(secret)
    if _checked(pixels).shape[0] * pixels.shape[1] < SMALLEST:
        reason = f"the picture has fewer than {SMALLEST:,} pixels"
        return PictureWatermark(bits=0, agree=0, p=1.0, words=f"no watermark found: {reason}", reason=reason)
    agree = int(np.count_nonzero(door.read(pixels, BITS) == bits))
    p = tail(agree)
    said = f"{agree} of {BITS} bits agree (p = {p:.2g})"
    words = f"the watermark of this secret: {said}" if p <= LEVEL else f"no watermark found: {said}, which says nothing of its origin"
    return PictureWatermark(bits=BITS, agree=agree, p=p, words=words)


def expected(secret: str) -> Bits:
    """Return the bits that follow from a secret, shape (64,).

    Raises:
        ConfigError: The secret is not at least 16 bytes as hexadecimal digits.
    """
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        key = b""
    if len(key) < 16:
        raise ConfigError("the secret is not at least 16 bytes as hexadecimal digits; make one with secrets.token_hex(32)")
    digest = hashlib.blake2b(key[:64], digest_size=BITS // 8, person=b"lt-picture-1").digest()
    return np.unpackbits(np.frombuffer(digest, dtype=np.uint8))


def tail(agree: int) -> float:
    """Return the probability that at least so many of 64 tosses of a coin come out heads, exact."""
    return sum(math.comb(BITS, each) for each in range(agree, BITS + 1)) / (1 << BITS)


def _checked(pixels: Pixels) -> Pixels:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise UsageError(f"a picture has shape (rows, columns, 3) and whole numbers from 0 to 255, got {pixels.dtype} of {pixels.shape}")
    return pixels
