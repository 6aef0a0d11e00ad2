"""Did recovery work: the tail after it against the tail before, each drawn from a model, on a frozen reference."""

import dataclasses
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, NamedTuple

import msgspec

from longtail.auditing.families import decided, plain, relabellings, tail_endpoints
from longtail.auditing.inputs import Profiler, Sources, as_scores, settle
from longtail.auditing.options import Options
from longtail.auditing.readouts import concentration_endpoints
from longtail.diagnosis.restoring.needing import needed
from longtail.diagnosis.restoring.records import Check, CheckStatus, Regained
from longtail.diagnosis.restoring.regaining import Three, regained
from longtail.metrics.comparison import Comparison, baseline_pairing
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.likelihood import fidelity_endpoints
from longtail.metrics.pairing import Pairing, Settings
from longtail.metrics.richness import smooth_endpoint
from longtail.records import Estimate, NotMeasured, OnProgress, Outcome
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference

_VIEWS = ("words_1",)


class Samples(NamedTuple):
    """The data sets of a check."""

    before: Profile
    after: Profile
    reference: Profile
    baseline: Profile | None = None


def check(
    before: Any,
    after: Any,
    reference: Any,
    baseline: Any = None,
    *,
    before_scores: Any = None,
    after_scores: Any = None,
    workers: int = 1,
    now: datetime | None = None,
    command: str = "longtail.recover.check",
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Check:
    """Say whether the tail came back.

    After over before of tail types and tail mass have lower bounds that hold together at 1 - alpha (max-T over relabellings of
    whole groups of documents). The check passes where one of them lies above 1 and none of the endpoints shows a loss.

    Args:
        before: Outputs of the model before recovery: data or a profile, as the audit takes them.
        after: Outputs of the model after it.
        reference: Human documents that no model was trained on; says what is rare.
        baseline: Outputs of generation 1, to say how far back the tail is.
        before_scores: Log-probabilities of held-out human text under the model before.
        after_scores: The same after.
        workers: Threads that count documents.
        now: The moment; by default the clock's.
        command: What the record calls the command that made it.
        on_progress: Called as documents are read.
        **options: Fields of `Options`; words alone are counted unless views are named.

    Raises:
        ReadError: Data cannot be read.
        ConfigError, UnknownName: An option is out of range or unknown.
        IncompatibleSummaries: Profiles were made with unlike settings.
    """
    chosen = Options(**({"views": _VIEWS} | options))
    sources = Sources(after, reference, before, against=baseline, workers=workers)
    kinds = settle(sources, chosen, is_asked="views" in options)
    chosen = kinds if "views" in options or "words_1" not in kinds.views else chosen
    samples = _gathered(sources, chosen, on_progress)
    pairs = Pairs.of(samples, chosen)
    found = pairs.between
    improvements = improved(found, chosen.alpha)
    rest = (*_rest(pairs.pairing, chosen), *_fidelity(before_scores, after_scores, chosen, samples.after.seed))
    status, because = _status(improvements, rest)
    return Check(
        longtail_version=version("longtail"),
        created_at=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        command=command,
        seed=samples.after.seed,
        status=status,
        because=because,
        alpha=chosen.alpha,
        documents={name: each.documents for name, each in samples._asdict().items() if each is not None},
        improvements=improvements,
        rest=_estimates(rest),
        standing=_estimates(pairs.standing()),
        regained=pairs.regained(),
        needed=needed(_decidable(found), samples.reference, samples.after.documents, chosen) if status == "not_shown" else None,
        not_measured=tuple(dict.fromkeys(each for each in (*found, *rest) if isinstance(each, NotMeasured))),
        settings=chosen.stated(),
    )


class Pairs(NamedTuple):
    """Endpoints of the tail in the comparisons of a check.

    Attributes:
        pairing: After and before.
        between: After over before.
        before: Before over generation 1; empty without one.
        after: After over generation 1; empty without one.
    """

    pairing: Pairing
    between: Sequence[Endpoint | NotMeasured]
    before: Sequence[Endpoint | NotMeasured] = ()
    after: Sequence[Endpoint | NotMeasured] = ()

    @classmethod
    def of(cls, samples: Samples, options: Options) -> "Pairs":
        """Compare the samples."""
        settings = Settings(options.tau, relabellings(options.alpha), samples.after.seed)
        held = Reference(samples.reference)
        pairing = baseline_pairing(samples.after, samples.before, held, settings, "previous")
        if samples.baseline is None:
            return cls(pairing, _tail(pairing, options.alpha))
        others = [baseline_pairing(each, samples.baseline, held, settings) for each in (samples.before, samples.after)]
        between, before, after = (_tail(each, options.alpha) for each in (pairing, *others))
        return cls(pairing, between, before, after)

    def standing(self) -> tuple[Outcome, ...]:
        """Return before and after over generation 1, each with a 95 % interval of its own."""
        marked = enumerate((self.before, self.after))
        return tuple(msgspec.structs.replace(plain(each), generation=at) for at, side in marked for each in side)

    def regained(self) -> tuple[Regained | NotMeasured, ...]:
        """Return the share of each loss that came back."""
        found: list[Regained | NotMeasured] = []
        for before, after, between in zip(self.before, self.after, self.between, strict=bool(self.before)):
            absent = [each for each in (before, after, between) if isinstance(each, NotMeasured)]
            found.append(absent[0] if absent else regained(Three(*_decidable((before, after, between)))))
        return tuple(found)


def _gathered(sources: Sources, options: Options, on_progress: OnProgress | None) -> Samples:
    profiler = Profiler(options, None, on_progress, sources.workers)
    profiler.begin(sources.reference)
    given = (sources.baseline, sources.data, sources.reference)
    before, after, reference = (profiler.of(each) for each in given)
    baseline = None if sources.against is None else profiler.of(sources.against)
    for other in filter(None, (before, reference, baseline)):
        after.require_alike(other)
    for other in filter(None, (before, baseline)):
        after.require_like_samples(other)
    return Samples(before, after, reference, baseline)


def _tail(pairing: Pairing, level: float) -> list[Endpoint | NotMeasured]:
    """Return the endpoints of the view that speaks for the data; classes and further views decide nothing."""
    found = tail_endpoints(Comparison(pairing, pairing.principal), level)
    spoken = [each for each in found if each.view == pairing.principal and not each.slice]
    return spoken or found


def improved(found: Sequence[Endpoint | NotMeasured], alpha: float) -> tuple[Estimate, ...]:
    """Return after over before, with simultaneous bounds at 1 - alpha on each side."""
    made = _estimates(decided(found, alpha))
    return tuple(msgspec.structs.replace(each, decision=None, documents_needed=None) for each in made)


def _rest(pairing: Pairing, options: Options) -> tuple[Outcome, ...]:
    main = Comparison(pairing, pairing.principal)
    endpoints = [*(smooth_endpoint(main, order) for order in (1, 2)), *concentration_endpoints(pairing)]
    return decided(endpoints, options.alpha, math.log(options.margins["tail"]))


def _fidelity(before: Any, after: Any, options: Options, seed: int) -> tuple[Outcome, ...]:
    if before is None or after is None:
        enable = "--before-scores FILE --after-scores FILE"
        return (NotMeasured(reason="no log-probabilities of human text were given", enable=enable, metric="heldout_nll"),)
    endpoints = fidelity_endpoints(as_scores(after), as_scores(before), relabellings(options.alpha), seed)
    margins = {"nats/token": -options.margins["nll"], "share": -options.margins["accuracy"]}
    placed = [dataclasses.replace(each, margin=margins[each.unit]) if isinstance(each, Endpoint) else each for each in endpoints]
    return decided(placed, options.alpha)


def _status(improvements: Sequence[Estimate], rest: Sequence[Outcome]) -> tuple[CheckStatus, str]:
    """Return what the intervals say, losses of tail before gains."""
    if not improvements:
        return "not_measured", "nothing could be compared"
    lost = [each for each in improvements if each.high < 1]
    gained = [each for each in improvements if each.low > 1]
    if lost:
        return "worse", f"{_named(lost)} fell: the interval of after / before lies below 1"
    if not gained:
        return "not_shown", "the interval of after / before holds 1, so no improvement of the tail is shown"
    worse = [each for each in _estimates(rest) if each.decision == "shrunk"]
    said = f"{_named(gained)} rose: the interval of after / before lies above 1"
    return "pass", said + (f"; but {_named(worse)} got worse" if worse else "")


def _named(found: Sequence[Estimate]) -> str:
    return " and ".join(each.metric.replace("_retained", "").replace("_", " ") for each in found)


def _estimates(found: Sequence[Outcome]) -> tuple[Estimate, ...]:
    return tuple(each for each in found if isinstance(each, Estimate))


def _decidable(found: Sequence[Endpoint | NotMeasured]) -> list[Endpoint]:
    return [each for each in found if isinstance(each, Endpoint)]
