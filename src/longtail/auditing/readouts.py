"""What an audit measures beside the families that decide: named metrics of texts, of feature vectors and of columns."""

from collections.abc import Iterator

from msgspec.structs import replace

from longtail.auditing.inputs import Inputs
from longtail.metrics.blindness import benchmark_blindness, benchmark_common_mass
from longtail.metrics.comparison import PICTURED, Comparison
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.entropy import conditional_entropy, entropy
from longtail.metrics.features import (
    effective_rank_endpoint,
    feature_ratios,
    feature_values,
    mauve,
    rke_endpoint,
    total_variance_endpoint,
    whole_ratios,
)
from longtail.metrics.formats import effective_formats, effective_formats_ratio, format_shares
from longtail.metrics.near import near_duplicate_share
from longtail.metrics.pairing import Pairing, Sample, principal_of
from longtail.metrics.repetition import distinct_n, exact_duplicate_share
from longtail.metrics.reverse import rise
from longtail.metrics.richness import hill_0, hill_1, hill_2, sample_coverage
from longtail.metrics.slices import labelled_slices
from longtail.metrics.surface import Excerpts, excerpts_of, surface_ratios, surface_values
from longtail.metrics.surface.novelty import distinct_k
from longtail.metrics.tabular.presence import class_presence
from longtail.metrics.tabular.readouts import column_readouts
from longtail.metrics.tabular.variance import variance_endpoint
from longtail.metrics.validity import validity_rate
from longtail.records import NotMeasured, Outcome
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing, Measuring
from longtail.summaries.vectors import Vectors
from longtail.views.names import DOCUMENTS, FORMATS, LABELS, PROMPTS, VALIDITY, view_of

Outcomes = tuple[Outcome, ...]


def values_of(profile: Profile, *, redact: bool = False) -> Outcomes:
    """Return what can be said of one data set alone; with `redact`, no phrase of its texts."""
    main = profile.frequencies[principal_of(profile)]
    found: list[Outcome] = [sample_coverage(main), hill_0(main), hill_1(main), hill_2(main), entropy(main)]
    found += [distinct_n(profile.frequencies[view]) for view in _spoken(profile)]
    if {"words_1", "words_2"} <= profile.frequencies.keys():
        found.append(conditional_entropy(profile.frequencies["words_2"], profile.frequencies["words_1"]))
    found.append(exact_duplicate_share(profile.frequencies[DOCUMENTS]))
    found += [near_duplicate_share(bands) for bands in profile.bands.values()]
    found += [validity_rate(profile.frequencies[view]) for view in (VALIDITY,) if view in profile.frequencies]
    for column, sample in profile.vectors.items():
        found += feature_values(sample.rows(), f"vector:{column}")
    return (*found, *_of_texts(profile, redact=redact))


def _spoken(profile: Profile) -> list[str]:
    """Return the views of n-grams, the one first that speaks for the profile."""
    views = [view for view in profile.counted if view_of(view).kind in ("words", "code")]
    return sorted(views, key=lambda view: (view != profile.principal, view))


def _of_texts(profile: Profile, *, redact: bool) -> Iterator[Outcome]:
    """Yield the measures of the surface of texts and of their formats."""
    if profile.is_text:
        for outcome in surface_values(excerpts_of(profile), profile.seed):
            yield replace(outcome, slice="") if redact and outcome.slice else outcome
        if profile.distinct(view=PROMPTS):
            yield distinct_k(profile)
    if FORMATS in profile.frequencies:
        yield from format_shares(profile.frequencies[FORMATS])
        yield effective_formats(profile.frequencies[FORMATS])


def concentration_endpoints(pairing: Pairing) -> Iterator[Endpoint | NotMeasured]:
    """Yield the endpoints of feature vectors that belong to the concentration family."""
    for column in pairing.candidate.vectors:
        yield rke_endpoint(pairing, column)
        yield effective_rank_endpoint(pairing, column)


def spread_endpoints(pairing: Pairing) -> Iterator[Endpoint | NotMeasured]:
    """Yield the ratio of variances of every column of vectors and of numbers."""
    for column in pairing.candidate.vectors:
        yield total_variance_endpoint(pairing, column)
    measured = pairing.roles[0][1]
    other = measured.profile if isinstance(measured, Measuring) else measured
    for column, values in pairing.candidate.values.items():
        yield variance_endpoint(Comparison(pairing, f"number:{column}"), values, other.values[column])


def ratios_of(inputs: Inputs, pairing: Pairing) -> Outcomes:
    """Return the named metrics of the candidate beside what it is measured against; none of them decides."""
    if pairing.refusal is not None:
        return ()
    chooser, measured = pairing.roles[0]
    found: list[Outcome] = []
    if inputs.candidate.is_text:
        texts = [_excerpts(sample) for sample in (inputs.candidate, measured)]
        found += surface_ratios(texts[0], texts[1], inputs.candidate.seed, PICTURED - 1, name=pairing.name)
        found += _of_human_text(inputs, pairing)
    if FORMATS in inputs.candidate.frequencies:
        found.append(effective_formats_ratio(Comparison(pairing, FORMATS)))
    for column in inputs.candidate.vectors:
        rows = [_vectors(sample, column) for sample in (inputs.candidate, measured, chooser)]
        found += feature_ratios(rows[0], rows[1], rows[2], pairing.name, f"vector:{column}", PICTURED - 1, inputs.candidate.seed)
    found += _whole(pairing, measured)
    return (*found, *_columns(pairing, measured), *_presence(pairing))


def _of_human_text(inputs: Inputs, pairing: Pairing) -> Iterator[Outcome]:
    """Yield how well n-grams of the candidate foretell half B of the reference, beside those of what it is measured against.

    That is half A where the reference itself is the baseline. Without a reference there is no human text to foretell.
    """
    if inputs.reference is None:
        return
    profile, half = _half(pairing.roles[0][1])
    taught = profile.sample.entries() if half is None else profile.sample.entries(1 - half)
    target = inputs.reference.profile.sample.entries(1)
    yield rise(inputs.candidate.sample.entries(), taught, target, pairing.name, inputs.candidate.seed)


def _whole(pairing: Pairing, measured: Sample) -> Iterator[Outcome]:
    """Yield what the moments of all vectors say, not those of the sample alone."""
    profile, half = _half(measured)
    for column, moments in pairing.candidate.moments.items():
        yield from whole_ratios(moments, profile.moments[column], half, pairing.name, f"vector:{column}")


def _presence(pairing: Pairing) -> Iterator[Outcome]:
    """Yield whether each class of the columns of slices is there, given how many documents both sides hold of it."""
    for column in pairing.candidate.by:
        comparison = Comparison(pairing, LABELS + column)
        slices = labelled_slices(comparison)
        yield from () if isinstance(slices, NotMeasured) else (class_presence(comparison, each) for each in slices)


def of_benchmark(inputs: Inputs, tau: float) -> Outcomes:
    """Return how much of a benchmark lies where the reference is common; nothing without both."""
    if inputs.benchmark is None or inputs.reference is None:
        return ()
    return tuple(of(inputs.benchmark, inputs.reference, tau=tau) for of in (benchmark_blindness, benchmark_common_mass))


def _columns(pairing: Pairing, measured: Sample) -> Iterator[Outcome]:
    """Yield the read-outs of the columns of a table, and of the regions of vectors."""
    candidate = pairing.candidate
    other = measured.profile if isinstance(measured, Measuring) else measured
    for view in candidate.counted:
        kind, column = view_of(view).kind, view_of(view).column
        if kind == "number":
            yield from column_readouts(
                Comparison(pairing, view), candidate.values[column], other.values[column], candidate.frame.edges[column]
            )
        elif kind == "category":
            yield from column_readouts(Comparison(pairing, view))
        elif kind == "regions":
            yield mauve(Comparison(pairing, view), candidate.frame.codebooks[column].outside + 1)


def _half(sample: Sample | Choosing) -> tuple[Profile, int | None]:
    return (sample, None) if isinstance(sample, Profile) else (sample.profile, sample.half)


def _excerpts(sample: Sample) -> Excerpts:
    profile, half = _half(sample)
    return excerpts_of(profile, half)


def _vectors(sample: Sample | Choosing, column: str) -> Vectors:
    profile, half = _half(sample)
    return profile.vectors[column].rows(half)
