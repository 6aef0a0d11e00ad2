"""Shortcuts: signs that a policy scores without doing the work, each a number of one completion or of one window.

Every one has innocent causes, so none is held against a fixed value: what counts is how it moved from where the run began.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from longtail.readers.rollouts.records import Rollout

Answer = Callable[[str], str]
_REMEMBERED = 4096
"""Completions whose answers are kept: several signs ask for them, and the begin of a run is asked at every look."""
_WORK = re.compile(r"\S+")
_GROUPED = r"(?<!\d,)[-+]?[1-9]\d{0,2}(?:,\d{3})+(?!\d|,\d)"
"""A number with a comma between its thousands: three digits after each, and no further list of numbers around it."""
_LAST = re.compile(rf"(?:{_GROUPED}|[-+]?\d+)(?:\.\d+)?|\\boxed\{{([^{{}}]*)\}}")


def length(row: Rollout) -> float:
    """Return tokens of a completion, or its words where tokens were not counted."""
    return float(row.n_tokens) if row.n_tokens is not None else float(len(_WORK.findall(row.completion)))


def repeated(row: Rollout, n: int = 4) -> float | None:
    """Return the share of a completion's word n-grams that stood in it before; None where it has fewer than two."""
    words = row.completion.split()
    grams = [tuple(words[at : at + n]) for at in range(len(words) - n + 1)]
    return None if len(grams) < 2 else 1 - len(set(grams)) / len(grams)


def copied(row: Rollout, n: int = 4) -> float | None:
    """Return the share of a completion's word n-grams that stand in its prompt; None where it has none."""
    words, asked = row.completion.split(), row.prompt.split()
    grams = [tuple(words[at : at + n]) for at in range(len(words) - n + 1)]
    given = {tuple(asked[at : at + n]) for at in range(len(asked) - n + 1)}
    return sum(gram in given for gram in grams) / len(grams) if grams else None


@lru_cache(maxsize=_REMEMBERED)
def final_answer(completion: str) -> str:
    """Return what a completion answers by rule of thumb: what is boxed last, else the last number, else its last line; empty where none."""
    found = [match[1] if match[1] is not None else match[0] for match in _LAST.finditer(completion)]
    if found:
        return found[-1].strip()
    lines = completion.split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def answer_place(row: Rollout, answer: Answer = final_answer) -> float | None:
    """Return where the final answer first stands in a completion: 0 at its begin, 1 at its end; None where there is none.

    A fall says that the answer now comes before the work that it is to rest on.
    """
    found = answer(row.completion)
    if not found or len(row.completion) <= len(found):
        return None
    return row.completion.find(found) / (len(row.completion) - len(found))


def top_answer(rows: Sequence[Rollout], answer: Answer = final_answer) -> tuple[str, float]:
    """Return the answer that most prompts share, and their share: each prompt counts once, by its commonest answer.

    Returns:
        The answer and its share of prompts; an empty text and 0 where there are none.
    """
    by_prompt: dict[str, Counter[str]] = {}
    for row in rows:
        by_prompt.setdefault(row.prompt_id, Counter())[answer(row.completion)] += 1
    chosen = Counter(max(sorted(found), key=found.__getitem__) for found in by_prompt.values())
    if not chosen:
        return "", 0.0
    best = max(sorted(chosen), key=chosen.__getitem__)
    return best, chosen[best] / len(by_prompt)


def gives(wanted: str, answer: Answer = final_answer) -> Callable[[Rollout], float]:
    """Return a function that tells whether a rollout gives one answer, as 1 or 0."""
    return lambda row: float(answer(row.completion) == wanted)
