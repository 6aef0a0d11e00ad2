"""Any classifier of Hugging Face as a scorer: a model that lies in a folder of this machine.

Its numbers say how sure the model is on texts like those it was trained on, which are seldom the user's: they rank, and
they mean a likelihood ratio only after calibration on a reference.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.origin import door
from longtail.origin.models import Device, Loaded, Precision, loaded, room
from longtail.origin.reference import Floats
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.texts import long_enough, packed

MACHINE = frozenset({"ai", "machine", "fake", "generated", "synthetic", "model", "llm", "gpt", "chatgpt", "bot"})
"""Words of a label that say that a model wrote the text."""
HUMAN = frozenset({"human", "real", "original", "authentic"})
"""Words of a label that say that a person did; where a label holds both ("human", "not ai") it counts as neither."""


class Classifier:
    """A text classifier, its score the log-odds of the machine labels: the difference of the logits where there are two.

    Only the first `max_tokens` tokens of a text are read, special tokens among them. The scores are uncalibrated.

    Attributes:
        card: What is known of it; replace it where more is known (`msgspec.structs.replace(scorer.card, languages=("en",))`).
            Texts with fewer words than its `min_words` are not scored.

    Args:
        folder: Holds the model and its tokenizer.
        machine: Labels that mean "a model wrote it". Left out, the label is guessed where the model has two labels whose names
            say which it is.
        max_tokens: Tokens read of each text; left out, 512, or fewer where the model takes fewer.
        min_words: Whitespace words that a text needs to be scored.
        batch: Texts computed at once.
        device: Where it computes.
        precision: Of weights and activations.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: The model cannot be loaded, a label is unknown or cannot be guessed, or a setting is out of range.
    """

    card: ScorerCard

    def __init__(
        self,
        folder: str | os.PathLike[str],
        machine: str | Sequence[str] | None = None,
        *,
        max_tokens: int | None = None,
        min_words: int = 50,
        batch: int = 16,
        device: Device = "auto",
        precision: Precision = "float32",
    ) -> None:
        self._loaded: Loaded = loaded("AutoModelForSequenceClassification", folder, device, precision)
        self.max_tokens = room(self._loaded.model, self._loaded.tokenizer, max_tokens)
        self.batch = batch
        names = self._loaded.model.config.id2label
        self.machine = machine_labels([names[at] for at in sorted(names)], machine)
        self._columns = np.isin([names[at] for at in sorted(names)], self.machine)
        self.card = ScorerCard(
            name=f"classifier {self._loaded.name}",
            version=self._loaded.version,
            source=f"log-odds of {', '.join(self.machine)} by a local model; reads the first {self.max_tokens} tokens of a text",
            min_words=min_words,
            known_biases=("people who write in a second language (arXiv 2304.02819)",),
        )

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the log-odds in nats, uncalibrated, NaN where a text is too short, shape (documents, 1)."""
        found = np.full((len(texts), 1), np.nan)
        kept = long_enough(texts, self.card.min_words)
        tokenizer = self._loaded.tokenizer
        ids = [tokenizer(texts[at], truncation=True, max_length=self.max_tokens)["input_ids"] for at in kept.tolist()]
        for chosen in packed(ids, self.batch):
            logits = self._logits([ids[at] for at in chosen])
            found[kept[chosen], 0] = log_odds(logits, self._columns)
        found[~np.isfinite(found)] = np.nan
        return found

    def _logits(self, ids: list[list[int]]) -> Floats:
        model, tokenizer = self._loaded.model, self._loaded.tokenizer
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        if model.config.pad_token_id is None:
            model.config.pad_token_id = tokenizer.pad_token_id
        given: Any = tokenizer.pad({"input_ids": ids}, padding_side="right", return_tensors="pt").to(self._loaded.device)
        with door.torch("a classifier").inference_mode():
            return np.asarray(model(**given).logits.float().cpu().numpy(), dtype=np.float64)


def log_odds(logits: Floats, machine: npt.NDArray[np.bool_]) -> Floats:
    """Return the log-odds of some labels against the others, shape (texts,).

    One column alone is itself the log-odds of its label.

    Args:
        logits: Shape (texts, labels).
        machine: Which labels, bool, shape (labels,).
    """
    if logits.shape[1] == 1:
        return logits[:, 0]
    return np.asarray(np.logaddexp.reduce(logits[:, machine], axis=1) - np.logaddexp.reduce(logits[:, ~machine], axis=1))


def machine_labels(names: Sequence[str], asked: str | Sequence[str] | None = None) -> tuple[str, ...]:
    """Return which labels of a model mean that a model wrote the text.

    Raises:
        ConfigError: A label that was asked for is unknown, none or all were asked for, or the names do not say it.
    """
    if asked is None:
        return (_guess(names),)
    wanted = (asked,) if isinstance(asked, str) else tuple(asked)
    for name in wanted:
        if name not in names:
            raise ConfigError(f"the model has no label {name!r}; it has {_listed(names)}")
    if not wanted or (len(set(wanted)) == len(names) > 1):
        raise ConfigError(f"{len(wanted)} of {len(names)} labels were named as machine; name some and leave some ({_listed(names)})")
    return wanted


def _guess(names: Sequence[str]) -> str:
    said = [(_says(name, MACHINE), _says(name, HUMAN)) for name in names]
    if len(names) == 2 and said.count((True, False)) <= 1:
        if (True, False) in said and (True, True) not in said:
            return names[said.index((True, False))]
        if said.count((False, True)) == 1 and (False, False) in said:
            return names[said.index((False, False))]
    raise ConfigError(f"the labels {_listed(names)} do not say which one means a machine text; name it with machine=")


def _says(label: str, words: Iterable[str]) -> bool:
    parts = "".join(sign if sign.isalnum() else " " for sign in label.casefold()).split()
    return not set(parts).isdisjoint(words)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
