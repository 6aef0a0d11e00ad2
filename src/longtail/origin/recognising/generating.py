"""`generate`: a model writes with a watermark, and every text has its row and its receipt in the ledger before its caller has it."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.ledger.generators import tagged
from longtail.ledger.generators.recording import Lines, TrainedOn
from longtail.origin.recognising.receipts import Receipt, receipt_of, receipt_row
from longtail.origin.watermarks.detection import check, detect_many
from longtail.origin.watermarks.greenlist import bias
from longtail.origin.watermarks.key import Key
from longtail.origin.watermarks.tokenizers import Tokenizer
from longtail.readers.columns import text_in

Prompts = Sequence[str] | None


class Favour:
    """What a sampler is handed: the key in the forms that samplers take.

    Args:
        key: The key.
    """

    def __init__(self, key: Key) -> None:
        self.key = key

    def bias(
        self, context: npt.ArrayLike, logits: npt.ArrayLike, vocabulary: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.float64]:
        """Return logits of the next token, shape (V,), with green tokens favoured after the tokens of `context`.

        Args:
            context: Token ids before, the last of them last.
            logits: Shape (V,).
            vocabulary: The token id of each logit, shape (V,); by default 0, 1, ...

        Raises:
            UsageError: The shapes do not fit, or ids are no whole numbers.
        """
        return bias(self.key, context, logits, vocabulary)

    def processor(self) -> Any:
        """Return the same as a logits processor: `model.generate(…, logits_processor=[favour.processor()])`.

        Raises:
            MissingExtra: torch or transformers is not installed.
        """
        from longtail.origin.watermarks.processor import processor

        return processor(self.key)


Sampler = Callable[[Prompts, Favour], Sequence[str]]
"""Writes a text for each prompt, or for no prompts as many as it likes, sampling as the favour says; it returns what it wrote
without the prompt."""


class Sink(Protocol):
    """Where rows and receipts go, such as a ledger."""

    def add(self, rows: Sequence[Mapping[str, Any]]) -> object:
        """Take in rows."""

    def judge(self, verdicts: Sequence[Mapping[str, Any]]) -> object:
        """Take in verdicts: the receipts."""


def generate(
    sampler: Sampler,
    prompts: Prompts,
    key: Key,
    tokenizer: Tokenizer,
    sink: Sink | str | os.PathLike[str],
    *,
    model: str,
    revision: str | None = None,
    depth: int | None = None,
    trained_on: TrainedOn | None = None,
    decoding: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> list[str]:
    """Let a model write with a watermark; return what it wrote, in order, once all of it is recorded.

    Each text has a row (id, origin synthetic, model, depth, decoding, time; see `longtail.ledger.generators.tagged`) and a receipt:
    scheme, key, tokenizer, tokens, scored and green tokens, and the hash of the content. No secret is written.

    Args:
        sampler: Takes the prompts and a `Favour`, and returns the texts.
        prompts: What is answered, or None for text without prompts.
        key: The key.
        tokenizer: That of the model, for which the key was made.
        sink: An open ledger; or the path of a JSON Lines file, beside which receipts stand in NAME.receipts.jsonl.
        model: Name of the model.
        revision: Of the model.
        depth: Of the texts, where it is known.
        trained_on: Greatest depth of what the model was trained on; outputs are one deeper.
        decoding: Sampling settings.
        source: What to call the collection of texts.

    Raises:
        ConfigError: The tokenizer is not the key's.
        UsageError: The sampler returned another number of texts than there are prompts, or something could not be recorded.
    """
    check(key, tokenizer)
    receipted = _Receipted(Files(sink) if isinstance(sink, str | os.PathLike) else sink, key, tokenizer)

    def write(asked: Prompts = None) -> list[str]:
        texts: list[Any] = list(sampler(asked, Favour(key)))
        wrong = next((each for each in texts if not isinstance(each, str)), None)
        if wrong is not None or (asked is not None and len(texts) != len(asked)):
            found = f"a {type(wrong).__name__}" if wrong is not None else f"{len(texts)} texts for {len(asked or ())} prompts"
            raise UsageError(f"the sampler returned {found}; return one text for each prompt")
        return texts

    writer = tagged(write, receipted, model=model, revision=revision, depth=depth, trained_on=trained_on, decoding=decoding, source=source)
    made: list[str] = writer() if prompts is None else writer(list(prompts))
    return made


class _Receipted:
    """A sink that hands rows on, each with its receipt.

    Args:
        sink: Takes rows and receipts.
        key: The key that the texts were sampled with.
        tokenizer: Its tokenizer.
    """

    def __init__(self, sink: Sink, key: Key, tokenizer: Tokenizer) -> None:
        self._sink, self._key, self._tokenizer = sink, key, tokenizer

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Take in rows; the receipts follow them."""
        texts = [text_in(row) or "" for row in rows]
        found = detect_many(self._key, texts, self._tokenizer)
        receipts: list[Receipt] = [receipt_of(row, text, self._key, each) for row, text, each in zip(rows, texts, found, strict=True)]
        self._sink.add(rows)
        self._sink.judge([receipt_row(each) for each in receipts])


class Files:
    """Rows in one JSON Lines file, receipts in another beside it, and both in further sinks.

    Args:
        path: The file of rows; NAME.receipts.jsonl beside it takes the receipts.
        others: What takes them too, such as a ledger.

    Raises:
        UsageError: No file can stand there.
    """

    def __init__(self, path: str | os.PathLike[str], *others: Sink) -> None:
        place = Path(path)
        if place.is_dir() or not place.parent.is_dir():
            raise UsageError(f"cannot write {os.fspath(path)!r}; name a file in a folder that exists")
        self._rows, self._receipts, self._others = Lines(place), Lines(receipts_beside(place)), others

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows."""
        for sink in self._others:
            sink.add(rows)
        self._rows.add(rows)

    def judge(self, verdicts: Sequence[Mapping[str, Any]]) -> None:
        """Append receipts."""
        for sink in self._others:
            sink.judge(verdicts)
        self._receipts.add(verdicts)


def receipts_beside(path: str | os.PathLike[str]) -> Path:
    """Return the file of the receipts of a file of rows."""
    place = Path(path)
    return place.with_name(f"{place.name.removesuffix('.jsonl')}.receipts.jsonl")
