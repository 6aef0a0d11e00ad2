"""The data sets of a lineage: given in order, or named in a `lineage.toml`."""

import hashlib
import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from longtail.auditing.inputs import Inputs, Profiler, Sources, as_scores
from longtail.auditing.options import Options
from longtail.errors import ConfigError, ReadError, UsageError
from longtail.records import InputRecord, OnProgress, Record
from longtail.summaries.reference import Reference

SUFFIX = ".toml"

_ORDER = ("candidate", "baseline", "generation", "control", "reference", "trained_on", "against")


class LineageFile(Record, frozen=True):
    """What a `lineage.toml` says; paths are relative to its folder, and several paths in a list are one data set."""

    generations: tuple[str | tuple[str, ...], ...]
    reference: str | tuple[str, ...] | None = None
    control: tuple[str | tuple[str, ...], ...] = ()
    scores: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lineage:
    """Where the data of a lineage are.

    Attributes:
        generations: Outputs of generation 1, 2, … in order.
        controls: One for each generation after the first, one for all, or none.
        scores: Scores of each generation's model, or none.
        rest: The other sources of the audit.
    """

    generations: tuple[Any, ...]
    controls: tuple[Any, ...]
    scores: tuple[Any, ...]
    rest: Sources

    @classmethod
    def of(cls, given: Sequence[Any], sources: Sources) -> "Lineage":
        """Return the lineage that was given, as data sets in order or as one file that names them.

        Raises:
            UsageError: Fewer than two generations, no reference, a baseline, or numbers that do not fit.
            ConfigError: The file is no lineage.
            ReadError: The file cannot be read.
        """
        given = [given] if isinstance(given, str | os.PathLike) else given
        lineage = _from_file(given, sources) or cls(tuple(given), _listed(sources.control), _listed(sources.scores), sources)
        lineage.check()
        return lineage

    def check(self) -> None:
        """Refuse what does not fit together."""
        count = len(self.generations)
        if count < 2:
            raise UsageError(f"a lineage of {count} generation{'s' if count != 1 else ''}; give generation 1 and at least one after it")
        if self.rest.reference is None:
            raise UsageError("a lineage needs human text to say what is rare; add --reference HUMAN.jsonl")
        for name in ("baseline", "against", "baseline_scores"):
            if getattr(self.rest, name) is not None:
                raise UsageError(f"--{name.replace('_', '-')} and --lineage exclude each other: the first generation is the baseline")
        if len(self.controls) not in (0, 1, count - 1, count):
            raise UsageError(
                f"{len(self.controls)} controls for {count} generations; give one for all, one for each after the first, or one for each"
            )
        if len(self.scores) not in (0, count):
            raise UsageError(f"{len(self.scores)} files of scores for {count} generations; give one for each, in the same order")

    def control_of(self, generation: int) -> Any:
        """Return the control of a generation from 2 on, or None."""
        if len(self.controls) < 2:
            return self.controls[0] if self.controls else None
        return self.controls[generation - 1 - (len(self.generations) - len(self.controls))]


def _from_file(given: Sequence[Any], sources: Sources) -> Lineage | None:
    """Return the lineage that a single `.toml` names, or None where none was given."""
    if len(given) != 1 or not isinstance(given[0], str | os.PathLike) or not os.fspath(given[0]).endswith(SUFFIX):
        return None
    path = Path(given[0])
    found, at = _read(path), path.parent
    if sources.reference is None and found.reference:
        sources = replace(sources, reference=_placed(at, found.reference))
    generations, control, scores = (
        tuple(_placed(at, name) for name in names) for names in (found.generations, found.control, found.scores)
    )
    return Lineage(generations, control or _listed(sources.control), scores or _listed(sources.scores), sources)


def _read(path: Path) -> LineageFile:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), LineageFile)
    except OSError as error:
        raise ReadError(str(path), error.strerror or str(error), fix="check the path of the lineage") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(
            f"{path}: not a lineage ({error}); it has generations = [...] in order, and may have reference, control, scores"
        ) from error


def _placed(folder: Path, name: str | tuple[str, ...]) -> Any:
    """Return a path, or the parts of a data set, from the folder of the file that names them."""
    return [str(folder / each) for each in name] if isinstance(name, tuple) else str(folder / name)


def _listed(given: Any) -> tuple[Any, ...]:
    return () if given is None else tuple(given) if isinstance(given, list | tuple) else (given,)


def gather_lineage(lineage: Lineage, options: Options, on_progress: OnProgress | None) -> tuple[Inputs, ...]:
    """Return, for each generation after the first, itself and what it is compared with; each data set is read once.

    Raises:
        IncompatibleSummaries: Data sets that cannot be compared.
    """
    profiler = Profiler(options, lineage.rest.features, on_progress, lineage.rest.workers)
    profiler.begin(lineage.rest.first())
    profiled = profiler.of
    first, *later = [profiled(data) for data in lineage.generations]
    reference = Reference(profiled(lineage.rest.reference))
    trained_on = profiled(lineage.rest.trained_on) if lineage.rest.trained_on is not None else None
    benchmark = profiled(lineage.rest.benchmark) if lineage.rest.benchmark is not None else None
    scores = [as_scores(given) for given in lineage.scores]
    made = []
    for generation, candidate in enumerate(later, start=2):
        control = lineage.control_of(generation)
        inputs = Inputs(
            candidate=candidate,
            reference=reference,
            baseline=first,
            trained_on=trained_on,
            benchmark=benchmark,
            control=profiled(control) if control is not None else None,
            scores=scores[generation - 1] if scores else None,
            baseline_scores=scores[0] if scores else None,
        )
        inputs.require_alike()
        made.append(inputs)
    return tuple(made)


def key_of(inputs: Sequence[Inputs], options: Options, run: str = "") -> str:
    """Return the key of an audit in a history: that of its inputs, or of all its generations together.

    Args:
        inputs: Of the audit.
        options: Its settings.
        run: Key of the training run that was named beside them; empty where none was.
    """
    parts = [each.key(options) for each in inputs] + ([run] if run else [])
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def records_of(inputs: Sequence[Inputs]) -> tuple[InputRecord, ...]:
    """Return the report's `inputs` of a lineage: the last generation as candidate, the first as baseline, the others between."""
    last, count = inputs[-1], len(inputs) + 1
    of_role = {"candidate": count, "baseline": 1, "control": count}
    made = [_numbered(record, of_role.get(record.role)) for record in last.records()]
    for generation, each in enumerate(inputs[:-1], start=2):
        made.append(_numbered(each.candidate.as_input("generation"), generation))
        if each.control is not None and each.control is not last.control:
            made.append(_numbered(each.control.as_input("control"), generation))
    return tuple(sorted(made, key=lambda record: (_ORDER.index(record.role), record.generation or 0)))


def _numbered(record: InputRecord, generation: int | None) -> InputRecord:
    return msgspec.structs.replace(record, generation=generation)
