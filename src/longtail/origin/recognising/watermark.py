"""Watermarks under keys of one's own as a recogniser."""

from collections.abc import Mapping, Sequence

import numpy as np

from longtail.errors import ConfigError
from longtail.origin.recognising.evidence import Recognised, Text
from longtail.origin.recognising.sample import Sample
from longtail.origin.watermarks.detection import Detection, detect_many
from longtail.origin.watermarks.key import Key
from longtail.origin.watermarks.share import MarkedShare, marked_share
from longtail.origin.watermarks.tokenizers import Tokenizer, Words
from longtail.records import Evidence, Origin

_NAMED = 3


class Watermark:
    """Looks for the watermarks of keys.

    A finding names the key that speaks loudest, with its p-value times the number of keys (Bonferroni), so that more keys make
    no more false findings. Documents in which no token can be scored are not tested.

    Args:
        keys: The keys, each once.
        tokenizers: Those that the keys were made for; words need not be named.

    Raises:
        ConfigError: There is no key, one is given twice, or the tokenizer of one is missing.
    """

    name = "watermark"
    tests = True

    def __init__(self, keys: Sequence[Key], tokenizers: Sequence[Tokenizer] = ()) -> None:
        if not keys:
            raise ConfigError("no key was given; make one with longtail mark key")
        ids = [key.key_id for key in keys]
        if twice := next((each for each in ids if ids.count(each) > 1), None):
            raise ConfigError(f"key {twice} is given twice; give each once")
        self.keys = tuple(keys)
        self._tokenizers = [tokenizer_of(key, tokenizers) for key in keys]
        self.sample = Sample()
        named = ", ".join(ids[:_NAMED]) + (", …" if len(ids) > _NAMED else "")
        self.looks_for = f"the watermark of key {named}" if len(ids) == 1 else f"the watermarks of {len(ids)} keys ({named})"

    def recognise(self, batch: Sequence[Text]) -> list[Recognised | None]:
        """Return the p-value of each document that can be tested, None for those too short."""
        texts = [each.text for each in batch]
        encoded = {each.sha256: each.encode(texts) for each in {one.sha256: one for one in self._tokenizers}.values()}
        self.sample.take(texts, encoded)
        by_key = [detect_many(key, encoded[key.tokenizer]) for key in self.keys]
        best = np.argmin([[each.log10_p if each.scored else 1.0 for each in found] for found in by_key], axis=0)
        return [self._evidence(by_key[key][at]) for at, key in enumerate(best.tolist())]

    def shares(self, marked: Mapping[str, Sequence[Detection]] | None = None) -> list[MarkedShare]:
        """Return for each key the share of the tokens looked over that were sampled with its watermark.

        Documents with the same text count as one cluster.

        Args:
            marked: By key id, what the key finds in texts that are known to be marked; without it `key.green_rate` is taken as exact.
        """
        given = marked or {}
        return [
            marked_share(key, self.sample.ids(key.tokenizer), marked=given.get(key.key_id) or None, clusters=self.sample.clusters)
            for key in self.keys
        ]

    def _evidence(self, found: Detection) -> Recognised | None:
        if not found.scored:
            return None
        together = min(1.0, found.p * len(self.keys))
        counts = f"{found.green:,} of {found.scored:,} scored tokens are green"
        return Recognised(
            recogniser=self.name,
            words=f"watermark of key {found.key_id}: {counts}, {_rarity(found, len(self.keys))}",
            state="tested",
            scheme=next(key.scheme for key in self.keys if key.key_id == found.key_id),
            key_id=found.key_id,
            p_value=together,
            n_scored=found.scored,
            score=found.green / found.scored,
            origin=Origin.SYNTHETIC,
            evidence=Evidence.WATERMARK,
        )


def tokenizer_of(key: Key, tokenizers: Sequence[Tokenizer]) -> Tokenizer:
    """Return the tokenizer that a key was made for: words, or one of those given.

    Raises:
        ConfigError: It is none of them; another tokenizer would find nothing.
    """
    given: list[Tokenizer] = [*tokenizers, Words()]
    found = next((each for each in given if each.sha256 == key.tokenizer), None)
    if found is None:
        named = ", ".join(f"{each.name!r} ({each.sha256[:16]}…)" for each in given)
        raise ConfigError(
            f"key {key.key_id} was made for the tokenizer with SHA-256 {key.tokenizer[:16]}…, and given are {named}; with another "
            "tokenizer a watermark is not found: name the folder of the right one with --tokenizer"
        )
    return found


def _rarity(found: Detection, keys: int) -> str:
    together = f" for {keys} keys together" if keys > 1 else ""
    if found.log10_p < -300:
        return f"p = 10^{found.log10_p:.0f}{together}"
    return f"p = {min(1.0, found.p * keys):.2g}{together}"
