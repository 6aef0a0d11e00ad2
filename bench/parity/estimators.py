"""Richness, coverage, Hill numbers and rarefaction beside scikit-bio, copia and the printed numbers of iNEXT."""

from collections.abc import Iterator

from bench import venvs
from bench.parity.rows import Defect, Parity
from longtail.stats import coverage, hill, rarefaction, richness

GIRDLED = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, 2, 2, 2, 2, *[1] * 12]
LOGGED = [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, *[1] * 14]
SMALL = [10, 8, 7, 5, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1]
NO_PAIRS = [9, 5, 4, 3, 1, 1, 1]
ANT = {"h50m": (599, 5976, 227, 49, 23), "h500m": (230, 2943, 241, 71, 34), "h1070m": (150, 1730, 122, 28, 16)}
"""Traps, incidences, species, those in one trap and in two."""
NAMED = {"spider, girdled": GIRDLED, "spider, logged": LOGGED, "15 types, 48 tokens": SMALL, "7 types, none twice": NO_PAIRS}
DRAWN = {"spider, girdled": 100, "spider, logged": 100, "15 types, 48 tokens": 20, "7 types, none twice": 10}
PRINTED = "iNEXT"
DOUBLY_ROUNDED = 0.56  # of the last printed digit: some were rounded twice


def rows() -> Iterator[Parity]:
    """Yield our estimators beside those of packages and of print."""
    yield from _printed()
    yield from _incidences()
    yield from _scikit_bio()
    yield from _copia()


def _frozen(metric: str, given: str, ours: float, theirs: float, places: int) -> Parity:
    note = "printed by the package, kept here" + (f", to {places} places" if places else "")
    return Parity(metric, given, ours, theirs, PRINTED, "iNEXT, DataInfo, ChaoRichness", DOUBLY_ROUNDED * 10**-places, note)


def _printed() -> Iterator[Parity]:
    for given, counts, (covered, seen, entropy, pairs, drawn) in (
        ("spider, girdled", GIRDLED, (0.9289, 43.8928571, 13.8262535, 8.1748252, 20.4594262)),
        ("spider, logged", LOGGED, (0.9446, 61.4027778, 16.3370688, 6.9203501, 25.6423418)),
    ):
        yield _frozen("coverage, Chao and Jost", given, coverage.chao_jost(counts), covered, 4)
        yield _frozen("Chao1", given, richness.chao1(counts), seen, 7)
        yield _frozen("Hill number of order 1, estimated", given, hill.asymptotic(counts, 1), entropy, 7)
        yield _frozen("Hill number of order 2, estimated", given, hill.asymptotic(counts, 2), pairs, 7)
        yield _frozen("types in 100 tokens", given, rarefaction.expected_types(counts, 100), drawn, 7)
    for given, counts, printed in (
        ("spider, girdled", GIRDLED, (14.3056, 30.511, 96.971)),
        ("spider, logged", LOGGED, (18.5315, 43.502, 128.583)),
    ):
        once, twice = coverage.singletons(counts)
        error = richness.chao_error(len(counts), once, twice, size=sum(counts))
        low, high = richness.chao_interval(richness.chao1(counts), error, len(counts))
        for name, ours, theirs, places in zip(
            ("standard error", "lower end", "upper end"), (error, low, high), printed, (4, 3, 3), strict=True
        ):
            yield _frozen(f"Chao1, {name}", given, ours, theirs, places)


def _incidences() -> Iterator[Parity]:
    for (given, (traps, total, seen, once, twice)), (covered, species) in zip(
        ANT.items(), ((0.9918, 279.109), (0.9760, 314.810), (0.9839, 146.337)), strict=True
    ):
        yield _frozen("coverage, incidences", f"ant, {given}", coverage.coverage_from(once, twice, total, traps), covered, 4)
        yield _frozen("Chao2", f"ant, {given}", richness.richness_from(seen, once, twice, size=traps), species, 3)


def _scikit_bio() -> Iterator[Parity]:
    from skbio.diversity import alpha

    for given, counts in NAMED.items():
        pairs = (
            ("Chao1, bias-corrected", richness.chao1_bias_corrected(counts), alpha.chao1(counts), "chao1(bias_corrected=True)"),
            ("coverage, Good and Turing", coverage.good_turing(counts), alpha.goods_coverage(counts), "goods_coverage"),
            ("Hill number of order 1, observed", hill.plugin(counts, 1), alpha.hill(counts, order=1), "hill(order=1)"),
            ("Hill number of order 2, observed", hill.plugin(counts, 2), alpha.hill(counts, order=2), "hill(order=2)"),
            ("missing mass, lower end", coverage.coverage_interval(counts)[0], alpha.esty_ci(counts)[0], "esty_ci"),
            ("missing mass, upper end", coverage.coverage_interval(counts)[1], alpha.esty_ci(counts)[1], "esty_ci"),
        )
        for metric, ours, theirs, call in pairs:
            yield Parity(metric, given, ours, float(theirs), "scikit-bio", call)
    for given, counts in NAMED.items():
        if 2 in counts:
            theirs = float(alpha.chao1(counts, bias_corrected=False))
            yield Parity("Chao1, classic", given, richness.chao1_classic(counts), theirs, "scikit-bio", "chao1(bias_corrected=False)")


_COPIA = """import numpy as np
from copia.hill import estimated_hill
from copia.richness import chao1
from copia.stats import rarefaction_extrapolation
counts = np.array(given[0])
found = [float(chao1(counts)), *map(float, estimated_hill(counts, [1, 2])), float(rarefaction_extrapolation(counts, given[1] + 1)[-1])]"""


def _copia() -> Iterator[Parity]:
    for given, counts in NAMED.items():
        drawn = DRAWN[given]
        theirs = venvs.evaluated("copia", _COPIA, [counts, drawn])
        ours = (
            ("Chao1", richness.chao1(counts), "chao1"),
            ("Hill number of order 1, estimated", hill.asymptotic(counts, 1), "estimated_hill"),
            ("Hill number of order 2, estimated", hill.asymptotic(counts, 2), "estimated_hill"),
            (f"types in {drawn} tokens", rarefaction.expected_types(counts, drawn), "rarefaction_extrapolation"),
        )
        for (metric, mine, call), other in zip(ours, theirs, strict=True):
            yield Parity(metric, given, mine, other, "copia", call)


_STEPS = """import numpy as np
from copia.stats import rarefaction_extrapolation
found = len(rarefaction_extrapolation(np.array(given), 48))"""


def defects() -> Iterator[Defect]:
    """Yield what packages for richness get wrong."""
    theirs = venvs.evaluated("copia", _STEPS, SMALL)
    yield Defect(
        "types in 1 to 48 tokens", "copia", "rarefaction_extrapolation(counts, 48)", "15 types, 48 tokens",
        f"{theirs} values, the last one for {theirs} tokens", rarefaction.expected_types(SMALL, 48),
        "its range ends one step early, where its documentation promises as many values as steps: the whole sample is left out",
    )  # fmt: skip
