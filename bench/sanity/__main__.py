"""Run the sanity checks on our measures and write docs/sanity.md.

    python -m bench.sanity [--write] [--repetitions 5] [--only CHECK …]

Reference rows are drawn twice, as an audit splits them: half A chooses scale, radii and tail, half B is measured.
"""

import argparse
import platform
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.sanity.checks import CHECKS, Check
from bench.sanity.criteria import Answer, Curve, together
from bench.sanity.laws import Rows
from bench.sanity.measures import KINDS, NEIGHBOURS, measured
from bench.tables import table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sanity.md"
SEED = 20_250_528
Measure = Callable[[Rows, Rows, Rows], Mapping[str, float]]


class Outcome(NamedTuple):
    """What one measure made of one check in the sight of one desideratum."""

    check: Check
    desideratum: str
    measure: str
    answer: Answer


def curves(check: Check, measure: Measure, repetitions: int) -> dict[tuple[str, str], Curve]:
    """Return the mean value by measure and case along the sweep of a check."""
    found: dict[tuple[str, str], dict[float, list[float]]] = {}
    number = [each.name for each in CHECKS].index(check.name)
    for repetition in range(repetitions):
        for step, point in enumerate(check.sweep()):
            case = int.from_bytes(point.case.encode()[-8:], "little")
            chooser, reference = (point.real(np.random.default_rng([SEED, repetition, number, case, half])) for half in (0, 1))
            candidate = point.synthetic(np.random.default_rng([SEED, repetition, number, case, 2, step]))
            for name, value in measure(chooser, reference, candidate).items():
                found.setdefault((name, point.case), {}).setdefault(point.at, []).append(value)
    return {key: {at: statistics.mean(values) for at, values in curve.items()} for key, curve in found.items()}


def outcomes(check: Check, found: Mapping[tuple[str, str], Curve], kinds: Mapping[str, str] = KINDS) -> Iterator[Outcome]:
    """Yield the outcome of a check for each measure and desideratum."""
    for measure, kind in kinds.items():
        answers: dict[str, list[Answer]] = {}
        for (name, case), curve in found.items():
            for desideratum, criteria in check.of(case)[kind].items() if name == measure else ():
                for answer in (criterion(curve) for criterion in criteria):
                    answers.setdefault(desideratum, []).append(answer._replace(said=f"{case}: {answer.said}"))
        for desideratum, given in answers.items():
            yield Outcome(check, desideratum, measure, together(given))


INTRODUCTION = """# Sanity checks of fidelity and diversity

Written by `python -m bench.sanity --write`: means of {repetitions} repetitions, Python {python}.

Räisä, van Breugel and van der Schaar (ICML 2025, "Position: all current generative fidelity and diversity metrics are flawed")
publish fifteen checks, and what desiderata (purpose, bounds, data, settings, invariance) ask of a measure in each; no measure that
they looked at passes all. These are the same laws and thresholds, run on our measures, with {neighbours} neighbours for all of them
(the paper takes 3 for precision and recall). Half A of the reference, as many rows as half B, gives the scale of each coordinate
and the tail of *tail coverage*; half B is what all are measured on. Fidelity: precision, density. Diversity: the rest.

A measure passes where every width and every criterion of the desideratum does; a value near its bound may fall on either side. Where
a synthetic law is too wide, diversity may read low or high by convention; *low* and *high* say which was followed.

"""

HOW_TO_READ = """
## What it means for use

None of these measures decides a verdict. A value of any of them is read against what a healthy sample of the same size gives, in the
same coordinates, and never alone. In wide data a law shrunk to a third of its spread can cover everything: shrinking is told by
total variance, effective rank and exceedance instead. What each must not be used for:

"""


def page(found: Sequence[Outcome], repetitions: int) -> str:
    """Return the outcomes as a Markdown page."""
    names = {outcome.measure: "" for outcome in found}
    lines = [
        INTRODUCTION.format(repetitions=repetitions, neighbours=NEIGHBOURS, python=platform.python_version()),
        _grid(found, list(names)),
    ]
    lines += ["\n\nPassed: " + ", ".join(f"{name} {_tally(found, name)}" for name in names) + ".\n", HOW_TO_READ]
    lines += [_limits(found), "\n"]
    lines += ["\n## What failed\n\n", *_failures(found)]
    return "".join(lines)


def _grid(found: Sequence[Outcome], names: Sequence[str]) -> str:
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for outcome in found:
        row = rows.setdefault((outcome.desideratum, outcome.check.name), dict.fromkeys(names, ""))
        row[outcome.measure] = (outcome.answer.side or "yes") if outcome.answer.passes else "**no**"
    return table([{"asked for": asked, "check": check, **cells} for (asked, check), cells in sorted(rows.items())])


def _tally(found: Sequence[Outcome], name: str) -> str:
    mine = [outcome.answer.passes for outcome in found if outcome.measure == name]
    return f"{sum(mine)} of {len(mine)}"


def _limits(found: Sequence[Outcome]) -> str:
    failed: dict[tuple[str, str], dict[str, None]] = {}
    for outcome in found:
        names = failed.setdefault((outcome.check.name, outcome.check.meaning), {})
        if not outcome.answer.passes:
            names[outcome.measure] = None
    rows = [{"check": check, "where a measure fails it": meaning, "fail": ", ".join(names)} for (check, meaning), names in failed.items()]
    return table([row | {"fail": row["fail"] or "none"} for row in rows])


def _failures(found: Sequence[Outcome]) -> Iterator[str]:
    rows = [
        {"check": outcome.check.name, "asked for": outcome.desideratum, "measure": outcome.measure, "read": outcome.answer.said}
        for outcome in found if not outcome.answer.passes
    ]  # fmt: skip
    yield table(rows) + "\n" if rows else "Nothing.\n"


def run(checks: Sequence[Check], measure: Measure, repetitions: int) -> list[Outcome]:
    """Return the outcomes of some checks, telling each on stderr."""
    made: list[Outcome] = []
    for check in checks:
        made += outcomes(check, curves(check, measure, repetitions))
        sys.stderr.write(f"{check.name}: {sum(one.answer.passes for one in made if one.check is check)} passed\n")
    return made


def main() -> None:
    """Run and print; write the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/sanity.md too")
    parser.add_argument("--repetitions", type=int, default=5)
    names = [check.name for check in CHECKS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="CHECK")
    options = parser.parse_args()
    written = page(run([check for check in CHECKS if check.name in options.only], measured, options.repetitions), options.repetitions)
    print(written)
    if options.write:
        PAGE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
