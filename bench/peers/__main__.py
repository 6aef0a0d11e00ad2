"""Our metrics against peers, one table: CPU-seconds, memory, growth.

    python -m bench.peers [--write] [--rounds 3] [--only METRIC …] [--venv NAME=PATH …]

Every measurement is a child process on one thread, so that all contenders of a metric meet the same input and the same machine.
A peer that conflicts with our environment runs in its own: give its path by `--venv`, or in the variable LONGTAIL_PEERS. With `--only`
the page keeps what it says of other metrics.
"""

import argparse
import os
from pathlib import Path
from typing import TypeVar

from bench import corpora, venvs
from bench.peers.earlier import left_out_in, rows_in
from bench.peers.families import FAMILIES
from bench.peers.given import DOCUMENTS
from bench.peers.page import audit_in, page
from bench.peers.run import LeftOut, Row, measured

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks-metrics.md"
CORPUS = "c5"
Told = TypeVar("Told", Row, LeftOut)


def main() -> None:
    """Measure and print; write the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name} too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=list(FAMILIES), default=list(FAMILIES), metavar="METRIC")
    parser.add_argument("--venv", action="append", default=[], metavar="NAME=PATH", help="environment of a package that is not in this one")
    options = parser.parse_args()
    venvs.add(options.venv)
    os.environ[DOCUMENTS] = str(corpora.build(CORPUS))
    earlier = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = [row for row in rows_in(earlier) if row.metric not in options.only]
    left_out = [one for one in left_out_in(earlier) if one.metric not in options.only]
    audit = audit_in(earlier)
    for family in (FAMILIES[name] for name in options.only):
        for contender in family.contenders:
            found, missing = measured(family, contender, options.rounds)
            rows, left_out = _in_order(rows + found), _in_order(left_out + missing)
        if options.write:  # after each metric, so that a run that is stopped leaves what it has
            PAGE.write_text(page(rows, left_out, options.rounds, audit), encoding="utf-8")
    print(page(rows, left_out, options.rounds, audit))


def _in_order(found: list[Told]) -> list[Told]:
    """Return what was found in the order of the metrics."""
    places = {metric: place for place, metric in enumerate(FAMILIES)}
    return sorted(found, key=lambda one: places[one.metric])


if __name__ == "__main__":
    main()
