"""Clients of the OpenAI kind: a stand-in whose completions are recorded, and everything else goes to the client."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from longtail.errors import UsageError
from longtail.ledger.generators.decoding import settings_in
from longtail.ledger.generators.outputs import part_of, prompt_in
from longtail.ledger.generators.recording import Recorder
from longtail.ledger.generators.streams import AsyncStream, Stream

_CREATES = frozenset(
    {("chat", "completions", "create"), ("chat", "completions", "parse"), ("completions", "create"), ("responses", "create")}
)
_WAYS = frozenset(path[:length] for path in _CREATES for length in range(1, len(path)))
_COPIES = frozenset({("with_options",), ("copy",)})
_REFUSED = frozenset({"beta", "stream", "with_raw_response", "with_streaming_response"})


def is_client(generator: object) -> bool:
    """Tell whether an object has the completions that a client of the OpenAI kind has."""
    chat = getattr(generator, "chat", None)
    return any(hasattr(getattr(each, "completions", None), "create") for each in (generator, chat))


class Client:
    """A client, or a part of it, whose outputs are recorded.

    Args:
        client: The client or part itself.
        recorder: Takes the outputs.
        path: Where in the client it is.
    """

    def __init__(self, client: Any, recorder: Recorder, path: tuple[str, ...] = ()) -> None:
        """Take what it stands in for."""
        self._client, self._recorder, self._path = client, recorder, path

    def __getattr__(self, name: str) -> Any:
        """Return what the client has there: recorded, where it writes.

        Raises:
            UsageError: It would write without a record.
        """
        path = (*self._path, name)
        if name in _REFUSED or (path[0] == "responses" and len(path) == 2 and name == "parse"):
            raise UsageError(
                f"outputs of {'.'.join(path)} are not recorded; use create, with stream=True for a stream, or the client itself"
            )
        held = getattr(self._client, name)
        if path in _COPIES:
            return functools.partial(self._copied, held)
        if path in _CREATES:
            return self._creating(held)
        return Client(held, self._recorder, path) if path in _WAYS else held

    def __enter__(self) -> "Client":
        """Open the client."""
        self._client.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        """Close the client."""
        self._client.__exit__(*error)

    async def __aenter__(self) -> "Client":
        """Open the client."""
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        """Close the client."""
        await self._client.__aexit__(*error)

    def _copied(self, copy: Callable[..., Any], *arguments: Any, **named: Any) -> "Client":
        return Client(copy(*arguments, **named), self._recorder, self._path)

    def _creating(self, create: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(create)
        def call(*arguments: Any, **named: Any) -> Any:
            samples = named.get("n")
            record = functools.partial(
                self._recorder.record,
                prompt=prompt_in(arguments, named),
                settings=settings_in(named),
                samples=samples if isinstance(samples, int) else 1,
                parents=self._recorder.parents(),
            )
            return _handed(create(*arguments, **named), record, named.get("model"))

        return call


def _handed(result: Any, record: Callable[..., None], asked: object) -> Any:
    """Return a completion after it was recorded, or a stream that will be."""
    if inspect.isawaitable(result):
        return _awaited(result, record, asked)
    model = asked if isinstance(asked, str) else None
    if hasattr(result, "__anext__"):
        return AsyncStream(result, functools.partial(record, model=model))
    if hasattr(result, "__next__"):
        return Stream(result, functools.partial(record, model=model))
    record(result, model=None if isinstance(part_of(result, "model"), str) else model)
    return result


async def _awaited(result: Any, record: Callable[..., None], asked: object) -> Any:
    return _handed(await result, record, asked)
