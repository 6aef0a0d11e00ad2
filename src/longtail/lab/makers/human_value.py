"""What further human documents are worth to the rare words of held-out text: as they become many, and beside model output.

Coverage is the share of rare words that stand in the training set. That each document adds less of it than the one before, in
the mean over orders, and no less to a set that holds fewer of the words, needs no experiment: coverage is submodular. How much
it is does, and so does the share of rare words that a model learnt from the set guesses right, of which neither is known.

Synthetic documents are written by a model that learnt from the very human documents that they stand in for.
"""

from collections.abc import Sequence

import numpy

from longtail.errors import ConfigError
from longtail.lab.corpus import split
from longtail.lab.guesses import covered, rare_guessed
from longtail.lab.learners.documents import rarest
from longtail.lab.learners.ngram import NGram
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.makers.prose import prose
from longtail.metrics.value import value
from longtail.readers import read
from longtail.stats.interpolated import numbered


class Asked(AskedOf, frozen=True):
    """Settings of a training set that grows by human documents.

    Args:
        before: Documents that are there before the first human ones are added.
        synthetic: Share of them that a model wrote.
        step: Human documents added in each generation.
        order: Words in an n-gram.
        temperature: Of the model that writes.
        report: Give the value report of the reservoir, of all documents, as well.
    """

    before: int = 0
    synthetic: float = 0.0
    step: int = 1_000
    order: int = 3
    temperature: float = 1.0
    report: bool = False

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.synthetic <= 1 or self.before < 0 or self.step < 1:
            raise ConfigError(f"synthetic is {self.synthetic}, before {self.before}, step {self.step}; take a share, 0 or more, 1 or more")


def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return for each step the share of rare words covered and guessed, what the step added, and the points of the value report."""
    seed = asked.seed + replicate
    rng = numpy.random.default_rng([seed, 0])
    human, held_out = split(prose(), seed)
    order, rare, vocabulary = rng.permutation(len(human)), rarest(held_out), numbered(prose())
    there, new = ([human[at] for at in part] for part in (order[: asked.before], order[asked.before :]))
    needed = asked.generations * asked.step
    if needed > len(new):
        raise ConfigError(f"{needed:,} human documents are to be added and {len(new):,} are left; lower step, generations or before")
    first = _beside(there, asked, rng)
    sets = [first + new[: at * asked.step] for at in range(asked.generations + 1)]
    shares = {
        "covered": [covered(texts, rare) for texts in sets],
        "guessed": [rare_guessed(texts, held_out, rare, asked.order, vocabulary) for texts in sets],
    }
    added = {f"{name}_added": numpy.diff(column).tolist() for name, column in shares.items()}
    report = {"report_added": _points(seed, asked.generations)} if asked.report else {}
    return {name: column[1:] for name, column in shares.items()} | added | report


def _beside(there: Sequence[str], asked: Asked, rng: numpy.random.Generator) -> list[str]:
    """Return the human documents that are there, a share of them replaced by what a model of all of them wrote."""
    written = round(asked.synthetic * len(there))
    kept = [*there[: len(there) - written]]
    return kept + (NGram(asked.order, asked.temperature).fit(there).sample(written, rng) if written else [])


def _points(seed: int, steps: int) -> list[float]:
    """Return what 1,000 documents add by the value report, at its first points; NaN after its last one."""
    curve = [point.added for point in value(read([*prose()]), seed=seed).curve]
    return [*curve, *[numpy.nan] * steps][:steps]
