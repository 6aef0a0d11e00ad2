"""Scenarios from end to end: data laid generation by generation, then audited like any other data."""

from importlib import import_module
from pathlib import Path
from typing import Any

from longtail.auditing import audit
from longtail.errors import UsageError
from longtail.lab.scenarios.catalogue import Audited, Laid, Told, module_of
from longtail.records import OnProgress, Progress, Report


def perform(name: str, folder: Path, *, seed: int = 0, on_progress: OnProgress | None = None) -> Told:
    """Lay a scenario in a folder and audit its generations beside the first one.

    Args:
        name: Name of a scenario.
        folder: A new or an empty folder, or one that this scenario has filled before.
        seed: Seed of all chance.
        on_progress: Called after each audit.

    Raises:
        UnknownName: No scenario of that name.
        UsageError: The folder holds something else, or cannot be written.
        MissingExtra: The scenario takes an optional part that is not installed.
    """
    scenario = import_module(module_of(name))
    laid = laid_in(name, folder, seed)
    rows = [] if laid.corpus is None else [_row(1, report_of(laid, seed, on_progress))]
    for at in range(1, len(laid.generations)):
        if on_progress is not None:
            on_progress(Progress(stage=f"audit {name}", done=at - 1, total=len(laid.generations) - 1, unit="generations"))
        rows.append(_row(at + 1, _report(laid, at, seed)))
    return Told(name=name, title=scenario.TITLE, folder=folder, rows=tuple(rows), checks=scenario.checks(laid, rows))


def laid_in(name: str, folder: Path, seed: int) -> Laid:
    """Lay a scenario in a folder and return where its data lie.

    Raises:
        UnknownName: No scenario of that name.
        UsageError: The folder holds something else, or cannot be written.
        MissingExtra: The scenario takes an optional part that is not installed.
    """
    scenario = import_module(module_of(name))
    _claim(folder, name)
    laid: Laid = scenario.lay(folder, seed)
    return laid


def title_of(name: str) -> str:
    """Return what a scenario shows, in a few words."""
    title: str = import_module(module_of(name)).TITLE
    return title


def report_of(laid: Laid, seed: int, on_progress: OnProgress | None = None) -> Report:
    """Return the audit of the one corpus of a scenario."""
    return audit(
        laid.corpus,
        laid.reference,
        synthetic=laid.synthetic,
        closed=laid.synthetic is not None,
        seed=seed,
        command=command_of(laid, 0),
        on_progress=on_progress,
    )


def command_of(laid: Laid, at: int) -> str:
    """Return the command that audits a generation, or the one corpus."""
    if laid.corpus is not None:
        machine = f" --synthetic {laid.synthetic} --closed" if laid.synthetic else ""
        return f"longtail audit {laid.corpus} --reference {laid.reference}{machine}"
    scores = f" --scores {laid.scores[at]} --baseline-scores {laid.scores[0]}" if laid.scores else ""
    views = f" --view {','.join(laid.views)}" if laid.views else ""
    by = "".join(f" --by {column}" for column in laid.by)
    return f"longtail audit {laid.generations[at]} --baseline {laid.generations[0]} --reference {laid.reference}{scores}{views}{by}"


def _report(laid: Laid, at: int, seed: int) -> Report:
    options: dict[str, Any] = {"views": laid.views} if laid.views else {}
    if laid.by:
        options["by"] = laid.by
    if laid.scores:
        options |= {"scores": laid.scores[at], "baseline_scores": laid.scores[0]}
    return audit(laid.generations[at], laid.reference, laid.generations[0], seed=seed, command=command_of(laid, at), **options)


def _row(generation: int, report: Report) -> Audited:
    kept = {
        f"{each.metric}@{each.slice or each.view}": (each.value, each.low, each.high)
        for each in report.estimates
        if each.decision is not None
        and each.metric in ("tail_types_retained", "tail_mass_retained", "hill_1", "class_share", "heldout_nll")
    }
    found = report.panels.get("origin", {}).get("told")
    machine = found["whole"]["machine"] if found else {}
    if machine.get("share") is not None:
        kept["machine"] = (machine["share"], machine["low"], machine["high"])
    return Audited(
        generation=generation,
        phase=report.phase.name,
        labels=report.phase.labels,
        status=report.worst(),
        failing=tuple(finding.code for finding in report.findings if finding.status == "fail"),
        warned=tuple(finding.code for finding in report.findings if finding.status == "warn"),
        kept=kept,
    )


def _claim(folder: Path, name: str) -> None:
    marker = folder / f"{name}.scenario"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = sorted(path.name for path in folder.iterdir())
        if foreign and not marker.exists():
            raise UsageError(f"{folder} holds files that the scenario {name} did not write, such as {foreign[0]!r}; name an empty folder")
        marker.touch()
    except OSError as error:
        raise UsageError(f"{folder} cannot hold the scenario: {error.strerror}; name a folder that can be written") from error
