"""Scenarios as runs: whether the two causes that failing ones are said to share are flagged, and what came of their own expectations.

The two are a mix that nobody tracks (LT101), and rare cases that go first (the label tail-first, or a failure of LT301 or LT308).
"""

import math
import tempfile
from pathlib import Path

from longtail.errors import MissingExtra
from longtail.lab.learners.torch.door import EXTRA, need
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.scenarios.catalogue import Audited
from longtail.lab.scenarios.run import perform

UNTRACKED = frozenset({"LT101"})
RARE = frozenset({"LT301", "LT308"})
TAIL_FIRST = "tail-first"


class Asked(AskedOf, frozen=True):
    """Which scenario, and which of its audits is read.

    Args:
        scenario: Its name.
        row: The audit that is read, counted from 0; the last one if negative.
    """

    scenario: str = "lm"
    row: int = -1


def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return 1 where a cause is flagged and 0 where it is not: `untracked`, `rare_first`, and `both`.

    With them `held`, 1 where no expectation of the scenario fails, and `first`, the number of its first one (NaN where there is none).
    """
    with tempfile.TemporaryDirectory(prefix="longtail-") as folder:
        told = perform(asked.scenario, Path(folder), seed=asked.seed + replicate)
    first = told.checks[0].value
    made = {name: [float(is_flagged)] for name, is_flagged in flags(told.rows[asked.row]).items()}
    return made | {"held": [float(not told.failing)], "first": [math.nan if first is None else float(first)]}


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the scenario takes and this machine has not."""
    if asked.scenario != "images":
        return None
    try:
        need(asked.scenario)
    except MissingExtra:
        return EXTRA
    return None


def flags(row: Audited) -> dict[str, bool]:
    """Return which of the two causes an audit flags, and whether it flags both."""
    untracked = bool(UNTRACKED & {*row.failing, *row.warned})
    rare_first = TAIL_FIRST in row.labels or bool(RARE & {*row.failing})
    return {"untracked": untracked, "rare_first": rare_first, "both": untracked and rare_first}
