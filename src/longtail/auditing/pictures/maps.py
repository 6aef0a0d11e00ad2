"""A map of the feature space: where the reference's documents lie, where the candidate's do, and which regions it no longer reaches."""

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.metrics.comparison import Comparison
from longtail.stats.rarefaction import absence
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Measuring
from longtail.summaries.rows import type_counts
from longtail.summaries.vectors import Vectors
from longtail.views.words import spans

DRAWN = 1000
"""Points of each sample."""
LEVEL = 0.05
TERMS = 3
EXAMPLES = 3
SHOWN_CELLS = 50

Values = npt.NDArray[np.float64]


def maps_of(inputs: Inputs, comparison: Comparison, options: Options) -> list[dict[str, Any]]:
    """Return a map for each column of vectors that has a codebook.

    The plane is that of the first two principal components of the data set that fixed the codebook (Pearson 1901), the same for all
    points; it decides nothing, for documents that lie apart may fall on one place. Regions are those of the codebook, in all dimensions.

    Args:
        inputs: What was compared.
        comparison: The comparison that decides.
        options: Settings of the audit; where texts are hidden, terms are too.
    """
    human = inputs.reference.profile if inputs.reference else comparison.pairing.roles[0][0].profile
    return [_map(human, inputs.candidate, column, comparison, options) for column in sorted(inputs.candidate.vectors)]


def _map(human: Profile, candidate: Profile, column: str, comparison: Comparison, options: Options) -> dict[str, Any]:
    there, here = human.vectors[column].rows(), candidate.vectors[column].rows()
    if len(there) < 3 or not len(here):
        return {"column": column, "not_measured": "fewer than three documents with vectors"}
    mean, axes, explained = plane(there.values)
    book = human.frame.codebooks[column]
    cells = _uncovered(comparison, f"regions:{column}", book.outside)
    told = {} if options.redact else _terms(human, there, column, [cell["region"] for cell in cells])
    placed = _project(book.centres, mean, axes)
    ids = _examples(there, book.regions(there.values), [cell["region"] for cell in cells])
    rows = [cell | {"at": placed[cell["region"]], "terms": told.get(cell["region"], []), "examples": ids[cell["region"]]} for cell in cells]
    return {
        "column": column,
        "explained": explained,
        "baseline": comparison.name,
        "reference": _written(_project(there.values[:DRAWN], mean, axes)),
        "candidate": _written(_project(here.values[:DRAWN], mean, axes)),
        "regions": len(book.centres),
        "cells_total": sum(cell["is_lost"] for cell in rows),
        "cells": rows[:SHOWN_CELLS],
    }


def plane(rows: npt.NDArray[np.float32]) -> tuple[Values, Values, float]:
    """Return the mean of some rows, their first two principal directions, (2, d), and the share of variance that these hold.

    A direction points where its largest part is positive; of rows of one number the second one is zero.

    Args:
        rows: Vectors, shape (n, d).
    """
    values = rows.astype(np.float64)
    mean = values.mean(axis=0)
    weights, directions = np.linalg.eigh(np.cov((values - mean).T).reshape(values.shape[1], -1))
    axes = directions[:, ::-1].T[:2]
    axes = np.vstack([axes, np.zeros((2 - len(axes), axes.shape[1]))])
    largest = axes[np.arange(2), np.abs(axes).argmax(axis=1)]
    total = float(weights.sum())
    return mean, axes * np.where(largest < 0, -1.0, 1.0)[:, None], float(weights[::-1][:2].sum() / total) if total > 0 else 0.0


def _project(rows: npt.NDArray[Any], mean: Values, axes: Values) -> list[list[float]]:
    """Return where rows fall on the plane, to four digits."""
    return [[float(f"{x:.4g}"), float(f"{y:.4g}")] for x, y in (rows.astype(np.float64) - mean) @ axes.T + 0.0]


def _written(points: list[list[float]]) -> str:
    """Return points as SVG writes them, `x,y x,y`: a tenth of the size of lists in an indented file."""
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _uncovered(comparison: Comparison, view: str, outside: int) -> list[dict[str, Any]]:
    """Return the regions that no document of the candidate reaches, the fullest first, and whether chance explains that.

    A region that k documents of both samples together reach is missed with the chance that all k are in the other one; `is_lost`
    where that chance, times the number of regions (Bonferroni), is below `LEVEL`.
    """
    candidate, (_, other) = comparison.pairing.candidate, comparison.pairing.roles[0]
    profile, half = (other.profile, other.half) if isinstance(other, Measuring) else (other, None)
    theta = candidate.frequencies[view].theta
    types, _, reached = type_counts(profile.frequencies[view], half, theta)
    now = set(type_counts(candidate.frequencies[view], None, theta)[0].tolist())
    there = int(profile.frequencies[view].documents.reshape(2, -1).sum(axis=1)[slice(None) if half is None else half].sum())
    here = int(candidate.frequencies[view].documents.sum())
    gone = [(int(kind), int(count)) for kind, count in zip(types, reached, strict=True) if int(kind) not in now and int(kind) != outside]
    rows = []
    for kind, count in sorted(gone, key=lambda pair: (-pair[1], pair[0])):
        chance = float(absence(np.array([count]), there + here, here)[0])
        expected = count * here / max(there, 1)
        rows.append({"region": kind, "documents": count, "expected": expected, "chance": chance, "is_lost": chance * outside < LEVEL})
    return rows


def _terms(human: Profile, vectors: Vectors, column: str, regions: list[int]) -> dict[int, list[str]]:
    """Return the words that set a region apart: those that most more of its sampled documents hold than of all, as they are written."""
    texts = {entry.id: entry.text for entry in human.sample.entries()}
    of = human.frame.codebooks[column].regions(vectors.values).tolist()
    wanted, every = set(regions), Counter[str]()
    held: dict[int, Counter[str]] = {region: Counter() for region in regions}
    sizes: Counter[int] = Counter()
    documents = 0
    for name, region in zip(vectors.ids, of, strict=True):
        if not texts.get(name):
            continue
        words = {word.lower() for _, word in spans(texts[name][:1000], human.seed)}
        every.update(words)
        documents += 1
        if region in wanted:
            held[region].update(words)
            sizes[region] += 1
    found = {}
    for region, counts in held.items():
        lift = {word: count / sizes[region] - every[word] / documents for word, count in counts.items()}
        best = sorted(lift, key=lambda word: (-lift[word], word))[:TERMS]
        found[region] = [word for word in best if lift[word] > 0]
    return found


def _examples(vectors: Vectors, of: npt.NDArray[np.int64], regions: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {region: [] for region in regions}
    for name, region in zip(vectors.ids, of.tolist(), strict=True):
        if region in found and len(found[region]) < EXAMPLES:
            found[region].append(name)
    return found
