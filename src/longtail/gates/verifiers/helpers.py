"""Helper processes that judge one document at a time; one that hangs or crashes is killed, and the next document gets a new one."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from longtail.errors import ConfigError
from longtail.gates.verifiers.lines import Ended, Fallen, Lines

START_S = 120.0
"""Seconds that a helper may take to import what it judges with."""
GRACE_S = 1.0
"""Seconds after its time that a helper has to say so itself, before it is killed."""
MOST = 1 << 20
"""Bytes of one answer."""


class Served(NamedTuple):
    """A function that a helper loads.

    Attributes:
        place: Its module, or the path of a file that stands alone.
        name: Its name there.
        settings: What it is called with once, to return the function that judges; None where it judges itself.
    """

    place: str
    name: str
    settings: Mapping[str, Any] | None = None


class Helper:
    """A process that is asked line by line, started when it is first needed and again after each fall.

    Args:
        command: Program and arguments.
        timeout_s: Seconds for one question.
        served: What one of our own helpers is to load, or None for a foreign program, which starts with the first question.
    """

    def __init__(self, command: Sequence[str], timeout_s: float, served: Served | None = None) -> None:
        self._command, self._timeout_s, self._served = list(command), timeout_s, served
        self._lock = threading.Lock()
        self._lines: Lines | None = None
        self._owner = 0
        self._end: weakref.finalize[Any, Any] | None = None

    @classmethod
    def of(cls, served: Served, timeout_s: float, *, bare: bool = False) -> "Helper":
        """Return a helper that loads a function; with `bare` it has the standard library alone and starts sooner."""
        text = Path(__file__).with_name("serving.py").read_text(encoding="utf-8")
        return cls([sys.executable, *(("-I", "-S") if bare else ()), "-c", text], timeout_s, served)

    def ask(self, item: Any) -> dict[str, Any]:
        """Return the answer to one question; a process that ended after an earlier one is started again and asked once more.

        Raises:
            Fallen: None came in time, or none that is a record; the process is gone.
            ConfigError: The helper cannot load what it is to judge with, or the program cannot be started.
        """
        with self._lock:
            if self._lines is not None and not self._lines.quiet():
                self._close()
            fresh = self._lines is None
            try:
                return self._once(item)
            except Ended:
                if fresh:
                    raise
            return self._once(item)

    def _once(self, item: Any) -> dict[str, Any]:
        grace = 0.0 if self._served is None else GRACE_S
        try:
            lines = self._started()
            return _record(lines.ask(json.dumps(item).encode(), time.monotonic() + self._timeout_s + grace))
        except (Fallen, ConfigError):
            self._close()
            raise

    def close(self) -> None:
        """End the process; the next question starts another."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._end is not None and self._owner == os.getpid():
            self._end()
        self._lines, self._end = None, None

    def _started(self) -> Lines:
        if self._lines is not None and self._owner == os.getpid():
            return self._lines
        try:
            process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as error:
            raise ConfigError(f"{self._command[0]!r} cannot be started: {error.strerror}; name a program that can") from None
        lines = Lines(process, MOST)
        self._lines, self._owner = lines, os.getpid()
        self._end = weakref.finalize(self, _killed, lines, os.getpid())
        if self._served is not None:
            self._load(lines, self._served)
        return lines

    def _load(self, lines: Lines, served: Served) -> None:
        plan = {"path": [os.path.abspath(each) for each in sys.path], "timeout_s": self._timeout_s, **served._asdict()}
        told = _record(lines.ask(json.dumps(plan).encode(), time.monotonic() + START_S))
        if "ready" not in told:
            raise ConfigError(f"a helper cannot load {served.place}:{served.name}: {told.get('fault')}")


def _record(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise Fallen(f"answered {line[:80].decode(errors='replace')!r}, which is no JSON") from None
    if not isinstance(found, dict):
        raise Fallen(f"answered {line[:80].decode(errors='replace')!r}, which is no record")
    return found


def _killed(lines: Lines, owner: int) -> None:
    if os.getpid() != owner:
        return
    with contextlib.suppress(OSError):
        os.killpg(lines.process.pid, signal.SIGKILL)
    lines.process.wait()
    lines.close()
