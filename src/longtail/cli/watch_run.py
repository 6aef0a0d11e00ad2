"""`longtail watch RUN_DIR`: the guards beside a training run that is over, or that goes on."""

import sys
import time
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.padding import Padding
from rich.text import Text

from longtail.auditing.training import TrainingRecord, recorded, watch_run
from longtail.cli.options import console_of, numbers_of
from longtail.errors import UsageError
from longtail.guards import Monitor, Settings
from longtail.readers.rollouts import Follower, Rollout, Rollouts, find, look_for
from longtail.report.put import put
from longtail.report.screen.training import lines

_DATED = "for dated texts give --date-column NAME, or --date-from frontmatter for a folder of Markdown"


def is_run(data: tuple[str, ...], *, is_followed: bool) -> bool:
    """Tell whether what was named is a training run: one folder or file that holds rollouts, or a folder that is waited for.

    Raises:
        UsageError: It is one folder or file, and no run.
    """
    if len(data) != 1 or data[0] == "-":
        return False
    try:
        return (is_followed and look_for(Path(data[0])) is None) or bool(find(Path(data[0])))
    except OSError as error:
        raise UsageError(f"{error}; {_DATED}") from error


def watch_training(run: str, given: dict[str, Any]) -> int:
    """Show what the guards say of a run, and return the exit code: 1 where one fails it.

    Raises:
        UsageError: An option is for dated content.
        ConfigError: A weight is no number, or of no part of the reward.
    """
    if given["out"] and Path(given["out"]).suffix.lower() != ".json":
        raise UsageError(f"{given['out']!r}: of a training run JSON is written; name a file that ends in .json")
    settings = Settings(alpha=given["alpha"], success=given["success"], budget=given["budget"])
    weights = numbers_of("reward weight", given["reward_weights"], "accuracy=1")
    found = _followed(run, settings, weights, given) if given["follow"] else watch_run(run, settings, weights=weights)
    text = msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"
    if given["out"]:
        put(Path(given["out"]), text)
    if given["as_json"]:
        click.echo(text, nl=False)
    elif not given["quiet"]:
        _show(found, no_color=given["no_color"])
    return int(found.status == "fail")


def _followed(run: str, settings: Settings, weights: dict[str, float], given: dict[str, Any]) -> TrainingRecord:
    """Look again and again until the run is interrupted, or until a guard fails it; each alarm is told once."""
    follower, told = Follower(run, weights), 0
    monitor = Monitor(settings)
    seen: tuple[Rollout, ...] = ()
    while True:
        rows = follower.look()
        if rows[: len(seen)] != seen:
            monitor = Monitor(settings)
            seen = ()
        monitor.take(rows[len(seen) :])
        seen = rows
        read = Rollouts(kind=follower.kind, rows=rows, files=0, quarantined=follower.quarantined, assumed=follower.assumed)
        found = recorded(run, read, rows, monitor)
        loud = [alarm for alarm in monitor.alarms if alarm.verdict.status in ("warn", "fail")]
        for alarm in loud[told:]:
            click.echo(f"{alarm.code} {alarm.verdict.status} {alarm.verdict.where}: {alarm.verdict.because}", err=True)
        told = max(told, len(loud))
        if found.status == "fail":
            return found
        try:
            time.sleep(given["every"])
        except KeyboardInterrupt:
            sys.stderr.write("\n")
            return found


def _show(found: TrainingRecord, *, no_color: bool) -> None:
    console = console_of(no_color)
    for line in lines(found):
        told = line.lstrip(" ")
        console.print(Padding(Text(told), (0, 0, 0, len(line) - len(told))))
