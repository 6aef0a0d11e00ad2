"""Rollouts beside an audit: the guards asked once, of the last window of a run beside its first."""

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.guards import GUARDS, Settings, Watched, ask
from longtail.metrics.rollouts.estimates import estimates
from longtail.metrics.rollouts.mix import mix_of
from longtail.metrics.rollouts.windows import Window, windows
from longtail.readers.files import digest_of, guarded
from longtail.readers.rollouts import Rollouts, find, read_rollouts
from longtail.records import Estimate, InputRecord, Verdict

ROLE = "rollouts"
MOST_WINDOWS = 24
"""Windows whose mix of formats the report shows."""


class Run(NamedTuple):
    """A training run that was named beside an audit.

    Attributes:
        path: Folder or file, as it was named.
        rollouts: What was read.
        budget: Divergence from the reference model that is allowed, in nats per token, or None.
        success: Reward from which a completion is a success.
        weights: Of the parts of a reward whose files hold none; empty where none were given.
        sha256: Of its files.
        bytes: Of its files.
    """

    path: str
    rollouts: Rollouts
    budget: float | None
    success: float
    weights: dict[str, float]
    sha256: str
    bytes: int

    @property
    def key(self) -> str:
        """Return what of a run is part of the key of an audit."""
        weights = [sorted(self.weights.items())] if self.weights else []
        return " ".join(map(str, (self.sha256, self.budget, self.success, *weights)))

    def as_input(self) -> InputRecord:
        """Return the line of the report's `inputs` for the run."""
        return InputRecord(
            role="rollouts",
            path=self.path,
            parts=self.rollouts.files,
            documents=len(self.rollouts.rows),
            bytes=self.bytes,
            quarantined=self.rollouts.quarantined,
            sha256=self.sha256,
            view=ROLE,
            content=f"rollouts of {self.rollouts.kind}",
        )


class Judged(NamedTuple):
    """What the guards say of the end of a run.

    Attributes:
        run: The run.
        verdicts: By code of the rule that says the same.
        estimates: The numbers, each at 95 %.
        panel: What the report shows of it.
    """

    run: Run
    verdicts: Mapping[str, Verdict]
    estimates: tuple[Estimate, ...]
    panel: dict[str, Any]


def read_run(rollouts: Any, budget: float | None, success: float, weights: Mapping[str, float] | None) -> Run | None:
    """Read the run that was named; None where none was.

    Args:
        rollouts: Folder that a trainer wrote to, or a file of rollouts.
        budget: Divergence from the reference model that is allowed, in nats per token.
        success: Reward from which a completion is a success.
        weights: Of the parts of a reward whose files hold none, by name.

    Raises:
        ReadError: There are no rollouts that can be read.
        UsageError: A budget or weights were given, and no run.
        ConfigError: A number is out of range, or a weight of no part of the reward.
    """
    if rollouts is None and budget is None and not weights:
        return None
    _check(rollouts, budget, success)
    with guarded(str(rollouts)):
        files = [str(path) for path in find(Path(rollouts)).files]
        found = read_rollouts(Path(rollouts), weights)
        size = sum(Path(path).stat().st_size for path in files)
    if not found.rows:
        first = found.quarantine[0].reason if found.quarantine else "the files are empty"
        raise ReadError(str(rollouts), f"no rollout could be read: {first}", fix="name the output folder of a run, or a file of rollouts")
    return Run(str(rollouts), found, budget, success, dict(weights or {}), digest_of(files), size)


def _check(rollouts: Any, budget: float | None, success: float) -> None:
    """Refuse, before anything is read, what is no run and what is out of range."""
    if rollouts is None:
        given = "reward weights were" if budget is None else f"budget {budget!r} was"
        raise UsageError(f"{given} given without rollouts; name the run with --rollouts RUN")
    if not isinstance(rollouts, str | os.PathLike):
        raise UsageError(f"rollouts is a {type(rollouts).__name__}; name the output folder of a run, or a file of rollouts")
    if budget is not None and not (budget > 0 and math.isfinite(budget)):
        raise ConfigError(f"budget is {budget!r}; give nats per token above 0")
    if not math.isfinite(success):
        raise ConfigError(f"success is {success!r}; give the reward from which a completion is a success")


def judge_run(run: Run | None, level: float) -> Judged | None:
    """Return what the guards say of the last window of a run beside its first, or None where there is none.

    Args:
        run: As it was read.
        level: Chance of any false alarm, all guards together.
    """
    if run is None:
        return None
    settings = Settings(alpha=level, horizon=1, budget=run.budget, success=run.success)
    cut = windows(run.rollouts.rows, settings.fewest)
    panel = _panel(run, cut)
    if len(cut) < 2:
        too_short = _too_short(run, settings.fewest)
        return Judged(run, {entry.facts["code"]: too_short for entry in GUARDS}, (), panel)
    watched = Watched(base=cut[0], here=cut[-1], level=level / len(GUARDS), settings=settings)
    verdicts = {entry.facts["code"]: _placed(ask(entry.name, watched), cut) for entry in GUARDS}
    return Judged(run, verdicts, estimates(cut[0], cut[-1], run.success), panel)


def tested(judged: Judged | None) -> bool:
    """Return whether any guard could tell anything of a run."""
    return judged is not None and any(verdict.status != "not_measured" for verdict in judged.verdicts.values())


def run_key(run: Run | None) -> str:
    """Return what of a run is part of the key of an audit; empty where none was named."""
    return run.key if run else ""


def run_estimates(judged: Judged | None) -> tuple[Estimate, ...]:
    """Return the numbers of a run; none where none was named."""
    return judged.estimates if judged else ()


def run_panel(judged: Judged | None) -> dict[str, Any]:
    """Return the panel `rollouts`; nothing where no run was named."""
    return {ROLE: judged.panel} if judged else {}


def _placed(verdict: Verdict, cut: tuple[Window, ...]) -> Verdict:
    where = f"{ROLE}: {cut[-1].steps} beside {cut[0].steps}"
    return msgspec.structs.replace(verdict, where=where) if verdict.status in ("warn", "fail") else verdict


def _too_short(run: Run, fewest: int) -> Verdict:
    groups = len({row.group for row in run.rollouts.rows})
    because = f"{groups} groups of completions: a window takes {fewest} in whole steps, and the last is compared with the first"
    return Verdict(status="not_measured", because=because, enable=f"rollouts of at least {2 * fewest} groups over two steps or more")


def _panel(run: Run, cut: tuple[Window, ...]) -> dict[str, Any]:
    """Return what the run was and the shares of formats in its windows, evenly chosen where there are many."""
    many = len(cut)
    chosen = sorted({round(at * (many - 1) / (MOST_WINDOWS - 1)) for at in range(MOST_WINDOWS)}) if many > MOST_WINDOWS else range(many)
    return {
        "kind": run.rollouts.kind,
        "rollouts": len(run.rollouts.rows),
        "replaced": run.rollouts.replaced,
        "assumed": run.rollouts.assumed,
        "budget": run.budget,
        "success": run.success,
        "weights": run.weights,
        "windows": many,
        "mix": [_mix(cut[at]) for at in chosen],
    }


def _mix(window: Window) -> dict[str, Any]:
    mix = mix_of(window)
    shares = {name: float(share) for name, share in zip(mix.names, mix.shares, strict=True) if share}
    return {"first": window.first, "last": window.last, "completions": len(window.rows), "shares": shares}
