"""One sandbox from outside: start it, ask it, end it with all that it started."""

import contextlib
import functools
import itertools
import json
import os
import signal
import subprocess
import tempfile
import time
from types import TracebackType
from typing import Any, NamedTuple, Self

from longtail.errors import ConfigError
from longtail.gates.verifiers.lines import Fallen, Lines
from longtail.gates.verifiers.sandbox.backends import DOES_NOT_STOP, ORDER, Interpreter, Isolation, bubblewrap, command

MEGABYTE = 1 << 20
START_S = 20.0
"""Seconds that a sandbox may take to start, before its own time begins."""
FIRST_USER, USERS = 0x70000000, 0x0F000000
"""Numbers of users that no system hands out, one for each sandbox of a run as root."""
ENVIRONMENT = {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_NUMBERS = itertools.count()


class Limits(NamedTuple):
    """What foreign code may use.

    Attributes:
        timeout_s: Seconds by the clock, and of each processor's time, for all that is asked of one sandbox.
        memory_mb: Megabytes of address space of each process.
        processes: Processes and threads at a time.
        output_mb: Megabytes of one answer, and of one file.
        disk_mb: Megabytes of its folder, where the isolation can limit that.
    """

    timeout_s: float = 10.0
    memory_mb: int = 512
    processes: int = 8
    output_mb: int = 4
    disk_mb: int = 16


class Cell:
    """A sandbox that runs one program.

    Args:
        isolation: How it is kept apart.
        python: What it runs.
        role: "candidate" or "judge".
        limits: What it may use.

    Raises:
        Fallen: It does not start.
    """

    def __init__(self, isolation: Isolation, python: Interpreter, role: str, limits: Limits) -> None:
        user = FIRST_USER + (os.getpid() * 4096 + next(_NUMBERS)) % USERS
        self._folder = tempfile.TemporaryDirectory(prefix="longtail-cell-", ignore_cleanup_errors=True)
        if os.getuid() == 0 and isolation == "plain":
            with contextlib.suppress(OSError):
                os.chown(self._folder.name, user, user)
        self._end = signal.SIGKILL if isolation == "bubblewrap" else signal.SIGTERM
        try:
            self._process = subprocess.Popen(
                command(isolation, python, role, limits.disk_mb * MEGABYTE),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
                env=ENVIRONMENT,
                start_new_session=True,
            )
        except OSError as error:
            self._folder.cleanup()
            raise Fallen(f"does not start: {error.strerror}") from None
        self._lines = Lines(self._process, limits.output_mb * MEGABYTE)
        try:
            self._begin(isolation, python, user, limits)
        except Fallen:
            self.close()
            raise
        self.until = time.monotonic() + limits.timeout_s

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Ask one thing.

        Raises:
            Fallen: No answer came, or none that can be read.
        """
        return self._told(self._lines.ask(json.dumps(message).encode(), self.until))

    def close(self) -> None:
        """End it with all that it started, and delete its folder."""
        self._process.send_signal(self._end)
        try:
            self._process.wait(timeout=6)
        except subprocess.TimeoutExpired:
            self._process.kill()
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._lines.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """Return the sandbox."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End it."""
        self.close()

    def _begin(self, isolation: Isolation, python: Interpreter, user: int, limits: Limits) -> None:
        plan = {
            "isolation": isolation,
            "user": user,
            "root": self._folder.name,
            "readable": list(python.readable),
            "limits": {
                "cpu_s": int(limits.timeout_s) + 2,
                "memory_bytes": limits.memory_mb * MEGABYTE,
                "file_bytes": limits.output_mb * MEGABYTE,
                "disk_bytes": limits.disk_mb * MEGABYTE,
                "processes": limits.processes,
                "files": 64,
            },
        }
        self.until = time.monotonic() + START_S
        ready = self.ask(plan)
        if "ready" not in ready:
            raise Fallen(f"does not start: {ready.get('fault', 'no reason given')}")

    @staticmethod
    def _told(line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            raise Fallen("answered what is no JSON") from None
        if not isinstance(found, dict):
            raise Fallen("answered what is no record")
        return found


@functools.cache
def fault(isolation: Isolation, python: Interpreter) -> str | None:
    """Return why an isolation does not work on this machine, tried by starting one, or None where it does."""
    if isolation == "bubblewrap" and bubblewrap() is None:
        return "bwrap is not on the path"
    try:
        with Cell(isolation, python, "candidate", Limits()) as cell:
            cell.ask({"do": "load", "code": "import fractions, decimal\ndef f(x):\n    return x + 1"})
            found = cell.ask({"do": "call", "on": None, "name": "f", "args": [41], "kwargs": []})
    except Fallen as error:
        return str(error)
    return None if found == {"value": 42} else f"answered {found!r} where 42 was due"


def chosen(wanted: str, python: Interpreter) -> Isolation:
    """Return the isolation to use: the one that is asked for, or the strongest that works here for "auto".

    Raises:
        ConfigError: It is unknown, or does not work on this machine.
    """
    if wanted != "auto" and wanted not in DOES_NOT_STOP:
        raise ConfigError(f"isolation is {wanted!r}; take auto, {', '.join(ORDER)}")
    tried = {each: fault(each, python) for each in ORDER if wanted in ("auto", each)}
    found = next((each for each, why in tried.items() if why is None), None)
    if found is None:
        reasons = "; ".join(f"{name} {why}" for name, why in tried.items())
        raise ConfigError(f"isolation {wanted!r} does not work on this machine: {reasons}; install bubblewrap or allow user namespaces")
    return found
