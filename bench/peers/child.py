"""Run one contender once, in a process of its own: `python -m bench.peers.child METRIC CONTENDER SIZE`.

Prints JSON: CPU-seconds, peak and extra memory in bytes, the value and the package's version. Imports, making the input, and a run
on a small input, where code is compiled, come before the clock starts. This must run in environments that have nothing of ours.
"""

import importlib.metadata
import json
import re
import resource
import sys
from pathlib import Path

from bench.peers.families import FAMILIES

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESET_PEAK = "5"
_KILOBYTE = 1024


def measure(metric: str, name: str, size: int) -> dict[str, object]:
    """Return what one contender took for one input."""
    family = FAMILIES[metric]
    contender = next(each for each in family.contenders if each.name == name)
    contender.work(contender.of(family.given(family.warm)))
    given = contender.of(family.given(size))
    CLEAR.write_text(_RESET_PEAK)
    held, begun = _held("VmRSS"), _cpu_seconds()
    value = contender.work(given)
    cpu, peak = _cpu_seconds() - begun, _held("VmHWM")
    version = importlib.metadata.version(contender.package)
    return {"cpu": cpu, "peak": peak, "extra": max(peak - held, 0), "value": float(value), "version": version}


def _held(what: str) -> int:
    found = re.search(rf"{what}:\s*(\d+) kB", STATUS.read_text())
    return int(found[1]) * _KILOBYTE if found else 0


def _cpu_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
