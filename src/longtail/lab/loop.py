"""The loop: each generation learns from what the policy hands it and writes the next outputs."""

from collections.abc import Callable, Iterator, Sequence

import numpy

from longtail.errors import UnknownName, UsageError
from longtail.lab.learner import Learner
from longtail.records import OnProgress, Progress

Pools = Sequence[Sequence[str]]
Policy = Callable[[Sequence[str], Pools], list[str]]


def replace(real: Sequence[str], outputs: Pools) -> list[str]:
    """Train on the newest outputs alone; the real data serve the first generation only."""
    return list(outputs[-1] if outputs else real)


def accumulate(real: Sequence[str], outputs: Pools) -> list[str]:
    """Train on the real data and all outputs so far, each once."""
    return [document for pool in (real, *outputs) for document in pool]


POLICIES: dict[str, Policy] = {"replace": replace, "accumulate": accumulate}


def generations(
    train: Sequence[str],
    learner: Learner,
    policy: str,
    count: int,
    seed: int,
    documents: int | None = None,
    on_progress: OnProgress | None = None,
) -> Iterator[list[str]]:
    """Yield the outputs of generation 1 to `count`, each computed when it is asked for.

    Generation 1 is fitted on `train`; what a later one is fitted on, `policy` says. Chance in generation k depends on
    (`seed`, k) alone, so two policies share generation 1.

    Args:
        train: The real documents, generation 0.
        learner: Settings of the model; it is fitted anew for each generation.
        policy: "replace" or "accumulate".
        count: Number of generations.
        seed: Seed of all chance, 0 or more.
        documents: Documents that each generation writes; as many as `train` holds if None.
        on_progress: Called after each generation.

    Raises:
        UnknownName: No policy of that name.
        UsageError: `train` is empty, or a number is out of range.
    """
    if policy not in POLICIES:
        raise UnknownName("policy", policy, POLICIES)
    size = len(train) if documents is None else documents
    for name, value, least in (("train", len(train), 1), ("count", count, 1), ("documents", size, 1), ("seed", seed, 0)):
        if value < least:
            raise UsageError(f"generations: {name} is {value}; need at least {least}")
    return _run(list(train), learner, POLICIES[policy], count, seed, size, on_progress or _silent)


def _run(
    train: list[str], learner: Learner, policy: Policy, count: int, seed: int, documents: int, on_progress: OnProgress
) -> Iterator[list[str]]:
    outputs: list[list[str]] = []
    for generation in range(1, count + 1):
        rng = numpy.random.default_rng([seed, generation])
        output = learner.fit(policy(train, outputs)).sample(documents, rng)
        outputs.append(output)
        on_progress(Progress(stage="generations", done=generation, total=count, unit="generations"))
        yield list(output)


def _silent(progress: Progress) -> None:
    """Report to nobody."""
