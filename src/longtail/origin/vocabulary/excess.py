"""A lower bound of the share of model-edited documents by period, from dated documents alone.

Documents are read three times: for their dates, to count words, and to see which of them hold a chosen word. Nothing of a document
is kept, so memory grows with the vocabulary and not with the documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from longtail.errors import ConfigError
from longtail.origin.dates.dating import CUTOFF, KINDS, Calendar, Kind, calendar_of, fitted, kind_of, proves_age
from longtail.origin.vocabulary.batches import Batches, hashes_of
from longtail.origin.vocabulary.choosing import ERRORS, NEVER, Excess, chosen
from longtail.origin.vocabulary.concluding import concluded
from longtail.origin.vocabulary.contrasts import Contrast, Plan, plans, roles
from longtail.origin.vocabulary.counting import DatedWords, Table
from longtail.origin.vocabulary.hits import Hits, Sets
from longtail.origin.vocabulary.result import ExcessVocabulary

PERIOD_DOCUMENTS = 500
_BASELINE = 2


@dataclass(frozen=True)
class Settings:
    """How the bound is made.

    Attributes:
        kind: What the dates say.
        cutoff: The baseline lies before this day.
        documents: What each period must hold; smaller ones are left out.
        exclude: Words that never count, such as topics of the day.
        sources: Names of the sources that are told apart, at most 15; a word must be in excess whichever of them is left out.
        rule: What makes a word one in excess.
        seed: Seed of the split and of the multipliers.
    """

    kind: Kind = "published"
    cutoff: date = CUTOFF
    documents: int = PERIOD_DOCUMENTS
    exclude: Sequence[str] = ()
    sources: Sequence[str] = ()
    rule: Excess = field(default_factory=Excess)
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse settings out of range.

        Raises:
            ConfigError: The kind of date is unknown, or a number is out of range.
        """
        kind_of(self.kind)
        if self.documents < 4 * self.rule.documents:
            raise ConfigError(
                f"{self.documents} documents for a period; a word must be in {self.rule.documents} of one half, so take "
                f"{4 * self.rule.documents} or more"
            )
        if len(self.sources) > 15:
            raise ConfigError(f"{len(self.sources)} sources; at most 15 are told apart: name the largest")


def excess_vocabulary(batches: Batches, settings: Settings | None = None) -> ExcessVocabulary:
    """Return a lower bound of the share of model-edited documents for each period after the cut-off.

    Args:
        batches: Gives all documents again each time it is called.
        settings: How; None for the defaults.
    """
    how = settings or Settings()
    months = calendar_of(batch.days for batch in batches())
    calendar = fitted(months, how.documents, how.cutoff)
    reasons = refusals(months, calendar, how)
    if reasons:
        return _result(months, calendar, how, reasons)
    counted = DatedWords.of(calendar, how.sources, how.seed)
    for batch in batches():
        counted.add(batch)
    table = counted.table(how.rule.documents)
    wanted = plans(calendar, how.cutoff)
    contrasts = [contrast for plan in wanted for contrast in (plan.target, *plan.controls)]
    hits = Hits(sets_of(table, contrasts, calendar, how), how.seed)
    for batch in batches():
        hits.add(batch)
    return _result(months, calendar, how, (), _grouped(wanted), table, hits)


def refusals(months: Calendar, calendar: Calendar, how: Settings) -> tuple[str, ...]:
    """Return why no bound can be given, empty where one can."""
    if not months.periods:
        return ("no document has a date; name the column with --date-column NAME",)
    if not proves_age(how.kind):
        return (f"the dates are {how.kind}: {KINDS[how.kind]}; give dates of publication with --date-kind published",)
    found = []
    if calendar.before(how.cutoff).sum() < _BASELINE:
        held = int(np.array(months.documents)[months.before(how.cutoff)].sum())
        found.append(
            f"no baseline: fewer than {_BASELINE} periods before {how.cutoff} hold {how.documents} documents ({held} documents there "
            "in all); add earlier documents of the same kind"
        )
    if not calendar.after(how.cutoff).any():
        held = int(np.array(months.documents)[months.after(how.cutoff)].sum())
        found.append(f"no period after {how.cutoff} holds {how.documents} documents ({held} documents there in all)")
    return tuple(found)


def sets_of(table: Table, contrasts: Sequence[Contrast], calendar: Calendar, how: Settings) -> Sets:
    """Return the words that each half chooses for each contrast."""
    levels = np.full((len(table.types), len(contrasts), 2, len(ERRORS)), NEVER, np.uint8)
    for column, contrast in enumerate(contrasts):
        for half in range(2):
            levels[:, column, half] = chosen(table.counts[:, half], table.totals[half], contrast, how.rule)
    levels[np.isin(table.types, hashes_of(how.exclude, how.seed))] = NEVER
    kept = (levels < NEVER).any(axis=(1, 2, 3))
    return Sets(calendar.unit, calendar.periods, roles(list(contrasts), len(calendar.periods)), table.types[kept], levels[kept])


def _grouped(wanted: Sequence[Plan]) -> list[tuple[Plan, int]]:
    """Return each plan with the place of its first contrast."""
    starts = np.cumsum([0, *(1 + len(plan.controls) for plan in wanted)])
    return list(zip(wanted, starts[:-1].tolist(), strict=True))


def _result(
    months: Calendar,
    calendar: Calendar,
    how: Settings,
    reasons: tuple[str, ...],
    wanted: Sequence[tuple[Plan, int]] = (),
    table: Table | None = None,
    hits: Hits | None = None,
) -> ExcessVocabulary:
    periods = (
        () if table is None or hits is None else tuple(concluded(plan, start, calendar, table, hits, how.seed) for plan, start in wanted)
    )
    statuses = {each.status for each in periods}
    return ExcessVocabulary(
        status="refused" if statuses <= {"refused"} else "weak" if statuses != {"ok"} else "ok",
        reasons=reasons,
        documents=sum(calendar.documents),
        undated=months.undated,
        passed=sum(months.documents) - sum(calendar.documents),
        kind=how.kind,
        unit=calendar.unit,
        cutoff=how.cutoff.isoformat(),
        periods=periods,
    )
