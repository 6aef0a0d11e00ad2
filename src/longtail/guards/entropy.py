"""Whether a policy grows sure of itself, or loses its hold, beyond what the run began with."""

from longtail.guards.catalogue import GUARDS, Watched
from longtail.metrics.rollouts.means import Means, means
from longtail.readers.rollouts.records import Rollout
from longtail.records import Verdict

HALF = 0.5
LOW = "lower the learning rate, or raise the weight of the entropy term; look at the mix of formats and at repeated answers"
HIGH = "lower the upper clip or the weight of the entropy term; look at the completions for noise"
"""Remedies of entropy that fell and of entropy that blew up."""


@GUARDS.add(
    "entropy",
    title="entropy on its own text",
    code="LT502",
    convention=f"fail where mean entropy is surely below {HALF:.1f} of that at the begin or above its double; warn where surely below "
    "the margin (0.90) or above its reciprocal; conventions, two-sided",
    source="Cui et al. 2025 (arXiv 2505.22617); Asvin & Lindsey 2026 (arXiv 2605.25459); delete-a-group jackknife (Kott 2001)",
)
def entropy(watched: Watched) -> Verdict:
    """Entropy of the next token along the policy's own completions falls, or blows up.

    A fall ends what can still be learnt; a rise ends in noise. Families of models move in opposite directions, so the run is held
    against its own begin, never against a number of another model. Where entropies were not logged, surprisal stands in: the two
    agree for text sampled at temperature 1 with nothing cut off.
    """
    found, name = _measured(watched)
    if found is None:
        reason = "neither mean_entropy nor mean_logp was logged with the completions"
        return Verdict(status="not_measured", because=reason, enable="log mean_entropy (nats per token) with each completion")
    kept = watched.settings.kept
    because = (
        f"{name} {found.base:.3f} -> {found.here:.3f} nats per token, {found.ratio:.2f} of the begin [{found.low:.2f}, {found.high:.2f}]"
    )
    if found.high >= kept and found.low <= 1 / kept:
        return Verdict(status="pass", because=because)
    grave = found.high < HALF or found.low > 1 / HALF
    remedy = LOW if found.high < kept else HIGH
    return Verdict(status="fail" if grave else "warn", because=because, where=watched.where, remedy=remedy)


def _measured(watched: Watched) -> tuple[Means | None, str]:
    for name, value in (("entropy", _entropy), ("surprisal", _surprisal)):
        found = means(watched.base, watched.here, value, watched.two_sided)
        if found is not None:
            return found, name
    return None, ""


def _entropy(row: Rollout) -> float | None:
    return row.mean_entropy


def _surprisal(row: Rollout) -> float | None:
    return None if row.mean_logp is None else -row.mean_logp
