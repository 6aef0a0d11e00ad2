"""Finding a watermark: how many tokens of a text are green, and how rare so many are by chance.

Each distinct pair of a context and a token of a text is scored once: in a repeat the colour of a pair is no new coin, and a text
that repeats itself would be found guilty by one lucky phrase. The p-value is the exact tail of the binomial law. It holds over the
choice of the key, for any text that was made without it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

import longtail.origin.watermarks.prf as prf
from longtail.errors import ConfigError, UsageError
from longtail.origin.watermarks.greenlist import ids
from longtail.origin.watermarks.key import Key
from longtail.origin.watermarks.prf import Ids
from longtail.origin.watermarks.tail import upper
from longtail.origin.watermarks.tokenizers import Tokenizer
from longtail.records import Record

LEVEL = 1e-4
TOO_SHORT = "too short"
_TEXTS = 1024


class Detection(Record, frozen=True):
    """What one key finds in one text.

    Attributes:
        key_id: The key.
        tokens: Tokens of the text.
        scored: Distinct pairs of a context and the token after it.
        green: How many of these are green.
        z: (green - gamma * scored) / sqrt(gamma * (1 - gamma) * scored); None where nothing is scored.
        p: Probability of so many green pairs or more in a text made without the key; 1 where nothing is scored.
        log10_p: Its logarithm to base 10, also where `p` is too small for a number.
        reason: Why nothing could be said, else empty.
    """

    key_id: str
    tokens: int
    scored: int
    green: int
    z: float | None
    p: float
    log10_p: float
    reason: str = ""

    def found(self, level: float = LEVEL) -> bool:
        """Tell whether p is at most `level`."""
        return self.log10_p <= math.log10(level)

    def words(self, level: float = LEVEL) -> str:
        """Return what was found, as a sentence."""
        if self.found(level):
            p = f"p = {self.p:.1e}" if self.log10_p > -300 else f"p = 10^{self.log10_p:.0f}"
            return f"watermark of key {self.key_id} found: {self.green} of {self.scored} scored tokens are green, {p}"
        told = f"no watermark of key {self.key_id} found"
        because = f" ({self.reason})" if self.reason else f" ({self.green} of {self.scored} scored tokens are green, p = {self.p:.2g})"
        return f"{told}{because}; this does not say who wrote it"


def detect(key: Key, text: str | Ids | Sequence[int], tokenizer: Tokenizer | None = None) -> Detection:
    """Look for the watermark of a key in a text.

    Args:
        key: The key.
        text: The text, or its token ids, shape (tokens,).
        tokenizer: The one the key was made for; may be left out with token ids, which are then taken on trust.

    Raises:
        ConfigError: The tokenizer is not the key's.
        UsageError: A text came without a tokenizer, or ids are no whole numbers.
    """
    return detect_many(key, [text], tokenizer)[0]


def detect_many(key: Key, texts: Iterable[str | Ids | Sequence[int]], tokenizer: Tokenizer | None = None) -> list[Detection]:
    """Look for the watermark of a key in each of many texts; the arguments are those of `detect`.

    Raises:
        ConfigError: The tokenizer is not the key's.
        UsageError: A text came without a tokenizer, or ids are no whole numbers.
    """
    check(key, tokenizer)
    rows = [(len(row), *counted(key, distinct(values))) for row, values in _scored(key, texts, tokenizer)]
    if not rows:
        return []
    tokens, scored, green = np.array(rows, dtype=np.int64).T
    return judged(key, tokens, scored, green)


def judged(key: Key, tokens: Ids, scored: Ids, green: Ids) -> list[Detection]:
    """Return the detections of counts, each of shape (documents,)."""
    p, logarithms = upper(green, scored, key.gamma)
    deviation = np.sqrt(key.gamma * (1 - key.gamma) * np.maximum(scored, 1))
    z = (green - key.gamma * scored) / deviation
    return [
        Detection(
            key_id=key.key_id,
            tokens=int(tokens[at]),
            scored=int(scored[at]),
            green=int(green[at]),
            z=float(z[at]) if scored[at] else None,
            p=float(p[at]),
            log10_p=float(logarithms[at]),
            reason="" if scored[at] else TOO_SHORT,
        )
        for at in range(len(tokens))
    ]


def check(key: Key, tokenizer: Tokenizer | None) -> None:
    """Refuse a tokenizer that is not the key's.

    Raises:
        ConfigError: It is another one.
    """
    if tokenizer is not None and tokenizer.sha256 != key.tokenizer:
        raise ConfigError(
            f"tokenizer {tokenizer.name!r} ({tokenizer.sha256[:16]}…) is not that of key {key.key_id}; with another one a watermark is "
            f"not found: give the tokenizer with SHA-256 {key.tokenizer}"
        )


def values_of(key: Key, texts: Iterable[str | Ids | Sequence[int]], tokenizer: Tokenizer | None = None) -> Iterator[Ids]:
    """Yield for each text the values of its distinct pairs of context and token, ascending, shape (scored,).

    A value below `prf.threshold(key.gamma)` is green. Two pairs share a value with probability 2^-64, so it stands for the pair.

    Raises:
        ConfigError: The tokenizer is not the key's.
        UsageError: A text came without a tokenizer, or ids are no whole numbers.
    """
    check(key, tokenizer)
    for _, values in _scored(key, texts, tokenizer):
        yield distinct(values)


def distinct(values: Ids) -> Ids:
    """Return each value once, ascending; sorts the array that it is given."""
    values.sort()
    return values[np.concatenate(([True], values[1:] != values[:-1]))] if len(values) else values


def counted(key: Key, values: Ids) -> tuple[int, int]:
    """Return how many values there are and how many of them are green; they must be ascending."""
    return len(values), int(np.searchsorted(values, prf.threshold(key.gamma)))


def _scored(key: Key, texts: Iterable[str | Ids | Sequence[int]], tokenizer: Tokenizer | None) -> Iterator[tuple[Ids, Ids]]:
    """Yield the tokens of each text and the values of its pairs, a slice of texts in memory at a time."""
    given = iter(texts)
    while some := list(islice(given, _TEXTS)):
        rows = _encoded(some, tokenizer)
        ends = np.cumsum([len(row) for row in rows])
        values = prf.windows(key.words, np.concatenate(rows), key.context)
        for row, end in zip(rows, ends.tolist(), strict=True):
            yield row, values[end - len(row) : max(end - key.context, end - len(row))]


def _encoded(some: list[str | Ids | Sequence[int]], tokenizer: Tokenizer | None) -> list[Ids]:
    strings = [each for each in some if isinstance(each, str)]
    if not strings:
        return [ids(each) for each in some]
    if tokenizer is None:
        raise UsageError("a text came without the tokenizer that cuts it; give one, or token ids")
    encoded = iter(tokenizer.encode(strings))
    return [next(encoded) if isinstance(each, str) else ids(each) for each in some]
