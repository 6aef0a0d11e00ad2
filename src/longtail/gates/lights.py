"""Two lights on a gate: what it keeps is valid, and what it keeps is diverse. They are two statements, and one never stands for both."""

from collections.abc import Sequence
from typing import Literal

from longtail.records import Estimate, Record, Status

LEAST_RIGHT = 0.5
"""Share of right rows among what is kept above which a linear classifier on unlimited data learns the truth: the break point of
Feng et al., arXiv:2406.07515."""
MARGIN = 0.9
"""Share of its place in the mix that a stratum must keep, and of the variance: the margin of audits."""
_NAMED = 3
_VALID = ("label_precision", "keep_right", "keep_wrong")


class Light(Record, frozen=True):
    """One statement about a gate.

    Args:
        name: What it speaks of.
        status: "pass" and "fail" are shown by the intervals; "warn" is not decided by them.
        because: Why.
        enable: What would measure or decide it.
    """

    name: Literal["valid", "diverse"]
    status: Status
    because: str
    enable: str = ""


def valid(estimates: Sequence[Estimate], least: float, missing: str) -> Light:
    """Say whether what the gate keeps is right: enough of it is, and the gate tells right from wrong.

    Args:
        estimates: What was measured.
        least: Share of right rows among what is kept.
        missing: Why nothing was measured.
    """
    found = {each.metric: each for each in estimates if each.metric in _VALID}
    if len(found) < len(_VALID):
        enable = "add a column right (true or false) with rows of both kinds"
        return Light(name="valid", status="not_measured", because=missing, enable=enable)
    share, right, wrong = (found[metric] for metric in _VALID)
    told = f"{share.value:.3g} of what is kept is right ({share.low:.3g} to {share.high:.3g})"
    if wrong.low > right.high:
        return Light(name="valid", status="fail", because=f"{told}, and the gate keeps wrong rows rather than right ones")
    if share.high < least:
        return Light(name="valid", status="fail", because=f"{told}, less than {least:g}")
    side = "" if share.low > least else f", which does not decide on {least:g}"
    gap = "" if right.low > wrong.high else ", and that the gate tells right from wrong is not shown"
    if side or gap:
        return Light(name="valid", status="warn", because=f"{told}{side}{gap}", enable="judge more rows")
    because = f"{told}, more than {least:g}, and the gate keeps right rows rather than wrong ones"
    return Light(name="valid", status="pass", because=because)


def diverse(parts: Sequence[Estimate], margin: float, among: str, missing: str) -> Light:
    """Say whether what the gate keeps is as diverse as what it was given: each stratum keeps its place, and a number its variance.

    Args:
        parts: Ratios, 1 where nothing is lost.
        margin: Ratio below which a loss counts.
        among: Which rows the ratios are about.
        missing: Why nothing was measured.
    """
    if not parts:
        return Light(
            name="diverse", status="not_measured", because=missing, enable="name a column of strata with --by, or of numbers with --value"
        )
    lost = [each for each in parts if each.high < margin]
    unsure = [each for each in parts if each.low < margin <= each.high]
    if lost:
        return Light(name="diverse", status="fail", because=f"below {margin:g} of what it was{among}: {_listed(lost)}")
    if unsure:
        told = f"whether {margin:g} is left{among} is not decided: {_listed(unsure)}"
        return Light(name="diverse", status="warn", because=told, enable="judge more rows")
    least = min(parts, key=lambda each: each.low)
    return Light(name="diverse", status="pass", because=f"at least {margin:g} of what it was is left{among}; the least: {_told(least)}")


def _listed(parts: Sequence[Estimate]) -> str:
    ordered = sorted(parts, key=lambda each: each.value)
    more = f" and {len(ordered) - _NAMED} more" if len(ordered) > _NAMED else ""
    return ", ".join(_told(each) for each in ordered[:_NAMED]) + more


def _told(each: Estimate) -> str:
    what = f"the share of {each.slice!r}" if each.slice is not None else "the variance of the number"
    return f"{what} {each.value:.3g} ({each.low:.3g} to {each.high:.3g})"
