"""Watermarks of transformers as recognisers: its green list and SynthID-Text."""

from collections.abc import Sequence
from typing import Protocol

from longtail.origin.recognising.evidence import Recognised, Text
from longtail.origin.watermarks.detection import Detection
from longtail.origin.watermarks.tokenizers import Tokenizer
from longtail.records import Evidence, Origin


class Detector(Protocol):
    """A key of another scheme, such as `watermarks.kgw.Kgw` or `watermarks.synthid.SynthId`."""

    @property
    def key_id(self) -> str:
        """Name of the key that gives nothing away."""

    def detect_many(self, texts: Sequence[str], tokenizer: Tokenizer | None = None) -> Sequence[Detection]:
        """Look for the watermark in each text."""
        ...


class OfTransformers:
    """Looks for the watermark of one key of another scheme; its p-values count like those of our own keys.

    Args:
        key: The key.
        tokenizer: That of the model which wrote.
        name: What it is called in results and in the ledger, such as "kgw".
    """

    tests = True

    def __init__(self, key: Detector, tokenizer: Tokenizer, name: str) -> None:
        self._key, self._tokenizer, self.name = key, tokenizer, name
        self.looks_for = f"the watermark of {name} key {key.key_id}"

    def recognise(self, batch: Sequence[Text]) -> list[Recognised | None]:
        """Return the p-value of each document that can be tested, None for those too short.

        Raises:
            ConfigError: The tokenizer is not the key's.
            MissingExtra: torch or transformers is not installed.
        """
        return [self._evidence(each) for each in self._key.detect_many([each.text for each in batch], self._tokenizer)]

    def _evidence(self, found: Detection) -> Recognised | None:
        if not found.scored:
            return None
        return Recognised(
            recogniser=self.name,
            words=f"watermark of {self.name} key {found.key_id}: {found.scored:,} tokens were scored, p = {found.p:.2g}",
            state="tested",
            scheme=self.name,
            key_id=found.key_id,
            p_value=found.p,
            n_scored=found.scored,
            origin=Origin.SYNTHETIC,
            evidence=Evidence.WATERMARK,
        )
