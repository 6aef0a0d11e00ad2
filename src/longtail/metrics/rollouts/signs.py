"""Signs of shortcuts over two windows: each a ratio or a rise beside the begin of the run, with its interval."""

from collections.abc import Callable
from functools import partial

from longtail.metrics.rollouts.means import Means, Rise, Value, means, rise
from longtail.metrics.rollouts.shortcuts import answer_place, copied, final_answer, gives, length, repeated, top_answer
from longtail.metrics.rollouts.windows import Window

Sign = Callable[[Window, Window, float], Means | Rise | None]
"""Of base, window and level of the two-sided interval; None where there is nothing to compare."""
LENGTH, REPETITION, COPYING = "length", "repetition", "copying of the prompt"
PLACE, ONE_ANSWER = "place of the answer", "one answer to all prompts"


def _compared(base: Window, here: Window, level: float, *, value: Value) -> Means | None:
    return means(base, here, value, level)


def _risen(base: Window, here: Window, level: float, *, value: Value) -> Rise | None:
    return rise(base, here, value, level)


def _one_answer(base: Window, here: Window, level: float) -> Rise | None:
    """Return how far the answer that most prompts now share has risen; None where there is one prompt only.

    The answer is chosen by the window that is judged, so its rise is told a little too high: by about the spread of a share.
    """
    answer, _ = top_answer(here.rows)
    prompts = len({row.prompt_id for row in here.rows})
    return rise(base, here, gives(answer, final_answer), level) if prompts > 1 and answer else None


SIGNS: dict[str, Sign] = {
    LENGTH: partial(_compared, value=length),
    REPETITION: partial(_risen, value=repeated),
    COPYING: partial(_risen, value=copied),
    PLACE: partial(_compared, value=answer_place),
    ONE_ANSWER: _one_answer,
}
