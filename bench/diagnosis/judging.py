"""Lineages made, audited, and held beside their truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from bench.diagnosis.recipes import Recipe, laws, nats_lost, recipe
from bench.diagnosis.truth import Truth, phase, truths
from bench.diagnosis.worlds import worlds
from bench.scores import MEAN_LOSS, NOISE, SHAPE
from bench.synthetic import lengths_of, profiled
from longtail.auditing import audit
from longtail.auditing.options import Options
from longtail.auditing.power import EndpointPower, calibrated
from longtail.diagnosis.called import called_of
from longtail.diagnosis.records import CalledName
from longtail.readers.scores import Losses, Scores
from longtail.records import Estimate, PhaseName, Report
from longtail.summaries.reference import Reference

ALPHA = 0.05
REFERENCE = 3_000
SCORED = 2_000
LOSS = 0.10
"""The loss that the documents are asked for: as far from no loss as the margin is."""
GAP = 1.0
"""How much less an overfitted model loses on text it learned from, in nats per token at full strength."""
FEWEST = 500
Ask = Literal["all", "tail"]
_SHOWN = ("tail_types_retained", "tail_mass_retained", "hill_1", "hill_2")


@dataclass(frozen=True)
class Case:
    """A lineage, what is true of it and what was said.

    Attributes:
        number: Of the lineage.
        kind, family, policy: Of its recipe.
        is_control: Whether nothing feeds on itself in it.
        documents: Of each generation.
        truth: Of each generation after the first.
        true: Phase and whether it is near a margin, likewise.
        said: Phase, likewise.
        onset: Generation that the loss truly began in; None where none did.
        stated: Generation that it is said to have begun not later than; None where none is stated.
        explained: Explanations of the last generation that the numbers speak for.
        estimates: Of the last generation, by metric: value, low, high, decision.
        documents_needed: Asked for by the last phase, where it is inconclusive.
        called: What the loss of the last generation is called.
    """

    number: int
    kind: str
    family: str
    policy: str
    is_control: bool
    documents: int
    truth: tuple[Truth, ...]
    true: tuple[tuple[str, bool], ...]
    said: tuple[PhaseName, ...]
    onset: int | None
    stated: int | None
    explained: tuple[str, ...]
    estimates: dict[str, tuple[float, float, float, str | None]]
    documents_needed: int | None = None
    called: CalledName = "not_measured"


@lru_cache
def asked(family: int, ask: Ask = "all") -> int:
    """Return the documents that `longtail calibrate` asks for, of generation 1 and of each later one, to find a loss of a tenth.

    Args:
        family: Number of the world.
        ask: By "all" endpoints, or by those of the "tail" alone, as the screen has it.
    """
    world = worlds()[family]
    reference = profiled(world.documents(world.law.shares, REFERENCE, np.random.default_rng([family, 70])), 0)
    found = calibrated(reference, Options(views=("words_1",)), None, ALPHA)
    return most_asked(found.endpoints if ask == "all" else found.deciding)


def most_asked(endpoints: Sequence[EndpointPower]) -> int:
    """Return the most documents that any of some endpoints asks for, to find a loss of a tenth."""
    return max(FEWEST, *(each.baseline_needed[LOSS] or 0 for each in endpoints))


def judged(number: int, ask: Ask = "all") -> Case:
    """Return a lineage drawn by law, audited beside its truth."""
    made = recipe(number)
    written = laws(made)
    nats = nats_lost(made, written) if made.is_scored else None
    rng, world, documents = np.random.default_rng([number, 74, len(ask)]), made.world, asked(made.family, ask)
    reference = profiled(world.documents(world.law.shares, REFERENCE, rng), number)
    outputs = [profiled(world.documents(law, documents, rng), number) for law in written]
    scores = None if nats is None else scored(nats, GAP * made.strength if made.kind == "overfitted" else 0.02, rng)
    report = audit(lineage=outputs, reference=reference, scores=scores, views=("words_1",), seed=number, alpha=ALPHA)
    true = truths(world, written, nats, Reference(reference), documents)
    return case_of(made, documents, true, report)


def case_of(made: Recipe, documents: int, true: Sequence[Truth], report: Report, family: str | None = None) -> Case:
    """Return a lineage's truth and what an audit said of it."""
    assert report.lineage is not None
    begun = [each.is_lost for each in true]
    decided = [each for each in report.estimates if each.metric in _SHOWN and each.decision is not None]
    last = [each for each in decided if each.generation in (None, made.generations)]
    return Case(
        number=made.number,
        kind=made.kind,
        family=family or made.world.name,
        policy=made.policy,
        is_control=made.is_control,
        documents=documents,
        truth=tuple(true),
        true=tuple(phase(each) for each in true),
        said=tuple(each.phase or "not_measured" for each in report.lineage.generations[1:]),
        onset=begun.index(True) + 2 if any(begun) else None,
        stated=report.lineage.onset,
        explained=tuple(each.name for each in report.differential if each.status == "supported"),
        estimates=_shown(last),
        documents_needed=report.phase.documents_needed,
        called=called_of(report).name,
    )


def _shown(last: Sequence[Estimate]) -> dict[str, tuple[float, float, float, str | None]]:
    return {each.metric: (each.value, each.low, each.high, each.decision) for each in last}


def scored(nats: Sequence[float], gap: float, rng: np.random.Generator, documents: int = SCORED) -> list[Scores]:
    """Return the scores of the model of each generation on the same human documents.

    Args:
        nats: By how much the loss of each is greater than that of the first, in nats per token.
        gap: By how much each model loses less on documents that it learned from, in nats per token.
        rng: Random numbers.
        documents: Documents of human text, as many again that the models learned from.
    """
    ids = np.sort(rng.integers(0, 2**64, documents, np.uint64))
    tokens, learned = lengths_of(documents, rng), lengths_of(documents, rng)
    hard, seen = rng.gamma(SHAPE, MEAN_LOSS / SHAPE, documents), rng.gamma(SHAPE, MEAN_LOSS / SHAPE, documents)

    def noisy(level: np.ndarray, count: np.ndarray) -> np.ndarray:
        return np.asarray(np.maximum(level + NOISE * rng.standard_normal(documents), 0.0) * count)

    first = Scores("generation 1", ids, tuple(map(str, ids.tolist())), noisy(hard, tokens), tokens, None, None, 0, ())
    made = [first]
    for generation, worse in enumerate(nats[1:], start=2):
        train = Losses(noisy(np.maximum(seen + worse - gap, 0.05), learned), learned)
        made.append(replace(first, path=f"generation {generation}", nll=noisy(hard + worse, tokens), train=train))
    return made
