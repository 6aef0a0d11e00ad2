"""The checks: a sweep, what is asked of fidelity and of diversity along it, and what a measure that fails it is not fit for."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from bench.sanity import laws
from bench.sanity.criteria import Criterion, bell, either, falls, flat, near, near_either, rises, settles

Asked = Mapping[str, Mapping[str, tuple[Criterion, ...]]]
"""Criteria by kind of measure (fidelity, diversity), then by desideratum."""


class Check(NamedTuple):
    """A check.

    Attributes:
        name: What is varied.
        sweep: Its points.
        asked: Criteria of a case; `by_case` has those of cases that differ.
        meaning: What a measure that fails it cannot be used for.
        by_case: Criteria by the case they hold for.
    """

    name: str
    sweep: Callable[[], Iterator[laws.Point]]
    asked: Asked
    meaning: str
    by_case: Mapping[str, Asked] = {}

    def of(self, case: str) -> Asked:
        """Return what is asked in a case."""
        return self.by_case.get(case, self.asked)


def _both(**asked: tuple[Criterion, ...]) -> Asked:
    return {"fidelity": asked, "diversity": asked}


def _each(fidelity: Mapping[str, tuple[Criterion, ...]], diversity: Mapping[str, tuple[Criterion, ...]]) -> Asked:
    return {"fidelity": fidelity, "diversity": diversity}


BELL = _both(purpose=(bell(0.0),), bounds=(near(0.0, 1), near(min, 0), near(max, 0)))
LOST = "what it reads where modes are lost says little of how much is lost"
SIZES = "values of samples of unlike sizes cannot be compared"
OUTLIERS = "one stray row can change what it reads"

CHECKS = (
    Check("mean differs", laws.mean_differs, BELL, "its value has no scale: no difference and a total one need not read 1 and 0"),
    Check("mean differs, one outlier", laws.mean_differs_with_outlier, BELL, OUTLIERS),
    Check(
        "standard deviation differs", laws.scale_differs,
        _each(
            {"purpose": (falls(),), "bounds": (near(1.0, 1), near(min, 1), near(max, 0))},
            {"purpose": (either(bell(1.0), rises),), "bounds": (near(1.0, 1), near(min, 0), near_either(max))},
        ),
        "a law too narrow and one too wide are not told apart by it, in wide data above all",
    ),
    Check(
        "modes fade together", laws.modes_fade,
        _each({"purpose": (flat,), "bounds": (near(min, 1), near(max, 1))}, {"purpose": (falls(0.86),), "bounds": (near(min, 1),)}), LOST,
    ),
    Check(
        "modes vanish one by one", laws.modes_vanish,
        _each({"purpose": (flat,), "bounds": (near(min, 1), near(max, 1))}, {"purpose": (falls(0.5),), "bounds": (near(min, 1),)}), LOST,
    ),
    Check(
        "modes vanish or are invented", laws.modes_are_invented,
        _each(
            {"purpose": (falls(),), "bounds": (near(5, 1), near(min, 1))},
            {"purpose": (rises,), "bounds": (near(5, 1), near(max, 1))},
        ),
        "loss of modes and invention of modes are confused by it",
    ),
    Check(
        "radius of a sphere's surface", laws.radius_differs,
        _both(purpose=(bell(1.0),), bounds=(near(1.0, 1), near(min, 0), near(max, 0))),
        "rows inside a hollow of wide data count as real or as covering it",
    ),
    Check("both sizes", laws.size_differs, _both(data=(settles,), purpose=(near(max, laws.OVERLAP),)), SIZES),
    Check("size of the synthetic rows", laws.synthetic_size_differs, _both(settings=(settles,), purpose=(near(max, laws.OVERLAP),)), SIZES),
    Check(
        "ball and torus", laws.sphere_and_torus, _both(purpose=(settles,), bounds=(near(max, 0),)),
        "disjoint supports can read as shared ones",
    ),
    Check(
        "two modes merge", laws.modes_merge,
        _each(
            {"purpose": (falls(),), "bounds": (near(min, 1),)},
            {"purpose": (either(falls(), flat),), "bounds": (near(min, 1),)},
        ),
        "a gap that the synthetic law fills goes unseen",
    ),
    Check(
        "unit of one coordinate", laws.one_coordinate_is_scaled, _both(invariance=(flat,), bounds=(near(min, 0), near(max, 0))),
        "units of coordinates change it",
    ),
    Check("mean differs, heavy tail beside it", laws.mean_differs_with_heavy_tail, BELL,
          "a heavy tail in one coordinate hides a difference in another"),
    Check(
        "one coordinate apart", laws.one_coordinate_apart, _both(purpose=(flat,), bounds=(near(min, 0), near(max, 0))),
        "a difference in one coordinate drowns in others that agree: compare few, telling coordinates",
    ),
    Check(
        "rounding", laws.rounded, {}, "discrete and continuous numbers look the same to it, or rounding alone looks like loss",
        {
            "real rounded": _each(
                {"purpose": (flat,), "bounds": (near(min, 0), near(max, 0))},
                {"purpose": (flat,), "bounds": (near_either(min), near_either(max))},
            ),
            "synthetic rounded": _each(
                {"purpose": (flat,), "bounds": (near(min, 1), near(max, 1))},
                {"purpose": (flat,), "bounds": (near(min, 0), near(max, 0))},
            ),
        },
    ),
)  # fmt: skip
