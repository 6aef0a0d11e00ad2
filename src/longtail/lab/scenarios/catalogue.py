"""The list of scenarios, and what each of them hands to the audits."""

from pathlib import Path

from longtail.errors import UnknownName
from longtail.lab.expectation import Interval, Measured, Verdict, judged
from longtail.records import Record

SCENARIOS = {
    "augment": "longtail.lab.scenarios.augment",
    "content": "longtail.diagnosis.voice.content",
    "images": "longtail.lab.scenarios.images",
    "lm": "longtail.lab.scenarios.lm",
    "scrape": "longtail.lab.scenarios.scrape",
}
"""Modules by the names of their scenarios. Each has TITLE, `lay(folder, seed, on_progress) -> Laid` and
`checks(laid, audits) -> tuple of Measured`, and ONLY_IF where its claim holds under a condition alone."""


class Laid(Record, frozen=True):
    """Where the data of a scenario lie.

    Args:
        generations: Data sets in order; the first is the baseline of the others. None where there is one corpus alone.
        reference: Human documents that no model has seen.
        scores: What each generation's model makes of human text, or none.
        by: Columns whose values are slices.
        views: Views of words; the usual ones if empty.
        facts: Numbers that the data do not show.
        corpus: The one data set of a scenario without generations.
        synthetic: Machine texts to compare it with, where no other machine text is in it.
        dated: All documents with their days, where the scenario is about dates.
        control: The same without a model.
    """

    generations: tuple[Path, ...]
    reference: Path
    corpus: Path | None = None
    synthetic: Path | None = None
    scores: tuple[Path, ...] = ()
    by: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    facts: dict[str, float] = {}
    dated: Path | None = None
    control: Path | None = None


class Audited(Record, frozen=True):
    """What an audit said of one generation beside the first, or of the one corpus (generation 1); codes that failed and that warned."""

    generation: int
    phase: str
    labels: tuple[str, ...]
    status: str
    failing: tuple[str, ...]
    kept: dict[str, tuple[float, float, float]]
    warned: tuple[str, ...] = ()


class Told(Record, frozen=True):
    """A scenario that was laid and audited: a row for each generation, and what was expected of them."""

    name: str
    title: str
    folder: Path
    rows: tuple[Audited, ...]
    checks: tuple[Measured, ...]

    @property
    def failing(self) -> bool:
        """Tell whether an expectation fails."""
        return any(each.verdict == "fails" for each in self.checks)


def module_of(name: str) -> str:
    """Return the module of a scenario.

    Raises:
        UnknownName: No scenario of that name.
    """
    if name not in SCENARIOS:
        raise UnknownName("scenario", name, SCENARIOS)
    return SCENARIOS[name]


def fact(says: str, held: bool, asked: str, value: float | None = None) -> Measured:
    """Return an expectation of one lineage that an audit, or a count, has decided."""
    verdict: Verdict = "holds" if held else "fails"
    return Measured(says=says, value=value, low=None, high=None, asked=asked, verdict=verdict, replicates=1)


def ranged(says: str, found: tuple[float, float, float], name: str, bound: float) -> Measured:
    """Return an expectation that the interval of an audit decides; `found` is value, low, high."""
    verdict = judged(Interval(*found), [(name, bound)])
    value, low, high = found
    return Measured(says=says, value=value, low=low, high=high, asked=f"{name.replace('_', ' ')} {bound:g}", verdict=verdict, replicates=1)
