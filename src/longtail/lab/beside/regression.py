"""Forms beside runs of linear regression and of kernel density estimates."""

from typing import Any

import numpy

from longtail.lab.beside.asked import Asked, Line, Lines
from longtail.lab.learners.regression_task import noises
from longtail.lab.theory import distortion, mixing, pooling, regression


def linear_regression(asked: Asked) -> Lines:
    """Return the forms for least squares on labels of its own, the same noise in all of them."""
    dim, found = asked.options["dim"], noises(asked.options["noise"])
    if len(set(found)) > 1 or asked.options["foreign_share"] or asked.gate != "none":
        return {}
    if asked.first <= dim + 1:
        return _interpolating(asked, dim) if asked.first <= dim and not found[0] else {}
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
    by_policy = {"replace": _replace, "accumulate": _accumulate, "grown": _grown, "fixed_budget": _fixed_budget, "edit": _edited}
    return by_policy[asked.policy](asked, told) if asked.policy in by_policy else None


def _replace(asked: Asked, told: dict[str, Any]) -> Line | None:
    form = regression.regression_replace_error
    return (form, form(asked.t, **told)) if asked.even else None


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
