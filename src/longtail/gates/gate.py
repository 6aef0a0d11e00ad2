"""Gates in order: a document goes on from one to the next until one rejects it. A composition is a gate itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.judging import Comparing, Judge, guarded
from longtail.gates.making import made, told
from longtail.gates.recipe import Recipe, Unsure, read_recipe
from longtail.gates.verdicts import KEEP, REJECT, REVIEW, Decisions, Verdicts
from longtail.records import Origin

Given: TypeAlias = str | tuple[str, Mapping[str, Any]] | Judge | Comparing
"""A gate as it is handed over: a name, a name with settings, or any function of a batch."""


class Stage(NamedTuple):
    """One gate of a composition.

    Attributes:
        name: What verdicts and counts call it; no two stages share one.
        gate: What judges.
        settings: What it was made with, as a recipe writes it.
    """

    name: str
    gate: Judge | Comparing
    settings: Mapping[str, Any]

    @property
    def compares(self) -> bool:
        """Tell whether it sees all documents before it judges any."""
        return hasattr(self.gate, "over")

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Judge:
        """Return what judges a data set."""
        return self.gate.over(batches) if hasattr(self.gate, "over") else self.gate


class Gate:
    """Gates in order, which are one gate: `longtail.Gate("exact_duplicates", ("near_duplicates", {"threshold": 0.8}), my_function)`.

    Args:
        stages: Names of the catalogue, names with settings, or functions of a `Batch` that return `Verdicts`.
        unsure: What becomes of documents that a person should look at: "keep" lets them pass, marked; "hold" holds them back.
        spare: Origins that are not judged. Gates that compare see these documents all the same, and prefer them.

    Raises:
        UnknownName: There is no gate or setting of that name.
        ConfigError: There is no stage, or a setting is missing or out of range.
    """

    def __init__(self, *stages: Given | Stage, unsure: Unsure = "keep", spare: Sequence[str] = (Origin.HUMAN.value,)) -> None:
        if not stages:
            raise ConfigError("a gate needs one stage or more, such as 'near_duplicates'")
        if unsure not in ("keep", "hold"):
            raise ConfigError(f"unsure is {unsure!r}; take keep (they pass, marked for review) or hold (they wait for it)")
        for origin in spare:
            if origin not in set(Origin):
                raise ConfigError(f"spare names {origin!r}; origins are {', '.join(Origin)}")
        self.unsure: Unsure = unsure
        self.spare = tuple(spare)
        self.stages = _named([given if isinstance(given, Stage) else _stage(given) for given in stages])

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Self:
        """Return the gate of a recipe: a TOML file, or the name of one that comes with longtail.

        Raises:
            ReadError: There is no such file, or it is no TOML.
            ConfigError: The recipe holds what no recipe holds.
            UnknownName: There is no gate or setting of that name.
        """
        return cls.of(read_recipe(path))

    @classmethod
    def of(cls, recipe: Recipe) -> Self:
        """Return the gate of a recipe.

        Raises:
            ConfigError: A setting is missing or out of range.
            UnknownName: There is no gate or setting of that name.
        """
        return cls(*recipe.stages, unsure=recipe.unsure, spare=recipe.spare)

    def judge(self, documents: Iterable[str | Mapping[str, Any]], text_column: str | None = None) -> Verdicts:
        """Judge texts or records that are a whole data set by themselves.

        Raises:
            UsageError: A document has no content.
        """
        return self(Batch.of(documents, text_column))

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        found, judged = Found(len(batch)), self.judged(batch)
        for stage in self.stages:
            alive = found.decisions < REJECT
            judge = stage.over(partial(_one, batch.judging(judged).take(np.flatnonzero(alive))))
            at = np.flatnonzero(alive & judged)
            found.take(at, stage.name, guarded(judge, batch.take(at)))
        return found.verdicts()

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Judge:
        """Return the gate for a data set: each stage that compares sees what the stages before it let through."""
        judges: list[Judge] = []
        for stage in self.stages:
            judges.append(stage.over(partial(self._seen, batches, tuple(judges))))
        return lambda batch: self._through(batch, judges)

    def passes(self, verdicts: Verdicts) -> npt.NDArray[np.bool_]:
        """Return which documents may come in, shape (documents,)."""
        return verdicts.decisions < (REVIEW if self.unsure == "hold" else REJECT)

    def judged(self, batch: Batch) -> npt.NDArray[np.bool_]:
        """Return which documents are judged: those whose origin is not spared, shape (documents,)."""
        if not self.spare:
            return np.ones(len(batch), np.bool_)
        return np.array([origin not in self.spare for origin in batch.values("lt_origin")], np.bool_)

    def _seen(self, batches: Callable[[], Iterable[Batch]], judges: Sequence[Judge]) -> Iterator[Batch]:
        """Yield what some judges let through, what is spared included."""
        for batch in batches():
            verdicts = self._through(batch, judges)
            yield batch.judging(self.judged(batch)).take(np.flatnonzero(verdicts.decisions < REJECT))

    def _through(self, batch: Batch, judges: Sequence[Judge]) -> Verdicts:
        """Return the first rejection of each document, else the first review, else keep."""
        found = Found(len(batch))
        alive = np.flatnonzero(self.judged(batch))
        for stage, judge in zip(self.stages, judges, strict=False):
            verdicts = guarded(judge, batch.take(alive))
            found.take(alive, stage.name, verdicts)
            alive = alive[verdicts.decisions < REJECT]
        return found.verdicts()


class Found:
    """What several stages said of the same documents: the gravest that was said first.

    Args:
        documents: How many there are.
    """

    def __init__(self, documents: int) -> None:
        self.decisions: Decisions = np.full(documents, KEEP, np.uint8)
        self._scores = np.full(documents, np.nan)
        self._reasons = [""] * documents
        self._matched: list[str | None] = [None] * documents

    def take(self, at: npt.NDArray[np.int64], stage: str, verdicts: Verdicts) -> None:
        """Take in what a stage said of the documents at some places."""
        graver = verdicts.decisions > self.decisions[at]
        for index in np.flatnonzero(graver).tolist():
            place = int(at[index])
            self._reasons[place] = f"{stage}: {verdicts.reasons[index]}"
            self._matched[place] = verdicts.matched[index]
        self._scores[at[graver]] = verdicts.scores[graver]
        self.decisions[at[graver]] = verdicts.decisions[graver]

    def verdicts(self) -> Verdicts:
        """Return what was said."""
        return Verdicts(self.decisions, self._scores, self._reasons, self._matched)


def _one(batch: Batch) -> Iterator[Batch]:
    yield batch


def _stage(given: Given) -> Stage:
    if isinstance(given, str):
        return Stage(given, made(given, {}), {})
    if isinstance(given, tuple):
        name, settings = given
        return Stage(name, made(name, settings), dict(settings))
    return Stage(told(given), given, {})


def _named(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Return the stages under names of their own: the second of a name becomes NAME-2."""
    seen: dict[str, int] = {}
    named = []
    for stage in stages:
        seen[stage.name] = seen.get(stage.name, 0) + 1
        many = seen[stage.name]
        named.append(stage if many == 1 else stage._replace(name=f"{stage.name}-{many}"))
    return tuple(named)
