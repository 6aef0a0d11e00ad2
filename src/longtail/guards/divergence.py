"""Whether a policy has moved further from its reference model than the run allows."""

from longtail.guards.catalogue import GUARDS, Watched
from longtail.metrics.rollouts.drift import Divergence, divergence
from longtail.metrics.rollouts.shortcuts import length
from longtail.readers.rollouts.records import Rollout
from longtail.records import Verdict

TWICE = 2.0
_REMEDY = "raise the weight of the KL term (TRL: beta, verl: kl_ctrl), or go back to the last checkpoint inside the budget"
_LOG = "log mean_logp and ref_mean_logp with each completion; TRL loads no reference model at beta 0"


@GUARDS.add(
    "divergence",
    title="drift budget",
    code="LT505",
    convention=f"warn where KL from the policy to its reference is surely above the budget, fail where surely above {TWICE:.0f} times it",
    source="Schulman 2020 (k1); Shenfeld et al. 2025 (arXiv 2509.04259); delete-a-group jackknife (Kott 2001)",
)
def drift(watched: Watched) -> Verdict:
    """The policy has left the neighbourhood of its reference model.

    A policy that has moved far forgets, and starts a next task badly. A small divergence is no proof of variety: the mix of formats has
    a guard of its own. Measured on the policy's own completions by k1, per token.
    """
    found = _measured(watched.here.rows)
    if found is None:
        return Verdict(status="not_measured", because="no log-probabilities under policy and reference model", enable=_LOG)
    because = f"KL to the reference {found.value:.3f} nats per token [{found.low:.3f}, {found.high:.3f}], {found.n} prompts"
    budget = watched.settings.budget
    if budget is None:
        return Verdict(status="not_measured", because=f"{because}; no budget was set", enable="set a budget in nats per token")
    because += f"; budget {budget:.3f}"
    if found.low <= budget:
        return Verdict(status="pass", because=because)
    status = "fail" if found.low > TWICE * budget else "warn"
    return Verdict(status="fail" if status == "fail" else "warn", because=because, where=watched.where, remedy=_REMEDY)


def _measured(rows: tuple[Rollout, ...]) -> Divergence | None:
    held = [row for row in rows if row.mean_logp is not None and row.ref_mean_logp is not None and length(row)]
    sums = [length(row) * ((row.mean_logp or 0.0) - (row.ref_mean_logp or 0.0)) for row in held]
    return divergence(sums, [length(row) for row in held], [row.prompt_id for row in held]) if held else None
