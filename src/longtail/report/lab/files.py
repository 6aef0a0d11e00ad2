"""Runs of the lab as JSON, as a table of numbers, and in files; the command that gives a run again."""

import csv
import inspect
import io
import json
import math
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from longtail.errors import UsageError
from longtail.lab.learners import FAMILIES
from longtail.lab.result import Run, Series
from longtail.lab.settings import Change, Settings
from longtail.records import SCHEMA_VERSION
from longtail.report.drawing.png import put_png
from longtail.report.lab.figure import figure
from longtail.report.put import put

SUFFIXES = (".csv", ".json", ".png", ".svg")
COLUMNS = ("family", "policy", "gate", "series", "generation", "mean", "se", "median", "q05", "q95", "left_out", "theory", "kind")
_STATISTICS = ("mean", "se", "median", "q05", "q95")
_PLAIN = {"gate": "none", "schedule": "constant", "real": None, "draws": "exact"}


def to_json(runs: Sequence[Run], series: Sequence[str] | None = None) -> str:
    """Return one run as the object of the lab's output, several as {"schema_version", "runs"}; ends in a newline.

    Equal settings give equal text, but for the rate. Values that do not exist are null.

    Args:
        runs: What to tell.
        series: The series that were asked for, as the command names them; None for all.

    Raises:
        UsageError: There are no runs.
    """
    if not runs:
        raise UsageError("there are no runs to tell of; simulate one or more")
    told = [plain(run, series) for run in runs]
    whole = told[0] if len(told) == 1 else {"schema_version": SCHEMA_VERSION, "runs": told}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def plain(run: Run, series: Sequence[str] | None = None) -> dict[str, Any]:
    """Return a run as dicts, lists, strings and finite numbers, in the order of the contract."""
    return {
        "schema_version": SCHEMA_VERSION,
        "family": run.settings.family,
        "policy": run.settings.policy,
        "gate": run.settings.gate,
        "settings": msgspec.to_builtins(run.settings) | {"options": _effective(run.settings)},
        "generations": list(run.generations),
        "series": {name: _statistics(each) for name, each in run.series.items()},
        "theory": {name: {"value": _finite(each.value), "kind": each.kind, "source": each.source} for name, each in run.theory.items()},
        "lead_times": run.lead_times,
        "definitions": msgspec.to_builtins(run.definitions),
        "longtail_version": version("longtail"),
        "command": command_of([run], series),
        "replicate_generations_per_second": run.rate,
    }


def to_csv(runs: Sequence[Run]) -> str:
    """Return a row for each run, series and generation, with the columns `COLUMNS`; a value that does not exist is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for run in runs:
        for name, each in run.series.items():
            writer.writerows(_rows(run, name, each))
    return text.getvalue()


def command_of(runs: Sequence[Run], series: Sequence[str] | None = None) -> str:
    """Return the command that gives these runs again; several commands, by semicolon, where they differ in more than the policy."""
    groups: dict[bytes, list[Settings]] = {}
    for each in (run.settings for run in runs):
        rest = msgspec.json.encode(msgspec.structs.replace(each, policy=""), order="sorted")
        groups.setdefault(rest, []).append(each)
    return "; ".join(shlex.join(_words(group, series)) for group in groups.values())


def write_runs(runs: Sequence[Run], path: str | Path, series: Sequence[str] | None = None) -> None:
    """Write runs in the format that the suffix of `path` names; an existing file is replaced in one step.

    Raises:
        UsageError: The suffix names no format, or the file cannot be written.
        MissingExtra: PNG was asked for and its optional part is not installed.
    """
    target = Path(path)
    command = command_of(runs, series)
    match target.suffix.lower():
        case ".json":
            put(target, to_json(runs, series))
        case ".csv":
            put(target, to_csv(runs))
        case ".svg":
            put(target, figure(runs, series, command=command))
        case ".png":
            facts = {"Command": command, "Software": f"longtail {version('longtail')}"}
            put_png(target, figure(runs, series, command=command), facts)
        case _:
            raise UsageError(f"cannot tell the format of {str(path)!r} from its suffix; known suffixes: {', '.join(SUFFIXES)}")


def _effective(settings: Settings) -> dict[str, Any]:
    """Return the settings of the family that were in force, those at their defaults among them."""
    entry = FAMILIES[settings.family]
    parameters = inspect.signature(entry.member).parameters
    return {name: parameters[name].default for name in entry.settings if name not in entry.required} | dict(settings.options)


def _finite(values: Sequence[float | None]) -> list[float | None]:
    return [value if value is not None and math.isfinite(value) else None for value in values]


def _statistics(each: Series) -> dict[str, Any]:
    told: dict[str, Any] = {name: _finite(getattr(each, name)) for name in _STATISTICS}
    return told | ({"left_out": list(each.left_out)} if any(each.left_out) else {})


def _rows(run: Run, name: str, each: Series) -> list[list[Any]]:
    theory = run.theory.get(name)
    columns = [_finite(getattr(each, statistic)) for statistic in _STATISTICS]
    values = _finite(theory.value) if theory else [None] * len(run.generations)
    kind = theory.kind if theory else ""
    head = [run.settings.family, run.settings.policy, run.settings.gate, name]
    rows = zip(run.generations, *columns, each.left_out, values, strict=True)
    return [[*head, *("" if value is None else value for value in row), kind if row[-1] is not None else ""] for row in rows]


def _words(group: Sequence[Settings], series: Sequence[str] | None) -> list[str]:
    """Return the words of the command for settings that differ in their policy alone."""
    first = group[0]
    words = ["longtail", "lab", "run", first.family]
    words += [word for each in group for word in ("--policy", each.policy)]
    words += _told(first)
    words += [word for change in first.changes for text in _changes(change) for word in ("--change", text)]
    words += [word for name, value in first.options.items() if value is not None for word in ("--" + name.replace("_", "-"), _word(value))]
    return [*words, *(("--series", ",".join(series)) if series else ())]


def _told(settings: Settings) -> list[str]:
    """Return the common settings as options, those at a default that seldom changes left out."""
    names = ("gate", "generations", "samples", "replicates", "seed", "schedule", "real", "draws")
    values = {name: getattr(settings, name) for name in names}
    return [word for name, value in values.items() if value != _PLAIN.get(name, ...) for word in (f"--{name}", str(value))]


def _changes(change: Change) -> list[str]:
    parts = {"policy": change.policy, "gate": change.gate, "reset": change.reset}
    told = [f"{change.generation}:{name}={value}" for name, value in parts.items() if value is not None]
    return [*told, *([f"{change.generation}:drop={change.drop[0]}-{change.drop[1]}"] if change.drop else [])]


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
