"""An estimate of the machine-made share as one page that stands alone."""

import msgspec

import longtail.report.contamination as told
import longtail.report.words as words
from longtail.origin.estimating.answering import Estimation
from longtail.origin.result import Share
from longtail.report.drawing import shares
from longtail.report.page.html import alone


def to_html(found: Estimation, json: str) -> str:
    """Return an estimate as one self-contained page.

    Args:
        found: The estimate.
        json: The same as JSON, which is embedded.
    """
    whole = found.estimate.whole.machine if found.estimate else None
    slices = [(each, shares.shares(f"slices-{at}", each["title"], each["bars"])) for at, each in enumerate(told.slices(found))]
    cost, verdict = told.filtering(found.filtering), told.verdict(found)
    return alone(
        "estimate.html",
        json,
        found=found,
        of="estimate",
        file=found.inputs[0].path if found.inputs else "",
        sheet="shares.css",
        record="estimate",
        status=verdict.status,
        headline=verdict.headline,
        verdict=verdict,
        chart=None if whole is None else shares.shares("whole", "Machine-made share", [_whole(whole)]),
        slices=slices,
        cost=cost,
        curve=shares.costs("costs", "What filtering would cost", cost["points"], cost["chosen"]) if cost else None,
        notes=found.estimate.notes if found.estimate else (),
        checks=_checks(found),
        settings=msgspec.json.encode(found.estimate.settings).decode() if found.estimate else "",
    )


def _whole(found: Share) -> shares.Share:
    return shares.Share("all documents", found.share, found.low, found.high)


def _checks(found: Estimation) -> list[list[str]]:
    """Return what was checked before the share was believed."""
    checks = found.estimate.whole.checks if found.estimate else ()
    said = {True: "holds", False: "fails", None: "could not be checked"}
    return [[words.one_line(each.name.replace("_", " "), 60), said[each.passed], words.one_line(each.because, 300)] for each in checks]
