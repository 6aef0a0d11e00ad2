"""Callables and iterators: what they return is recorded first and handed on unchanged."""

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

from longtail.ledger.generators.decoding import settings_in
from longtail.ledger.generators.outputs import prompt_in
from longtail.ledger.generators.recording import Recorder

Known = Mapping[str, Any]


def wrapped(function: Callable[..., Any], recorder: Recorder, known: Known | None = None) -> Callable[..., Any]:
    """Return a function that does what `function` does, with its outputs recorded.

    Args:
        function: Takes a prompt or a batch of them first; returns text, an object with content columns, or a list or an iterator
            of those, one document each; plain or async.
        recorder: Takes the outputs.
        known: What is known of every output: `model`, `revision`, and `settings` that hold where a call states none.
    """
    facts = {**(known or {})}
    settings = facts.pop("settings", {})

    def after(result: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        prompt, stated = prompt_in(arguments, named), {**settings, **settings_in(named)}
        return handed(result, functools.partial(recorder.record, prompt=prompt, settings=stated, parents=recorder.parents(), **facts))

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def call_async(*arguments: Any, **named: Any) -> Any:
            return after(await function(*arguments, **named), arguments, named)

        return call_async

    def call(*arguments: Any, **named: Any) -> Any:
        return after(function(*arguments, **named), arguments, named)

    return functools.update_wrapper(call, function) if inspect.isroutine(function) else call


def handed(result: Any, record: Callable[[Any], None]) -> Any:
    """Return a result after it was recorded; of what is still to come, something that records it as it comes."""
    if inspect.isawaitable(result):
        return _awaited(result, record)
    if isinstance(result, AsyncIterator):
        return _each_async(result, record)
    if isinstance(result, Iterator):
        return _each(result, record)
    record(result)
    return result


async def _awaited(result: Awaitable[Any], record: Callable[[Any], None]) -> Any:
    return handed(await result, record)


def _each(results: Iterator[Any], record: Callable[[Any], None]) -> Iterator[Any]:
    for result in results:
        record(result)
        yield result


async def _each_async(results: AsyncIterator[Any], record: Callable[[Any], None]) -> AsyncIterator[Any]:
    async for result in results:
        record(result)
        yield result
