"""A generator of images that learns from its own likeliest images: common digits stay as they were, rare ones vanish.

The generator is a diffusion model that samples at temperature 0.8, as generators do that are set to look good. At temperature
1 rare digits fade and do not vanish within these generations.

An image becomes a document whose words are its pixels with their grey levels, with the class that a fixed labeller gives it as `label`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy

from longtail.lab.expectation import Measured
from longtail.lab.learners import make
from longtail.lab.learners.torch.digits import CLASSES, LEVELS
from longtail.lab.scenarios.catalogue import Audited, Laid, fact
from longtail.lab.scenarios.files import documents, lines, untracked
from longtail.lab.scenarios.streams import stream

TITLE = "A generator of images that loses its minorities"
ONLY_IF = "the generator samples for likely images (temperature 0.8); at temperature 1 rare digits fade and do not vanish so soon"
IMBALANCE = 0.8
GENERATIONS = 4
REAL = 500
OUTPUT = 2_000
SIDE = 8
SAME = 0.05
NONE = 99
"""Label of an image that is farther from every real one than 99 % of real ones are from each other."""


def lay(folder: Path, seed: int) -> Laid:
    """Write what each generation of diffusion models draws, and held-out real digits in the same proportions.

    Raises:
        MissingExtra: torch or scikit-learn is not installed.
    """
    learner: Any = make("diffusion", {"imbalance": IMBALANCE, "epochs": 200, "temperature": 0.8, "device": "cpu"}, rows=True)
    digits = learner.digits
    data, model, paths = learner.real(1, REAL, stream(seed, 0), 0), None, []
    facts: dict[str, float] = {}
    for depth in range(1, GENERATIONS + 1):
        rng = stream(seed, depth)
        model = learner.fit(data, model, rng)
        written = learner.sample(model, OUTPUT, rng)
        data = written[:, :REAL]
        distances = digits.distances(written[0])
        labels = numpy.where(distances <= digits.limit, digits.labeller.predict(written[0]), NONE)
        paths.append(lines(folder / f"gen{depth}.jsonl", _rows(written[0], labels, depth)))
        facts[f"distance {depth}"] = float(distances[labels < CLASSES // 2].mean())
        facts |= {f"class {each} {depth}": float((labels == each).sum()) for each in range(CLASSES)}
    held = _thinned(digits.held_labels)
    reference = lines(folder / "human.jsonl", _rows(digits.held[held], digits.held_labels[held], 0))
    return Laid(generations=tuple(paths), reference=reference, by=("label",), facts=facts)


def checks(laid: Laid, audits: Sequence[Audited]) -> tuple[Measured, ...]:
    """Return whether common digits look as they did, rare ones are gone, and the audit says so."""
    first, last = (laid.facts[f"distance {depth}"] for depth in (1, GENERATIONS))
    gone = [each for each in range(CLASSES) if laid.facts[f"class {each} 1"] > 0 and laid.facts[f"class {each} {GENERATIONS}"] == 0]
    change, codes = abs(last / first - 1), audits[-1].failing
    return (
        fact("Common digits are as near to real ones as in generation 1, within 5 %", change < SAME, f"below {SAME}", change),
        fact(
            f"Of {OUTPUT:,} images none shows at least one digit that generation 1 drew (gone: {gone})",
            bool(gone),
            "one or more",
            len(gone),
        ),
        fact(f"The audit fails by class coverage (failing: {', '.join(codes) or 'none'})", "LT308" in codes, "LT308"),
    )


def _thinned(labels: Any) -> Any:
    """Return the places of held-out images in the proportions of the pool."""
    places = [numpy.flatnonzero(labels == each) for each in range(CLASSES)]
    return numpy.concatenate([place[: max(1, round(IMBALANCE**each * len(place)))] for each, place in enumerate(places)])


def _rows(images: Any, labels: Any, depth: int) -> Iterable[dict[str, Any]]:
    greys = numpy.rint(numpy.asarray(images) * LEVELS).astype(int)
    texts = (" ".join(f"r{at // SIDE}c{at % SIDE}g{grey[at]}" for at in numpy.flatnonzero(grey)) for grey in greys)
    return (
        row | {"label": "no digit" if label == NONE else f"digit {label}"}
        for row, label in zip((untracked if depth else documents)(texts, depth), labels, strict=True)
    )
