"""What an earlier page of the comparison says, so that one metric can be measured again alone."""

import re
from collections.abc import Iterator

from bench.peers.families import FAMILIES
from bench.peers.run import LeftOut, Row

_CELLS = 10
_SIZES = re.compile(r"^([\d,]+(?: and [\d,]+)*): (.*)\.$")


def rows_in(text: str) -> list[Row]:
    """Return the rows of a page, of metrics and contenders that there still are; numbers as they are printed."""
    found = (line.strip("| ").split(" | ") for line in text.replace(" |  | ", " | - | ").splitlines() if line.startswith("| "))
    return [_row(cells) for cells in found if len(cells) >= _CELLS - 1 and _is_known(*cells[:2])]


def _row(cells: list[str]) -> Row:
    metric, contender, version, size, cpu, _, peak, extra, value = cells[: _CELLS - 1]
    number = int(size.split()[0].replace(",", ""))
    return Row(metric, contender, version, number, float(cpu), 1e6 * float(peak), 1e6 * float(extra), float(value), 1)


def _is_known(metric: str, contender: str) -> bool:
    return metric in FAMILIES and contender in {each.name for each in FAMILIES[metric].contenders}


def left_out_in(text: str) -> Iterator[LeftOut]:
    """Yield what a page says was not measured, and why."""
    for metric, family in FAMILIES.items():
        for contender in family.contenders:
            head = f"- {contender.name}, {metric}, "
            for line in text.splitlines():
                told = _SIZES.match(line.removeprefix(head)) if line.startswith(head) else None
                if told:
                    yield from (LeftOut(metric, contender.name, int(size.replace(",", "")), told[2]) for size in told[1].split(" and "))
