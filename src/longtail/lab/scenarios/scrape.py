"""A scrape that nobody tagged, of which a model wrote a hidden part: found by the texts alone."""

from collections.abc import Sequence
from pathlib import Path

import numpy

from longtail.lab.corpus import split, stdlib_prose
from longtail.lab.expectation import Measured
from longtail.lab.learners.ngram import NGram
from longtail.lab.scenarios.catalogue import Audited, Laid, fact
from longtail.lab.scenarios.files import documents, lines
from longtail.lab.scenarios.streams import stream

TITLE = "An untagged scrape of which a model wrote a hidden share"
ONLY_IF = "a sample of what the same model writes is at hand"
ORDER = 3
TOGETHER = 3
"""Paragraphs of one page."""
PAGES = 600
HIDDEN = 0.35
SITES = ("blog.example", "docs.example", "forum.example")


def lay(folder: Path, seed: int) -> Laid:
    """Write human pages, what a model writes for comparison, and an untagged scrape of other human pages and the model's.

    No page is in two of the files, nor any human paragraph; the model saw none of those, and repeats a few short ones of its own.
    """
    learnt, held = split(stdlib_prose(), seed)
    known, others = (_pages(part) for part in split(held, seed + 1))
    written = round(PAGES * HIDDEN)
    chain = NGram(ORDER).fit(learnt)
    made = _pages(chain.sample(TOGETHER * (written + len(known)), stream(seed, 1)))
    scraped = [(page, False) for page in others[: PAGES - written]] + [(page, True) for page in made[:written]]
    order = stream(seed, 2).permutation(len(scraped))
    rows = ({"text": scraped[at][0], "url": _address(rank)} for rank, at in enumerate(order))
    return Laid(
        generations=(),
        corpus=lines(folder / "scrape.jsonl", rows),
        reference=lines(folder / "human.jsonl", documents(known, 0)),
        synthetic=lines(folder / "model.jsonl", documents(made[written:], 1)),
        facts={"hidden": float(numpy.mean([is_made for _, is_made in scraped]))},
    )


def checks(laid: Laid, audits: Sequence[Audited]) -> tuple[Measured, ...]:
    """Return whether the audit found the hidden share, and failed for it, with no tags at all."""
    audited, hidden = audits[0], laid.facts["hidden"]
    found = audited.kept.get("machine")
    told = "no estimate" if found is None else f"{found[0]:.3f} ({found[1]:.3f} to {found[2]:.3f})"
    return (
        fact(
            f"The interval of the estimate holds the hidden share {hidden:.2f} (found: {told})",
            found is not None and found[1] <= hidden <= found[2],
            f"low <= {hidden:.2f} <= high",
            None if found is None else found[0],
        ),
        fact(f"LT102 fails on the untagged scrape (failing: {', '.join(audited.failing)})", "LT102" in audited.failing, "LT102 fails"),
    )


def _pages(paragraphs: Sequence[str]) -> list[str]:
    starts = range(0, len(paragraphs) - TOGETHER + 1, TOGETHER)
    return ["\n\n".join(paragraphs[start : start + TOGETHER]) for start in starts]


def _address(rank: int) -> str:
    return f"https://{SITES[rank % len(SITES)]}/{rank:04d}"
