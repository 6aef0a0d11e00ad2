"""What a check of a recovery says."""

from typing import Literal

from longtail.records import SCHEMA_VERSION, Estimate, NotMeasured, Record

CheckStatus = Literal["pass", "not_shown", "worse", "not_measured"]


class Regained(Record, frozen=True):
    """What share of a loss came back: 1 where all of it did, 0 where nothing, below 0 where more was lost.

    Args:
        metric: Of what.
        view: Where it was counted.
        value: (after - before) / (1 - before), both over generation 1.
        low: Lower bound, Fieller's.
        high: Upper bound.
        level: Of the interval, two-sided.
        n: Documents of the output after recovery.
        method: How value and interval were made.
    """

    metric: str
    view: str
    value: float
    low: float
    high: float
    level: float
    n: int
    method: str


class Needed(Record, frozen=True):
    """Documents with which an improvement would be shown, before, after and in the draw of generation 1 alike.

    Args:
        observed: With which the improvement that was observed would be, by metric; None where there is none.
        by_gain: With which after / before of this size would be, for tail types and tail mass both; None where none are enough.
        power: Chance of it.
        reason: Why there is no table.
    """

    observed: dict[str, int | None]
    by_gain: dict[str, int | None]
    power: float
    reason: str = ""


class Check(Record, frozen=True):
    """Whether a recovery worked: the tail after it against the tail before, on types that a frozen reference calls rare.

    Args:
        longtail_version: The version that made it.
        created_at: When, ISO 8601.
        command: What made it.
        seed: Of hashes and relabellings.
        status: "pass" where the interval of an improvement excludes 0 and nothing is worse; "worse" where a loss of tail is
            shown; "not_shown" where neither is; "not_measured" where nothing could be compared.
        because: In a sentence.
        alpha: One-sided error rate of all improvements together.
        documents: Documents before, after, of the reference and of generation 1, by role.
        improvements: After over before of tail types and tail mass, their bounds at 1 - alpha together.
        rest: After over before of what else may have got worse: concentration and, with scores, fidelity; decided at alpha each.
        standing: Before, and after, over generation 1, each with a 95 % interval; `generation` is 0 before and 1 after.
        regained: The share of the loss that came back, or why there is none.
        needed: What it would take, where nothing is shown.
        not_measured: What could not be compared, and why.
        settings: What was asked for.
    """

    longtail_version: str
    created_at: str
    command: str
    seed: int
    status: CheckStatus
    because: str
    alpha: float
    documents: dict[str, int]
    improvements: tuple[Estimate, ...] = ()
    rest: tuple[Estimate, ...] = ()
    standing: tuple[Estimate, ...] = ()
    regained: tuple[Regained | NotMeasured, ...] = ()
    needed: Needed | None = None
    not_measured: tuple[NotMeasured, ...] = ()
    settings: dict[str, object] = {}
    schema_version: str = SCHEMA_VERSION
