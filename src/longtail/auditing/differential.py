"""What else could lie behind the numbers: collapse, drift, sharpening by decoding and overfitting, told apart by their signs.

Collapse loses rare types and puts nothing in their place. Drift loses some and brings others: as many types, more unknown
words. Sharpening crowds the common ones before the rare are gone. Overfitting shows inside one generation, between
documents that the model learned from and documents it has not seen; collapse shows between generations.
"""

from longtail.auditing.phase import Signs
from longtail.metrics.shift import Shift
from longtail.records import Estimate, Explanation, NotMeasured

FOREIGN = 1.25
"""Share of unknown words, relative to the baseline, from which lost types count as replaced by others."""

OVERFIT = 0.10
"""Nats per token by which unseen text is harder than learned text, from which a model counts as overfitted; a convention."""


def differential(signs: Signs, gap: Estimate | NotMeasured | None, shift: Shift | NotMeasured | None) -> tuple[Explanation, ...]:
    """Return each explanation with its status and its reason; nothing where nothing was compared and no gap is known.

    Args:
        signs: The decisions of the audit.
        gap: Loss on unseen less that on learned documents under the candidate's model, in nats per token.
        shift: Whether candidate and baseline differ at all.
    """
    overfitting = _overfitting(gap, is_lost=bool(signs.lost))
    if not signs.tail:
        return (overfitting,) if overfitting.status != "not_measured" else ()
    return (_collapse(signs), _drift(signs, shift), _sharpening(signs), overfitting)


def is_supported(explanations: tuple[Explanation, ...], name: str) -> bool:
    """Tell whether the numbers speak for an explanation."""
    return any(each.name == name and each.status == "supported" for each in explanations)


def _collapse(signs: Signs) -> Explanation:
    if not signs.lost:
        return Explanation(name="collapse", status="against", because="no measure of the tail is below the margin")
    richness = signs.others.get("hill_0")
    if _are_replaced(signs):
        because = "rare words of the baseline are gone, but others have come in their place"
        return Explanation(name="collapse", status="against", because=because)
    told = f", and the number of different words is {_range(richness)} of what it was" if richness is not None else ""
    return Explanation(name="collapse", status="supported", because=f"rare words are gone and no others have come in their place{told}")


def _drift(signs: Signs, shift: Shift | NotMeasured | None) -> Explanation:
    novel, richness = signs.others.get("novel_mass"), signs.others.get("hill_0")
    if not isinstance(shift, Shift) or novel is None or richness is None:
        because = "needs exact counts of words on both sides, and words that the reference lacks"
        return Explanation(name="drift", status="not_measured", because=because)
    if shift.p > signs.level:
        return Explanation(name="drift", status="against", because=f"the two samples do not differ beyond chance (p = {shift.p:.2g})")
    words = f"words that the reference lacks hold {_range(novel)} of their usual share"
    if signs.lost and not _are_replaced(signs):
        return Explanation(name="drift", status="against", because=f"rare words are gone without others in their place: {words}")
    distance = f"{shift.total_variation:.1%} of the text lies on other words (by chance alone {shift.expected:.1%})"
    return Explanation(name="drift", status="supported", because=f"{distance}; {words}")


def _are_replaced(signs: Signs) -> bool:
    """Tell whether there are about as many types as before and clearly more unknown ones."""
    novel, richness = signs.others.get("novel_mass"), signs.others.get("hill_0")
    return novel is not None and richness is not None and novel.low > FOREIGN and richness.high >= 1


def _sharpening(signs: Signs) -> Explanation:
    contrast = signs.others.get("tail_first_contrast")
    if contrast is None or not signs.concentration:
        return Explanation(name="sharpening", status="not_measured", because="needs exact counts of words on both sides")
    bounds = f"{contrast.value:+.2f} [{contrast.low:+.2f}, {contrast.high:+.2f}]"
    told = f"common words concentrate before rare ones are lost (contrast {bounds})"
    fallen = [each for each in signs.concentration if each.decision in ("shrunk", "watch")]
    if contrast.low > 0 and fallen:
        return Explanation(name="sharpening", status="supported", because=f"{told}, as with a low temperature or a narrow top-p")
    return Explanation(name="sharpening", status="against", because=f"no sign that {told}")


def _overfitting(gap: Estimate | NotMeasured | None, *, is_lost: bool) -> Explanation:
    if not isinstance(gap, Estimate):
        because = "needs --scores with documents of the training set, marked in a column split as train"
        return Explanation(name="overfitting", status="not_measured", because=because)
    told = f"unseen text costs {gap.value:.2f} nats per token more than learned text [{gap.low:.2f}, {gap.high:.2f}]"
    if gap.low > OVERFIT:
        rest = "" if is_lost else "; the tail is kept, so this is overfitting, not collapse"
        return Explanation(name="overfitting", status="supported", because=told + rest)
    return Explanation(name="overfitting", status="against", because=told)


def _range(estimate: Estimate) -> str:
    return f"{estimate.value:.0%} [{estimate.low:.0%}, {estimate.high:.0%}]"
