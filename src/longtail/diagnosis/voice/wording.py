"""What is said beside the numbers: what was held equal, what was not, and what a change does not tell."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from longtail.diagnosis.voice.records import Turn
from longtail.diagnosis.voice.spans import Spans
from longtail.origin.dates.dating import Days

CONTROLLED = ("equally many documents in each period", "equally many words of each document")
CAUSE = "what lies behind a change is not measured: new subjects, a new format, a style guide and other editors look alike"
DATED = "the date is that of the voice: what brought it about may have begun before it showed"
CHOSEN = "the date was chosen for the greatest fall, so the fall itself is told a little too large"
MACHINES = "whether a model wrote any of it is not measured here; dates alone give a lower bound: longtail estimate DATA --date-column NAME"


def not_controlled(by: Sequence[str], cluster: str | None) -> tuple[str, ...]:
    """Return what the comparison of the periods does not hold equal.

    Args:
        by: Columns within whose values the change was measured too.
        cluster: Column of what documents are alike in, or None.
    """
    subjects = "subjects and formats: a period of fewer subjects has fewer different words"
    subjects += f"; see the parts by {', '.join(by)}" if by else "; name a column of them with --by to see the change within each"
    alone = () if cluster else ("documents that belong together, such as a campaign: name their column with --cluster-column",)
    return (subjects, "who wrote: other writers have other voices", *alone)


def notes(spans: Spans, turn: Turn, cutoff: date, days: Days) -> tuple[str, ...]:
    """Return what else has to be said.

    Args:
        spans: The periods.
        turn: The change over them.
        cutoff: Where no document is of this day or later, nothing is said of machines.
        days: Of all documents, NaT where there is none.
    """
    merged = f"{spans.merged} of {len(spans)} periods are of more than one {spans.unit}: one alone had too few documents"
    is_recent = bool((days[~np.isnat(days)] >= np.datetime64(cutoff, "D")).any())
    turned = (DATED, CHOSEN) if turn.change == "turn" else ()
    return tuple(filter(None, (merged if spans.merged else "", *turned, CAUSE, MACHINES if is_recent else "")))
