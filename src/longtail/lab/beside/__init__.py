"""Closed forms beside a run: for each series the form that holds for its settings, if one is known."""

from collections.abc import Callable, Sequence
from typing import cast

import numpy

from longtail.errors import ConfigError
from longtail.lab.beside.asked import Asked, Lines, asked, spread_out
from longtail.lab.beside.categorical import bernoulli, categorical, gmm, poisson
from longtail.lab.beside.gaussian import gaussian
from longtail.lab.beside.regression import kde, linear_regression
from longtail.lab.result import Theory
from longtail.lab.script import Step
from longtail.lab.settings import Settings
from longtail.lab.theory.forms import FORMS, Kind

__all__ = ["theory_of"]

KNOWN: dict[str, Callable[[Asked], Lines]] = {
    "gaussian": gaussian,
    "categorical": categorical,
    "bernoulli": bernoulli,
    "poisson": poisson,
    "gmm": gmm,
    "kde": kde,
    "linear_regression": linear_regression,
}


def theory_of(settings: Settings, steps: Sequence[Step], wanted: frozenset[str]) -> dict[str, Theory]:
    """Return the closed form of each series that was measured and has one."""
    told = asked(settings, steps, wanted) if settings.family in KNOWN else None
    if told is None:
        return {}
    try:
        with numpy.errstate(over="ignore", invalid="ignore"):
            lines = KNOWN[settings.family](told)
    except ConfigError:
        return {}
    found = {name: _theory(form.__name__, values, len(steps)) for name, (form, values) in lines.items() if name in wanted}
    return {name: theory for name, theory in found.items() if any(value is not None for value in theory.value)}


def _theory(form: str, values: object, count: int) -> Theory:
    facts = FORMS[form].facts
    return Theory(value=spread_out(values, count), kind=cast(Kind, facts["kind"]), source=facts["source"])
