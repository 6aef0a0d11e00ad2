"""What a loss is called: collapse, sharpening, drift, or open; the phase says what outputs lack, and this says why.

A phase is a statement about one law beside another. Collapse is one about a process: models that learn from their own output lose
again what is rare, in every generation. A temperature that was lowered once, or subjects that changed once, can bring outputs into the
same phase, and then nothing more happens. So a loss beyond the margin is called collapse only where one of two things is shown, each at
half of the error rate, so that both together err with a chance of at most that rate where there is neither:

- The loss goes on. Each version is tested beside the one before; of these steps at least two show a loss of the tail. With n steps and
  p-values in order, p = (n - 1) p_(2) tests that at most one of them has a loss, under any dependence (Benjamini and Heller 2008).
- The rare went first: the contrast of the last version beside the first lies below 0, and no others have come in place of the rare.
  Sharpening goes the other way (Chao and Jost's profiles: common types concentrate first), and drift moves neither.

Where neither is shown, the loss is called what the numbers speak for instead: sharpening, or drift. Where they speak for nothing it is
open, and so it is where human text costs more beyond the margin as well, which no way of sampling brings about. The alarm does not wait
for a name: phase and exit code are as they are.
"""

from collections.abc import Sequence

from longtail.auditing.differential import is_supported
from longtail.diagnosis.records import Called, CalledName
from longtail.records import Estimate, Report

LOSS = ("early", "narrowing", "late")
"""Phases in which the tail is lost beyond the margin."""

TAIL = ("tail_types_retained", "tail_mass_retained")

_NO_LOSS: dict[str, tuple[CalledName, str]] = {
    "healthy": ("none", "no measure of the tail is below the margin"),
    "watch": ("none", "the loss is inside the margin"),
    "drift": ("drift", "the samples differ, and nothing of the tail is lost beyond the margin"),
    "concentrating": ("sharpening", "common words crowd together, and the rare ones were not lost before them"),
}


def called_of(report: Report | None) -> Called:
    """Return what the loss of the last version beside the first is called, and on what evidence, by the rule of this module.

    Args:
        report: Of the audit of a lineage; an audit of one version, or none, has nothing that could go on.
    """
    if report is None or report.lineage is None:
        return Called(name="not_measured", because="it needs the outputs of at least two versions, held against one another")
    phase = report.phase.name
    if phase in _NO_LOSS:
        name, because = _NO_LOSS[phase]
        return Called(name=name, because=because)
    if phase not in LOSS:
        return Called(name="not_measured", because="the documents do not decide the phase")
    shown = [told for told in (_goes_on(report), _rare_first(report)) if told]
    if shown:
        crowded = is_supported(report.differential, "sharpening")
        more = "; common words crowd together before the rare are lost, so what is written is sharpened each time" if crowded else ""
        return Called(name="collapse", because="; ".join(shown) + more)
    return _otherwise(report)


def _otherwise(report: Report) -> Called:
    """Return what a loss is called that is not shown to be one of collapse."""
    found = {each.name: each for each in report.differential if each.status == "supported"}
    if _is_replaced(report):
        return Called(name="drift", because=f"{found['drift'].because}; {_once(report)}")
    if "sharpening" in found and _is_worse(report):
        told = f"{found['sharpening'].because}, but human text costs more too, which no temperature brings about"
        return Called(name="open", because=f"{told}; {_once(report)}")
    if "sharpening" in found:
        return Called(name="sharpening", because=f"{found['sharpening'].because}; {_once(report)}")
    return Called(name="open", because=f"the tail is lost; whether the rare went before the common is not shown, and {_once(report)}")


def _goes_on(report: Report) -> str:
    """Return the evidence that two steps or more have a loss; nothing where that is not shown."""
    chance, steps = going_on(_steps(report))
    if chance is None or chance > half_of(report):
        return ""
    at = " and ".join(f"generation {generation}" for generation in steps)
    return f"the loss goes on: beside the version before it, {at} have lost again (p = {chance:.2g} for two steps or more)"


def going_on(steps: dict[int, float]) -> tuple[float | None, list[int]]:
    """Return the p-value that at least two steps have a loss, and the two that speak loudest; None where there are fewer than two.

    Args:
        steps: By generation the p-value of a loss beside the one before.

    Source:
        Partial conjunction of two hypotheses, combined by Bonferroni (Benjamini and Heller 2008, eq. 3).
    """
    if len(steps) < 2:
        return None, []
    loudest = sorted(steps, key=lambda generation: (steps[generation], generation))[:2]
    return min(1.0, (len(steps) - 1) * steps[loudest[1]]), sorted(loudest)


def _steps(report: Report) -> dict[int, float]:
    """Return by generation the p-value of a loss of tail types or mass beside the one before, both together."""
    found: dict[int, float] = {}
    for each in report.lineage.steps if report.lineage is not None else ():
        if each.metric in TAIL and each.p_adjusted is not None and each.generation is not None:
            found[each.generation] = min(found.get(each.generation, 1.0), each.p_adjusted)
    return found


def _rare_first(report: Report) -> str:
    """Return the evidence that the rare went first; nothing where that is not shown, or others came in their place."""
    contrast = _contrast(report)
    if contrast is None or contrast.p is None or contrast.value >= 0 or contrast.p > half_of(report) or _is_replaced(report):
        return ""
    bounds = f"{contrast.value:+.2f} [{contrast.low:+.2f}, {contrast.high:+.2f}]"
    return f"rare words went before common ones (contrast {bounds}, p = {contrast.p:.2g}), and no others have come in their place"


def _is_replaced(report: Report) -> bool:
    return is_supported(report.differential, "drift") and not is_supported(report.differential, "collapse")


def _is_worse(report: Report) -> bool:
    return any(each.metric == "heldout_nll" and each.decision == "shrunk" for each in of_version(report, _last(report)))


def _last(report: Report) -> int | None:
    return len(report.lineage.generations) if report.lineage is not None else None


def _once(report: Report) -> str:
    """Return what the steps say of a loss that is not shown to go on."""
    chance, _ = going_on(_steps(report))
    last = _last(report)
    if chance is None or (report.lineage is not None and report.lineage.onset == last):
        return f"it is seen in generation {last} alone, so outputs of the next one would tell whether it goes on"
    return f"that it goes on is not shown (p = {chance:.2g} for two steps or more)"


def _contrast(report: Report) -> Estimate | None:
    return next((each for each in of_version(report, _last(report)) if each.metric == "tail_first_contrast"), None)


def half_of(report: Report) -> float:
    """Return half of the error rate of an audit: what each of the two signs is tested at."""
    here = report.guarantee.alpha_here
    return (report.guarantee.alpha if here is None else here) / 2


def of_version(report: Report, place: int | None) -> Sequence[Estimate]:
    """Return the estimates of one version beside what it is judged against; of an audit of one data set by the place None."""
    return [each for each in report.estimates if each.generation == place and each.baseline not in (None, "previous")]
