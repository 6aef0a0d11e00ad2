"""Forms beside runs of linear regression and of kernel density estimates."""

from collections.abc import Sequence
from typing import Any

import numpy

from longtail.lab.beside.asked import Asked, Line, Lines
from longtail.lab.learners.regression_task import noises
from longtail.lab.theory import distortion, mixing, pooling, regression


def linear_regression(asked: Asked) -> Lines:
    """Return the forms for least squares on labels of its own."""
    dim, found = asked.options["dim"], noises(asked.options["noise"])
    if asked.gate != "none":
        return {}
    sizes = [rows for rows in asked.sizes if rows]
    if max(sizes) <= dim and not any(found):
        return _interpolating(asked, dim)
    if min(sizes) <= dim + 1:
        return {}
    if asked.policy == "replace":
        return _replace(asked, dim, found)
    if len(set(found)) > 1 or asked.options["foreign_share"]:
        return {}
    line = _error(asked, {"samples": asked.first, "dim": dim, "noise": float(found[0])})
    return {"error": line} if line else {}


def kde(asked: Asked) -> Lines:
    """Return the forms for kernels of one width over a truth with one mode."""
    bandwidth = asked.options["bandwidth"]
    if bandwidth == "scott" or not asked.at(modes=1, spread=1.0) or not asked.plain:
        return {}
    if asked.policy == "replace":
        form = distortion.kernel_data_variance
        return {"variance": (form, form(asked.t, samples=asked.first, bandwidth=float(bandwidth)))}
    step = asked.later
    if asked.policy == "fresh" and asked.newest_alone and step.collects and step.writes:
        told: dict[str, Any] = {"real": step.collects, "synthetic": step.writes, "bandwidth": float(bandwidth), "first": asked.first}
        return {"variance": (mixing.fresh_moments, mixing.fresh_moments(asked.t, **told).variance)}
    return {}


def _error(asked: Asked, told: dict[str, Any]) -> Line | None:
    by_policy = {"accumulate": _accumulate, "grown": _grown, "fixed_budget": _fixed_budget, "edit": _edited}
    return by_policy[asked.policy](asked, told) if asked.policy in by_policy else None


def _replace(asked: Asked, dim: int, found: Sequence[float]) -> Lines:
    """Return the error of a chain of teachers, each with rows and noise of its own; the first may learn from foreign labels."""
    if asked.at(inputs="same") and not asked.even:
        return {}
    noise = [found[min(at, len(found) - 1)] for at in range(len(asked.t))]
    values = regression.regression_chain_errors(asked.t, samples=asked.sizes, dim=dim, noise=noise)
    foreign = round(asked.options["foreign_share"] * asked.first) / asked.first
    if not foreign:
        return {"error": (regression.regression_chain_errors, values)}
    told = {"samples": asked.first, "dim": dim, "noise": noise[0], "share": 1 - foreign, "shift": asked.options["foreign_distance"] ** 2}
    return {"error": (regression.regression_mixture_error, values - values[0] + regression.regression_mixture_error(**told))}


def _accumulate(asked: Asked, told: dict[str, Any]) -> Line | None:
    form = regression.regression_accumulate_error
    return (form, form(asked.t, **told)) if asked.at(inputs="same") and asked.equal else None


def _grown(asked: Asked, told: dict[str, Any]) -> Line | None:
    if asked.sizes != [asked.first * t for t in asked.t]:
        return None
    form = regression.regression_grown_error if asked.at(inputs="same") else regression.regression_grown_fresh_error
    return form, form(asked.t, **told)


def _fixed_budget(asked: Asked, told: dict[str, Any]) -> Line | None:
    if not asked.even:
        return None
    return pooling.fixed_budget_loss, regression.regression_first_error(**told) * pooling.fixed_budget_loss(asked.t)


def _edited(asked: Asked, told: dict[str, Any]) -> Line | None:
    """Return the error before and after one edit; later ones have no closed form."""
    if not asked.at(inputs="same"):
        return None
    first = regression.regression_first_error(**told)
    edited = asked.later.edits / told["samples"]
    later = regression.regression_edit_error(edited=edited, **told)
    return regression.regression_edit_error, [first, later, *[numpy.nan] * len(asked.t)][: len(asked.t)]


def _interpolating(asked: Asked, dim: int) -> Lines:
    if asked.policy != "replace" or not asked.even or not asked.at(inputs="fresh"):
        return {}
    form = regression.regression_interpolating_chain_error
    return {"error": (form, form(asked.t, samples=asked.first, dim=dim))}
