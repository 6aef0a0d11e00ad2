"""The phase of collapse, from the decisions; the literature defines phases in words, the rules here are conventions."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from longtail.auditing.measure import Measurements
from longtail.metrics.shift import Shift
from longtail.records import Decision, Estimate, Outcome, Phase, PhaseName

DEFINITION = (
    "Conventions of longtail after Shumailov et al. 2024, Alemohammad et al. 2024 and Dohmatob et al. 2024. Healthy: tail mass "
    "and tail types above the margin. Watch: a significant loss inside it. Early: one of them below it, the common ones not "
    "concentrated. Concentrating: the effective number of types below the margin, the rare ones not lost before the common. "
    "Narrowing: tail and common ones both below it. Late: worse on human text and the effective number of types below the late "
    "margin, or a lost tail with more than twice the usual share of unknown words. Drift: the samples differ, and nothing is lost."
)
GARBAGE = 2.0
"""Share of unknown words, relative to the baseline, above which a lost tail is late."""

_SPREAD = ("hill_2", "rke", "effective_rank")
_VARIANCE = ("total_variance", "effective_rank", "hill_1")


@dataclass(frozen=True)
class Signs:
    """The decisions of one audit, sorted by what they speak of."""

    tail: list[Estimate]
    classes: list[Estimate]
    concentration: list[Estimate]
    fidelity: list[Estimate]
    others: dict[str, Estimate]
    shift: Shift | None
    level: float
    late: float
    alpha: float

    @property
    def lost(self) -> list[Estimate]:
        """Return what of the tail is below the margin."""
        return with_decision(self.tail, "shrunk")

    @property
    def crowded(self) -> list[Estimate]:
        """Return measures of common types that are below the margin."""
        return [each for each in with_decision(self.concentration, "shrunk") if each.metric in _SPREAD]

    @property
    def worse(self) -> list[Estimate]:
        """Return what is worse on human text than the margin allows."""
        return with_decision(self.fidelity, "shrunk")


def phase_of(measured: Measurements, late: float = 0.50, alpha: float = 0.05) -> Phase:
    """Return the phase and the endpoints that decided it.

    Args:
        measured: All measurements of the audit.
        late: Ratio of the effective number of types below which a model that is worse on human text is late.
        alpha: Level of the label tail-first, which raises no alarm and is not held to the level in force.
    """
    signs = signs_of(measured, late, alpha)
    missing = _missing(measured, signs)
    if measured.deciding is None:
        return Phase(name="not_measured", decided_by=(), definition=DEFINITION, missing=missing)
    if not signs.tail:
        return Phase(name="inconclusive", decided_by=(), definition=DEFINITION, missing=missing)
    for name, rule in _RULES:
        deciding = rule(signs)
        if deciding:
            return Phase(name=name, decided_by=named(deciding), definition=DEFINITION, missing=missing, labels=labels_of(signs, name))
    needed = max((each.documents_needed or 0 for each in with_decision(signs.tail, "inconclusive")), default=0)
    return Phase(
        name="inconclusive",
        decided_by=named(signs.tail),
        definition=DEFINITION,
        documents_needed=needed or None,
        missing=missing,
        labels=labels_of(signs, "inconclusive"),
    )


def signs_of(measured: Measurements, late: float = 0.50, alpha: float = 0.05) -> Signs:
    """Return the decisions of an audit, sorted."""
    tail = _estimates(measured.tail)
    return Signs(
        tail=[each for each in tail if each.metric != "class_share"],
        classes=[each for each in tail if each.metric == "class_share"],
        concentration=_estimates(measured.concentration),
        fidelity=[each for each in _estimates(measured.fidelity) if each.decision],
        others={each.metric: each for each in _estimates(measured.others) if _decides(each, measured)},
        shift=measured.shift if isinstance(measured.shift, Shift) else None,
        level=measured.level,
        late=late,
        alpha=alpha,
    )


def _late(signs: Signs) -> list[Estimate]:
    narrow = [each for each in signs.concentration if each.metric in _VARIANCE and each.high < signs.late]
    if signs.worse and narrow:
        return signs.worse + narrow
    novel = signs.others.get("novel_mass")
    return [*signs.lost, novel] if signs.lost and novel is not None and novel.low > GARBAGE else []


def _narrowing(signs: Signs) -> list[Estimate]:
    return signs.lost + signs.crowded if signs.lost and signs.crowded else []


def _early(signs: Signs) -> list[Estimate]:
    return signs.lost


def _concentrating(signs: Signs) -> list[Estimate]:
    contrast = signs.others.get("tail_first_contrast")
    shrunk = with_decision(signs.concentration, "shrunk")
    return shrunk if contrast is not None and contrast.value > 0 else []


def _watch(signs: Signs) -> list[Estimate]:
    return with_decision(signs.tail, "watch")


def _drift(signs: Signs) -> list[Estimate]:
    is_shifted = signs.shift is not None and signs.shift.p <= signs.level
    kept = signs.tail + signs.concentration
    return signs.tail if is_shifted and signs.concentration and all(each.decision == "ok" for each in kept) else []


def _healthy(signs: Signs) -> list[Estimate]:
    return signs.tail if all(each.decision == "ok" for each in signs.tail) else []


_RULES: tuple[tuple[PhaseName, Callable[[Signs], list[Estimate]]], ...] = (
    ("late", _late),
    ("narrowing", _narrowing),
    ("early", _early),
    ("concentrating", _concentrating),
    ("watch", _watch),
    ("drift", _drift),
    ("healthy", _healthy),
)


def labels_of(signs: Signs, name: PhaseName) -> tuple[str, ...]:
    """Return what qualifies a phase.

    tail-first: rare types went before common ones, significantly. masked: the mean loss on human text improved meanwhile.
    fidelity-loss: human text is handled worse, short of late. partial: some classes lost their share and others kept it.
    """
    holds = {
        "tail-first": _is_tail_first(signs),
        "masked": bool(signs.lost) and any(each.metric == "heldout_nll" and each.high < 0 for each in signs.fidelity),
        "fidelity-loss": bool(signs.worse) and name != "late",
        "partial": 0 < len(with_decision(signs.classes, "shrunk")) < len(signs.classes),
    }
    return tuple(label for label, is_so in holds.items() if is_so)


def _is_tail_first(signs: Signs) -> bool:
    contrast = signs.others.get("tail_first_contrast")
    if not signs.lost or contrast is None or contrast.p is None:
        return False
    return contrast.value < 0 and contrast.p <= signs.alpha


def _missing(measured: Measurements, signs: Signs) -> tuple[str, ...]:
    """Return the parts of the definition that this audit could not measure."""
    absent = [] if signs.tail else ["tail"]
    absent += [] if signs.concentration else ["concentration"]
    absent += [] if _estimates(measured.fidelity) else ["fidelity"]
    return tuple(absent)


def named(estimates: Iterable[Estimate]) -> tuple[str, ...]:
    """Return estimates by name, as `metric@view`."""
    return tuple(f"{each.metric}@{each.view}" if each.view else each.metric for each in estimates)


def with_decision(estimates: Iterable[Estimate], decision: Decision) -> list[Estimate]:
    """Return the estimates with a decision."""
    return [each for each in estimates if each.decision == decision]


def _decides(estimate: Estimate, measured: Measurements) -> bool:
    deciding = measured.deciding
    return deciding is not None and (estimate.baseline, estimate.view) == (deciding.name, deciding.view) and math.isfinite(estimate.value)


def _estimates(outcomes: Iterable[Outcome]) -> list[Estimate]:
    return [outcome for outcome in outcomes if isinstance(outcome, Estimate)]
