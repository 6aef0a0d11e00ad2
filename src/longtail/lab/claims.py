"""The claims register: what is claimed about collapse, what tests it here, and what came out.

Sentences and sources are written by hand, in `claims.toml`. What was measured is not: `claims.json` is what
`longtail lab claims --run full --out` wrote.
"""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import msgspec

from longtail.errors import ConfigError, MissingExtra, ReadError
from longtail.lab import sources_claimed
from longtail.lab.expectation import Measured
from longtail.lab.experiment import FOLDER, Experiment, Outcome, load, missing, names, perform
from longtail.lab.scenarios import run
from longtail.lab.scenarios.catalogue import SCENARIOS
from longtail.records import SCHEMA_VERSION, OnProgress, Progress, Record

CLAIMS = FOLDER.parent / "claims.toml"
SHIPPED = FOLDER.parent / "claims.json"
UNGROUNDED = "ungrounded"
NOT_RUN = "not yet run"
SCENARIO = "scenario"
SEEDS = (0, 1, 2)
"""Seeds with which scenarios are run for the register, so that no claim rests on one that was chosen."""
GRAVEST = ("does not reproduce", "undecided", "not yet", "exploratory", "holds only if", "holds")
"""Beginnings of a status; where several experiments answer one claim, the first of these decides."""


class Claim(Record, frozen=True):
    """A claim: its sentence, who makes it and the experiments that test it; `why` says why none does."""

    id: str
    says: str
    sources: tuple[str, ...]
    experiments: tuple[str, ...] = ()
    why: str | None = None


class Result(Record, frozen=True):
    """What an experiment came to, and when."""

    status: str
    date: str
    measured: tuple[Measured, ...] = ()


class Row(Record, frozen=True):
    """A claim with what came out."""

    id: str
    says: str
    sources: tuple[str, ...]
    experiments: tuple[str, ...]
    status: str
    date: str | None
    why: str | None = None

    @property
    def failing(self) -> bool:
        """Tell whether the claim was tested and does not reproduce."""
        return self.status.startswith(GRAVEST[0])


class Register(Record, frozen=True):
    """All claims, and the results that their states come from."""

    run: Literal["quick", "full"]
    claims: tuple[Row, ...]
    results: dict[str, Result]
    longtail_version: str
    schema_version: str = SCHEMA_VERSION


class _Claims(Record, frozen=True):
    claim: tuple[Claim, ...]


def claims() -> tuple[Claim, ...]:
    """Return the claims.

    Raises:
        ConfigError: A claim has neither an experiment nor a reason, or both, or names an experiment that is not shipped.
    """
    found = msgspec.convert(tomllib.loads(CLAIMS.read_text(encoding="utf-8")), _Claims).claim
    known = {*names(), sources_claimed.TITLE, *(f"{SCENARIO} {name}" for name in SCENARIOS)}
    for claim in found:
        if bool(claim.experiments) == bool(claim.why):
            raise ConfigError(f"claim {claim.id}: give experiments, or why there are none")
        if unknown := set(claim.experiments) - known:
            raise ConfigError(f"claim {claim.id}: no experiment {min(unknown)!r}; known: {', '.join(sorted(known))}")
    return found


def shipped(path: Path = SHIPPED) -> Register:
    """Return the register with the results that a file holds.

    Raises:
        ReadError: The file cannot be read or is no register.
    """
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=Register)
    except (OSError, msgspec.MsgspecError) as error:
        raise ReadError(str(path), f"no register: {error}", fix=f"write it: longtail lab claims --run full --out {path}") from None
    return register(stored.results, stored.run)


def run_all(
    *,
    quick: bool,
    workers: int = 1,
    keep: Path | None = None,
    on_progress: OnProgress | None = None,
    known: dict[str, Result] | None = None,
    only: Sequence[str] = (),
) -> dict[str, Result]:
    """Run every shipped experiment, and in a full run every scenario, and return what each came to.

    One that takes an optional part that is not installed keeps what was known of it.

    Args:
        quick: Fewer replicates.
        workers: Processes.
        keep: Folder of finished blocks.
        on_progress: Called after each experiment.
        known: Results of an earlier run.
        only: Experiments to run; the results of all others are then those that were known.

    Raises:
        UnknownName: No shipped experiment has a name of `only`.
    """
    found: dict[str, Result] = {}
    every = [load(name) for name in only or names()]
    for done, experiment in enumerate(every):
        if on_progress is not None:
            on_progress(Progress(stage=experiment.name, done=done, total=len(every), unit="experiments"))
        found[experiment.name] = _performed(experiment, known or {}, quick=quick, workers=workers, keep=keep)
    if only:
        return (known or {}) | found
    found[sources_claimed.TITLE] = _result(sources_claimed.checks(quick=quick))
    return found | ({} if quick else _scenarios(on_progress, known or {}))


def _performed(experiment: Experiment, known: dict[str, Result], **how: Any) -> Result:
    """Return what an experiment comes to; of one that takes an optional part that is not installed what was known."""
    lacking = missing(experiment)
    if lacking is None:
        return result_of(perform(experiment, **how))
    return known.get(experiment.name) or Result(status=f"{NOT_RUN}: {lacking}", date=today())


def register(results: dict[str, Result], size: Literal["quick", "full"]) -> Register:
    """Return all claims with the results of experiments."""
    rows = tuple(_row(claim, results) for claim in claims())
    return Register(run=size, claims=rows, results=results, longtail_version=version("longtail"))


def result_of(outcome: Outcome) -> Result:
    """Return what a register keeps of an experiment."""
    return Result(status=outcome.status, date=today(), measured=outcome.measured)


def contradicted(now: dict[str, Result], before: dict[str, Result]) -> list[str]:
    """Return the experiments of which an expectation that was decided is now decided the other way."""
    return [
        f"{name}: {new.says}: {old.verdict} before, {new.verdict} now ({new.value})"
        for name, result in now.items()
        for old, new in zip(before[name].measured if name in before else (), result.measured, strict=False)
        if {old.verdict, new.verdict} == {"holds", "fails"}
    ]


def today() -> str:
    """Return the date, in UTC."""
    return datetime.now(UTC).date().isoformat()


def _scenarios(on_progress: OnProgress | None, known: dict[str, Result]) -> dict[str, Result]:
    found: dict[str, Result] = {}
    for name in SCENARIOS:
        label = f"{SCENARIO} {name}"
        try:
            checks = tuple(each for seed in SEEDS for each in _checks(name, seed, on_progress))
        except MissingExtra as error:
            found[label] = known.get(label) or Result(status=f"{NOT_RUN}: {error}", date=today())
            continue
        found[label] = _result(checks, getattr(import_module(SCENARIOS[name]), "ONLY_IF", None))
    return found


def _result(checks: tuple[Measured, ...], only_if: str | None = None) -> Result:
    verdicts = {each.verdict for each in checks}
    holds = f"holds only if {only_if}" if only_if else "holds"
    status = "does not reproduce" if "fails" in verdicts else "undecided" if "undecided" in verdicts else holds
    return Result(status=status, date=today(), measured=checks)


def _checks(name: str, seed: int, on_progress: OnProgress | None) -> list[Measured]:
    with TemporaryDirectory(prefix="longtail-") as folder:
        checks = run.perform(name, Path(folder), seed=seed, on_progress=on_progress).checks
    return [msgspec.structs.replace(each, says=f"Seed {seed}: {each.says}") for each in checks]


def _row(claim: Claim, results: dict[str, Result]) -> Row:
    found = [results[name] for name in claim.experiments if name in results]
    if not claim.experiments:
        status, date = UNGROUNDED, None
    elif len(found) < len(claim.experiments):
        status, date = NOT_RUN, None
    else:
        gravest = min(found, key=_gravity)
        status, date = gravest.status, max(result.date for result in found)
    return Row(id=claim.id, says=claim.says, sources=claim.sources, experiments=claim.experiments, status=status, date=date, why=claim.why)


def _gravity(result: Result) -> int:
    return next(at for at, begin in enumerate(GRAVEST) if result.status.startswith(begin))
