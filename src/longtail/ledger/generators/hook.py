"""`tagged`: the one line around a generator."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from longtail.errors import UsageError
from longtail.ledger.generators.calls import handed, wrapped
from longtail.ledger.generators.clients import Client, is_client
from longtail.ledger.generators.decoding import settings_in
from longtail.ledger.generators.pipelines import Pipeline, is_pipeline
from longtail.ledger.generators.recording import Lines, OnError, Recorder, Sink, TrainedOn


def tagged(
    generator: Any,
    sink: Sink | str | os.PathLike[str],
    *,
    model: str | None = None,
    revision: str | None = None,
    depth: int | None = None,
    trained_on: TrainedOn | None = None,
    decoding: Mapping[str, Any] | None = None,
    source: str | None = None,
    on_error: OnError = "raise",
) -> Any:
    """Return a generator that does the same, and whose every output is recorded, tagged, before its caller has it.

    The row of an output holds its content (`text` for text, `messages` for a chat, else the content columns of the object that
    was returned) and `lt_id` made from that; origin synthetic, evidence asserted; `lt_model` as name@revision; `lt_depth`;
    `lt_decoding` with the settings of the call and the id of the prompt; `lt_time`; and `lt_parents` inside `retrieved(…)`.

    Args:
        generator: A callable (prompt or prompts in; text, objects, lists or iterators of them out; plain or async), an
            iterator of outputs, a client of the OpenAI kind, or a pipeline of transformers.
        sink: What takes rows with `add`, such as a ledger; or the path of a JSON Lines file that they are appended to.
        model: Name of the model; by default what a client's answers or a pipeline say.
        revision: Of the model; likewise.
        depth: Of the outputs, where it is known.
        trained_on: Greatest depth of what the model was trained on, or a function of its name: outputs are one deeper, and
            deeper than every parent. Without this and `depth` the depth is unknown.
        decoding: Sampling settings that hold where a call states none.
        source: What to call the collection of outputs.
        on_error: "raise" keeps an output back when it could not be recorded; "warn" warns and hands it on.

    Raises:
        UsageError: The generator is none of these, or the sink takes no rows.
        ConfigError: A setting is out of range.
    """
    recorder = Recorder(
        _sink(sink),
        model=model,
        revision=revision,
        depth=depth,
        trained_on=trained_on,
        decoding=settings_in(decoding or {}),
        source=source,
        on_error=on_error,
    )
    if is_client(generator):
        return Client(generator, recorder)
    if is_pipeline(generator):
        return Pipeline(generator, recorder)
    if isinstance(generator, Iterator | AsyncIterator):
        return handed(generator, lambda result: recorder.record(result, None, {}))
    if callable(generator):
        return wrapped(generator, recorder)
    raise UsageError(f"cannot record the outputs of a {type(generator).__name__}; give a callable, an iterator, a client or a pipeline")


def _sink(sink: Sink | str | os.PathLike[str]) -> Sink:
    if isinstance(sink, str | os.PathLike):
        if not os.path.isdir(os.path.dirname(os.path.abspath(sink))) or os.path.isdir(sink):
            raise UsageError(f"cannot write {os.fspath(sink)!r}; name a file in a folder that exists")
        return Lines(sink)
    if not callable(getattr(sink, "add", None)):
        raise UsageError(f"a {type(sink).__name__} takes no rows; give something with add(rows), or the path of a JSON Lines file")
    return sink
