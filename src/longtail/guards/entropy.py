"""Whether a policy grows sure of itself, or loses its hold, beyond what the run began with."""

from longtail.guards.catalogue import GUARDS, Watched, untold
from longtail.metrics.rollouts.conventions import FACTS, HALF
from longtail.metrics.rollouts.sureness import sureness
from longtail.records import Verdict

LOW = "lower the learning rate, or raise the weight of the entropy term; look at the mix of formats and at repeated answers"
HIGH = "lower the upper clip or the weight of the entropy term; look at the completions for noise"
"""Remedies of entropy that fell and of entropy that blew up."""


@GUARDS.add("entropy", code="LT502", **FACTS["LT502"])
def entropy(watched: Watched) -> Verdict:
    """Entropy of the next token along the policy's own completions falls, or blows up.

    A fall ends what can still be learnt; a rise ends in noise. Families of models move in opposite directions, so the run is held
    against its own begin, never against a number of another model. Where entropies were not logged, surprisal stands in: the two
    agree for text sampled at temperature 1 with nothing cut off.
    """
    found, name = sureness(watched.base, watched.here, watched.two_sided)
    if found is None:
        reason = "neither mean_entropy nor mean_logp was logged with the completions"
        return Verdict(status="not_measured", because=reason, enable="log mean_entropy (nats per token) with each completion")
    if (nothing := untold(found.low, found.high)) is not None:
        return nothing
    kept = watched.settings.kept
    because = (
        f"{name} {found.base:.3f} -> {found.here:.3f} nats per token, {found.ratio:.2f} of the begin [{found.low:.2f}, {found.high:.2f}]"
    )
    if found.high >= kept and found.low <= 1 / kept:
        return Verdict(status="pass", because=because)
    grave = found.high < HALF or found.low > 1 / HALF
    remedy = LOW if found.high < kept else HIGH
    return Verdict(status="fail" if grave else "warn", because=because, where=watched.where, remedy=remedy)
