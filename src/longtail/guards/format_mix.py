"""Whether a policy settles on one format of answers."""

from longtail.guards.catalogue import GUARDS, Watched, untold
from longtail.metrics.rollouts.conventions import FACTS, GONE, TAKEN, UNKNOWN
from longtail.metrics.rollouts.mix import Change, Mix, change, mix_of, unknown_share, won_unearned
from longtail.records import Verdict

_REMEDY = "keep the last checkpoint before this step; compare completions with those of their own format only, or give each format a quota"


@GUARDS.add("format_mix", code="LT306", **FACTS["LT306"])
def format_mix(watched: Watched) -> Verdict:
    """One format of completions pushes out the others.

    Under reinforcement a policy settles on one format within an epoch. It need not be the best one: where another succeeded more often
    at the begin, the verdict says so. A format below a few per cent is out of reach for a later task that needs it.
    """
    settings = watched.settings
    base, here = (mix_of(window, settings.formats, settings.success) for window in (watched.base, watched.here))
    found = change(base, here, watched.two_sided)
    if found is None:
        return Verdict(status="not_measured", because="fewer than two groups of completions", enable="more prompts in a window")
    if (nothing := untold(found.low, found.high)) is not None:
        return nothing
    said, shares = _told(found, here), _shares(base, here)
    if found.high >= settings.kept:
        return _unknown(watched, base, here) or Verdict(status="pass", because=said, evidence=shares)
    grave = here.shares[here.top] >= TAKEN or found.least < GONE
    unearned = won_unearned(base, here, watched.two_sided)
    because = said + (f"; won, not better: another format than {unearned} succeeded more often at the begin" if unearned else "")
    return Verdict(status="fail" if grave else "warn", because=because, where=watched.where, evidence=shares, remedy=_REMEDY)


def _unknown(watched: Watched, base: Mix, here: Mix) -> Verdict | None:
    """Return a warning where completions that no format takes have come up: the formats no longer tell what is written."""
    before, (share, low) = unknown_share(base)[0], unknown_share(here, watched.two_sided)
    if low <= max(UNKNOWN, 2 * before):
        return None
    because = f"no format takes {share:.0%} of the completions, {before:.0%} at the begin: the mix of formats is not what is measured"
    return Verdict(status="warn", because=because, where=watched.where, evidence=_shares(base, here), remedy="name the formats anew")


def _told(found: Change, here: Mix) -> str:
    return (
        f"{found.ratio:.2f} of the effective formats of the begin [{found.low:.2f}, {found.high:.2f}]; "
        f"{here.names[here.top]} {here.shares[here.top]:.0%}, {found.rise:+.0%} [{found.rise_low:+.0%}, {found.rise_high:+.0%}]"
    )


def _shares(base: Mix, here: Mix) -> tuple[str, ...]:
    order = sorted(range(len(base.names)), key=lambda kind: (-here.shares[kind], -base.shares[kind]))
    held = [kind for kind in order if base.shares[kind] or here.shares[kind]]
    return tuple(f"{base.names[kind]}: {base.shares[kind]:.0%} -> {here.shares[kind]:.0%}" for kind in held)
