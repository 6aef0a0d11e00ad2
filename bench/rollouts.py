"""Made rollouts: healthy runs of several kinds, runs with a planted drift, and completions labelled by the shortcut that they take."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from longtail.readers.rollouts import Rollout

GROUPS, EACH = 16, 4
"""Groups of completions in a step, and completions in a group."""
WORDS = tuple(f"{first}{second}{third}" for first in "bdfgklmnprst" for second in "aeiou" for third in ("l", "n", "r", "sh", "t", "v", "m"))
_LAW = 1 / np.arange(1, len(WORDS) + 1)
_LAW /= _LAW.sum()
FORMATS = ("prose", "code", "list")


class State(NamedTuple):
    """What a policy is at one step, before chance.

    Attributes:
        shares: Of the three formats.
        length: Words of the work.
        success: Chance of a success.
        entropy: Nats per token.
        kl: Nats per token from the reference model.
        one: Chance that a completion gives the one answer.
        repeat: Chance that it repeats itself.
        copy: Chance that it copies its prompt.
    """

    shares: tuple[float, float, float] = (0.4, 0.3, 0.3)
    length: float = 30.0
    success: float = 0.5
    entropy: float = 0.5
    kl: float = 0.02
    one: float = 0.0
    repeat: float = 0.0
    copy: float = 0.0


Course = Callable[[int], State]


def text_of(rng: np.random.Generator, kind: str, words: int, answer: int) -> str:
    """Return a completion of a format: some words of work, and the answer."""
    said = [WORDS[at] for at in rng.choice(len(WORDS), size=max(words, 1), p=_LAW)]
    work = " ".join(said)
    if kind == "code":
        return f"```python\n# {work}\nx = {answer}\nprint(x)\n```"
    if kind == "list":
        parts = "\n".join(f"- {' '.join(said[at : at + 6])}" for at in range(0, len(said), 6))
        return f"{parts}\n- so {answer}"
    return f"It follows that {work}, and so it is {answer}."


def completion_of(rng: np.random.Generator, state: State, prompt: str) -> str:
    """Return a completion of a policy in a state: work in one of the formats, or one of the shortcuts that it takes."""
    kind = FORMATS[rng.choice(3, p=state.shares)]
    answer = 7 if rng.random() < state.one else int(rng.integers(1000))
    words = int(rng.lognormal(math.log(state.length) - 0.02, 0.2))
    taken = rng.random()
    if taken < state.copy:
        return f"{prompt} It is {answer}."
    text = text_of(rng, kind, words, answer)
    return " ".join([text] * 3) if taken < state.copy + state.repeat else text


def run(course: Course, steps: int, seed: int, *, spread: float = 0.0, kept: float = 0.0, each: int = EACH) -> Iterator[list[Rollout]]:
    """Yield the rollouts of each step of a run.

    Args:
        course: State of the policy by step.
        steps: Of the run.
        seed: Of all chance.
        spread: Deviation of what the groups of a run have of their own: log-odds of formats, log of length and of entropy.
        kept: How much of it each group keeps of the one before, across steps as well.
        each: Completions in a group.
    """
    rng = np.random.default_rng(seed)
    own = rng.standard_normal(5) * spread
    for step in range(steps):
        state, rows = course(step), []
        for group in range(GROUPS):
            own = kept * own + math.sqrt(1 - kept * kept) * spread * rng.standard_normal(5)
            rows += _group(rng, _moved(state, own), f"{step}-{group}", step, each)
        yield rows


def _moved(state: State, own: np.ndarray) -> State:
    odds = np.array(state.shares) * np.exp(own[:3])
    first, second, third = odds / odds.sum()
    bend = np.exp(own[3:])
    return state._replace(shares=(first, second, third), length=state.length * bend[0], entropy=state.entropy * bend[1])


def _group(rng: np.random.Generator, state: State, group: str, step: int, each: int) -> Iterator[Rollout]:
    prompt = f"Question {group}: {' '.join(WORDS[at] for at in rng.choice(len(WORDS), size=20, p=_LAW))}?"
    hard = rng.beta(4 * state.success, 4 * (1 - state.success))
    for _ in range(each):
        text = completion_of(rng, state, prompt)
        logp = -state.entropy * rng.gamma(20, 1 / 20)
        yield Rollout(
            run="made",
            step=step,
            prompt_id=group,
            prompt=prompt,
            completion=text,
            group=group,
            reward=float(rng.random() < hard),
            n_tokens=len(text.split()),
            mean_entropy=state.entropy * rng.gamma(20, 1 / 20),
            mean_logp=logp,
            ref_mean_logp=logp - state.kl - 0.02 * rng.standard_normal(),
        )


# --------------------------------------------------------------------------------------------------- labelled completions

SHORTCUTS = ("repetition", "skipped computation", "copying the prompt", "one answer to all prompts")


def labelled(healthy: int, each: int, seed: int) -> tuple[list[Rollout], list[tuple[Rollout, str]]]:
    """Return the begin of a run, and completions of a later window with the shortcut that each takes, "" for none.

    Healthy ones vary in length, from 10 words to 100; a fifth quotes up to half of its prompt, a fifth says a phrase of its own twice.
    Repetition is a phrase of 5 to 12 words said once to five times more, copying takes 12 words of the prompt or more, and skipping
    leaves at most seven words of work.

    Args:
        healthy: Completions without a shortcut, at the begin and later.
        each: Completions of each shortcut.
        seed: Of all chance.
    """
    rng = np.random.default_rng(seed)
    begin = [_single(rng, "", 0, at) for at in range(healthy)]
    wanted = [*[""] * healthy, *(name for name in SHORTCUTS for _ in range(each))]
    later = [(_single(rng, wanted[at], 9, number), wanted[at]) for number, at in enumerate(rng.permutation(len(wanted)))]
    return begin, later


def _single(rng: np.random.Generator, shortcut: str, step: int, at: int) -> Rollout:
    asked = [WORDS[word] for word in rng.choice(len(WORDS), size=20, p=_LAW)]
    prompt = f"Question {at}: {' '.join(asked)}?"
    text = _by_shortcut(rng, shortcut, asked)
    return Rollout(run="made", step=step, prompt_id=f"{step}-{at}", prompt=prompt, completion=text, group=f"{step}-{at}")


def _by_shortcut(rng: np.random.Generator, shortcut: str, asked: list[str]) -> str:
    answer = int(rng.integers(1000))
    words = [WORDS[at] for at in rng.choice(len(WORDS), size=int(rng.lognormal(3.6, 0.4)) + 5, p=_LAW)]
    if shortcut == "skipped computation":
        words = words[: int(rng.integers(0, 8))]
    elif shortcut == "copying the prompt":
        words = [*asked[: int(rng.integers(12, 21))], *words[: int(rng.integers(0, 16))]]
    elif shortcut == "one answer to all prompts":
        answer = 7
    elif shortcut == "repetition":
        words += words[: int(rng.integers(5, 13))] * int(rng.integers(1, 6))
    elif rng.random() < 0.2:
        words[5:5] = asked[: int(rng.integers(4, 11))]
    elif rng.random() < 0.2:
        words += words[: int(rng.integers(4, 9))]
    return f"It follows that {' '.join(words)}, and so it is {answer}."
