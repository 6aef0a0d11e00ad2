"""What losses an audit can find: the power of each endpoint at given numbers of documents, and the documents a loss needs.

No loss is planted. Pseudo-audits give the error of each endpoint by size; the quantile is that of the real family at the
level in force. A true loss widens the candidate's part of the error, and relabelled values spread further because they
mix a sample that lost with one that did not.
"""

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from longtail.auditing.families import TAIL_SHARE_OF_ALPHA, relabellings
from longtail.auditing.options import Options
from longtail.auditing.pseudo import (
    TYPES,
    Fitted,
    Key,
    Pseudo,
    Sizes,
    fitted,
    nearest,
    pseudo_audit,
    pseudo_audits,
    sizes_of,
)
from longtail.errors import ConfigError, UsageError
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.family import POWER, SAFETY, Z_POWER, growth
from longtail.metrics.pairing import WORDS, Settings
from longtail.metrics.slices import FEWEST_EXPECTED
from longtail.records import SCHEMA_VERSION, NotMeasured, Record
from longtail.stats.permutation import MaxT, max_t
from longtail.summaries.profile import Profile
from longtail.summaries.reference import SMALL, Reference
from longtail.summaries.units import FEWEST_DOCUMENTS, MOST_TIMES, MOST_UNITS
from longtail.views.keys import BINS

LOSSES = (0.05, 0.10, 0.20, 0.30, 0.50)
MOST_DOCUMENTS = 10**9
DECIDING = ("tail_types_retained", "tail_mass_retained")
FEWEST_IN_REFERENCE = 330
SPARE = 1.1 * SAFETY
"""By what a squared error may exceed what is foreseen: here it is a fit to a few audits, which is itself off by about a tenth."""
BY_WHOLE = 1.4
"""By what squared errors are larger where the whole reference chooses the tail, as it does with --baseline, and not its half.

Its types are rarer and more of one kind. Measured: 1.2 to 1.4 on synthetic documents, 1.2 to 1.6 on prose, for tail mass and
tail types and references of 1,200 to 8,000 documents.
"""
FEW = 30
"""Documents of a class below which its error is that of relabelled values."""

_GREATEST_LOSS = 0.95
_ROUNDING = 1e-9
_ASSUMED = (
    "a candidate that lost nothing differs from the reference as parts of the reference differ from each other",
    "half of the reference chooses the tail and the other half measures; below 2,000 documents they take turns",
    "with --baseline, generation 1 is as large as the candidate, and varies as the reference does",
    "errors at other sizes are extrapolated from parts of the reference; documents asked for hold a third to spare",
    "a loss is spread evenly over what an endpoint counts",
)


class EndpointPower(Record, frozen=True):
    """What one endpoint can find.

    Attributes:
        metric, view, slice: What is compared.
        margin: Smallest ratio that counts as kept.
        error_now: Standard error of its log ratio at the documents asked about.
        null_low, null_high: Simultaneous bounds of the ratio if nothing was lost.
        noticed: Smallest loss that ends in watch or worse with the power stated; None where there is none below 95 %.
        detectable: Smallest loss that ends in shrunk with that power.
        aim: By loss, what the documents are for: watch where the loss lies inside the margin, else shrunk.
        needed: By loss, documents of the candidate; None where no number is enough with this reference.
        reference_needed: By loss of the former kind, documents of the reference, with half as many of the candidate.
        baseline_needed: By loss, documents of the candidate and of generation 1 each, with --baseline.
    """

    metric: str
    view: str
    slice: str | None
    margin: float
    error_now: float
    null_low: float
    null_high: float
    noticed: float | None
    detectable: float | None
    aim: dict[float, str]
    needed: dict[float, int | None]
    reference_needed: dict[float, int | None]
    baseline_needed: dict[float, int | None]


class Calibration(Record, frozen=True):
    """What audits against a reference can find, at one level.

    Attributes:
        level: Error rate of the audit, one-sided.
        alpha: Error rate of all audits of a series together.
        audit_number: Number of the audit in its series; None for an audit alone.
        documents: Documents of the candidate asked about.
        reference_documents: Documents of the reference.
        power: Chance with which a loss is to be found.
        endpoints: The endpoints, those of the tail first.
        not_measured: What could not be calibrated, and why.
        assumed: What the numbers rest on.
    """

    level: float
    alpha: float
    audit_number: int | None
    documents: int
    reference_documents: int
    power: float
    endpoints: tuple[EndpointPower, ...]
    not_measured: tuple[NotMeasured, ...]
    assumed: tuple[str, ...]
    schema_version: str = SCHEMA_VERSION

    @property
    def deciding(self) -> tuple[EndpointPower, ...]:
        """Return tail types and tail mass of single words, on which the headline rests."""
        return tuple(each for each in self.endpoints if each.metric in DECIDING and each.view == WORDS)

    def documents_for(self, loss: float) -> int | None:
        """Return the candidate's documents with which tail types and tail mass of words both find a loss; None where none are enough.

        Raises:
            UsageError: The loss is none of those that were asked about.
        """
        if loss not in LOSSES:
            raise UsageError(f"documents for a loss of {loss!r} were not worked out; ask for one of {', '.join(map(str, LOSSES))}")
        asked = [each.needed[loss] for each in self.deciding]
        known = [number for number in asked if number is not None]
        return max(known) if known and len(known) == len(asked) else None


@dataclass(frozen=True)
class Trial:
    """One endpoint as a test.

    Attributes:
        error: Its squared error by size.
        quantile: Bounds of its family, in standard errors.
        margin: Smallest ratio that counts as kept.
        is_permuted: Whether its standard error is that of relabelled values at any size.
        share: Share of documents that a class has; below `FEW` of them its error is that of relabelled values too.
        fewest: Documents of the candidate below which it is not tested.
    """

    error: Fitted
    quantile: MaxT
    margin: float
    is_permuted: bool
    share: float | None = None
    fewest: int = FEWEST_DOCUMENTS

    def finds(self, loss: float, sizes: Sizes, aim: str, safety: float = 1.0) -> bool:
        """Tell whether a true loss ends in `aim` (watch or worse, or shrunk) with the power stated.

        Args:
            loss: Share lost.
            sizes: Documents of both sides.
            aim: "watch" or "shrunk".
            safety: By what the squared error may exceed what is foreseen.
        """
        log = math.log1p(-loss)
        sampled = safety * self.error.squared(sizes, 2 * growth(log) - 1)
        here, there = sizes.units
        mixed = sampled + log**2 / (2 * min(here, there) if self.error.is_cut else here + there)
        is_scarce = self.share is not None and self.share * (1 - loss) * sizes.candidate < FEW
        error = mixed if aim == "watch" or self.is_permuted or is_scarce else sampled
        reach = self.quantile.upper * math.sqrt(error) + Z_POWER * math.sqrt(sampled)
        return (0.0 if aim == "watch" else math.log(self.margin)) - log >= reach


def calibrated(
    reference: Profile, options: Options, documents: int | None, level: float, *, audit_number: int | None = None
) -> Calibration:
    """Return what audits against a reference can find at one level.

    Args:
        reference: Profile of the reference.
        options: Margins, tail share and alpha in force.
        documents: Documents of the candidate; as many as the reference has where None.
        level: Error rate of the audit, one-sided.
        audit_number: Number of the audit in its series, for the record.

    Raises:
        ConfigError: The level is below what relabellings can show.
        UsageError: The reference or the candidate has too few documents, or they are of too unlike sizes.
    """
    count = reference.documents if documents is None else documents
    _check(reference, count, level)
    whole = Reference(reference)
    audits = list(pseudo_audits(whole, options.tau, level))
    usable = [audit for audit in audits if audit.endpoints]
    if not usable:
        raise _too_small(reference, audits)
    now = sizes_of(count, reference.documents, is_small=whole.is_small)
    full = Settings(options.tau, relabellings(level), reference.seed)
    alike = nearest(usable, now)
    decided = pseudo_audit(whole, alike.draw, alike.share, full, level)
    tests = _tests(usable, decided, whole, options, level)
    return Calibration(
        level=level,
        alpha=options.alpha,
        audit_number=audit_number,
        documents=count,
        reference_documents=reference.documents,
        power=POWER,
        endpoints=tuple(_power(key, test, now, whole) for key, test in tests.items()),
        not_measured=tuple(each for each in decided.absent if (each.metric, each.view, each.slice or None) not in tests),
        assumed=_ASSUMED,
    )


def _check(reference: Profile, documents: int, level: float) -> None:
    if level * (1 - TAIL_SHARE_OF_ALPHA) * (relabellings(level) + 1) < 1:
        reason = f"alpha exhausted: a level of {level:.2g} is below what {relabellings(level):,} relabellings can show"
        raise ConfigError(f"{reason}; plan fewer audits, with --horizon, or begin a new history")
    if documents < FEWEST_DOCUMENTS:
        raise UsageError(f"a candidate of {documents} documents is below the {FEWEST_DOCUMENTS} that a test needs; plan for 100 or more")
    most = BINS // MOST_UNITS * (reference.documents // 2)
    if documents > most:
        reason = f"a candidate of {documents:,} documents is more than 64 times half of the reference, which has {reference.documents:,}"
        raise UsageError(f"{reason}; plan for at most {most:,} documents, or take a larger reference")


def _too_small(reference: Profile, audits: Sequence[Pseudo]) -> UsageError:
    """Return the error for a reference that no pseudo-audit can be made of."""
    reasons = sorted({each.reason for audit in audits for each in audit.absent})
    why = f": {reasons[0]}" if reasons else ""
    return UsageError(
        f"the reference has {reference.distinct():,} distinct documents, too few to hold parts of it against each other{why}; "
        f"give one of at least {FEWEST_IN_REFERENCE}"
    )


def _tests(audits: Sequence[Pseudo], decided: Pseudo, reference: Reference, options: Options, level: float) -> dict[Key, Trial]:
    """Return the endpoints of both families as tests, each family with its quantiles at its part of the level."""
    made: dict[Key, Trial] = {}
    for family, share in ((decided.tail, TAIL_SHARE_OF_ALPHA), (decided.concentration, 1 - TAIL_SHARE_OF_ALPHA)):
        if family:
            quantile = max_t(np.stack([endpoint.studentised for endpoint in family.values()]), share * level)
            made |= {key: _test(audits, endpoint, quantile, reference, options, level) for key, endpoint in family.items()}
    return made


def _test(audits: Sequence[Pseudo], endpoint: Endpoint, quantile: MaxT, reference: Reference, options: Options, level: float) -> Trial:
    """Return an endpoint as a test; a class so rare that it would not be audited is not found by fewer documents than that takes."""
    key = (endpoint.metric, endpoint.view, endpoint.slice)
    tau = None
    if endpoint.tau is not None:
        theta = reference.profile.frequencies[endpoint.view].theta
        tau = float(np.mean([chooser.strata(endpoint.view, options.tau, theta).realised_tau for chooser, _ in reference.folds()]))
    trial = Trial(fitted(audits, key, tau), quantile, options.margins["tail"], key[0] == TYPES)
    if endpoint.slice is None or not endpoint.baseline_value:
        return trial
    classes = len(reference.profile.labels[endpoint.view].names)
    least = max(FEWEST_EXPECTED, -math.log(level / classes)) / endpoint.baseline_value
    return dataclasses.replace(trial, share=endpoint.baseline_value, fewest=max(FEWEST_DOCUMENTS, math.ceil(SAFETY * least)))


def _power(key: Key, test: Trial, now: Sizes, reference: Reference) -> EndpointPower:
    error = math.sqrt(test.error.squared(now))
    aims = {loss: "shrunk" if 1 - loss < test.margin * (1 - _ROUNDING) else "watch" for loss in LOSSES}
    needed = {loss: _needed(test, loss, aim, now) for loss, aim in aims.items()}
    return EndpointPower(
        metric=key[0],
        view=key[1],
        slice=key[2],
        margin=test.margin,
        error_now=error,
        null_low=math.exp(-test.quantile.upper * error),
        null_high=math.exp(test.quantile.lower * error),
        noticed=_smallest_loss(test, now, "watch"),
        detectable=_smallest_loss(test, now, "shrunk"),
        aim=aims,
        needed=needed,
        reference_needed={loss: _reference_needed(test, loss, aims[loss], reference) for loss in LOSSES if needed[loss] is None},
        baseline_needed={loss: _baseline_needed(test, loss, aims[loss]) for loss in LOSSES},
    )


def _needed(test: Trial, loss: float, aim: str, now: Sizes) -> int | None:
    """Return the fewest documents of the candidate with which a loss is found against the reference as it is."""
    most = math.floor(MOST_TIMES * now.measured * now.halves)
    return _fewest(lambda count: test.finds(loss, Sizes(count, now.measured, now.halves), aim, SPARE), test.fewest, most)


def _reference_needed(test: Trial, loss: float, aim: str, reference: Reference) -> int | None:
    """Return the fewest documents of a reference with which a loss is found by half as many documents of the candidate."""

    def enough(count: int) -> bool:
        return test.finds(loss, sizes_of(count / 2, count, is_small=count < SMALL), aim, SPARE)

    return _fewest(enough, reference.documents, MOST_DOCUMENTS)


def _baseline_needed(test: Trial, loss: float, aim: str) -> int | None:
    """Return the fewest documents of the candidate and of generation 1 each with which a loss is found."""
    return _fewest(lambda count: test.finds(loss, Sizes(count, count), aim, SPARE * BY_WHOLE), test.fewest, MOST_DOCUMENTS)


def _fewest(enough: Callable[[int], bool], low: int, high: int) -> int | None:
    """Return the least number from low to high that is enough, more being no worse; None where none is."""
    if low > high or not enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def _smallest_loss(test: Trial, now: Sizes, aim: str) -> float | None:
    """Return the smallest loss that is found at some sizes, in thousandths rounded up."""
    found = _fewest(lambda thousandths: test.finds(thousandths / 1000, now, aim), 1, round(1000 * _GREATEST_LOSS))
    return None if found is None else found / 1000
