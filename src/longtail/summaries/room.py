"""How much memory there is to count in: what is free on the machine, or left to the group of processes that a container is."""

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path

SHARE = 1 / 16
"""Of what is free, for the counts of one view: words 1 to 4 take a quarter together, and as much again for a moment."""
MOST_BYTES = 1 << 31
_PROC = Path("/proc/meminfo")
_LIMITS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes")),
)


def free_bytes() -> int | None:
    """Return the bytes that this process may still take; None where the system does not tell, as outside Linux."""
    known = [each for each in (_of_machine(), *map(_of_group, _LIMITS)) if each is not None]
    return min(known, default=None)


def view_bytes(least: int) -> int:
    """Return the bytes that exact counts of one view may take before they spill: a share of what is free, at least `least`."""
    free = free_bytes()
    return least if free is None else max(least, min(int(free * SHARE), MOST_BYTES))


def give_back() -> None:
    """Give pages that lie free between arrays back to the system, where the C library can: glibc holds them else."""
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return found


def _of_machine() -> int | None:
    try:
        lines = _PROC.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return None
    told = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(told[0]) * 1024 if told else None


def _of_group(files: tuple[Path, Path]) -> int | None:
    """Return what a limit leaves; None where there is no limit."""
    try:
        limit, used = (path.read_text(encoding="ascii").strip() for path in files)
        return max(0, int(limit) - int(used))
    except (OSError, ValueError):
        return None
