"""Forms beside runs of one Gaussian."""

from typing import Any

from longtail import gates
from longtail.lab.beside.asked import Asked, Lines
from longtail.lab.theory import distortion, mixing, pooling, selection
from longtail.lab.theory import gaussian as forms


def gaussian(asked: Asked) -> Lines:
    """Return the forms for a Gaussian; in several dimensions those of one coordinate, and the log-determinant."""
    if not asked.at(true_mean=0.0) or asked.random:
        return {}
    if not asked.at(sampling_error=True):
        return _noiseless(asked)
    if not asked.at(modes=0.0, pull=1.0):
        return {}
    if asked.gate != "none":
        return _selected(asked)
    by_policy = {
        "replace": _replace,
        "grown": _replace,
        "accumulate": _accumulate,
        "fixed_budget": _fixed_budget,
        "fresh": _fresh,
        "augment": _augment,
        "weighted": _weighted,
    }
    lines = by_policy[asked.policy](asked) if asked.policy in by_policy else {}
    return _summed(lines, asked.options["dim"])


def _replace(asked: Asked) -> Lines:
    ddof, scale, sizes = asked.options["ddof"], asked.options["variance_scale"], asked.sizes
    if asked.at(known_variance=True):
        settings: dict[str, Any] = {"samples": sizes, "ddof": 1, "scale": 1.0}
        return (
            {"mean_square": (forms.gaussian_replace_mean_square, forms.gaussian_replace_mean_square(asked.t, **settings))}
            if scale == 1
            else {}
        )
    told: dict[str, Any] = {"samples": sizes, "ddof": ddof, "scale": scale}
    lines: Lines = {
        "mean_square": (forms.gaussian_replace_mean_square, forms.gaussian_replace_mean_square(asked.t, **told)),
        "variance": (forms.gaussian_replace_variance, forms.gaussian_replace_variance(asked.t, **told)),
    }
    if min(sizes) > asked.options["dim"]:
        lines["log_variance"] = (forms.gaussian_replace_log_variance, forms.gaussian_replace_log_variance(asked.t, **told))
        log_det = forms.gaussian_replace_log_det(asked.t, dim=asked.options["dim"], **told)
        lines["log_det"] = (forms.gaussian_replace_log_det, log_det)
    if asked.options["dim"] == 1:
        lines["w2_squared"] = (forms.gaussian_replace_w2_squared, forms.gaussian_replace_w2_squared(asked.t, **told))
    return lines


def _accumulate(asked: Asked) -> Lines:
    written = [asked.first, *(step.writes for step in asked.steps[1:])]
    if not asked.at(ddof=0, variance_scale=1.0, known_variance=False):
        return {}
    return {
        "variance": (pooling.accumulate_variance, pooling.accumulate_variance(asked.t, samples=written)),
        "mean_square": (pooling.accumulate_mean_square, pooling.accumulate_mean_square(asked.t, samples=written)),
    }


def _fixed_budget(asked: Asked) -> Lines:
    if not (asked.even and asked.at(ddof=0, known_variance=False)):
        return {}
    moments = pooling.fixed_budget_moments(asked.t, samples=asked.first, scale=asked.options["variance_scale"])
    return {
        "variance": (pooling.fixed_budget_moments, moments.variance),
        "mean_square": (pooling.fixed_budget_moments, moments.mean_square),
    }


def _fresh(asked: Asked) -> Lines:
    step = asked.later
    if not asked.even or not asked.newest_alone or not (step.collects and step.writes) or asked.at(known_variance=True):
        return {}
    told = {"ddof": asked.options["ddof"], "scale": asked.options["variance_scale"], "first": asked.first}
    moments = mixing.fresh_moments(asked.t, real=step.collects, synthetic=step.writes, **told)
    return {"variance": (mixing.fresh_moments, moments.variance), "mean_square": (mixing.fresh_moments, moments.mean_square)}


def _augment(asked: Asked) -> Lines:
    if len(set(asked.sizes[1:])) > 1 or asked.at(known_variance=True) or len(asked.steps) < 2:
        return {}
    told = {"ddof": asked.options["ddof"], "scale": asked.options["variance_scale"]}
    moments = mixing.augment_moments(asked.t, real=asked.first, synthetic=asked.later.writes, **told)
    return {"variance": (mixing.augment_moments, moments.variance), "mean_square": (mixing.augment_moments, moments.mean_square)}


def _weighted(asked: Asked) -> Lines:
    if not (asked.at(known_variance=True, variance_scale=1.0) and asked.even and len(asked.steps) > 1):
        return {}
    real = asked.later.taken[0]
    values = mixing.weighted_mean_square(
        asked.t,
        weight=real.weight * real.rows / asked.first,
        real=real.rows,
        synthetic=asked.later.writes,
        start_mean_square=1 / asked.first,
    )
    return {"mean_square": (mixing.weighted_mean_square, values)}


def _selected(asked: Asked) -> Lines:
    """Return the forms for a gate that keeps the rows nearest to the true mean, from generation 2 on."""
    gate = gates.bound(asked.gate)
    if (
        gate is None
        or gate.name != "top"
        or gate.call.keywords.get("centre", 0)
        or not asked.at(dim=1, variance_scale=1.0, known_variance=False)
    ):
        return {}
    alpha = gate.call.keywords["alpha"]
    if asked.policy == "replace":
        values = selection.selection_replace_variance(asked.t, alpha=alpha) / selection.selection_ratio(alpha=alpha)
        return {"variance": (selection.selection_replace_variance, values)}
    if asked.policy == "accumulate" and asked.equal:
        values = selection.selection_accumulate_variance(asked.t, alpha=alpha) / selection.selection_ratio(alpha=alpha)
        return {"variance": (selection.selection_accumulate_variance, values)}
    return {}


def _noiseless(asked: Asked) -> Lines:
    """Return the forms for infinite samples of a truth with two modes: the error of a family that is too small."""
    if asked.policy != "replace" or not asked.at(ddof=0, pull=1.0, variance_scale=1.0, known_variance=False) or not asked.options["modes"]:
        return {}
    values = distortion.single_gaussian_variance(asked.t, separation=2 * asked.options["modes"])
    return {"variance": (distortion.single_gaussian_variance, values)}


def _summed(lines: Lines, dim: int) -> Lines:
    if "variance" in lines:
        form, values = lines["variance"]
        lines["trace"] = form, [dim * value for value in values]
    return lines
