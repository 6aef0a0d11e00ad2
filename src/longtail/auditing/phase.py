"""The phase of collapse, from the decisions; the literature defines phases in words, the rules here are conventions."""

from longtail.auditing.measure import Measurements
from longtail.records import Decision, Estimate, Outcome, Phase, PhaseName

DEFINITION = (
    "Conventions of longtail after Shumailov et al. 2024 and Dohmatob et al. 2024: healthy, tail mass and tail types above "
    "the margin; watch, a significant loss inside it; early, one of them below it while concentration is not; concentrating, "
    "the effective number of types below the margin while the tail is not; narrowing, both. Late needs fidelity (held-out "
    "likelihood), which this audit did not measure."
)
MISSING = ("fidelity",)


def phase_of(measured: Measurements) -> Phase:
    """Return the phase and the endpoints that decided it."""
    tail, concentration = _estimates(measured.tail), _estimates(measured.concentration)
    if measured.deciding is None:
        return Phase(name="not_measured", decided_by=(), definition=DEFINITION, missing=("tail", "concentration", *MISSING))
    if not tail:
        return Phase(name="inconclusive", decided_by=(), definition=DEFINITION, missing=("tail", *MISSING))
    lost, narrow, watched = _with(tail, "shrunk"), _with(concentration, "shrunk"), _with(tail, "watch")
    if lost:
        return _phase("narrowing" if narrow else "early", lost + narrow)
    if narrow or watched:
        return _phase("concentrating" if narrow else "watch", narrow or watched)
    return _undecided(tail) if _with(tail, "inconclusive") else _phase("healthy", tail)


def _undecided(tail: list[Estimate]) -> Phase:
    needed = max((estimate.documents_needed or 0 for estimate in _with(tail, "inconclusive")), default=0)
    return Phase(name="inconclusive", decided_by=_names(tail), definition=DEFINITION, documents_needed=needed or None, missing=MISSING)


def _phase(name: PhaseName, deciding: list[Estimate]) -> Phase:
    return Phase(name=name, decided_by=_names(deciding), definition=DEFINITION, missing=MISSING)


def _names(estimates: list[Estimate]) -> tuple[str, ...]:
    return tuple(f"{estimate.metric}@{estimate.view}" for estimate in estimates)


def _estimates(outcomes: tuple[Outcome, ...]) -> list[Estimate]:
    return [outcome for outcome in outcomes if isinstance(outcome, Estimate)]


def _with(estimates: list[Estimate], decision: Decision) -> list[Estimate]:
    return [estimate for estimate in estimates if estimate.decision == decision]
