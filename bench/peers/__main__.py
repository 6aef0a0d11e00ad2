"""Our metrics against peers, one table: CPU-seconds, memory, growth.

    python -m bench.peers [--write] [--rounds 3] [--only METRIC …] [--venv NAME=PATH …]

Every measurement is a child process on one thread, so that all contenders of a metric meet the same input and the same machine.
A peer that conflicts with our environment runs in its own: give its path by `--venv`, or in the variable LONGTAIL_PEERS.
"""

import argparse
import os
from pathlib import Path

from bench import corpora, venvs
from bench.peers.families import FAMILIES
from bench.peers.given import DOCUMENTS
from bench.peers.page import audit_in, page
from bench.peers.run import LeftOut, Row, measured

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks-metrics.md"
CORPUS = "c5"


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
    audit = audit_in(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else ""
    rows: list[Row] = []
    left_out: list[LeftOut] = []
    for family in (FAMILIES[name] for name in options.only):
        for contender in family.contenders:
            found, missing = measured(family, contender, options.rounds)
            rows += found
            left_out += missing
        if options.write:  # after each metric, so that a run that is stopped leaves what it has
            PAGE.write_text(page(rows, left_out, options.rounds, audit), encoding="utf-8")
    print(page(rows, left_out, options.rounds, audit))


if __name__ == "__main__":
    main()
