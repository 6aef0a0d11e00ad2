"""Whether a policy has moved further from its reference model than the run allows."""

from longtail.guards.catalogue import BLIND, GUARDS, MOVING, SETTLED, Watched
from longtail.metrics.rollouts.conventions import FACTS
from longtail.metrics.rollouts.drift import drifted
from longtail.records import Verdict

_REMEDY = "raise the weight of the KL term (TRL: beta, verl: kl_ctrl), or go back to the last checkpoint inside the budget"
_LOG = "log mean_logp and ref_mean_logp with each completion; TRL loads no reference model at beta 0"


@GUARDS.add("divergence", code="LT505", **FACTS["LT505"])
def drift(watched: Watched) -> Verdict:
    """The policy has left the neighbourhood of its reference model.

    A policy that has moved far forgets, and starts a next task badly. A small divergence is no proof of variety: the mix of formats has
    a guard of its own. Measured on the policy's own completions by k1, per token.
    """
    found = drifted(watched.here.rows, watched.two_sided)
    if found is None:
        return Verdict(status="not_measured", because="no log-probabilities under policy and reference model", enable=_LOG)
    because = f"KL to the reference {found.value:.3f} nats per token [{found.low:.3f}, {found.high:.3f}], {found.n} prompts"
    budget = watched.settings.budget
    if budget is None:
        return Verdict(
            status="not_measured", because=f"{because}; no budget was set", enable="set a budget in nats per token: --budget NATS"
        )
    because += f"; budget {budget:.3f}"
    if found.low <= 0 and found.high >= BLIND * budget:
        return Verdict(status="not_measured", because=f"{because}: {MOVING}", enable=SETTLED)
    if found.low <= budget:
        return Verdict(status="pass", because=because)
    return Verdict(status="fail", because=because, where=watched.where, remedy=_REMEDY)
