"""Gated model output, aimed at what an audit found missing or taken at random: the same amount, generation after generation.

Generation 1 learns from real documents alone, each later one from all of them and as many gated documents of the one before.
The real ones are the first of the corpus, all of one subject, so that there is something to be missing.
The gate lets pass documents of which the share of three-word sequences that people wrote is among the highest; an audit of
what is written beside the same people's text says what is missing; `longtail.policies.mixing` draws. A third part of the
text, which neither gate nor audit has seen, chooses the rare words and is what is guessed.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import numpy

from longtail.auditing.gaps import gaps_of
from longtail.errors import ConfigError
from longtail.lab.corpus import split
from longtail.lab.guesses import covered, rare_guessed
from longtail.lab.learners.documents import rarest
from longtail.lab.learners.ngram import NGram
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.makers.prose import prose
from longtail.lab.scenarios.augment import KEPT, PASSING, gated
from longtail.lab.scenarios.files import documents, lines
from longtail.policies import mixing
from longtail.stats.interpolated import numbered
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import profile


class Asked(AskedOf, frozen=True):
    """Settings of a lineage.

    Args:
        aimed: Draw by gaps, or at random.
        writer: "own" lets each generation write for the next one; "people" lets a model write that learnt from the text of the gate.
        order: Words in an n-gram.
        temperature: Of what is written.
        real: Real documents, and as many written ones that are drawn.
        written: Documents written in each generation.
    """

    aimed: bool = True
    writer: str = "own"
    order: int = 3
    temperature: float = 0.8
    real: int = 400
    written: int = 3_200

    def __post_init__(self) -> None:
        """Refuse a writer that there is not, and a gate that leaves less than is drawn."""
        if self.writer not in ("own", "people"):
            raise ConfigError(f"writer is {self.writer!r}; take own or people")
        if self.real > min(KEPT, PASSING * self.written):
            raise ConfigError(
                f"the gate leaves fewer of {self.written} documents than the {self.real} that are drawn; write more, or draw less"
            )


class Drawn(NamedTuple):
    """A training set, the gaps that it was to make up, and how many of them it made up."""

    texts: list[str]
    gaps: int
    made_up: int


def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return for each generation how it does on rare words, and, from the second on, what became of the gaps."""
    seed = asked.seed + replicate
    train, human = split(prose(), seed)
    people, held_out = split(human, seed + 1)
    real, rare, vocabulary = train[: asked.real], rarest(held_out), numbered(prose())
    known = profile(people)
    found: dict[str, list[float]] = {name: [] for name in ("guessed", "covered", "gaps", "made_up")}
    drawn = Drawn(real, 0, 0)
    for generation in range(1, asked.generations + 1):
        rng = numpy.random.default_rng([seed, generation])
        written = _written(drawn.texts, asked, rng)
        found["guessed"].append(rare_guessed(drawn.texts, held_out, rare, asked.order, vocabulary))
        found["covered"].append(covered(written, rare))
        found["gaps"].append(float(drawn.gaps))
        found["made_up"].append(drawn.made_up / drawn.gaps if drawn.gaps else numpy.nan)
        if generation < asked.generations:
            offered = written if asked.writer == "own" else _written(people, asked, rng)
            gaps = _missing(written, known) if asked.aimed else ""
            drawn = _drawn(real, gated(offered, people), gaps, asked.real, seed + generation)
    return found


def _written(texts: Sequence[str], asked: Asked, rng: numpy.random.Generator) -> list[str]:
    """Return what a model writes that learnt from some documents."""
    return NGram(asked.order, asked.temperature).fit(texts).sample(asked.written, rng)


def _missing(written: Sequence[str], people: Profile) -> str:
    """Return the gaps that an audit finds, one a line, words by their hashes."""
    return gaps_of(profile(written), people, redact=True).lines


def _drawn(real: Sequence[str], offered: Sequence[str], gaps: str, rows: int, seed: int) -> Drawn:
    """Return all real documents and `rows` of those offered, as `longtail mix` draws them; at random where there are no gaps."""
    with TemporaryDirectory(prefix="longtail-") as name:
        folder = Path(name)
        files = [
            str(lines(folder / f"{depth}.jsonl", documents((text for text in texts if text), depth)))
            for depth, texts in enumerate((real, offered))
        ]
        (folder / "gaps.jsonl").write_text(gaps, encoding="utf-8")
        asked = mixing.Asked(policy="augment", size=rows, target_gaps=str(folder / "gaps.jsonl") if gaps else None, seed=seed)
        output = folder / "training.jsonl"
        met = mixing.mixture(asked, files, output=str(output)).gaps
        texts = [msgspec.json.decode(line)["text"] for line in output.read_bytes().splitlines()]
    return Drawn(texts, met.gaps, met.made_up) if met else Drawn(texts, 0, 0)
