"""The scenario of a production content loop, judged by `watch`: whether the turn is dated, and the control left alone."""

from collections.abc import Sequence
from datetime import date

from longtail.diagnosis.voice.records import Watch
from longtail.diagnosis.voice.watching import watch
from longtail.lab.expectation import Measured
from longtail.lab.scenarios.catalogue import Audited, Laid, fact
from longtail.lab.scenarios.content import FIRST_YEAR, TITLE, lay, quarter_name
from longtail.origin.dates.dating import period_of

__all__ = ["TITLE", "checks", "lay"]

WITHIN = 1


def checks(laid: Laid, audits: Sequence[Audited]) -> tuple[Measured, ...]:
    """Return whether the turn is dated to within a quarter, whether LT701 fails, and whether it is silent on the control."""
    loop, control = (watch(str(path), date_column="date", period="quarter") for path in (laid.dated, laid.control))
    turn = int(laid.facts["turn"])
    off = None if loop.turn.period is None else quarter_of(loop) - turn
    return (
        fact(
            f"The model's entry at {quarter_name(turn)} is dated to within a quarter (found: {told(loop)})",
            off is not None and abs(off) <= WITHIN,
            f"within {WITHIN} quarter",
            off,
        ),
        fact(f"LT701 speaks of the loop (found: {loop.judged.status})", loop.judged.status in ("warn", "fail"), "warn or fail"),
        fact(
            f"It is silent where people alone write (found: {control.turn.change}, {control.judged.status})",
            control.turn.change != "turn" and control.judged.status not in ("warn", "fail"),
            "no turn",
        ),
    )


def told(found: Watch) -> str:
    """Return the turn with the dates that cannot be ruled out, in words."""
    turn = found.turn
    return f"{turn.period} [{turn.earliest}, {turn.latest}]" if turn.period else turn.change


def quarter_of(found: Watch) -> int:
    """Return which quarter of the scenario the period of a turn is, counted from 0."""
    first = next(each.first for each in found.periods if each.name == found.turn.period)
    return period_of(date.fromisoformat(first), "quarter") - 4 * FIRST_YEAR
