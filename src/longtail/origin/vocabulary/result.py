"""What excess vocabulary says of dated documents."""

from typing import Literal

from longtail.records import Record

Status = Literal["ok", "weak", "refused"]
METHOD = "excess vocabulary, chosen on one half and measured on the other, cross-fitted"


class Carrier(Record, frozen=True):
    """A word that carries the bound.

    Attributes:
        word: In lower case.
        share: Share of the documents of the period that hold it, in the half that did not choose it.
        expected: Share that the trend before would have led to there.
        gap: The difference.
    """

    word: str
    share: float
    expected: float
    gap: float


class PeriodBound(Record, frozen=True):
    """A lower bound of the share of model-edited documents in one period.

    Attributes:
        period: Such as 2023, 2023-Q2 or 2023-05.
        documents: Documents of the period.
        baseline: The two periods that the trend is taken from, the earlier one first.
        value: The bound as measured, at least 0; None where it is refused.
        low: Its one-sided limit at `level`, at least 0: sampling error, the choice among sets of words and, where there are
            controls, the drift of human writing are taken off.
        drift: How high the drift of human writing alone may bring the bound, at `level`, by what the controls vary beyond their
            sampling errors; None without controls.
        controls: The same measurement moved back, so that it lies before the cut-off: value of each, the latest first; those that are
            measured much worse are left out.
        words: Words in excess that were chosen by either half.
        carriers: Those with the greatest gaps.
        cutoff: Words of the set would have been in at most this share of the documents; None where no word is in excess.
        errors: Standard errors that each of its words is in excess by at least.
    """

    period: str
    documents: int
    status: Status
    reasons: tuple[str, ...] = ()
    baseline: tuple[str, str] | None = None
    value: float | None = None
    low: float | None = None
    level: float = 0.95
    drift: float | None = None
    controls: tuple[float, ...] = ()
    words: int = 0
    carriers: tuple[Carrier, ...] = ()
    cutoff: float | None = None
    errors: float | None = None


class ExcessVocabulary(Record, frozen=True):
    """Lower bounds by period, without any machine-made text to compare with.

    A bound of 0 is no sign that people wrote a period: models can be asked for other words. Each bound holds at its level alone.

    Attributes:
        documents: Documents of periods that are used.
        undated: Documents without a date.
        passed: Dated documents of periods with too few.
        kind: What the dates say: published, archived or authored.
        unit: Length of the periods.
        cutoff: The day, as YYYY-MM-DD, before which the baseline lies.
    """

    status: Status
    reasons: tuple[str, ...]
    documents: int
    undated: int
    passed: int
    kind: str
    unit: str
    cutoff: str
    periods: tuple[PeriodBound, ...] = ()
    method: str = METHOD

    def best(self) -> PeriodBound | None:
        """Return the latest period whose bound was not refused, None where there is none."""
        return next((each for each in reversed(self.periods) if each.status != "refused"), None)
