"""Rows with provenance for what a generator wrote, handed to a sink before the caller has the output."""

import os
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from longtail.errors import ConfigError, UsageError
from longtail.ledger.columns import DEEPEST, canonical, depth_of, identity
from longtail.ledger.generators.decoding import stated
from longtail.ledger.generators.outputs import Output, outputs_of, part_of
from longtail.records import Evidence, Origin

Document = str | Mapping[str, Any]
TrainedOn = int | Callable[[str], int | None]
OnError = Literal["raise", "warn"]

_RETRIEVED: ContextVar[tuple[Document, ...]] = ContextVar("retrieved", default=())


class Sink(Protocol):
    """Whatever takes rows: a ledger, or a list-like of one's own."""

    def add(self, rows: Sequence[Mapping[str, Any]]) -> object:
        """Take rows in; an error means that they are not stored."""


@contextmanager
def retrieved(*documents: Document) -> Iterator[None]:
    """Name the documents that outputs inside the block are made from: they become `lt_parents`, in this thread or task.

    Args:
        documents: Ids; or rows with `lt_id` and, where it is known, `lt_depth`, which then counts for the depth of outputs.
    """
    token = _RETRIEVED.set((*_RETRIEVED.get(), *documents))
    try:
        yield
    finally:
        _RETRIEVED.reset(token)


class Lines:
    """A JSON Lines file that rows are appended to, whole lines at a time.

    Args:
        path: The file; made where there is none.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Name the file."""
        self.path = Path(path)
        self._is_cut = self.path.exists() and self.path.stat().st_size > 0 and not self._ends_whole()

    def _ends_whole(self) -> bool:
        with self.path.open("rb") as stream:
            stream.seek(-1, os.SEEK_END)
            return stream.read(1) == b"\n"

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append rows in one write; a line that a full disk cut off is closed before the next.

        Raises:
            OSError: They could not be written whole.
        """
        data = b"\n" * self._is_cut + b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            self._is_cut = True
            if (done := os.write(handle, data)) != len(data):
                raise OSError(28, f"only {done} of {len(data)} bytes were written")
            self._is_cut = False
        finally:
            os.close(handle)


class Recorder:
    """Makes rows of outputs and hands them to the sink, one call at a time.

    Args:
        sink: Takes the rows.
        model: Name of the model; None takes what its answers say.
        revision: Of the model; None takes what its answers say.
        depth: Of the outputs, where it is known; else it follows from `trained_on`.
        trained_on: Greatest depth of what the model was trained on, or a function of the model's name that returns it.
        decoding: Settings that hold where a call states none.
        source: What to call the collection of outputs.
        on_error: "raise" keeps back outputs that were not recorded, "warn" hands them out.

    Raises:
        ConfigError: A depth or `on_error` is out of range.
    """

    def __init__(
        self,
        sink: Sink,
        *,
        model: str | None = None,
        revision: str | None = None,
        depth: int | None = None,
        trained_on: TrainedOn | None = None,
        decoding: Mapping[str, Any] | None = None,
        source: str | None = None,
        on_error: OnError = "raise",
    ) -> None:
        """Check what was given."""
        if depth is not None and not 1 <= depth <= DEEPEST:
            raise ConfigError(f"depth is {depth}: model output has a depth from 1 to {DEEPEST:,}; leave it out where it is not known")
        if on_error not in ("raise", "warn"):
            raise ConfigError(f'on_error is {on_error!r}: choose "raise" or "warn"')
        self._sink, self._lock = sink, threading.Lock()
        self._model, self._revision, self._source = model, revision, source
        self._depth, self._trained_on = depth, trained_on
        self._decoding = dict(decoding or {})
        self._on_error = on_error

    @staticmethod
    def parents() -> tuple[Document, ...]:
        """Return the documents named around this place with `retrieved`."""
        return _RETRIEVED.get()

    def record(
        self,
        result: object,
        prompt: object,
        settings: Mapping[str, Any],
        *,
        model: str | None = None,
        revision: str | None = None,
        samples: int = 1,
        parents: tuple[Document, ...] | None = None,
    ) -> None:
        """Record what a generator returned, before it is handed on.

        Args:
            result: What was returned; see `outputs_of`.
            prompt: What it answers.
            settings: Sampling settings of the call.
            model: Name of the model, by its answer.
            revision: Of the model, by its answer.
            samples: Choices for each prompt.
            parents: Documents that it is made from; by default those named around this place.

        Raises:
            UsageError: Nothing was recorded, and outputs without a record are to be kept back.
        """
        name = self._model or model or _said(result, "model")
        named = (name, self._revision or revision or _said(result, "system_fingerprint"))
        made_from = self.parents() if parents is None else parents
        try:
            rows = [self._row(output, settings, named, made_from) for output in outputs_of(result, prompt, samples)]
            if rows:
                with self._lock:
                    self._sink.add(rows)
        except Exception as error:
            self._failed(name, error)

    def _failed(self, name: str | None, error: Exception) -> None:
        said = " ".join(str(error).split()) or type(error).__name__
        message = f"an output of {name or 'the generator'} could not be recorded and would go untagged: {said}"
        if self._on_error == "raise":
            raise UsageError(f'{message}; mend the sink, or hand outputs on without a record with on_error="warn"') from error
        warnings.warn(message, RuntimeWarning, stacklevel=4)

    def _row(
        self, output: Output, settings: Mapping[str, Any], named: tuple[str | None, str | None], parents: tuple[Document, ...]
    ) -> dict[str, Any]:
        model, revision = named
        row = {
            **msgspec.json.decode(canonical(output.content)),
            "lt_id": identity(output.content),
            "lt_origin": Origin.SYNTHETIC.value,
            "lt_evidence": Evidence.ASSERTED.value,
            "lt_source": self._source,
            "lt_model": f"{model}@{revision}" if model and revision else model,
            "lt_depth": self._deep(model, parents),
            "lt_parents": [each if isinstance(each, str) else str(each["lt_id"]) for each in parents] or None,
            "lt_time": datetime.now(UTC),
            "lt_decoding": stated({**self._decoding, **settings}, output.prompt),
        }
        return {name: value for name, value in row.items() if value is not None}

    def _deep(self, model: str | None, parents: Sequence[Document]) -> int | None:
        """Return the depth of an output: as given, else one more than the deepest of training data and parents."""
        if self._depth is not None:
            return self._depth
        learned = self._trained_on(model or "") if callable(self._trained_on) else self._trained_on
        return depth_of(Origin.SYNTHETIC, [learned, *(None if isinstance(each, str) else each.get("lt_depth") for each in parents)])


def _said(result: object, name: str) -> str | None:
    """Return what a result says of its model, if anything."""
    value = None if isinstance(result, str | list | tuple) else part_of(result, name)
    return value if isinstance(value, str) else None
