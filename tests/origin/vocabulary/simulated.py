"""Corpora of known drift and known share of edited documents, as which document holds which word."""

import numpy as np

from longtail.origin.dates.dating import CUTOFF, Calendar
from longtail.origin.vocabulary import _kernels
from longtail.origin.vocabulary.bound import limited, measured, usable
from longtail.origin.vocabulary.choosing import ERRORS, NEVER, Excess, chosen
from longtail.origin.vocabulary.contrasts import plans, roles
from longtail.origin.vocabulary.hits import GROUPS

YEARS = (2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2023)
WORDS = 2000


def zipf(words=WORDS):
    return 1.2 / (np.arange(words) + 3)


def still(rng):
    return np.tile(zipf(), (len(YEARS), 1))


def linear(rng, slope=0.05):
    years = np.array(YEARS)[:, None] - 2017
    return np.clip(zipf() * (1 + rng.normal(0, slope, WORDS) * years), 1e-5, 0.95)


def wandering(rng, spread=0.1):
    steps = rng.normal(0, spread, (len(YEARS), WORDS)) * np.sqrt(np.diff(YEARS, prepend=YEARS[0]))[:, None]
    return np.clip(zipf() * np.exp(np.cumsum(steps, axis=0)), 1e-5, 0.95)


def corpus(rng, shares, documents):
    """Documents and words of all pairs that occur; documents of year t are t * documents and on."""
    drawn, words = [], []
    for year in range(len(YEARS)):
        each = np.repeat(np.arange(WORDS), rng.binomial(documents, shares[year]))
        drawn.append(rng.integers(0, documents, len(each)) + year * documents)
        words.append(each)
    return np.concatenate(drawn), np.concatenate(words)


def edited(rng, found, documents, alpha, pi, markers=20):
    """Mark a share alpha of the last year's documents, so that a share pi of them holds one of the markers at least."""
    each = 1 - (1 - pi) ** (1 / markers)
    made = rng.random(documents) < alpha
    rows, columns = np.nonzero((rng.random((documents, markers)) < each) & made[:, None])
    extra = rows + (len(YEARS) - 1) * documents, 200 + 7 * columns
    keys = np.unique(np.concatenate([found[0] * WORDS + found[1], extra[0] * WORDS + extra[1]]))
    return keys // WORDS, keys % WORDS


def bounds(rng, found, documents):
    """The bound of the last year, its controls, and the bound if one half did both the choosing and the measuring."""
    period = np.repeat(np.arange(len(YEARS)), documents)
    halves, bins = rng.integers(0, 2, len(period)), rng.integers(0, GROUPS, len(period))
    counts = np.zeros((WORDS, 2, len(YEARS), 1), np.int64)
    np.add.at(counts, (found[1], halves[found[0]], period[found[0]], 0), 1)
    totals = np.zeros((2, len(YEARS), 1), np.int64)
    np.add.at(totals, (halves, period, 0), 1)
    plan = plans(Calendar("year", YEARS, (documents,) * len(YEARS)), CUTOFF)[0]
    contrasts = [plan.target, *plan.controls]
    chosen_by = [[chosen(counts[:, half], totals[half], each, Excess()) for half in range(2)] for each in contrasts]
    sets = np.array(chosen_by).transpose(2, 0, 1, 3)
    levels = np.full((len(period), sets[0].size), NEVER, np.uint8)
    _kernels.lower_levels(found[0], found[1], np.ascontiguousarray(sets).reshape(WORDS, -1), levels)
    levels = levels.reshape(len(period), *sets.shape[1:])

    def counted(levels, contrasts):
        out = np.zeros((len(contrasts), 2, len(ERRORS), 3, GROUPS, NEVER + 1), np.uint32)
        _kernels.tally(np.ascontiguousarray(levels), roles(contrasts, len(YEARS)), period, halves, bins, out)
        return [limited(measured(each.astype(np.int64), contrast.reach)) for each, contrast in zip(out, contrasts, strict=True)]

    target, *controls = counted(levels, contrasts)
    (same,) = counted(levels[:, :1, ::-1], contrasts[:1])
    return target, usable(target, controls), same
