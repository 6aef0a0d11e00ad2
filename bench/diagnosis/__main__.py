"""Judge lineages of known truth and print the page, with `--write` into docs/diagnosis.md."""

import argparse
import math
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from bench.diagnosis import entering, judging, recovering, texts
from bench.diagnosis.page import PAGE, page

ALL = "documents asked for by all endpoints"
TAIL = "documents asked for by tail types and tail mass, as the screen of `calibrate` has them"
TEXTS = "texts of n-gram models"
STAGES: dict[str, tuple[Callable[[int], Any], float]] = {
    ALL: (partial(judging.judged, ask="all"), 1.0),
    TAIL: (partial(judging.judged, ask="tail"), 0.5),
    TEXTS: (texts.judged, 0.1),
    "recovery": (recovering.planned, 0.2),
    "recorded": (entering.recorded, 1.0),
    "estimated": (entering.estimated, 0.1),
    "estimated of few documents": (partial(entering.estimated, size="few"), 0.1),
}
"""What is measured, and for how many of a lineage that is asked for."""
FEWEST = 4


def main() -> None:
    """Judge as many lineages as asked for, at the documents that `longtail calibrate` asks for, and print or write the page."""
    asked = _arguments()
    began, found = time.perf_counter(), {}
    with ProcessPoolExecutor(asked.workers) as pool:
        for name, (measure, part) in STAGES.items():
            found[name] = list(pool.map(measure, range(max(FEWEST, math.ceil(part * asked.lineages)))))
            _tell(name, began)
    made = paged(found, asked.lineages)
    if asked.write:
        PAGE.write_text(made, encoding="utf-8")
    sys.stdout.write(made)


def paged(found: dict[str, list[Any]], lineages: int) -> str:
    """Return the page of all that was found, by the name of the stage."""
    command = f"python -m bench.diagnosis --lineages {lineages} --write"
    told = f"`{command}` makes this page; the same number of lineages gives the same numbers, whatever the number of workers."
    promises = [promise for made in found["recovery"] for promise in made]
    arms = [(name, found[name]) for name in (ALL, TAIL, TEXTS)]
    entries = entering.told(found["recorded"], found["estimated"], found["estimated of few documents"])
    return page(arms, promises, entries, told)


def _tell(what: str, began: float) -> None:
    sys.stderr.write(f"{what}: done after {time.perf_counter() - began:.0f} s\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lineages", type=int, default=200, help="lineages of known laws; a tenth as many of texts, a fifth of plans")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the page into docs/diagnosis.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
