"""SynthID-Text of transformers (Dathathri et al., Nature 634:818, 2024) as a key of ours, with its training-free tests.

A token after a context of a few tokens gets a bit g for each of m layers. Marked text holds more ones than chance gives, and first
layers more than last ones. The score is the mean of g over the tokens whose context is new in the text, or its weighted form with
weights that fall from 10 to 1 over the layers.

What the code of transformers 5.23 does, which decides what can be found:

- The bits come from a table of random bits made by a `torch.Generator` of the device that generates, so a watermark made on a GPU
  is looked for on a GPU. Google's own package has dropped that table, and neither finds the watermark of the other.
- A table of 2^16 bits makes all bits of a token a function of 16 bits of its hash. The mean and the variance of a token's score
  under no watermark are therefore those over the table, exactly, and not 1/2 and those of independent bits; the p-value takes them,
  and beyond that the normal law.
- The context is filled with zeros at the start, not with the end of the prompt, so the first tokens of an answer are not scored.
"""

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from longtail.errors import ConfigError
from longtail.origin import door
from longtail.origin.reference import Floats
from longtail.origin.watermarks.detection import LEVEL, TOO_SHORT, Detection
from longtail.origin.watermarks.kgw import FEATURE, check, encoded
from longtail.origin.watermarks.prf import Ids
from longtail.origin.watermarks.tokenizers import Tokenizer
from longtail.records import Record

_MULTIPLIER, _INCREMENT = np.int64(6364136223846793005), np.int64(1)
_STATES = 1 << 17
_BLOCK = 1 << 13


class Tournament(Detection, frozen=True):
    """What a SynthID key finds in a text.

    `scored` counts bits: tokens with a new context, times layers; `green` those that are one. `z` and `p` are those of the weighted
    mean, from the normal law.

    Attributes:
        positions: Tokens that are scored.
        mean: Share of ones; None where nothing is scored.
        weighted: Weighted mean; None where nothing is scored.
    """

    positions: int = 0
    mean: float | None = None
    weighted: float | None = None

    def words(self, level: float = LEVEL) -> str:
        """Return what was found, as a sentence."""
        told = self.reason or f"weighted mean {self.weighted:.3f} over {self.positions} tokens, p = {self.p:.2g}"
        if self.found(level):
            return f"SynthID watermark of key {self.key_id} found: {told}"
        return f"no SynthID watermark of key {self.key_id} found ({told}); this does not say who wrote it"


class SynthId(Record, frozen=True, dict=True):
    """A key of transformers' SynthID-Text.

    Attributes:
        keys: The secret: one number for each layer.
        context: Tokens before one that its bits depend on (`ngram_len` - 1).
        table_seed: `sampling_table_seed`.
        table_size: `sampling_table_size`.
        history: `context_history_size`, of the generation only; here all contexts of a text are remembered.
        device: Kind of device on which the text was generated, and so the only one on which it can be found.
        tokenizer: SHA-256 of the tokenizer; empty where it is not known, and then not checked.
    """

    keys: tuple[int, ...]
    context: int = 4
    table_seed: int = 0
    table_size: int = 1 << 16
    history: int = 1024
    device: str = "cpu"
    tokenizer: str = ""

    def __post_init__(self) -> None:
        """Refuse what marks nothing."""
        if not self.keys or len(set(self.keys)) < len(self.keys):
            raise ConfigError(f"keys holds {len(self.keys)} numbers, {len(set(self.keys))} of them distinct; give one for each layer")
        if self.context < 1:
            raise ConfigError(f"context is {self.context!r}; take 1 or more tokens")
        if not 2 <= self.table_size <= 1 << 24:
            raise ConfigError(f"table_size is {self.table_size!r}; take 2 to 2^24")

    @property
    def key_id(self) -> str:
        """Name of the key that gives nothing away: the first 16 hexadecimal digits of the hash of what the bits depend on."""
        told = [self.keys, self.context, self.table_seed, self.table_size, self.device]
        return hashlib.sha256(b"transformers-synthid" + msgspec.json.encode(told)).hexdigest()[:16]

    @property
    def weights(self) -> Floats:
        """Weights of the layers: from 10 to 1, their mean 1, shape (layers,)."""
        falling = np.linspace(10, 1, len(self.keys))
        return np.asarray(falling / falling.mean())

    def marking(self) -> Any:
        """Return the `SynthIDTextWatermarkingConfig` for `model.generate(..., watermarking_config=key.marking())`.

        Raises:
            MissingExtra: torch or transformers is not installed.
        """
        return door.transformers(FEATURE).SynthIDTextWatermarkingConfig(
            ngram_len=self.context + 1,
            keys=list(self.keys),
            context_history_size=self.history,
            sampling_table_seed=self.table_seed,
            sampling_table_size=self.table_size,
        )

    def detect(self, text: str | Ids | Sequence[int], tokenizer: Tokenizer | None = None) -> Tournament:
        """Look for the watermark in a text; see `detect_many`."""
        return self.detect_many([text], tokenizer)[0]

    def detect_many(self, texts: Sequence[str | Ids | Sequence[int]], tokenizer: Tokenizer | None = None) -> list[Tournament]:
        """Look for the watermark in each of many texts.

        Args:
            texts: Texts, or their token ids without special tokens and prompt.
            tokenizer: That of the model; may be left out with token ids.

        Raises:
            MissingExtra: torch or transformers is not installed.
            ConfigError: The tokenizer is not the key's, or this machine lacks the device.
            UsageError: A text came without a tokenizer.
        """
        check(self.device, self.tokenizer, tokenizer)
        return [self._judged(len(row), self.layers(row)) for row in encoded(texts, tokenizer)]

    def layers(self, row: Ids) -> Ids:
        """Return how many tokens with a new context there are, and for each layer how many of them have a one, shape (1 + layers,)."""
        ones = np.zeros(1 + len(self.keys), dtype=np.int64)
        if len(row) <= self.context:
            return ones
        contexts = np.lib.stride_tricks.sliding_window_view(row[:-1], self.context)
        new = np.sort(np.unique(contexts, axis=0, return_index=True)[1])
        for start in range(0, len(new), _BLOCK):
            some = new[start : start + _BLOCK]
            windows = row[some[:, None] + np.arange(self.context + 1)]
            ones += np.concatenate(([len(some)], self._bits(windows).sum(axis=0)))
        return ones

    def _bits(self, windows: Ids) -> Ids:
        state = np.ones(len(windows), dtype=np.int64)
        for place in range(windows.shape[1]):
            state = (state + windows[:, place]) * _MULTIPLIER + _INCREMENT
        return self._looked_up(state)

    def _looked_up(self, state: Ids) -> Ids:
        """Return the bits of hashes of windows, shape (windows, layers)."""
        hashes = (state[:, None] + np.array(self.keys, dtype=np.int64)) * _MULTIPLIER + _INCREMENT
        return np.asarray(self._table[hashes % self.table_size])

    @cached_property
    def _table(self) -> Ids:
        made = self.marking().construct_processor(0, self.device).sampling_table
        return np.asarray(made.cpu().numpy())

    @cached_property
    def null(self) -> tuple[float, float]:
        """Mean and variance of a token's weighted score under no watermark: over all hashes, or over 2^17 where they are too many."""
        few = self.table_size <= _STATES and self.table_size & (self.table_size - 1) == 0
        drawn = np.random.default_rng(0).integers(-(1 << 63), (1 << 63) - 1, _STATES)
        scores = self._looked_up(np.arange(self.table_size, dtype=np.int64) if few else drawn) @ self.weights / len(self.keys)
        return float(scores.mean()), float(scores.var())

    def _judged(self, tokens: int, counts: Ids) -> Tournament:
        from scipy.special import log_ndtr

        positions, ones = int(counts[0]), counts[1:]
        found = Tournament(
            key_id=self.key_id,
            tokens=tokens,
            scored=positions * len(ones),
            green=int(ones.sum()),
            positions=positions,
            z=None,
            p=1.0,
            log10_p=0.0,
            reason="" if positions else TOO_SHORT,
        )
        if not positions:
            return found
        weighted = float(ones @ self.weights) / found.scored
        mean, variance = self.null
        z = (weighted - mean) / math.sqrt(variance / positions)
        logarithm = float(log_ndtr(-z))
        return msgspec.structs.replace(
            found,
            z=z,
            p=math.exp(logarithm),
            log10_p=logarithm / math.log(10),
            mean=found.green / found.scored,
            weighted=weighted,
        )
