"""A training run in a terminal: what its guards said, the gravest first, then what they could not tell."""

from collections.abc import Iterator

import longtail.report.words as words
from longtail.auditing.training import GuardRecord, TrainingRecord
from longtail.guards import GUARDS

_HEADLINES = {
    "fail": "This run narrows or drifts: a guard fails it",
    "warn": "Something has moved: a guard warns",
    "pass": "Nothing has surely moved from where the run began",
    "not_measured": "No guard could tell anything yet",
}


def lines(found: TrainingRecord) -> Iterator[str]:
    """Yield the lines of a run."""
    yield f"{words.clean(found.run)}: {found.kind}, {words.counted(found.rollouts, 'completion')}{_steps(found)}"
    for told in _read(found):
        yield f"  {told}"
    yield ""
    yield _headline(found)
    for guard in found.guards:
        if guard.status in ("fail", "warn"):
            yield from _alarm(guard)
    quiet = [guard for guard in found.guards if guard.status == "pass"]
    if quiet:
        yield ""
        yield "No sure change:"
        yield from (f"  {_title(guard)}: {words.clean(guard.last.because)}" for guard in quiet)
    absent = [guard for guard in found.guards if guard.status == "not_measured"]
    if absent:
        yield ""
        yield "Not measured:"
        yield from (f"  {_title(guard)}: {words.clean(guard.last.because)}; {guard.last.enable}" for guard in absent)
    yield ""
    yield (
        f"Chance of any false alarm in the whole run: at most {found.alpha:g}, over {words.counted(found.looks, 'look')}, "
        "as far as the intervals hold."
    )


def _steps(found: TrainingRecord) -> str:
    return "" if found.first is None else f", steps {found.first} to {found.last}"


def _read(found: TrainingRecord) -> Iterator[str]:
    if found.base:
        yield f"held against its begin, steps {found.base[0]} to {found.base[1]}"
    if found.replaced:
        yield f"{words.counted(found.replaced, 'completion')} left out: the run was resumed and wrote those steps again"
    if found.assumed:
        yield f"{words.clean(found.assumed)}; if it trained with others, name them: --reward-weights NAME=WEIGHT,…"
    if found.quarantined:
        yield f"{words.counted(found.quarantined, 'record')} set aside: they could not be read as rollouts"


def _headline(found: TrainingRecord) -> str:
    if not found.looks:
        return "Too few completions to judge: a window takes 32 groups, and two windows are compared"
    return f"{_HEADLINES[found.status]}."


def _alarm(guard: GuardRecord) -> Iterator[str]:
    yield ""
    yield f"{guard.code} {guard.status}  {_title(guard)}, since step {guard.since}"
    yield f"  {words.clean(guard.verdict.because)} ({guard.verdict.where})"
    if guard.last.because != guard.verdict.because:
        yield f"  now: {words.clean(guard.last.because)}"
    yield from (f"    {words.clean(each)}" for each in guard.last.evidence[:6])
    yield f"  {guard.verdict.remedy}"


def _title(guard: GuardRecord) -> str:
    return GUARDS[guard.guard].facts["title"]
