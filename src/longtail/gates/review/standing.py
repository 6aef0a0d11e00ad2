"""How a review stands: what is decided and left, how often the gate errs, whether reviewers agree, and who decides."""

from collections.abc import Callable, Mapping

from longtail.gates.intervals import exact_interval
from longtail.gates.review.agreement import Agreement, agreement, doubles
from longtail.gates.review.concentration import Concentration, concentration
from longtail.gates.review.estimating import Sampled, estimated
from longtail.gates.review.item import DECIDING, Cell, Event, Item, Task
from longtail.gates.review.queue import Queue
from longtail.gates.review.resolving import DECIDED, Outcome, State, counted, outcomes
from longtail.records import Estimate, NotMeasured, Record
from longtail.records import Outcome as Measured

MEASURED: dict[str, tuple[tuple[str, ...], Callable[[State, str], bool], str]] = {
    "false_accept": (("keep",), lambda state, gate: state == "rejected", "that the gate kept"),
    "kept_but_edited": (("keep",), lambda state, gate: state == "edited", "that the gate kept"),
    "false_reject": (("reject",), lambda state, gate: state in ("accepted", "edited"), "that the gate rejected"),
    "review_accepted": (("review",), lambda state, gate: state in ("accepted", "edited"), "that the gate left for review"),
    "gate_agreement": (
        ("keep", "reject"), lambda state, gate: (state == "rejected") == (gate == "reject"), "that the gate kept or rejected",
    ),
}  # fmt: skip
"""Each share: the gate's decisions that it is among, what is counted, and these documents in words."""


class CellStanding(Record, frozen=True):
    """One cell of the draw.

    Attributes:
        name: What the gate decided, how rare, and why it was looked at.
        population: Documents in it.
        drawn: Of these, in the queue.
        decided: Of these, decided on.
        rejected: Of these, rejected.
    """

    name: str
    population: int
    drawn: int
    decided: int
    rejected: int


class Standing(Record, frozen=True):
    """How a review stands.

    Attributes:
        tasks: Showings in the queue.
        items: Documents in the queue.
        tail_items: Of these, rare ones.
        states: Documents in each state.
        left: Documents that nobody has decided on.
        cells: What was drawn.
        estimates: Shares of all that the gate judged.
        not_measured: Those that cannot be told yet, and why.
        shown: How often reviewers and gate agree where the gate's decision was seen.
        masked: The same where it was hidden.
        within: Whether one reviewer says the same twice.
        between: Whether reviewers say the same.
        concentration: Who decides, and what they let pass.
        changed: Whether the gate's folder has changed since the queue was drawn.
    """

    tasks: int
    items: int
    tail_items: int
    states: dict[str, int]
    left: int
    cells: tuple[CellStanding, ...]
    estimates: tuple[Estimate, ...]
    not_measured: tuple[NotMeasured, ...]
    shown: Measured
    masked: Measured
    within: Agreement
    between: Agreement
    concentration: Concentration
    changed: bool = False


def standing(queue: Queue, level: float = 0.95, seed: int = 0, *, changed: bool = False) -> Standing:
    """Return how a review stands.

    Args:
        queue: The queue.
        level: Of each interval.
        seed: Of resampling.
        changed: Whether the gate's folder has changed since.
    """
    tasks, votes, cells = queue.tasks(), queue.votes(), queue.cells()
    found = outcomes(tasks, votes)
    rows = list(queue.items())
    cell_of, items = {number: cell for number, cell, _, _ in rows}, {number: item for number, _, _, item in rows}
    measured = [_share(metric, cells, cell_of, found, level) for metric in MEASURED]
    twice = doubles(tasks, votes)
    return Standing(
        tasks=len(tasks),
        items=len(items),
        tail_items=sum(cells[cell].is_tail for cell in cell_of.values()),
        states=counted(found),
        left=sum(each.state in ("open", "skipped") for each in found.values()),
        cells=tuple(_cell(number, cell, cell_of, found) for number, cell in cells.items()),
        estimates=tuple(each for each in measured if isinstance(each, Estimate)),
        not_measured=tuple(each for each in measured if isinstance(each, NotMeasured)),
        shown=_with_gate(tasks, votes, items, level, masked=False),
        masked=_with_gate(tasks, votes, items, level, masked=True),
        within=agreement(twice.within, "one reviewer", level, seed),
        between=agreement(twice.between, "two reviewers", level, seed),
        concentration=concentration(tasks, votes, items, seed),
        changed=changed,
    )


def _share(metric: str, cells: Mapping[int, Cell], cell_of: Mapping[int, int], found: Mapping[int, Outcome], level: float) -> Measured:
    among, counts, what = MEASURED[metric]
    sampled = []
    for number, cell in cells.items():
        if cell.decision in among:
            states = [found[item].state for item, its in cell_of.items() if its == number and found[item].state in DECIDED]
            sampled.append(Sampled(cell.population, len(states), sum(counts(state, cell.decision) for state in states)))
    return estimated(metric, sampled, what, level)


def _cell(number: int, cell: Cell, cell_of: Mapping[int, int], found: Mapping[int, Outcome]) -> CellStanding:
    states = [found[item].state for item, its in cell_of.items() if its == number and found[item].state in DECIDED]
    return CellStanding(
        name=cell.name, population=cell.population, drawn=cell.drawn, decided=len(states), rejected=states.count("rejected")
    )


def _with_gate(tasks: list[Task], votes: list[Event], items: Mapping[int, Item], level: float, *, masked: bool) -> Measured:
    """Return how often votes on first showings agree with the gate: of what was shown, not of all that it judged."""
    of = {task.key: task for task in tasks if task.kind == "first" and task.masked == masked}
    metric = "agreement_masked" if masked else "agreement_shown"
    pairs = [(vote.action == "reject", items[of[vote.task].item].decision) for vote in votes if vote.task in of and vote.action in DECIDING]
    same = [rejects == (gate == "reject") for rejects, gate in pairs if gate != "review"]
    if not same:
        return NotMeasured(
            metric=metric, reason=f"nothing is decided yet of what was shown with the gate's decision {'hidden' if masked else 'in view'}"
        )
    low, high = exact_interval(sum(same), len(same), level)
    return Estimate(
        metric=metric, view="", value=sum(same) / len(same), low=low, high=high, n=len(same), unit="share", resampling_unit="document",
        method="Clopper-Pearson, of documents shown", level=level,
    )  # fmt: skip
