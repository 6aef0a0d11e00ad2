"""Lines to and from another process that may be slow, silent, noisy or dead; nothing here waits longer than it is told."""

import os
import select
import subprocess
import time

BLOCK = 1 << 16


class Fallen(Exception):
    """The other process does not answer any more; the message says why, in words that fit after "it"."""


class Ended(Fallen):
    """The other process has ended, or closed its end."""


class Lines:
    """The standard input and output of a process, line by line.

    Args:
        process: With pipes for both.
        most: Bytes that one line may have.
    """

    def __init__(self, process: subprocess.Popen[bytes], most: int) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process without pipes")
        self.process, self.most = process, most
        self._in, self._out = process.stdin, process.stdout
        self._read = bytearray()
        os.set_blocking(self._in.fileno(), False)
        os.set_blocking(self._out.fileno(), False)

    def ask(self, line: bytes, until: float) -> bytes:
        """Send a line and return the next line that comes back.

        Args:
            line: Without its end.
            until: Time of `time.monotonic` after which nobody waits.

        Raises:
            Fallen: There is no answer.
        """
        if not self.quiet():
            raise Fallen("wrote more than one line for one question")
        self.send(line, until)
        return self.next(until)

    def quiet(self) -> bool:
        """Tell whether the process has nothing more to say, and has not ended."""
        poll = select.poll()
        poll.register(self._out.fileno(), select.POLLIN)
        return not self._read and not poll.poll(0)

    def send(self, line: bytes, until: float) -> None:
        """Send a line.

        Raises:
            Fallen: The process does not take it.
        """
        left = memoryview(line + b"\n")
        while left:
            self._wait(self._in.fileno(), select.POLLOUT, until)
            try:
                left = left[os.write(self._in.fileno(), left[:BLOCK]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise Ended(self._end()) from None

    def next(self, until: float) -> bytes:
        """Return the next line.

        Raises:
            Fallen: There is none in time, it is too long, or the process has ended.
        """
        seen = 0
        while (at := self._read.find(b"\n", seen)) < 0:
            seen = len(self._read)
            if seen > self.most:
                raise Fallen(f"wrote more than {self.most:,} bytes")
            self._wait(self._out.fileno(), select.POLLIN, until)
            try:
                found = os.read(self._out.fileno(), BLOCK)
            except BlockingIOError:
                continue
            if not found:
                raise Ended(self._end())
            self._read += found
        line = bytes(self._read[:at])
        del self._read[: at + 1]
        return line

    def close(self) -> None:
        """Close both pipes."""
        for stream in (self._in, self._out):
            try:
                stream.close()
            except OSError:
                continue

    def _wait(self, descriptor: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
            raise Fallen("did not answer in time")

    def _end(self) -> str:
        try:
            code = self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "closed its output without an answer"
        return f"was killed by signal {-code} before it answered" if code < 0 else f"ended with exit code {code} before it answered"
