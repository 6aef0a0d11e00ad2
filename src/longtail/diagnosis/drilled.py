"""What a drill says."""

from typing import Literal

from longtail.records import SCHEMA_VERSION, Estimate, PhaseName, Record

PlantName = Literal["drop", "refit"]
PLANTS: tuple[PlantName, ...] = ("drop", "refit")


class Audited(Record, frozen=True):
    """One planted generation, and what the audit of it said.

    Args:
        generation: Since the plant, from 1.
        lost: True share of rare types that cannot be written any more.
        lost_mass: Share of the tokens on rare types that were on those.
        phase: Of the audit.
        tail: Tail types retained, as it was measured; None where it was not.
        level: Error rate that this audit could use.
        warns: Codes of new findings that warn.
        fails: Codes of new findings that fail.
    """

    generation: int
    lost: float
    lost_mass: float
    phase: PhaseName
    tail: Estimate | None
    level: float
    warns: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()


class FalseAlarms(Record, frozen=True):
    """What the same audit said of copies without a plant.

    Args:
        copies: How many.
        fails: Those that raised a failure that most others did not.
        warns: Those that raised a warning, or a failure, that most others did not.
        low: Lower bound of the rate of failures, 95 %, Clopper-Pearson.
        high: Upper bound.
        codes: Findings that are counted here, with the copies that raised them.
        standing: Findings that most copies without a plant raise; none of them is an alarm.
    """

    copies: int
    fails: int
    warns: int
    low: float
    high: float
    codes: dict[str, int] = {}
    standing: tuple[str, ...] = ()


class Foreseen(Record, frozen=True):
    """What would make an alarm fire.

    Args:
        loss: The loss that it is for, at most the one that was planted last.
        ends_in: What such a loss ends in: "watch" or "shrunk".
        documents: Of the copy and of generation 1 each; None where none are enough.
        power: Chance of it.
        reason: Why nothing is foreseen.
    """

    loss: float | None = None
    ends_in: str = ""
    documents: int | None = None
    power: float | None = None
    reason: str = ""


class Drill(Record, frozen=True):
    """How long a planted collapse goes unseen.

    Args:
        longtail_version: The version that made it.
        created_at: When, ISO 8601.
        command: What made it.
        seed: Of draws, hashes and relabellings.
        plant: How the collapse was planted.
        rate: Share of the rare types left that goes in each generation; None where a model refits.
        generations: Planted generations at most.
        documents: In the copy.
        baseline_documents: In what stands for generation 1.
        left_out: Documents of the data that were not used.
        audits: Every audit up to the alarm.
        warned_at: Generations until a warning or a failure; None where there was none.
        alarmed_at: Generations until a failure; None where there was none.
        every_days: Days from audit to audit; None where not stated.
        false_alarms: What copies without a plant raised.
        audits_before: Audits in the history before the first of these; None without one.
        foreseen: What would make an alarm fire, where none did.
        kept: Folder of the copies, where they were kept.
        settings: Of the audits.
    """

    longtail_version: str
    created_at: str
    command: str
    seed: int
    plant: PlantName
    rate: float | None
    generations: int
    documents: int
    baseline_documents: int
    left_out: int
    audits: tuple[Audited, ...]
    warned_at: int | None
    alarmed_at: int | None
    every_days: float | None
    false_alarms: FalseAlarms
    audits_before: int | None = None
    foreseen: Foreseen | None = None
    kept: str | None = None
    settings: dict[str, object] = {}
    schema_version: str = SCHEMA_VERSION
