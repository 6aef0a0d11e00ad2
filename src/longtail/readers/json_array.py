"""A JSON array, or objects written over several lines, scanned one value at a time without loading the file."""

import codecs
import io
import json
from collections.abc import Iterator

from longtail.errors import ReadError
from longtail.readers.intake import Row

_BLOCK = 2**20
_AHEAD = 16  # a number or word may go on after the end of the window; none that matters is longer
_SPACE = " \t\r\n"


class _Scanner:
    """A window over the text that moves forward."""

    def __init__(self, stream: io.BufferedReader, path: str) -> None:
        self.stream, self.path = stream, path
        self.text, self.at, self.ended = "", 0, False
        self._line, self._counted = 1, 0
        # Bytes that are not UTF-8 become lone surrogates, which the intake sets aside document by document.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def more(self, size: int) -> None:
        """Read on, and let go of what lies behind."""
        block = self.stream.read(size)
        self.ended = not block
        self.here()
        self.text = self.text[self.at :] + self._decoder.decode(block, final=self.ended)
        self.at = self._counted = 0

    def peek(self) -> str:
        """Return the next character that is not space; "" at the end of the file."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]
            self.more(_BLOCK)

    def here(self) -> int:
        """Return the line of the next character."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def value(self) -> object:
        """Decode the next value; read on while it is incomplete."""
        size = _BLOCK
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
                if end + _AHEAD <= len(self.text) or self.ended:
                    self.at = end
                    return value
            except json.JSONDecodeError as error:
                if self.ended or not self._cut(error):
                    raise self.error(f"malformed JSON: {error.msg}", self.here() + self.text.count("\n", self.at, error.pos)) from None
            except RecursionError:
                raise self.error("JSON nested too deeply", self.here()) from None
            self.more(size)
            size *= 2

    def _cut(self, error: json.JSONDecodeError) -> bool:
        """Tell whether the error may come from the end of the window and not from the file."""
        return error.msg.startswith("Unterminated string") or error.pos + _AHEAD >= len(self.text)

    def error(self, reason: str, line: int) -> ReadError:
        """Return the error for a place after which nothing can be read."""
        fix = "write the file again; with one record per line (.jsonl) a bad one can be set aside"
        return ReadError(self.path, reason, line=line, fix=fix)


_DECODER = json.JSONDecoder()


def scan(stream: io.BufferedReader, path: str) -> Iterator[Row]:
    """Yield the values of an array, or values that follow one another, each with the line it starts on.

    Raises:
        ReadError: The array is malformed, or ends early.
    """
    scanner = _Scanner(stream, path)
    if scanner.peek() != "[":
        while scanner.peek():
            yield scanner.here(), scanner.value()
        return
    scanner.at += 1
    closed = scanner.peek() == "]"
    while not closed:
        scanner.peek()
        yield scanner.here(), scanner.value()
        closed = _closes(scanner)
    scanner.at += 1
    if rest := scanner.peek():
        raise scanner.error(f"malformed JSON: {rest!r} after the end of the array", scanner.here())


def _closes(scanner: _Scanner) -> bool:
    """Step over a comma, or tell that the array ends here."""
    token = scanner.peek()
    if token == ",":
        scanner.at += 1
    elif token != "]":
        said = f"malformed JSON: expected ',' or ']', found {token!r}" if token else "the array is not closed: the file ends early"
        raise scanner.error(said, scanner.here())
    return token == "]"
