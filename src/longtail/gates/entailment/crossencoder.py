"""Entailment by a model of natural language inference that lies on this machine.

No package with a clear licence ships such a model, so none is tested here but small ones that the tests train; a user names a
folder, and the five test pairs decide whether it is used.
"""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from longtail.errors import ConfigError
from longtail.gates.entailment.canaries import pass_canaries
from longtail.gates.entailment.labels import columns_of
from longtail.gates.entailment.verifier import Pair, Probabilities, sound
from longtail.gates.entailment.windows import LEAST_ROOM, windows_of
from longtail.gates.sentences import cross_encoder, probabilities

NEUTRAL = (0.0, 1.0, 0.0)
LONGEST = 1 << 20
"""A limit of tokens above which a tokenizer says that it knows none."""


class CrossEncoderEntailment:
    """A verifier that asks a cross-encoder of three labels.

    A premise that is longer than the model reads is cut into windows that overlap; the greatest probability of entailment over
    them counts, and the greatest of contradiction. A hypothesis that leaves no room for a premise is neutral.

    Args:
        model: Folder of the model, or its name in the local cache; nothing is fetched.
        device: Such as "cpu" or "cuda"; by default what there is.
        batch: Pairs that the model reads at once.
        timeout: Seconds within which the five test pairs must be answered.
        limit: Most tokens of a pair; by default what the model says.

    Raises:
        MissingExtra: The extra "embed" is not installed.
        ConfigError: The model is not here, does not name its three labels, has no fast tokenizer, or fails a test pair.
    """

    def __init__(
        self, *, model: str | os.PathLike[str], device: str | None = None, batch: int = 32, timeout: float = 120.0, limit: int | None = None
    ) -> None:
        self.name = os.fspath(model)
        self._encoder = cross_encoder(model, device)
        self.columns = columns_of(getattr(self._encoder.config, "id2label", None), repr(self.name))
        self.batch = batch
        self._tokenizer = _fast(self._encoder.tokenizer, self.name)
        self.limit = limit or _limit(self._encoder, self.name)
        pass_canaries(self, repr(self.name), timeout)

    def __call__(self, pairs: Sequence[Pair]) -> Probabilities:
        """Return probabilities of entailment, neutral and contradiction, shape (pairs, 3).

        Raises:
            UsageError: The model returns what is no probability.
        """
        cut = [(at, window, hypothesis) for at, (premise, hypothesis) in enumerate(pairs) for window in self.windows(premise, hypothesis)]
        rows = np.tile(np.array(NEUTRAL), (len(pairs), 1))
        if not cut:
            return rows
        found = probabilities(self._encoder, [(window, hypothesis) for _, window, hypothesis in cut], self.batch)
        ordered = sound(np.asarray(found)[:, self.columns], len(cut))
        of = np.array([at for at, _, _ in cut])
        for at in np.unique(of):
            entailed, _, contradicted = ordered[of == at].max(axis=0)
            rows[at] = entailed, max(0.0, 1 - entailed - contradicted), contradicted
        return rows

    def windows(self, premise: str, hypothesis: str) -> list[str]:
        """Return the windows of a premise that fit beside a hypothesis; none where it leaves no room."""
        room = self.limit - self._tokenizer.num_special_tokens_to_add(pair=True) - len(self._encoded(hypothesis)["input_ids"])
        if room < LEAST_ROOM:
            return []
        offsets = self._encoded(premise)["offset_mapping"]
        if len(offsets) <= room:
            return [premise]
        return [premise[start:end] for start, end in windows_of(offsets, room)]

    def _encoded(self, text: str) -> Any:
        return self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)


def _fast(tokenizer: Any, name: str) -> Any:
    if not getattr(tokenizer, "is_fast", False):
        raise ConfigError(f"the model {name!r} has no fast tokenizer, so long premises cannot be cut; save one beside it (tokenizer.json)")
    return tokenizer


def _limit(encoder: Any, name: str) -> int:
    """Return the most tokens of a pair: the least of what tokenizer and config say.

    The positions of models in the manner of RoBERTa begin behind that of the padding token, so that they read fewer.
    """
    config = encoder.config
    places = getattr(config, "max_position_embeddings", None)
    if isinstance(places, int) and "roberta" in str(getattr(config, "model_type", "")):
        places -= int(config.pad_token_id) + 1
    known = [each for each in (encoder.tokenizer.model_max_length, places) if isinstance(each, int) and 0 < each < LONGEST]
    if not known:
        raise ConfigError(f"the model {name!r} does not say how many tokens it reads; give limit")
    return min(known)
