"""What reviewers say of each item, all taken together."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from longtail.gates.review.item import DECIDING, Event, Task

State = Literal["accepted", "edited", "rejected", "contested", "skipped", "open"]
DECIDED: tuple[State, ...] = ("accepted", "edited", "rejected")


class Outcome(NamedTuple):
    """What holds of an item.

    Attributes:
        state: "accepted", "edited" and "rejected" are decided; on "contested" reviewers are split evenly.
        event: The vote that it rests on, None where it is not decided.
        votes: How many votes there are.
    """

    state: State
    event: Event | None = None
    votes: int = 0


def outcomes(tasks: Iterable[Task], votes: Iterable[Event]) -> dict[int, Outcome]:
    """Return what holds of each item.

    A task that settles an item decides it; else the majority of votes does, where an edit counts for letting it in. Of edits the
    latest holds.

    Args:
        tasks: All tasks.
        votes: What each reviewer says of each task now, in the order of time.
    """
    of: dict[str, Task] = {task.key: task for task in tasks}
    said: dict[int, list[Event]] = {task.item: [] for task in of.values()}
    settled: dict[int, list[Event]] = {}
    for vote in votes:
        task = of[vote.task]
        (settled.setdefault(task.item, []) if task.kind == "settle" else said[task.item]).append(vote)
    return {item: _outcome(found, settled.get(item, [])) for item, found in said.items()}


def _outcome(votes: list[Event], settling: list[Event]) -> Outcome:
    settled = [vote for vote in settling if vote.action in DECIDING][-1:]
    deciding = settled or [vote for vote in votes if vote.action in DECIDING]
    if not deciding:
        return Outcome("skipped" if votes else "open", None, len(votes))
    return _majority(deciding)


def _majority(deciding: list[Event]) -> Outcome:
    out = [vote for vote in deciding if vote.action == "reject"]
    into = [vote for vote in deciding if vote.action != "reject"]
    if len(out) == len(into):
        return Outcome("contested", None, len(deciding))
    if len(out) > len(into):
        return Outcome("rejected", out[-1], len(deciding))
    edits = [vote for vote in into if vote.action == "edit"]
    return Outcome("edited", edits[-1], len(deciding)) if edits else Outcome("accepted", into[-1], len(deciding))


def counted(found: Mapping[int, Outcome]) -> dict[str, int]:
    """Return how many items are in each state."""
    states: tuple[State, ...] = (*DECIDED, "contested", "skipped", "open")
    return {state: sum(each.state == state for each in found.values()) for state in states}
