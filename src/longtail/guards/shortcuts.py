"""Whether a policy has found a way round the work."""

from collections.abc import Callable
from functools import partial

from longtail.guards.catalogue import GUARDS, Watched
from longtail.metrics.rollouts.means import Means, Rise, Value, means, rise
from longtail.metrics.rollouts.shortcuts import answer_place, copied, final_answer, gives, length, repeated, top_answer
from longtail.records import Verdict

HALF, LEAST = 0.5, 0.05
"""Ratio to the begin below which a length is a shortcut; rise of a share that is told."""
_REMEDY = "read the completions of this window beside those of the begin; have the verifier look at the work, not at the answer alone"


@GUARDS.add(
    "shortcuts",
    title="shortcuts",
    code="LT503",
    convention=f"fail where completions are surely shorter than {HALF:.1f} of the begin, or one answer to all prompts, repetition or "
    f"copying has surely doubled and risen by {LEAST:.0%}; warn where the answer has surely moved before the work; conventions",
    source="Cheng et al. 2026 (arXiv 2605.28388); own signs; delete-a-group jackknife (Kott 2001)",
)
def shortcuts(watched: Watched) -> Verdict:
    """Completions grow short, repeat themselves or the prompt, or give one answer to every prompt.

    Each sign has innocent causes, so it is held against the begin of the run and told with its interval. Several signs are asked, and
    share the error rate of the guard.
    """
    level = 1 - (1 - watched.two_sided) / len(_SIGNS)
    found = {name: sign(watched, level) for name, sign in _SIGNS.items()}
    told = {name: _told(name, each) for name, each in found.items() if each is not None}
    if not told:
        return Verdict(status="not_measured", because="no completions to compare", enable="more prompts in a window")
    grave = [name for name, each in found.items() if _is_shortcut(name, each)]
    mild = [name for name, each in found.items() if _is_early(name, each)]
    if not grave and not mild:
        return Verdict(status="pass", because="; ".join(told.values()))
    because = "; ".join(told[name] for name in [*grave, *mild])
    return Verdict(status="fail" if grave else "warn", because=because, where=watched.where, evidence=tuple(told.values()), remedy=_REMEDY)


def _is_shortcut(name: str, found: Means | Rise | None) -> bool:
    if isinstance(found, Rise):
        return found.low > max(LEAST, found.base)
    return found is not None and name == _LENGTH and found.high < HALF


def _is_early(name: str, found: Means | Rise | None) -> bool:
    return isinstance(found, Means) and name == _PLACE and found.high < HALF


def _told(name: str, found: Means | Rise) -> str:
    if isinstance(found, Rise):
        return f"{name} {found.base:.1%} -> {found.here:.1%} [{found.low:+.1%}, {found.high:+.1%}]"
    return f"{name} {found.base:.3g} -> {found.here:.3g}, {found.ratio:.2f} of the begin [{found.low:.2f}, {found.high:.2f}]"


def _compared(watched: Watched, level: float, value: Value) -> Means | None:
    return means(watched.base, watched.here, value, level)


def _risen(watched: Watched, level: float, value: Value) -> Rise | None:
    return rise(watched.base, watched.here, value, level)


def _one_answer(watched: Watched, level: float) -> Rise | None:
    """Return how far the answer that most prompts now share has risen; None where there is one prompt only.

    The answer is chosen by the window that is judged, so its rise is told a little too high: by about the spread of a share.
    """
    answer, _ = top_answer(watched.here.rows)
    prompts = len({row.prompt_id for row in watched.here.rows})
    return rise(watched.base, watched.here, gives(answer, final_answer), level) if prompts > 1 and answer else None


_LENGTH, _PLACE = "length", "place of the answer"
_SIGNS: dict[str, Callable[[Watched, float], Means | Rise | None]] = {
    _LENGTH: partial(_compared, value=length),
    "repetition": partial(_risen, value=repeated),
    "copying of the prompt": partial(_risen, value=copied),
    _PLACE: partial(_compared, value=answer_place),
    "one answer to all prompts": _one_answer,
}
