"""Streams of completions: chunks are handed on unchanged, and the whole text is recorded when the stream ends."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Self

from longtail.ledger.generators.outputs import part_of


class Pieces:
    """What came of a stream so far.

    Args:
        record: Takes the whole, shaped like a completion, and what it says of the model.
    """

    def __init__(self, record: Callable[..., None]) -> None:
        """Start with nothing."""
        self._record: Callable[..., None] | None = record
        self._texts: dict[int, list[str]] = {}
        self._facts: dict[str, str] = {}

    def take(self, chunk: object) -> None:
        """Take in one chunk: choices with a `delta` or `text`, or an event with a piece of text."""
        self._note(chunk)
        if part_of(chunk, "type") == "response.output_text.delta":
            self._add(0, part_of(chunk, "delta"))
        for choice in part_of(chunk, "choices") or ():
            delta = part_of(choice, "delta")
            text = part_of(choice, "text") if delta is None else part_of(delta, "content") or part_of(delta, "refusal")
            self._add(part_of(choice, "index") or 0, text)

    def _note(self, chunk: object) -> None:
        said = part_of(chunk, "response") or chunk
        for name, key in (("model", "model"), ("revision", "system_fingerprint")):
            if isinstance(value := part_of(said, key), str):
                self._facts[name] = value

    def _add(self, index: int, text: object) -> None:
        if isinstance(text, str):
            self._texts.setdefault(index, []).append(text)

    def end(self) -> None:
        """Record the whole, once; also of a stream that was left early, as far as it was handed out."""
        record, self._record = self._record, None
        if record is not None and self._texts:
            choices = [{"index": index, "text": "".join(texts)} for index, texts in sorted(self._texts.items())]
            record({"choices": choices}, **self._facts)


class Stream:
    """A stream that is recorded at its end; everything else about it is as it was.

    Args:
        stream: Yields chunks.
        record: Takes the whole.
    """

    def __init__(self, stream: Any, record: Callable[..., None]) -> None:
        """Take a stream that has not begun."""
        self._stream, self._pieces = stream, Pieces(record)

    def __getattr__(self, name: str) -> Any:
        """Return what the stream itself has."""
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[Any]:
        """Yield the chunks."""
        try:
            for chunk in self._stream:
                self._pieces.take(chunk)
                yield chunk
        finally:
            self._pieces.end()

    def __next__(self) -> Any:
        """Return the next chunk."""
        try:
            chunk = next(self._stream)
        except BaseException:
            self._pieces.end()
            raise
        self._pieces.take(chunk)
        return chunk

    def __enter__(self) -> Self:
        """Return the stream."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the stream."""
        self.close()

    def close(self) -> None:
        """Close the stream, and record what was handed out."""
        try:
            if (close := getattr(self._stream, "close", None)) is not None:
                close()
        finally:
            self._pieces.end()


class AsyncStream:
    """The same for a stream that is awaited.

    Args:
        stream: Yields chunks.
        record: Takes the whole.
    """

    def __init__(self, stream: Any, record: Callable[..., None]) -> None:
        """Take a stream that has not begun."""
        self._stream, self._pieces = stream, Pieces(record)

    def __getattr__(self, name: str) -> Any:
        """Return what the stream itself has."""
        return getattr(self._stream, name)

    async def __aiter__(self) -> AsyncIterator[Any]:
        """Yield the chunks."""
        try:
            async for chunk in self._stream:
                self._pieces.take(chunk)
                yield chunk
        finally:
            self._pieces.end()

    async def __anext__(self) -> Any:
        """Return the next chunk."""
        try:
            chunk = await anext(self._stream)
        except BaseException:
            self._pieces.end()
            raise
        self._pieces.take(chunk)
        return chunk

    async def __aenter__(self) -> Self:
        """Return the stream."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close the stream."""
        await self.close()

    async def close(self) -> None:
        """Close the stream, and record what was handed out."""
        try:
            if (close := getattr(self._stream, "close", None)) is not None:
                await close()
        finally:
            self._pieces.end()
