"""What an estimate is asked for, checked before the work."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from longtail.errors import UnknownName, UsageError
from longtail.origin.dates.dating import CUTOFF, cutoff_of, kind_of
from longtail.origin.estimating.bounding import check_again
from longtail.origin.estimating.choosing import scorer_of
from longtail.origin.estimating.corpus import How
from longtail.origin.estimating.periods import When, check_replicates, unit_of
from longtail.origin.estimating.sides import HUMAN_COLUMN, MACHINE_COLUMN
from longtail.origin.quantifiers import QUANTIFIERS
from longtail.origin.scorers.card import Fitting, Scorer
from longtail.origin.settings import Settings
from longtail.readers import Named

HELP = (
    "give texts of known origin (--human FILE and --synthetic FILE, or --pairs FILE), human texts alone (--human FILE) for a lower bound, "
    "or dates (--date-column NAME) for another"
)


@dataclass(frozen=True)
class Ask:
    """What is measured, with what, and how it is read; see `longtail.estimate`."""

    data: Any
    human: Any = None
    synthetic: Any = None
    pairs: Any = None
    human_column: str = HUMAN_COLUMN
    synthetic_column: tuple[str, ...] = (MACHINE_COLUMN,)
    control_human: Any = None
    control_synthetic: Any = None
    group_column: str | None = None
    cluster_column: str | None = None
    score_column: str | None = None
    by: tuple[str, ...] = ()
    date_column: str | None = None
    date_kind: str = "published"
    period: str | None = None
    cutoff: str | date = CUTOFF
    scorer: Any = "words"
    weights: str | None = None
    curve: bool = False
    published: bool = False
    rates_by: str | None = None
    settings: Settings = field(default_factory=Settings)
    how: How = field(default_factory=How)

    @property
    def is_referenced(self) -> bool:
        """Tell whether there is text of both origins."""
        return self.pairs is not None or (self.human is not None and bool(self.synthetic))

    def when(self) -> When | None:
        """Return what is known of dates, None where none were named.

        Raises:
            ConfigError: A kind, a period or a cut-off is none.
        """
        if self.date_column is None:
            return None
        return When(column=self.date_column, kind=kind_of(self.date_kind), unit=unit_of(self.period), cutoff=cutoff_of(self.cutoff))

    def columns(self) -> dict[str, Named]:
        """Return the columns of the data that are read beside their text, by what they are for."""
        asked = {
            "cluster": (self.cluster_column, "--cluster-column"),
            "score": (self.score_column, "--score-column"),
            "date": (self.date_column, "--date-column"),
            **{f"by {name}": (name, "--by") for name in self.by},
        }
        return {name: Named(column, option) for name, (column, option) in asked.items() if column is not None}

    def fitting(self) -> Fitting | Scorer | None:
        """Return the scorer, None where scores are read.

        Raises:
            UnknownName, ConfigError, MissingExtra: There is no such scorer, or it cannot be had.
        """
        return scorer_of(self.scorer) if self.score_column is None else None

    def check(self) -> None:
        """Refuse, before the work, what does not go together.

        Raises:
            UsageError: Nothing is given to measure with, or things that exclude each other.
            UnknownName: There is no such method.
            ConfigError: A setting is out of range.
        """
        self._check_given()
        if self.when() is not None:
            check_replicates(self.settings.replicates)
        if self.settings.method not in QUANTIFIERS:
            raise UnknownName("method", self.settings.method, (each.name for each in QUANTIFIERS))
        if self.how.documents < 1:
            raise UsageError(f"documents is {self.how.documents}; measure at least one")
        if self.weights is not None or (not self.is_referenced and self.date_column is not None):
            check_again(self.data)

    def _check_given(self) -> None:
        sides = [self.human is not None, bool(self.synthetic)]
        if self.pairs is not None and any(sides):
            raise UsageError("pairs hold both sides of the reference; leave --human and --synthetic out, or give them without --pairs")
        if sides == [False, True]:
            raise UsageError("machine texts are given and no human ones (--human FILE); a share is measured between the two")
        if not any([*sides, self.pairs is not None, self.date_column is not None]):
            raise UsageError(f"there is nothing to measure with: {HELP}")
        self._check_scores()
        if self.published and self._machine_origins() != 1:
            raise UsageError("the published estimate needs human texts and those of one machine origin; leave --published out")
        if not self.is_referenced:
            self._check_alone()

    def _check_alone(self) -> None:
        if self.rates_by is not None:
            raise UsageError("rates are measured between human and machine texts (--human, --synthetic); leave --rates-by out")
        if self.weights is not None:
            raise UsageError("weights are made from a measured share, which needs --human and --synthetic; leave --weights out")

    def _machine_origins(self) -> int:
        if self.pairs is not None:
            return len(self.synthetic_column)
        return 0 if self.human is None else len(self.synthetic or ())

    def _check_scores(self) -> None:
        if self.score_column is not None and (self.pairs is not None or self._machine_origins() != 1):
            raise UsageError(
                "--score-column goes with one --human and one --synthetic data set that hold the column too, scored by the same detector"
            )
