"""What a plan says: step 0, three options in order, what is gone for good, what to look for, what it costs."""

from typing import Any, Literal

from longtail.records import SCHEMA_VERSION, Record

OptionName = Literal["re-anchor", "roll-back", "re-source"]
ORDER: tuple[OptionName, ...] = ("re-anchor", "roll-back", "re-source")


class Bounded(Record, frozen=True):
    """A number with its interval, at `level`; `n` says how many of what it rests on."""

    value: float
    low: float
    high: float
    n: int
    unit: str
    level: float = 0.95


class Ceiling(Record, frozen=True):
    """What a course of generations is expected to hold of the tail, beside the baseline at as many documents.

    Args:
        share: Share of reservoir rows in each new training set.
        policy: What later training sets are drawn from: "drop" (all new ones), "keep" (those of the bad generations too) or
            "replace" (the newest outputs alone).
        generation: Training sets from now on; None for the long run.
        types: Tail types retained, over those that the baseline is expected to show in as many documents.
        mass: Tail mass retained; None in the long run, where it has no interval.
        odds: Share of replicates that reach the target; None in the long run.
    """

    share: float
    policy: Literal["drop", "keep", "replace"]
    generation: int | None
    types: Bounded
    mass: Bounded | None = None
    odds: float | None = None


class Input(Record, frozen=True):
    """An input of the cost: its name, its value or None where it is not stated, and where it is from."""

    name: str
    value: float | None
    source: str


class Swing(Record, frozen=True):
    """What the cost becomes where one input is half or one and a half times as large."""

    name: str
    less: float
    more: float


class Cost(Record, frozen=True):
    """What an option costs.

    Args:
        formula: The expression, over names of inputs.
        stated: The expression with values put in; names stay where there is none.
        total: Its value; None where an input is not stated.
        missing: Inputs that are not stated.
        inputs: All that the expression names.
        sensitivity: Each input at 50 % and at 150 %.
    """

    formula: str
    stated: str
    total: float | None
    missing: tuple[str, ...]
    inputs: tuple[Input, ...]
    sensitivity: tuple[Swing, ...] = ()


class Option(Record, frozen=True):
    """One way to recover.

    Args:
        name: Which.
        order: From 1.
        title: In words.
        is_possible: Whether what it needs is there.
        because: Why it is not possible, or what the choice within it rests on.
        best: The course that is proposed; None where none is possible.
        courses: All courses that were looked at, with their long run.
        at_best: Share of the reference's tail types that stand in what the option draws on; the others cannot come back from it. Its
            whole is another than that of `best` and `courses`, and `unit` names each.
        needs: What has to be there.
        cost: What it costs.
        command: What to run next.
    """

    name: OptionName
    order: int
    title: str
    is_possible: bool
    because: str
    best: Ceiling | None
    courses: tuple[Ceiling, ...]
    at_best: Bounded | None
    needs: tuple[str, ...]
    cost: Cost
    command: str


class Stop(Record, frozen=True):
    """Step 0: stop replacing real data. `status` is "to do", "already so" or "not known"; `line` is what to set."""

    status: Literal["to do", "already so", "not known"]
    because: str
    regime: str
    line: str


class Clean(Record, frozen=True):
    """The last clean version: its name and place, None where none is clean or none can be told; `because` says which."""

    version: str | None
    place: int | None
    because: str


class PoolAdvice(Record, frozen=True):
    """Whether the bad generations must leave the pool.

    Args:
        verdict: "drop", "keep", or "no difference" where the two intervals overlap.
        collapsed: Bad generations.
        share: Real share of new training sets that both numbers hold for.
        keep: What is reached with them.
        drop: What is reached without them.
        left: Part of the pool's mean deviation that is left at the last generation looked at where they are kept: the product
            of (1 - share / u) over the batches u to come, which is exact in the mean.
        growth: Times its size that the pool must grow to for half of the deviation to be gone, 2^(1 / share).
        statement: In a sentence.
    """

    verdict: Literal["drop", "keep", "no difference"]
    collapsed: int
    share: float
    keep: Ceiling
    drop: Ceiling
    left: float
    growth: float
    statement: str


class TwoShares(Record, frozen=True):
    """The real share that keeps a type of `tail_share`, and the one that brings it back within the horizon: two questions.

    None where no share does; then the reason says why.
    """

    tail_share: float
    keep: float | None
    rescue: float | None
    keep_because: str
    rescue_because: str


class Wanted(Record, frozen=True):
    """What to look for elsewhere: a type or a slice, and the rows that bring it to the reference's share at the planned size.

    Args:
        view: Where it was counted.
        name: As it is written; a hash where no document at hand shows it.
        is_missing: Whether the reservoir has none of it; it is short of it otherwise.
        reference_documents: Documents of the reference that hold it.
        reservoir_documents: Documents of the reservoir that do.
        share: Of the reference's documents.
        rows: Rows to add.
        low: Lower bound.
        high: Upper bound, at 95 % (Clopper-Pearson), the reservoir taken as it is.
    """

    view: str
    name: str
    is_missing: bool
    reference_documents: int
    reservoir_documents: int
    share: float
    rows: int
    low: int
    high: int


class Gone(Record, frozen=True):
    """A tail type of the reference that stands in nothing that is held: neither in the reservoir nor in any outputs."""

    type: str
    reference_documents: int
    example_id: str


class Unrecoverable(Record, frozen=True):
    """What is gone for good from what is held; `total` counts all of it, `once` those in a single reference document."""

    view: str
    total: int
    once: int
    of: int
    items: tuple[Gone, ...] = ()
    statement: str = ""


class Late(Record, frozen=True):
    """What recovery would have cost from one version on."""

    version: str
    generations: int | None
    rows_to_source: float
    cost: Cost


class Asymmetry(Record, frozen=True):
    """The same inputs for an early and for a late version; None where there are no outputs of both, and then `because` says so."""

    early: Late | None
    late: Late | None
    because: str


class Plan(Record, frozen=True):
    """A plan for recovery.

    Args:
        stop: Step 0.
        options: The options in the order in which to try them.
        clean: The last clean version.
        pool: Whether bad generations must leave the pool; None where there is no reservoir or no bad generation.
        shares: Keep and rescue; None where nothing is lost.
        unrecoverable: What is gone for good.
        shopping: What to look for elsewhere, most rows first.
        shopping_total: Types or slices of that list, as far as they are not shown.
        asymmetry: What it would have cost early, and costs now.
        baseline: What retained shares are measured against: the first version's outputs, or a half of the reference.
        now: Tail types that the current version retains of it.
        gap: Factor by which a fit lowers the frequency of a tail type, beyond chance; 1 where it is not known.
        target: Retained share that an option is to reach, with its lower bound.
        target_because: Why that one.
        order: Names of options in the order of trying.
        order_reason: Why another option goes first, where one does; empty for the fixed order.
        assumes: What the numbers take for granted.
        notes: What else is to be known.
        settings: What was asked for.
    """

    longtail_version: str
    created_at: str
    command: str
    seed: int
    stop: Stop
    options: tuple[Option, ...]
    clean: Clean
    pool: PoolAdvice | None
    shares: TwoShares | None
    unrecoverable: Unrecoverable
    shopping: tuple[Wanted, ...]
    shopping_total: int
    asymmetry: Asymmetry
    baseline: str
    now: Bounded
    gap: float
    target: float
    target_because: str
    order: tuple[OptionName, ...] = ORDER
    order_reason: str = ""
    assumes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    settings: dict[str, Any] = {}
    schema_version: str = SCHEMA_VERSION
