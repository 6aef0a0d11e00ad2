"""Whether a policy has found a way round the work."""

from longtail.guards.catalogue import GUARDS, MOVING, SETTLED, Watched, is_blind
from longtail.metrics.rollouts.conventions import FACTS, HALF, LEAST
from longtail.metrics.rollouts.marks import Mark, marks
from longtail.metrics.rollouts.means import Means, Rise
from longtail.metrics.rollouts.signs import LENGTH, PLACE, SIGNS
from longtail.records import Verdict

LISTED = 10
_REMEDY = "read the completions of this window beside those of the begin; have the verifier look at the work, not at the answer alone"


@GUARDS.add("shortcuts", code="LT503", **FACTS["LT503"])
def shortcuts(watched: Watched) -> Verdict:
    """Completions grow short, repeat themselves or the prompt, or give one answer to every prompt.

    Each sign has innocent causes, so it is held against the begin of the run and told with its interval. Several signs are asked, and
    share the error rate of the guard. A sign whose interval tells nothing is named as that, and hides no other.
    """
    level = 1 - (1 - watched.two_sided) / len(SIGNS)
    asked = {name: sign(watched.base, watched.here, level) for name, sign in SIGNS.items()}
    found = {name: each for name, each in asked.items() if each is not None}
    if not found:
        return Verdict(status="not_measured", because="no completions to compare", enable="more prompts in a window")
    if all(map(_is_untold, found.values())):
        return Verdict(status="not_measured", because=f"no sign tells anything: {MOVING}", enable=SETTLED)
    told = {name: _told(name, each) for name, each in found.items()}
    grave = [told[name] for name, each in found.items() if _is_shortcut(name, each)]
    mild = [told[name] for name, each in found.items() if _is_early(name, each)]
    if not grave and not mild:
        return Verdict(status="pass", because="; ".join(told.values()))
    return _alarm(watched, "; ".join([*grave, *mild]), tuple(told.values()), is_grave=bool(grave))


def _alarm(watched: Watched, because: str, told: tuple[str, ...], *, is_grave: bool) -> Verdict:
    """Return a verdict with all signs, and with the completions to read."""
    read = tuple(_to_read(mark) for mark in marks(watched.base, watched.here)[:LISTED])
    return Verdict(status="fail" if is_grave else "warn", because=because, where=watched.where, evidence=(*told, *read), remedy=_REMEDY)


def _to_read(mark: Mark) -> str:
    """Return a completion to read, by its prompt and its step, with the sign that marks it."""
    return f"prompt {mark.row.prompt_id[:16]} at step {mark.row.step}: {mark.sign} {mark.value:.2g}"


def _is_untold(found: Means | Rise) -> bool:
    """Return whether all is possible: any ratio from a tenth of the begin to ten times it, or any share from none to all."""
    if isinstance(found, Rise):
        return found.low <= -found.base and found.high >= 1 - found.base
    return is_blind(found.low, found.high)


def _is_shortcut(name: str, found: Means | Rise) -> bool:
    if isinstance(found, Rise):
        return found.low > max(LEAST, found.base)
    return name == LENGTH and found.high < HALF


def _is_early(name: str, found: Means | Rise) -> bool:
    return isinstance(found, Means) and name == PLACE and found.high < HALF


def _told(name: str, found: Means | Rise) -> str:
    if _is_untold(found):
        return f"{name} tells nothing: {MOVING}"
    if isinstance(found, Rise):
        return f"{name} {found.base:.1%} -> {found.here:.1%} [{found.low:+.1%}, {found.high:+.1%}]"
    return f"{name} {found.base:.3g} -> {found.here:.3g}, {found.ratio:.2f} of the begin [{found.low:.2f}, {found.high:.2f}]"
