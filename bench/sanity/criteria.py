"""What a measure's curve over a sweep must look like, with the thresholds of the paper."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Curve = Mapping[float, float]
"""Value of a measure, averaged over repetitions, by the place of the sweep."""

NEAR, CLEAR, LEVEL = 0.05, 0.2, 0.1


class Answer(NamedTuple):
    """Whether a curve is as asked; `side` says which of two admissible conventions it follows, where there are two."""

    passes: bool
    said: str
    side: str = ""


Criterion = Callable[[Curve], Answer]


def near(place: float | Callable[[Sequence[float]], float], target: float) -> Criterion:
    """Ask for a value within 0.05 of a target at one place, or at the place that `min` or `max` chooses."""

    def asked(curve: Curve) -> Answer:
        at = place(list(curve)) if callable(place) else min(curve, key=lambda each: abs(each - place))
        return Answer(abs(curve[at] - target) <= NEAR, f"{curve[at]:.3f} at {at:.4g}, should be {target:g}")

    return asked


def near_either(place: Callable[[Sequence[float]], float]) -> Criterion:
    """Ask for 0 or 1: a synthetic law that is too wide covers nothing by one convention and all by the other."""

    def asked(curve: Curve) -> Answer:
        at = place(list(curve))
        sides = {side for side, target in (("low", 0.0), ("high", 1.0)) if abs(curve[at] - target) <= NEAR}
        return Answer(bool(sides), f"{curve[at]:.3f} at {at:.4g}, should be 0 or 1", "".join(sides))

    return asked


def bell(middle: float) -> Criterion:
    """Ask for a curve that is high at a place and lower at both ends."""

    def asked(curve: Curve) -> Answer:
        left, centre, right = curve[min(curve)], curve[min(curve, key=lambda at: abs(at - middle))], curve[max(curve)]
        drops = min(centre - left, centre - right) >= CLEAR
        ends = min(left, right) - min(curve.values()) <= LEVEL
        passes = drops and ends and max(curve.values()) - centre <= LEVEL
        return Answer(passes, f"{left:.3f}, {centre:.3f}, {right:.3f} at the ends and in the middle, should be a bell")

    return asked


def falls(middle: float | None = None) -> Criterion:
    """Ask for a curve that is high at the left and low at the right; with `middle`, a share of the sweep, lower there already."""

    def asked(curve: Curve) -> Answer:
        left, right = curve[min(curve)], curve[max(curve)]
        passes = left - right >= CLEAR and max(curve.values()) - left <= LEVEL and right - min(curve.values()) <= LEVEL
        places = sorted(curve)
        if middle is not None:
            passes = passes and left - curve[places[round(middle * (len(places) - 1))]] >= LEVEL
        return Answer(passes, f"{left:.3f} to {right:.3f}, should fall")

    return asked


def rises(curve: Curve) -> Answer:
    """Ask for a curve that is low at the left and high at the right."""
    turned = falls()({-at: value for at, value in curve.items()})
    return Answer(turned.passes, f"{curve[min(curve)]:.3f} to {curve[max(curve)]:.3f}, should rise")


def flat(curve: Curve) -> Answer:
    """Ask for a curve that stays within 0.05."""
    low, high = min(curve.values()), max(curve.values())
    return Answer(high - low <= NEAR, f"{low:.3f} to {high:.3f}, should be level")


def settles(curve: Curve) -> Answer:
    """Ask for a curve that stays within 0.05 from the middle of the sweep on."""
    places = sorted(curve)
    answer = flat({at: curve[at] for at in places[len(places) // 2 :]})
    return Answer(answer.passes, f"{answer.said} from {places[len(places) // 2]:.4g} on")


def either(low: Criterion, high: Criterion) -> Criterion:
    """Ask for one of two curves, each of which is right by one convention."""

    def asked(curve: Curve) -> Answer:
        found = {"low": low(curve), "high": high(curve)}
        side = next((side for side, answer in found.items() if answer.passes), "")
        return Answer(bool(side), f"{found['low'].said}, or {found['high'].said}", side)

    return asked


def together(answers: Sequence[Answer]) -> Answer:
    """Return one answer for several cases: all must pass, and follow one convention."""
    sides = {answer.side for answer in answers} - {""}
    failed = [answer.said for answer in answers if not answer.passes]
    if len(sides) > 1:
        failed.append("low in one case and high in another")
    return Answer(not failed, failed[0] if failed else "", sides.pop() if len(sides) == 1 else "")
