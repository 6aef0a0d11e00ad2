"""A training run as its guards see it: from rollouts on disk to what each guard said, whether the run is over or goes on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from longtail.guards import Alarm, Monitor, Settings
from longtail.readers.rollouts import Rollout, Rollouts, read_rollouts
from longtail.records import Record, Status, Verdict

_ORDER: tuple[Status, ...] = ("fail", "warn", "pass", "not_measured")


class GuardRecord(Record, frozen=True):
    """What one guard came to over a run.

    Attributes:
        guard: Its name.
        code: Of the rule that says the same.
        status: The gravest that it said at any look; "not_measured" only where it could never tell.
        since: First step of the window in which it first said so; None where it never could tell.
        verdict: What it then said.
        last: What it said at the last look.
        looks: How often it was asked.
    """

    guard: str
    code: str
    status: Status
    since: int | None
    verdict: Verdict
    last: Verdict
    looks: int


class TrainingRecord(Record, frozen=True):
    """A training run and what its guards said.

    Attributes:
        run: Folder or file.
        kind: Of run, such as "trl".
        rollouts: Completions that were read.
        replaced: Those left out, since a run that was resumed wrote these steps again.
        quarantined: Records that could not be read.
        first, last: Steps that were read; None where none is named.
        base: First and last step of the begin that the run is held against; None where it has not filled a window.
        guards: The gravest first.
        alpha: Chance of any false alarm in the whole run.
        looks: Windows that were judged.
        assumed: What was taken for granted of the reward, in words; empty where nothing was.
    """

    run: str
    kind: str
    rollouts: int
    replaced: int
    quarantined: int
    first: int | None
    last: int | None
    base: tuple[int, int] | None
    guards: tuple[GuardRecord, ...]
    alpha: float
    looks: int
    assumed: str = ""

    @property
    def status(self) -> Status:
        """Return the gravest status of any guard that could tell; "not_measured" where none could."""
        told: list[Status] = [guard.status for guard in self.guards if guard.status != "not_measured"]
        return min(told, key=_ORDER.index) if told else "not_measured"


def watch_run(
    run: str | Path, settings: Settings | None = None, guards: Sequence[str] | None = None, weights: Mapping[str, float] | None = None
) -> TrainingRecord:
    """Ask the guards about a run, window after window.

    Args:
        run: Folder that a trainer wrote to, or a file of rollouts.
        settings: What the guards go by; of a run that is over, looks are counted before, so that each has an equal part of alpha.
        guards: Names of those to ask; all where None.
        weights: Of the parts of the reward, where the run's files hold no total, as those of TRL; 1 where none is named.

    Raises:
        ReadError: There are no rollouts that can be read.
        UnknownName: No guard of that name.
        ConfigError: A setting is out of range, or a weight is of no part of the reward.
    """
    found = read_rollouts(run, weights)
    monitor = Monitor(settings, guards)
    monitor.take(found.rows)
    monitor.close()
    return recorded(str(run), found, found.rows, monitor)


def recorded(run: str, found: Rollouts, rows: Sequence[Rollout], monitor: Monitor) -> TrainingRecord:
    """Return what a monitor has seen of a run so far.

    Args:
        run: Folder or file.
        found: How it was read.
        rows: Its rollouts.
        monitor: That took them.
    """
    steps = [row.step for row in rows if row.step is not None]
    said = [_record(name, [alarm for alarm in monitor.alarms if alarm.guard == name]) for name in monitor.names]
    kept = [each for each in said if each is not None]
    return TrainingRecord(
        run=run,
        kind=found.kind,
        rollouts=len(rows),
        replaced=found.replaced,
        quarantined=found.quarantined,
        first=min(steps, default=None),
        last=max(steps, default=None),
        base=(monitor.base.first, monitor.base.last) if monitor.base else None,
        guards=tuple(sorted(kept, key=lambda each: _ORDER.index(each.status))),
        alpha=monitor.settings.alpha,
        looks=monitor.looks,
        assumed=found.assumed,
    )


def _record(name: str, alarms: Sequence[Alarm]) -> GuardRecord | None:
    if not alarms:
        return None
    told = [alarm for alarm in alarms if alarm.verdict.status != "not_measured"]
    found: list[Status] = [alarm.verdict.status for alarm in told]
    status: Status = min(found, key=_ORDER.index) if found else "not_measured"
    first = next((alarm for alarm in told if alarm.verdict.status == status), alarms[-1])
    return GuardRecord(
        guard=name,
        code=alarms[0].code,
        status=status,
        since=first.first if told else None,
        verdict=first.verdict,
        last=alarms[-1].verdict,
        looks=len(alarms),
    )
