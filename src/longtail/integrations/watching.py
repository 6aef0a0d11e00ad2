"""A monitor beside a trainer that is running: what it takes, what it writes down, and what happens where it breaks.

What logs may break: a file that cannot be written is told once, and training goes on. What guards may not: where a guard, or what it
rests on, crashes, the run is failed until somebody looks.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from longtail.atomic import write_durably
from longtail.errors import ReadError
from longtail.guards import Alarm, Monitor, Settings
from longtail.metrics.rollouts.mix import mix_of
from longtail.metrics.rollouts.shortcuts import length
from longtail.metrics.rollouts.windows import Window
from longtail.readers.rollouts import Rollout, read_rollouts
from longtail.records import Verdict

PREFIX, FILE = "longtail/", "rollouts.jsonl"
CODES: Mapping[str, float] = {"pass": 0.0, "warn": 1.0, "fail": 2.0}
"""What a status is to a tracker, which takes numbers only; what was not measured is left out."""
_LOG = logging.getLogger(__name__)
_KEPT = (
    *("run", "step", "epoch", "prompt_id", "prompt", "completion", "group", "reward", "n_tokens"),
    *("mean_logp", "mean_entropy", "ref_mean_logp", "truncated"),
)


class Watcher:
    """The guards of a run that goes on, and the file of its rollouts.

    Attributes:
        monitor: That asks the guards.
        out: File of rollouts that `longtail watch` reads; None where none is written.
        crashes: What broke, as verdicts.

    Args:
        settings: What the guards go by.
        guards: Names of those to ask; all where None.
        out: File of rollouts to write.

    Raises:
        UnknownName: No guard of that name.
        ConfigError: A setting is out of range.
    """

    def __init__(self, settings: Settings | None = None, guards: Sequence[str] | None = None, out: Path | None = None) -> None:
        self.monitor = Monitor(settings, guards)
        self.out = out
        self.crashes: list[Verdict] = []
        self._is_silent = False

    def take(self, rows: Sequence[Rollout], *, whole: bool = False, write: bool = True) -> tuple[Alarm, ...]:
        """Take rollouts, write them down, and return what the guards say of each window that they fill.

        Args:
            rows: In the order of their steps.
            whole: Whether their step has no more to come, so that it need not wait for the next.
            write: Whether this process is the one that writes.
        """
        if write and self.out is not None:
            self._write(self.out, rows)
        said = self.monitor.take(rows)
        if whole:
            said += self.monitor.close()
        for alarm in said:
            if alarm.verdict.status in ("warn", "fail"):
                _LOG.warning("%s %s, %s: %s", alarm.code, alarm.verdict.status, alarm.verdict.where, alarm.verdict.because)
        return said

    def resume(self, step: int, *, write: bool = True) -> int:
        """Take back what the run wrote down up to a step, and return how many rollouts that were.

        What lies in the file from later steps, or from another run where `step` is -1, will be written anew and is taken out.

        Args:
            step: The last that counts.
            write: Whether this process is the one that writes.
        """
        if self.out is None or not self.out.is_file():
            return 0
        try:
            found = read_rollouts(self.out).rows
        except ReadError:
            found = ()
        rows = [row for row in found if row.step is not None and row.step <= step]
        if write:
            self._rewrite(self.out, rows)
        self.monitor.take(rows)
        self.monitor.close()
        return len(rows)

    def crash(self, error: BaseException) -> None:
        """Fail the run, since what guards it broke."""
        told = f"the guard crashed: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
        _LOG.warning("%s", told)
        self.crashes.append(Verdict(status="fail", because=told, remedy="mend the guard; until then it guards nothing"))

    def statuses(self) -> dict[str, float]:
        """Return what each guard last came to, as numbers under guard/NAME."""
        last = {alarm.guard: alarm.verdict.status for alarm in self.monitor.alarms}
        return {f"guard/{name}": CODES[status] for name, status in last.items() if status in CODES}

    def reaches(self, status: str) -> bool:
        """Tell whether any guard has ever come to a status, "warn" or "fail", or to a graver one."""
        grave = ("fail",) if status == "fail" else ("warn", "fail")
        return bool(self.crashes) or any(alarm.verdict.status in grave for alarm in self.monitor.alarms)

    def _write(self, out: Path, rows: Sequence[Rollout]) -> None:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with out.open("ab") as stream:
                stream.write(b"".join(map(_line, rows)))
        except OSError as error:
            self._tell(out, error)

    def _rewrite(self, out: Path, rows: Sequence[Rollout]) -> None:
        try:
            write_durably(out, b"".join(map(_line, rows)))
        except OSError as error:
            self._tell(out, error)

    def _tell(self, out: Path, error: OSError) -> None:
        if not self._is_silent:
            _LOG.warning("rollouts cannot be written to %s (%s); the run goes on, and its guards with it", out, error)
        self._is_silent = True


def numbers_of(rows: Sequence[Rollout], settings: Settings) -> dict[str, float]:
    """Return what a tracker may draw of the rollouts of a step: formats, length, how many differ, entropy, what was cut off.

    What cannot be told is left out.

    Args:
        rows: One or more, of one step.
        settings: Of the monitor.
    """
    mix = mix_of(Window(0, 0, tuple(rows)), settings.formats, settings.success)
    found = {
        "formats": mix.effective,
        "top_format": float(mix.shares.max()),
        "length": float(np.mean([length(row) for row in rows])),
        "distinct": len({row.completion for row in rows}) / len(rows),
    }
    entropies = [(length(row), row.mean_entropy) for row in rows if row.mean_entropy is not None]
    tokens = sum(each for each, _ in entropies)
    if tokens:
        found["entropy"] = sum(each * entropy for each, entropy in entropies) / tokens
    known = [row.truncated for row in rows if row.truncated is not None]
    return found | ({"truncated": sum(known) / len(known)} if known else {})


def _line(row: Rollout) -> bytes:
    return msgspec.json.encode({name: value for name in _KEPT if (value := getattr(row, name)) is not None}) + b"\n"
