"""A drill as one page that stands alone: when the alarm fired, what was lost by then, and how often the audit cries wolf."""

import longtail.report.words as words
from longtail.diagnosis.drilled import Audited, Drill
from longtail.records import Status
from longtail.report.drawing import shares
from longtail.report.formats.records import to_json
from longtail.report.page.html import alone
from longtail.report.screen.drill import headline


def to_html(found: Drill) -> str:
    """Return a drill as one self-contained page."""
    bars = [shares.Share(f"generation {each.generation}: {said(each)}", each.lost, None, None) for each in found.audits]
    return alone(
        "drill.html",
        to_json(found),
        found=found,
        of="drill",
        date=found.created_at[:10],
        sheet="shares.css",
        record="drill",
        status=status(found),
        headline=headline(found),
        chart=shares.shares("lost", "Rare words gone by each audit", bars) if bars else None,
        rows=[_row(each) for each in found.audits],
    )


def status(found: Drill) -> Status:
    """Return how the drill ended: pass where an alarm fired, warn where there was a warning alone, fail where neither came."""
    return "pass" if found.alarmed_at is not None else "warn" if found.warned_at is not None else "fail"


def said(each: Audited) -> str:
    """Return what an audit said."""
    return "alarm" if each.fails else "warning" if each.warns else "nothing said"


def _row(each: Audited) -> list[str]:
    tail = "not measured" if each.tail is None else f"{words.percent(each.tail.value)} {words.interval(each.tail)}"
    codes = ", ".join((*each.fails, *(code for code in each.warns if code not in each.fails)))
    return [
        str(each.generation),
        words.percent(each.lost),
        words.percent(each.lost_mass),
        tail,
        f"{said(each)}{f': {codes}' if codes else ''}",
    ]
