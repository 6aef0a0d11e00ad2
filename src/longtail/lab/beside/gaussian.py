"""Forms beside runs of one Gaussian."""

from typing import Any

from longtail import gates
from longtail.lab.beside.asked import Asked, Lines
from longtail.lab.beside.pools import moments
from longtail.lab.theory import distortion, mixing, selection
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
    if asked.at(known_variance=True):
        return _known_variance(asked)
    found = moments(asked, ddof=asked.options["ddof"], scale=asked.options["variance_scale"])
    lines: Lines = {} if found is None else {"mean_square": (found[0], found[1].mean_square), "variance": (found[0], found[1].variance)}
    if asked.policy in ("replace", "grown"):
        lines |= _chained(asked)
    return _summed(lines, asked.options["dim"])


def _known_variance(asked: Asked) -> Lines:
    """Return the forms for a mean that is learnt alone."""
    if not asked.at(variance_scale=1.0):
        return {}
    if asked.policy in ("replace", "grown"):
        form = forms.gaussian_replace_mean_square
        return {"mean_square": (form, form(asked.t, samples=asked.sizes, ddof=1))}
    return _weighted(asked) if asked.policy == "weighted" else {}


def _chained(asked: Asked) -> Lines:
    """Return what is known of a chain of models beside its two moments."""
    dim = asked.options["dim"]
    told: dict[str, Any] = {"samples": asked.sizes, "ddof": asked.options["ddof"], "scale": asked.options["variance_scale"]}
    lines: Lines = {}
    if min(asked.sizes) > dim:
        lines["log_variance"] = forms.gaussian_replace_log_variance, forms.gaussian_replace_log_variance(asked.t, **told)
        lines["log_det"] = forms.gaussian_replace_log_det, forms.gaussian_replace_log_det(asked.t, dim=dim, **told)
    if dim == 1:
        lines["w2_squared"] = forms.gaussian_replace_w2_squared, forms.gaussian_replace_w2_squared(asked.t, **told)
    return lines


def _weighted(asked: Asked) -> Lines:
    if not asked.even or len(asked.steps) < 2:
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
