"""Shares over dates on the terminal."""

from collections.abc import Iterator

from rich.padding import Padding
from rich.text import Text

from longtail.origin.dates.pretrend import OverPretrend
from longtail.origin.estimating.periods import Dates
from longtail.report.words import one_line


def dates(found: Dates) -> Iterator[Text | Padding]:
    """Yield how shares change: the slope, and what later periods have over those before the cut-off."""
    yield Text()
    slope = found.slope
    if slope.per_year is None or slope.low is None or slope.high is None:
        yield Text(f"Slope: refused; {one_line('; '.join(slope.reasons))}.")
    else:
        yield Text(f"Slope: {slope.per_year:+.3f} a year ({slope.low:+.3f} to {slope.high:+.3f}), {slope.status}.")
        for reason in slope.reasons:
            yield Padding(Text(one_line(reason)), (0, 0, 0, 2), expand=False)
    if found.over is not None:
        yield from _over(found.over, found.cutoff)
    left = [
        f"{found.undated:,} without a date" if found.undated else "",
        f"{found.passed:,} in {found.unit}s of too few" if found.passed else "",
    ]
    if any(left):
        yield Text(f"Not in any {found.unit}: {', '.join(filter(None, left))}.", "dim")
    yield Text(f"Note: {one_line(found.caveat)}.", "dim")


def _over(found: OverPretrend, cutoff: str) -> Iterator[Text | Padding]:
    if found.control is not None:
        of = f"{found.control:.2f} ({found.control_low:.2f} to {found.control_high:.2f})"
        yield Text(f"Before {cutoff}: {of} on average, measured the same way.")
    for reason in found.reasons:
        yield Padding(Text(one_line(reason)), (0, 0, 0, 2), expand=False)
    for each in found.periods:
        yield Text(f"  {each.period}: {each.value:+.2f} over that ({each.low:+.2f} to {each.high:+.2f})")
