"""The page of the comparison with peers."""

import math
import platform
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bench.peers.families import FAMILIES
from bench.peers.run import ENOUGH, LeftOut, Row, slope
from bench.tables import table

FEWEST_FOR_GROWTH = 10_000  # below, a call's fixed cost is most of its time
OURS = "longtail"

INTRODUCTION = """# Benchmarks of metrics

Written by `python -m bench.peers --write`: median CPU-seconds of up to {rounds} runs (one where a run takes more than {enough:.0f} s), each
in a process of its own on one thread, imports and a run on a small input before the clock. Python {python}, {system}. *times ours*
is CPU-seconds over ours on the same input; *more memory* is the peak during the work over what was held before it. *same* says
whether the value is ours; it is blank where the package computes something else. Packages are given lists of words, Arrow or
pandas columns, arrays or tensors, whichever is theirs; making them is not timed, numbering words is. A size that would take more
than {limit:.0f} CPU-seconds is left out. Compare within a metric, which may have been measured again alone (`--only`); another
machine gives other seconds.

"""


AUDIT = """
## A full audit

`python -m bench.peers.audit --write` puts its numbers here; it must take at most 45 seconds on two cores for a million documents.

<!-- audit -->
{audit}<!-- /audit -->
"""


class Bar(NamedTuple):
    """What a metric must reach: so many times a contender's speed at a size, or at most so many times its CPU-seconds."""

    metric: str
    contender: str
    size: int
    says: str
    least: float | None = None
    most: float | None = None
    most_extra: float | None = None


BARS = (
    Bar("self-BLEU-4, all others as references", "fast-bleu", 2_000, "at least 20 times as fast as fast-bleu", least=20),
    Bar("HD-D", "lexicalrichness", 1_000, "at least 100 times as fast as lexicalrichness", least=100),
    Bar("MTLD", "lexicalrichness", 1_000, "at least 4 times as fast as lexicalrichness", least=4),
    Bar("MTLD", "lexicalrichness", 10_000, "at least 4 times as fast as lexicalrichness", least=4),
    Bar("Vendi score", "vendi-score", 10_000, "at least 500 times as fast as vendi-score's default", least=500),
    Bar("coverage", "numpy, three products", 10_000, "at most twice its three matrix products, 200 MB more", most=2, most_extra=200e6),
)


def audit_in(text: str) -> str:
    """Return what an earlier page says of the full audit."""
    return text.partition("<!-- audit -->\n")[2].partition("<!-- /audit -->")[0]


def page(rows: Sequence[Row], left_out: Sequence[LeftOut], rounds: int, audit: str = "") -> str:
    """Return the results as a Markdown page; `audit` is what was measured apart."""
    system = f"{platform.system()} {platform.machine()}"
    head = INTRODUCTION.format(rounds=rounds, enough=ENOUGH, python=platform.python_version(), system=system, limit=60)
    parts = [head, table([_cells(row, rows) for row in rows]) if rows else "Nothing was measured.", "\n"]
    for title, lines in (
        ("What it must show", _bars(rows)), ("Growth", _growth(rows)), ("Left out", _absent(left_out)), ("What each does", _does(rows)),
    ):  # fmt: skip
        made = list(lines)
        parts += [f"\n## {title}\n\n", *made] if made else []
    return "".join([*parts, AUDIT.format(audit=audit)])


def _cells(row: Row, rows: Sequence[Row]) -> dict[str, str]:
    ours = _find(rows, row.metric, OURS, row.size)
    times = row.cpu / ours.cpu if ours and ours.cpu else None
    return {
        "metric": row.metric, "contender": row.contender, "version": row.version, "size": f"{row.size:,} {FAMILIES[row.metric].of}",
        "CPU-s": f"{row.cpu:.3g}", "times ours": f"{times:.3g}" if times and row is not ours else "", "peak, MB": f"{row.peak / 1e6:.0f}",
        "more memory, MB": f"{row.extra / 1e6:.0f}", "value": f"{row.value:.9g}", "same": _same(row, ours),
    }  # fmt: skip


def _same(row: Row, ours: Row | None) -> str:
    within = next(each.within for each in FAMILIES[row.metric].contenders if each.name == row.contender)
    if ours is None or row is ours or within is None:
        return ""
    return "yes" if math.isclose(row.value, ours.value, rel_tol=within, abs_tol=within * 1e-3) else "**no**"


def _find(rows: Sequence[Row], metric: str, contender: str, size: int) -> Row | None:
    return next((row for row in rows if (row.metric, row.contender, row.size) == (metric, contender, size)), None)


def _bars(rows: Sequence[Row]) -> Iterator[str]:
    for bar in BARS:
        ours, theirs = (_find(rows, bar.metric, name, bar.size) for name in (OURS, bar.contender))
        if ours and theirs and ours.cpu and theirs.cpu:
            faster, slower = theirs.cpu / ours.cpu, ours.cpu / theirs.cpu
            told, holds = (f"{faster:,.0f} times", faster >= bar.least) if bar.least else (f"{slower:.2f} times", slower <= (bar.most or 0))
            if bar.most_extra:
                told, holds = f"{told}, {ours.extra / 1e6:.0f} MB more", holds and ours.extra <= bar.most_extra
            yield f"- {bar.metric}, {bar.size:,} {FAMILIES[bar.metric].of}: {bar.says}. {told}: {'yes' if holds else '**no**'}.\n"


def _growth(rows: Sequence[Row]) -> Iterator[str]:
    found = []
    for metric, contender in dict.fromkeys((row.metric, row.contender) for row in rows):
        mine = [row for row in rows if (row.metric, row.contender) == (metric, contender)]
        large = [row for row in mine if row.size >= FEWEST_FOR_GROWTH]
        chosen = large if len(large) > 1 else mine[-2:]
        exponent = slope(chosen)
        if exponent is not None:
            span = f"{chosen[0].size:,} to {chosen[-1].size:,}"
            found.append(
                {"metric": metric, "contender": contender, "from": span, "CPU-seconds grow by size to the power": f"{exponent:.2f}"}
            )
    if found:
        yield table(found) + "\n"


def _absent(left_out: Sequence[LeftOut]) -> Iterator[str]:
    grouped: dict[tuple[str, str, str], list[int]] = {}
    for one in left_out:
        grouped.setdefault((one.metric, one.contender, one.why), []).append(one.size)
    for (metric, contender, why), sizes in grouped.items():
        yield f"- {contender}, {metric}, {' and '.join(f'{size:,}' for size in sizes)}: {' '.join(why.split())}.\n"


def _does(rows: Sequence[Row]) -> Iterator[str]:
    for metric in dict.fromkeys(row.metric for row in rows):
        for contender in FAMILIES[metric].contenders:
            yield f"- {metric}, {contender.name}: {_first_line(contender.work)}\n"


def _first_line(work: Callable[..., object]) -> str:
    return (work.__doc__ or "").strip().splitlines()[0]
