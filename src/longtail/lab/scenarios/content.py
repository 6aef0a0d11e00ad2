"""A production loop of content over twelve quarters: people write, then a model of the archive writes a growing share.

The model learns from what was published before it, its own posts among them, and writes at temperature 0.8, as in the scenario of
the language model. Nothing says which posts are its own: the archive has a day and a text for each post, no origin.

What people write are paragraphs of Python's documentation in an order that is drawn, so that no quarter of theirs differs from
another but by chance. The control is the same archive without the model.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from longtail.lab.corpus import split, stdlib_prose
from longtail.lab.learners.ngram import NGram
from longtail.lab.scenarios.catalogue import Laid
from longtail.lab.scenarios.files import documents, lines
from longtail.lab.scenarios.streams import stream

TITLE = "A production content loop over quarters"
QUARTERS = 12
FIRST_YEAR = 2022
EACH = 80
"""Posts of a quarter."""
TOGETHER = 3
"""Paragraphs of one post."""
TURN = 6
"""Quarters before the model writes."""
SHARES = (0.4, 0.6, 0.8, 0.9, 0.9, 0.9)
"""Share of the posts that the model writes, from the turn on."""
ORDER = 3
TEMPERATURE = 0.8
MEMORY = 2
"""Quarters that the model learns from."""


def lay(folder: Path, seed: int) -> Laid:
    """Write the archive, its years one by one, the same archive without a model, and held-out human paragraphs."""
    train, human = split(stdlib_prose(), seed)
    order = stream(seed, 0).permutation(len(train))
    pages = ["\n\n".join(train[at] for at in order[first : first + TOGETHER]) for first in range(0, QUARTERS * EACH * TOGETHER, TOGETHER)]
    people = [pages[first : first + EACH] for first in range(0, len(pages), EACH)]
    archive = published(people, seed)
    years = [archive[first : first + 4] for first in range(0, QUARTERS, 4)]
    return Laid(
        generations=tuple(lines(folder / f"{FIRST_YEAR + at}.jsonl", posts(year, 4 * at)) for at, year in enumerate(years)),
        reference=lines(folder / "human.jsonl", documents(human, 0)),
        dated=lines(folder / "posts.jsonl", posts(archive, 0)),
        control=lines(folder / "people.jsonl", posts(people, 0)),
        facts={"turn": float(TURN)},
    )


def published(people: Sequence[Sequence[str]], seed: int) -> list[list[str]]:
    """Return the posts of each quarter: those of people, and from the turn on those of a model of the quarters just before."""
    out: list[list[str]] = []
    for quarter, posts_of_people in enumerate(people):
        share = 0.0 if quarter < TURN else SHARES[min(quarter - TURN, len(SHARES) - 1)]
        made = round(share * len(posts_of_people))
        before = [post for posts_before in out[-MEMORY:] for post in posts_before]
        written = NGram(ORDER, TEMPERATURE).fit(before).sample(made, stream(seed, 1 + quarter)) if made else []
        out.append([*written, *posts_of_people[made:]])
    return out


def posts(quarters: Iterable[Sequence[str]], first: int) -> Iterable[dict[str, Any]]:
    """Return rows with a day and a text; the days of a quarter are spread evenly over it."""
    for quarter, texts in enumerate(quarters, first):
        start = date(FIRST_YEAR + quarter // 4, 3 * (quarter % 4) + 1, 1).toordinal()
        for at, text in enumerate(texts):
            yield {"date": date.fromordinal(start + at * 90 // len(texts)).isoformat(), "text": text}


def quarter_name(quarter: int) -> str:
    """Return how a quarter is written, such as 2023-Q3."""
    return f"{FIRST_YEAR + quarter // 4}-Q{quarter % 4 + 1}"
