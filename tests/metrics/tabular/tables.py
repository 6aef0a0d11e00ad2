"""Tables of known laws, their profiles, and comparisons of one column."""

import numpy as np
import pyarrow as pa

from longtail.metrics.comparison import Comparison, baseline_pairing, reference_pairing
from longtail.metrics.pairing import Settings
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.labels import Labels
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.summaries.values import ValueSample
from longtail.views import categories, numbers
from longtail.views.batch import marks_of, texts_of
from longtail.views.keys import half_of

CATEGORY, NUMBER = "category:kind", "number:size"
RARE = 20
LAW = np.array([0.98 / 30] * 30 + [0.001] * RARE)
"""Fifty categories, twenty of them at 0.1 %."""


def column(values):
    return pa.array(values, pa.string())


def rows(count, tag):
    """As many distinct documents; another tag gives others."""
    return column([f"{tag} {at}" for at in range(count)])


def profiled(found):
    """The profile of documents, so far without a column."""
    made = Profile(("words_1",))
    made.add(pa.record_batch({"text": found}))
    return made


def kinds(count, seed, law=LAW):
    """The categories of as many documents, drawn from a law."""
    drawn = np.random.default_rng(seed).choice(len(law), count, p=np.asarray(law) / np.sum(law))
    return [f"kind {at}" for at in drawn]


def with_kinds(values, tag):
    """A profile with the view of a category column."""
    found = rows(len(values), tag)
    made, marks = profiled(found), marks_of(column(values))
    counts, names = Frequencies(CATEGORY, categories.VERSION, 0), Labels(CATEGORY, 0)
    counts.add(categories.category(marks, texts_of(found, 0), 0))
    names.add(marks)
    made.frequencies[CATEGORY], made.labels[CATEGORY] = counts, names
    return made


def written(values):
    return [None if value is None else repr(float(value)) if isinstance(value, float | int) else str(value) for value in values]


def read(values, tag):
    found = rows(len(values), tag)
    return numbers.numbers_of(marks_of(column(written(values))), texts_of(found, 0))


def fitted(values, tag):
    """The edges that half A of a reference fixes."""
    half_a = half_of(texts_of(rows(len(values), tag), 0).cells.astype(np.uint16)) == 0
    return numbers.fit_edges("size", read(values, tag).values[half_a])


def with_numbers(values, tag, edges, size=4096):
    """A profile with the view of a column of numbers, and the sample of its values."""
    made, found = profiled(rows(len(values), tag)), read(values, tag)
    made.frequencies[NUMBER] = Frequencies(NUMBER, edges.version, 0)
    made.frequencies[NUMBER].add(numbers.numbers(found, edges))
    sample = ValueSample("size", 0, size)
    sample.add(found)
    return made, sample


def compared(candidate, reference, view, baseline=None, permutations=199):
    settings = Settings(permutations=permutations)
    if baseline is None:
        return Comparison(reference_pairing(candidate, Reference(reference), settings), view)
    return Comparison(baseline_pairing(candidate, baseline, Reference(reference), settings), view)


def number_case(candidate, reference, permutations=199):
    """The comparison of a column of numbers with both samples and the edges."""
    edges = fitted(reference, "reference")
    (here, sample), (there, other) = with_numbers(candidate, "candidate", edges), with_numbers(reference, "reference", edges)
    return compared(here, there, NUMBER, permutations=permutations), sample, other, edges
