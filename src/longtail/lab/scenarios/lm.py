"""A language model of Python's documentation on its own generations, sharpened a little each time, until it is late."""

from collections.abc import Sequence
from pathlib import Path

from longtail.lab.corpus import split, stdlib_prose
from longtail.lab.expectation import Measured
from longtail.lab.learners.ngram import NGram
from longtail.lab.scenarios.catalogue import Audited, Laid, fact, ranged
from longtail.lab.scenarios.files import documents, lines, untracked
from longtail.lab.scenarios.streams import stream
from longtail.stats.interpolated import Interpolated, numbered

TITLE = "A language model on its own generations"
ORDER = 3
TEMPERATURE = 0.8
GENERATIONS = 9
SCORED = 600


def lay(folder: Path, seed: int) -> Laid:
    """Write the reference, what each generation wrote, and what each makes of human text that no model has seen."""
    train, human = split(stdlib_prose(), seed)
    reference, scored = human[SCORED:], human[:SCORED]
    vocabulary = numbered(train)
    generations, scores, learnt = [], [], list(train)
    for depth in range(1, GENERATIONS + 1):
        model = Interpolated.learnt(learnt, ORDER, vocabulary)
        scores.append(_scores(folder / f"scores{depth}.jsonl", model, scored, vocabulary))
        learnt = NGram(ORDER, TEMPERATURE).fit(learnt).sample(len(train), stream(seed, depth))
        generations.append(lines(folder / f"gen{depth}.jsonl", untracked(learnt, depth)))
    human_file = lines(folder / "human.jsonl", documents(reference, 0))
    return Laid(generations=tuple(generations), reference=human_file, scores=tuple(scores))


def checks(laid: Laid, audits: Sequence[Audited]) -> tuple[Measured, ...]:
    """Return whether the lineage ended late, and whether the rare words went first."""
    last, first = audits[-1], audits[0]
    types = last.kept["tail_types_retained@words_1"]
    early = first.phase in ("early", "narrowing") and "tail-first" in first.labels
    return (
        fact(f"The last generation is late (found: {last.phase})", last.phase == "late", "phase late"),
        fact(f"Generation 2 has already lost rare words first (found: {first.phase})", early, "phase early or narrowing, label tail-first"),
        ranged("Fewer than half of the rare words of generation 1 are left", types, "below", 0.5),
    )


def _scores(path: Path, model: Interpolated, texts: Sequence[str], vocabulary: dict[str, int]) -> Path:
    counts = [len(text.split()) + 1 for text in texts]
    rows = zip(texts, counts, strict=True)
    return lines(path, ({"lt_id": f"h{at}", "nll": model.nll([text], vocabulary) * n, "tokens": n} for at, (text, n) in enumerate(rows)))
