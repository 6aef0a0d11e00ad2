"""Which definitions of collapse a run meets: eight are in use, and they disagree (Schaeffer et al., arXiv:2503.03150).

What can be told from a run's series is told, with the rule by which it was told; the rest is said not to be measured.
The borders (a factor of 10, a half, a tenth) are conventions of this project.
"""

from collections.abc import Callable, Mapping

from longtail.lab.result import Definition, Series

RISKS = ("heldout_nll", "nll", "error", "w2_squared", "mean_square")
CATASTROPHE, HALF, TENTH = 10.0, 0.5, 0.1
ERRORS = 3.0


def definitions(series: Mapping[str, Series]) -> tuple[Definition, ...]:
    """Return the eight definitions, each with whether the last generation of a run meets it."""
    return tuple(told(series) for told in ALL)


def _risk(series: Mapping[str, Series]) -> str | None:
    return next((name for name in RISKS if name in series and len(series[name].mean) > 1), None)


def _ends(series: Series) -> tuple[float, float, float] | None:
    """Return first and last mean, and the error of their difference; None where one does not exist."""
    first, last = series.mean[0], series.mean[-1]
    if first is None or last is None:
        return None
    return first, last, ((series.se[0] or 0.0) ** 2 + (series.se[-1] or 0.0) ** 2) ** 0.5


def _catastrophe(series: Mapping[str, Series]) -> Definition:
    name, condition = _risk(series), f"the risk on real data is {CATASTROPHE:g} times that of generation 1 or more"
    ends = _ends(series[name]) if name else None
    holds = None if ends is None else bool(ends[1] >= CATASTROPHE * ends[0] > 0)
    return Definition(name="catastrophic rise of risk", holds=holds, series=name, condition=condition)


def _rise(series: Mapping[str, Series]) -> Definition:
    name, condition = _risk(series), f"the risk on real data rose by more than {ERRORS:g} standard errors since generation 1"
    ends = _ends(series[name]) if name else None
    holds = None if ends is None else bool(ends[1] - ends[0] > ERRORS * ends[2])
    return Definition(name="any rise of risk", holds=holds, series=name, condition=condition)


def _beyond(name: str, condition: str) -> Callable[[Mapping[str, Series]], Definition]:
    return lambda series: Definition(name=name, holds=None, series=None, condition=condition)


def _fallen(name: str, candidates: tuple[str, ...], least: float, condition: str) -> Callable[[Mapping[str, Series]], Definition]:
    """Return a definition that holds where the median of the first series there is has fallen below a share of generation 1's."""

    def told(series: Mapping[str, Series]) -> Definition:
        found = next((each for each in candidates if each in series), None)
        ends = (series[found].median[0], series[found].median[-1]) if found else (None, None)
        known = ends[0] is not None and ends[1] is not None
        holds = bool(ends[1] < least * ends[0]) if known and ends[0] is not None and ends[1] is not None else None
        return Definition(name=name, holds=holds, series=found, condition=condition)

    return told


ALL: tuple[Callable[[Mapping[str, Series]], Definition], ...] = (
    _catastrophe,
    _rise,
    _beyond("risk without bound", "the risk grows for ever: no finite run can show it, a closed form can"),
    _fallen("variance collapse", ("variance",), HALF, "the median variance is less than half of generation 1's"),
    _beyond("another scaling law", "the risk falls with the sample size by another power: takes runs of several sizes"),
    _fallen(
        "lost modes", ("modes_alive", "classes_alive", "support"), 1.0, "in the median, fewer modes or types are left than in generation 1"
    ),
    _fallen(
        "lost tails",
        ("tail_types", "tail_mass_retained"),
        1 - TENTH,
        "in the median, a tenth or more is gone of what generation 1 had of the rarest tenth",
    ),
    _fallen("invented data", ("correct",), 1 - 1e-9, "in the median, more rows are wrong than in generation 1"),
)
