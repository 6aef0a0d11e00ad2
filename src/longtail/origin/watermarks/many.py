"""Several keys and many texts: which texts hold a watermark, with the many chances to be wrong paid for.

For a text the p-values of K keys are joined by Bonferroni, min(1, K * least p). Over texts Benjamini & Hochberg (1995) bound the
expected share of false finds among the finds at q. That holds where texts are independent or, under one key, positively dependent, as
texts with wording in common are (Benjamini & Yekutieli 2001).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError, UsageError
from longtail.origin.watermarks.detection import Detection, check, detect_many
from longtail.origin.watermarks.key import Key
from longtail.origin.watermarks.prf import Ids
from longtail.origin.watermarks.tokenizers import Tokenizer
from longtail.records import Record

Q = 0.05


class Hit(Record, frozen=True):
    """One text in which a watermark was found.

    Attributes:
        document: Its place among the texts, from 0.
        detection: What the key with the least p-value found.
        log10_p: Logarithm to base 10 of the p-value, paid for the number of keys.
    """

    document: int
    detection: Detection
    log10_p: float


class Hits(Record, frozen=True):
    """What several keys find in many texts.

    Attributes:
        hits: The texts with a watermark, in their order.
        documents: Texts looked at.
        scored: Texts with at least one scored token under some key; the others say nothing and take no part.
        keys: Ids of the keys.
        q: Bound on the expected share of false finds among the hits.
    """

    hits: tuple[Hit, ...]
    documents: int
    scored: int
    keys: tuple[str, ...]
    q: float

    def words(self) -> str:
        """Return what was found, as a sentence."""
        looked = f"{len(self.keys)} {'key' if len(self.keys) == 1 else 'keys'} and {self.documents:,} texts"
        short = self.documents - self.scored
        left = f" {short:,} of them are too short to say anything." if short else ""
        if not self.hits:
            return f"no watermark found ({looked}).{left} This does not say who wrote them"
        rate = f"of such finds a share of at most {self.q:g} is expected to be false"
        return f"watermark found in {len(self.hits):,} texts ({looked}); {rate}.{left} Of the others this does not say who wrote them"


def detect_all(
    keys: Sequence[Key], texts: Sequence[str | Ids | Sequence[int]], tokenizers: Sequence[Tokenizer] = (), *, q: float = Q
) -> Hits:
    """Look for the watermarks of several keys in many texts.

    Args:
        keys: The keys.
        texts: Texts, or token ids of each; ids are taken as those of every key's tokenizer.
        tokenizers: For each key its tokenizer is among them; may be empty with token ids.
        q: Bound on the expected share of false finds among the finds.

    Raises:
        ConfigError: The tokenizer of a key is missing, or q is out of range.
        UsageError: There are no keys, or texts came without tokenizers.
    """
    if not keys:
        raise UsageError("no watermark key was given; give at least one")
    if not 0 < q < 1:
        raise ConfigError(f"q is {q!r}; take a share above 0 and below 1")
    found = [detect_many(key, texts, _tokenizer(key, tokenizers)) for key in keys]
    return joined(found, [key.key_id for key in keys], q)


def joined(found: Sequence[Sequence[Detection]], keys: Sequence[str], q: float = Q) -> Hits:
    """Return the hits among detections of several keys (outer) in the same texts (inner)."""
    logs = np.array([[each.log10_p for each in row] for row in found], dtype=np.float64).reshape(len(keys), -1)
    scored = np.array([[each.scored for each in row] for row in found], dtype=np.int64).reshape(len(keys), -1)
    tried = (scored > 0).sum(axis=0)
    best = logs.argmin(axis=0)
    paid = np.minimum(logs.min(axis=0) + np.log10(np.maximum(tried, 1)), 0.0)
    able = np.flatnonzero(tried)
    hits = able[rejected(paid[able], q)].tolist()
    return Hits(
        hits=tuple(Hit(document=at, detection=found[int(best[at])][at], log10_p=float(paid[at])) for at in hits),
        documents=logs.shape[1],
        scored=len(able),
        keys=tuple(keys),
        q=q,
    )


def rejected(logarithms: npt.NDArray[np.float64], q: float) -> npt.NDArray[np.bool_]:
    """Return which of n hypotheses Benjamini and Hochberg reject at level q, given log10 of their p-values, shape (n,)."""
    n = len(logarithms)
    order = np.argsort(logarithms, kind="stable")
    under = np.flatnonzero(logarithms[order] <= np.log10(q * np.arange(1, n + 1) / max(n, 1)))
    kept: npt.NDArray[Any] = np.zeros(n, dtype=np.bool_)
    kept[order[: under[-1] + 1 if len(under) else 0]] = True
    return kept


def _tokenizer(key: Key, tokenizers: Sequence[Tokenizer]) -> Tokenizer | None:
    for each in tokenizers:
        if each.sha256 == key.tokenizer:
            return each
    for each in tokenizers:
        check(key, each)
    return None
