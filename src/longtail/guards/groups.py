"""Whether the groups of completions teach, and whether what they teach is luck."""

from scipy.stats import beta

from longtail.guards.catalogue import GUARDS, Watched
from longtail.metrics.rollouts.groups import Group, groups_of, lone_success
from longtail.metrics.rollouts.windows import Window
from longtail.records import Verdict

LUCKY, INFORMATIVE = 0.5, 0.25
LISTED = 20
_REMEDY = "put off prompts whose pass rate was below the band at the begin; have lone successes verified; skip steps that teach little"


@GUARDS.add(
    "lone_success",
    title="lone successes",
    code="LT504",
    convention=f"warn where surely at least {LUCKY:.0%} of the groups that teach hold one success only; fail where, besides, fewer than "
    f"{INFORMATIVE:.0%} of all groups teach; conventions, looked at anew in each window",
    source="Cheng et al. 2026 (arXiv 2605.28388); advantages in closed form; Clopper & Pearson 1934",
)
def lone_successes(watched: Watched) -> Verdict:
    """Most of what the groups teach comes from prompts on which one completion succeeded, which may be luck.

    The advantage of a lone success is the greatest that there is: (G - 1) / sqrt(G) in a group of G. Scaling or clipping it does not
    help, since the optimiser scales what is left; leaving such steps out does. A pass rate near 0 now says nothing of a prompt for
    good: it is looked at again in each window, and prompts are put off, never deleted.
    """
    found = _groups(watched.here, watched.settings.success)
    scored = [group for group in found if group.n > 1]
    if not scored:
        return Verdict(
            status="not_measured", because="no group has two completions with rewards", enable="several completions of each prompt"
        )
    teaching = [group for group in scored if group.varies]
    lone = [group for group in teaching if group.is_lone]
    because = f"{len(teaching)} of {len(scored)} groups teach, {len(lone)} of them by one success"
    if _lower(len(lone), len(teaching), watched.level) < LUCKY:
        return Verdict(status="pass", because=because)
    grave = len(teaching) < INFORMATIVE * len(scored)
    listed = tuple(_told(group) for group in sorted(lone, key=lambda group: (-group.n, group.prompt_id))[:LISTED])
    return Verdict(status="fail" if grave else "warn", because=because, where=watched.where, evidence=listed, remedy=_REMEDY)


def _groups(window: Window, success: float) -> tuple[Group, ...]:
    rows = window.rows
    return groups_of(
        [row.group for row in rows], [row.prompt_id for row in rows], [row.step for row in rows], [row.reward for row in rows], success
    )


def _lower(successes: int, n: int, level: float) -> float:
    """Return the exact lower bound of a share (Clopper & Pearson 1934), 0 where there is nothing."""
    return float(beta.ppf(level, successes, n - successes + 1)) if successes else 0.0


def _told(group: Group) -> str:
    advantage = f"{lone_success(group.n):.2f}, without scaling {lone_success(group.n, 'none'):.2f}"
    return f"prompt {group.prompt_id[:16]} at step {group.step}: 1 of {group.n}, advantage {advantage}"
