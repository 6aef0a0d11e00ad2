"""Experiments: a claim, the runs that test it and what is expected of them, each in one TOML file."""

import time
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from longtail.errors import ConfigError, LongtailError, MissingExtra, ReadError, UnknownName, UsageError
from longtail.lab.beside import theory_of
from longtail.lab.expectation import Expect, Measured, Quantity, measured
from longtail.lab.kept import Values
from longtail.lab.makers.catalogue import AskedOf, asked, lacks, made
from longtail.lab.result import Made, Run, lead_times, summed, told_of
from longtail.lab.run import prepared, simulate
from longtail.lab.script import script
from longtail.lab.settings import Settings, parse_change
from longtail.records import OnProgress, Record

Kind = TypeVar("Kind")

FOLDER = Path(str(files("longtail.lab"))) / "experiments"


class Told(Record, frozen=True):
    """An experiment as its file tells it.

    Args:
        title: A few words.
        answers: Claims that it tests, by their ids in the register.
        claim: What is claimed, in a sentence.
        condition: Where it was tested.
        sources: Literature.
        only_if: What the claim hangs on, where the experiment shows both sides.
        needs: A part that is not built yet; then there is nothing to run.
        maker: What measures the runs where they are no loops of `Settings`, a member of `MAKERS`, whose settings they then have.
        extra: The optional part of longtail that its families take.
        exploratory: Nothing is claimed, whatever comes out.
        replicates: Lineages of each run.
        quick_replicates: The same in a quick run.
        settings: What all runs share, as fields of `Settings`.
        run: The runs: a name, and what sets each apart; one that a maker makes may have `replicates` of its own.
        expect: The expectations.
    """

    title: str
    answers: tuple[str, ...]
    claim: str
    condition: str
    sources: tuple[str, ...]
    only_if: str | None = None
    needs: str | None = None
    maker: str | None = None
    extra: str | None = None
    exploratory: bool = False
    replicates: int = 200
    quick_replicates: int = 50
    settings: dict[str, Any] = {}
    run: tuple[dict[str, Any], ...] = ()
    expect: tuple[Expect, ...] = ()


class Experiment(Record, frozen=True):
    """An experiment that was checked: its runs with their settings, by name.

    `made` has the runs of a maker, `sizes` the replicates of those of them that have a number of their own.
    """

    name: str
    told: Told
    runs: dict[str, Settings]
    made: dict[str, AskedOf] = {}
    sizes: dict[str, int] = {}

    def replicates(self, run: str, seeds: int) -> int:
        """Return the replicates of a run where so many are asked for: those of its own grow and shrink with them."""
        return -(-self.sizes[run] * seeds // self.told.replicates) if run in self.sizes else seeds


class Outcome(Record, frozen=True):
    """What an experiment came to; `runs` has its runs by name, `made` those of a maker."""

    name: str
    status: str
    measured: tuple[Measured, ...]
    seconds: float
    runs: dict[str, Run]
    made: dict[str, Made] = {}

    @property
    def failing(self) -> bool:
        """Tell whether an expectation fails."""
        return any(each.verdict == "fails" for each in self.measured)


def names() -> list[str]:
    """Return the experiments that are shipped."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Experiment:
    """Return an experiment: a shipped one by its name, any other by the path of its file, which ends in .toml.

    Raises:
        UnknownName: No shipped experiment of that name.
        ReadError: The file cannot be read.
        ConfigError: It is no experiment; the message says where.
    """
    if not name.endswith(".toml") and name not in names():
        raise UnknownName("experiment", name, names())
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ReadError(str(path), f"{reason}", fix="name an experiment file, or one of: longtail lab experiment") from None
    try:
        return _checked(path.stem, msgspec.convert(tomllib.loads(text), Told))
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}; see the experiments that are shipped for the format") from None
    except LongtailError as error:
        raise ConfigError(f"{path}: {error}") from None


def perform(
    experiment: Experiment,
    *,
    quick: bool = False,
    seeds: int | None = None,
    workers: int = 1,
    keep: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Outcome:
    """Run an experiment and judge its expectations.

    Args:
        experiment: From `load`.
        quick: Fewer replicates: wider intervals, the same expectations.
        seeds: Replicates, in place of those that the experiment says.
        workers: Processes; the numbers do not depend on them.
        keep: Folder of finished blocks, so that what was stopped goes on where it was.
        on_progress: Called after each block.

    Raises:
        MissingExtra: A family takes an optional part that is not installed.
    """
    told, begun = experiment.told, time.perf_counter()
    if told.needs is not None:
        return Outcome(name=experiment.name, status=f"not yet: needs {told.needs}", measured=(), seconds=0.0, runs={})
    size = seeds or (told.quick_replicates if quick else told.replicates)
    every = {name: msgspec.structs.replace(settings, replicates=size) for name, settings in experiment.runs.items()}
    values = {
        name: simulate(settings, _wanted(told.expect, name), workers=workers, keep=keep, on_progress=on_progress)
        for name, settings in every.items()
    }
    makes = _made(experiment, size, workers=workers, keep=keep, on_progress=on_progress)
    both = values | makes
    found = tuple(measured(expect, both) for expect in told.expect)
    seconds = time.perf_counter() - begun
    runs = {name: _run(settings, values[name], seconds) for name, settings in every.items()}
    made_runs = {name: told_of(settings, makes[name]) for name, settings in experiment.made.items()}
    return Outcome(name=experiment.name, status=status_of(told, found), measured=found, seconds=seconds, runs=runs, made=made_runs)


def missing(experiment: Experiment) -> MissingExtra | None:
    """Return what keeps an experiment from running on this machine, None where nothing does."""
    for settings in experiment.runs.values() if experiment.told.extra else ():
        try:
            prepared(settings, script(settings))
        except MissingExtra as error:
            return error
    for name, of in experiment.made.items() if experiment.told.extra else ():
        lacking = lacks(experiment.told.maker or "", of)
        if lacking is not None:
            return MissingExtra(f"the run {name!r}", lacking)
    return None


def status_of(told: Told, found: Iterable[Measured]) -> str:
    """Return what the expectations come to: the worst of their verdicts decides."""
    verdicts = {each.verdict for each in found}
    if told.exploratory:
        return "exploratory: no claim"
    if "fails" in verdicts:
        return "does not reproduce"
    if "undecided" in verdicts:
        return "undecided"
    return f"holds only if {told.only_if}" if told.only_if else "holds"


def _made(experiment: Experiment, seeds: int, **how: Any) -> dict[str, Values]:
    """Return all series of the runs that a maker makes.

    Raises:
        UsageError: The maker has no series of a name that an expectation is about.
    """
    maker = experiment.told.maker or ""
    asked_for = {name: (settings, experiment.replicates(name, seeds)) for name, settings in experiment.made.items()}
    found = made(maker, asked_for, **how) if asked_for else {}
    for name, series in found.items():
        if unknown := _wanted(experiment.told.expect, name) - set(series):
            raise UsageError(f"series {min(unknown)!r} is not known to the maker {maker}; it has {', '.join(sorted(series))}")
    return found


def _wanted(expects: Iterable[Expect], run: str) -> frozenset[str]:
    return frozenset(quantity.series for expect in expects for quantity in expect.quantities if quantity.run == run)


def _run(settings: Settings, values: dict[str, list[Any]], seconds: float) -> Run:
    steps, series = script(settings), summed(values)
    return Run(
        settings=settings,
        generations=tuple(step.generation for step in steps),
        series=series,
        theory=theory_of(settings, steps, frozenset(series)),
        lead_times=lead_times(series),
        seconds=seconds,
    )


def _checked(name: str, told: Told) -> Experiment:
    """Return the experiment with the settings of its runs.

    Raises:
        ConfigError: A run or an expectation cannot be.
    """
    if (told.needs is None) != bool(told.run and told.expect):
        raise ConfigError("an experiment has runs and expectations, or says what it needs; give one of the two")
    every = dict(_named(told, given) for given in told.run)
    if len(every) < len(told.run):
        raise ConfigError("two runs have the same name; name each run once")
    for expect in told.expect:
        for quantity in expect.quantities:
            _check(quantity, every)
    for each in every:
        if not _wanted(told.expect, each):
            raise ConfigError(f"no expectation is about the run {each!r}; leave it out, or say what is expected")
    return Experiment(name=name, told=told, runs=_of(Settings, every), made=_of(AskedOf, every), sizes=_sizes(told))


def _sizes(told: Told) -> dict[str, int]:
    """Return the replicates of the runs that have a number of their own.

    Raises:
        ConfigError: It is no number of replicates, or two runs are held against each other, replicate by replicate, of unlike numbers.
    """
    sizes = {run["name"]: run["replicates"] for run in told.run if "replicates" in run}
    for name, size in sizes.items():
        if not isinstance(size, int) or size < 1:
            raise ConfigError(f"the run {name!r} has {size!r} replicates; take a whole number from 1 up")
    for expect in told.expect:
        if len({sizes.get(quantity.run, told.replicates) for quantity in expect.quantities}) > 1:
            raise ConfigError(f"expectation {expect.says!r} compares runs replicate by replicate that have unlike numbers of them")
    return sizes


def _of(kind: type[Kind], every: Mapping[str, object]) -> dict[str, Kind]:
    """Return the runs whose settings are of one kind."""
    return {name: settings for name, settings in every.items() if isinstance(settings, kind)}


def _check(quantity: Quantity, runs: Mapping[str, Settings | AskedOf]) -> None:
    if quantity.run not in runs:
        raise UnknownName("run", quantity.run, runs)
    last = runs[quantity.run].generations
    for generation in (quantity.generation, quantity.over):
        if generation is not None and not 1 <= generation <= last:
            raise ConfigError(f"generation {generation} of the run {quantity.run!r} is outside 1 to {last}")


def _named(told: Told, given: dict[str, Any]) -> tuple[str, Settings | AskedOf]:
    common, own = told.settings, dict(given)
    name = own.pop("name", None)
    if not isinstance(name, str):
        raise ConfigError(f"a run has no name: {given}")
    if "replicates" in common or ("replicates" in own and told.maker is None):
        raise ConfigError(f"the run {name!r} has replicates of its own; give them once for the experiment")
    if told.maker is not None:
        own.pop("replicates", None)
        return name, asked(told.maker, common | own)
    merged = common | own | {"options": common.get("options", {}) | own.get("options", {})}
    merged["changes"] = [msgspec.to_builtins(parse_change(text)) for text in merged.get("changes", ())]
    return name, msgspec.convert(merged, Settings)
