"""Whether the groups of completions teach, and whether what they teach is luck."""

from longtail.guards.catalogue import GUARDS, Watched
from longtail.metrics.rollouts.conventions import FACTS, INFORMATIVE, LUCKY
from longtail.metrics.rollouts.groups import Group, exact_bounds, lone_success, scored_groups
from longtail.records import Verdict

LISTED = 20
_REMEDY = "put off prompts whose pass rate was below the band at the begin; have lone successes verified; skip steps that teach little"


@GUARDS.add("lone_success", code="LT504", **FACTS["LT504"])
def lone_successes(watched: Watched) -> Verdict:
    """Most of what the groups teach comes from prompts on which one completion succeeded, which may be luck.

    The advantage of a lone success is the greatest that there is: (G - 1) / sqrt(G) in a group of G. Scaling or clipping it does not
    help, since the optimiser scales what is left; leaving such steps out does. A pass rate near 0 now says nothing of a prompt for
    good: it is looked at again in each window, and prompts are put off, never deleted.
    """
    scored = scored_groups(watched.here, watched.settings.success)
    if not scored:
        return Verdict(
            status="not_measured", because="no group has two completions with rewards", enable="several completions of each prompt"
        )
    teaching = [group for group in scored if group.varies]
    lone = [group for group in teaching if group.is_lone]
    because = f"{len(teaching)} of {len(scored)} groups teach, {len(lone)} of them by one success"
    listed = tuple(_told(group) for group in sorted(lone, key=lambda group: (-group.n, group.prompt_id))[:LISTED])
    if exact_bounds(len(lone), len(teaching), watched.level)[0] < LUCKY:
        return Verdict(status="pass", because=because, evidence=listed)
    grave = len(teaching) < INFORMATIVE * len(scored)
    return Verdict(status="fail" if grave else "warn", because=because, where=watched.where, evidence=listed, remedy=_REMEDY)


def _told(group: Group) -> str:
    advantage = f"{lone_success(group.n):.2f}, without scaling {lone_success(group.n, 'none'):.2f}"
    return f"prompt {group.prompt_id[:16]} at step {group.step}: 1 of {group.n}, advantage {advantage}"
