"""Rates of what was said of lineages, beside the bars that they are held to."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from scipy.stats import binom, binomtest

from bench.diagnosis.judging import ALPHA, Case
from bench.diagnosis.truth import COLLAPSED
from bench.tables import Row
from longtail.auditing.families import TAIL_SHARE_OF_ALPHA
from longtail.diagnosis.recovery.clean import Seen, last_clean

NAMES = ("healthy", "watch", "drift", "concentrating", "early", "narrowing", "late", "inconclusive", "not_measured")
RIGHT, UNDECIDED, CLEAN, KEPT = 0.90, 0.20, 0.95, 0.90
CONFIDENCE = 0.99
"""Of the band around an error rate."""

Matrix = Counter[tuple[str, str]]


def rate(what: str, hits: Iterable[bool], least: float | None = None, most: float | None = None, error: float | None = None) -> Row:
    """Return a row: a rate with its exact 95 % interval (Clopper and Pearson 1934), the bar, and whether the rate keeps it.

    Args:
        what: In words.
        hits: Whether each of those counted is a hit.
        least: Bar from below.
        most: Bar from above.
        error: An error rate; the bar from above is the upper end of its binomial band.
    """
    found = list(hits)
    if not found:
        return {"what": what, "rate": None, "interval": "", "of": 0, "bar": "", "holds": None}
    count, of = sum(found), len(found)
    low, high = binomtest(count, of).proportion_ci(method="exact")
    value, above = count / of, most if error is None else allowed(error, of)
    bar = f"≥ {least:.2f}" if least is not None else "" if above is None else f"≤ {above:.3f}"
    holds = value >= least if least is not None else None if above is None else value <= above
    return {"what": what, "rate": value, "interval": f"{low:.3f} … {high:.3f}", "of": of, "bar": bar, "holds": holds}


def allowed(error: float, of: int) -> float:
    """Return the rate that a true error rate exceeds with a chance of at most half a hundredth."""
    return float(binom.ppf((1 + CONFIDENCE) / 2, of, error) / of)


def far(cases: Sequence[Case]) -> list[Case]:
    """Return the lineages whose last generation is away from every margin."""
    return [case for case in cases if not case.true[-1][1]]


def matrix(pairs: Iterable[tuple[str, str]]) -> Matrix:
    """Return how often each true phase was said to be each phase."""
    return Counter(pairs)


def ends(cases: Sequence[Case]) -> Matrix:
    """Return the matrix of the last generations."""
    return matrix((case.true[-1][0], case.said[-1]) for case in cases)


def generations(cases: Sequence[Case]) -> Matrix:
    """Return the matrix of all generations after the first that are away from every margin."""
    return matrix((true, said) for case in cases for (true, is_near), said in zip(case.true, case.said, strict=True) if not is_near)


def phases(cases: Sequence[Case]) -> list[Row]:
    """Return the rates of phases at the end of lineages."""
    clear = far(cases)
    decided = [case for case in clear if case.said[-1] != "inconclusive"]
    near = [case for case in cases if case.true[-1][1]]
    controls, worn = _controls(clear)
    return [
        rate("phase correct, of those decided", map(is_right, decided), least=RIGHT),
        rate("the same, healthy and drift as one", (_alike(case) for case in decided)),
        rate("inconclusive", (case.said[-1] == "inconclusive" for case in clear), most=UNDECIDED),
        rate(
            "collapse (early, narrowing, late) said where it is true",
            (is_collapsed(c.said[-1]) for c in clear if is_collapsed(c.true[-1][0])),
        ),
        rate("collapse said of a control without it", (is_collapsed(case.said[-1]) for case in controls), error=ALPHA),
        rate(
            "collapse said of a control whose law is one by the rule: sharpened, or new subjects (the phase alone)",
            (is_collapsed(case.said[-1]) for case in worn),
        ),
        rate(
            "watch or drift said of a healthy lineage",
            (case.said[-1] in ("watch", "drift") for case in clear if case.true[-1][0] == "healthy"),
        ),
        rate("near a margin: phase of the exact law said", map(is_right, near)),
        rate("every generation: correct, of those decided", _every(cases)),
    ]


def calls(cases: Sequence[Case]) -> list[Row]:
    """Return the rates at which losses are called collapse: of controls, wherever they end, and where there is one away from margins."""
    controls = [case for case in cases if case.is_control]
    fed = [case for case in far(cases) if not case.is_control and is_collapsed(case.true[-1][0])]
    last = [case for case in fed if case.onset == len(case.true) + 1]
    seen = [case for case in fed if case not in last]
    return [
        rate("called collapse: controls of every kind", (case.called == "collapse" for case in controls), error=ALPHA),
        *(rate(f"called collapse: {kind}", (c.called == "collapse" for c in controls if c.kind == kind)) for kind in _changed(controls)),
        rate("called collapse where it is one", (case.called == "collapse" for case in fed)),
        rate("the same, the loss began before the last generation", (case.called == "collapse" for case in seen), least=RIGHT),
        rate("the same, it began in the last generation", (case.called == "collapse" for case in last)),
        *(rate(f"a collapse called {name}", (case.called == name for case in fed)) for name in ("sharpening", "drift", "open")),
    ]


def _changed(controls: Sequence[Case]) -> list[str]:
    """Return the kinds of controls whose law changes once or in its head."""
    return sorted({case.kind for case in controls} & {"sharpened once", "sharpened head", "new subjects", "drift of common words"})


def named(cases: Sequence[Case]) -> Matrix:
    """Return how often the losses of each kind of lineage were called what."""
    return matrix((case.kind, case.called) for case in cases)


def _controls(cases: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Return the controls whose law is no collapse by the rule, and those whose law is."""
    controls = [case for case in cases if case.is_control]
    return [case for case in controls if not is_collapsed(case.true[-1][0])], [case for case in controls if is_collapsed(case.true[-1][0])]


def is_right(case: Case) -> bool:
    """Tell whether the last phase said is the true one."""
    return case.said[-1] == case.true[-1][0]


def is_collapsed(name: str) -> bool:
    """Tell whether a phase is one of collapse."""
    return name in COLLAPSED


def _alike(case: Case) -> bool:
    both = {"healthy", "drift"}
    return is_right(case) or {case.said[-1], case.true[-1][0]} <= both


def _every(cases: Sequence[Case]) -> list[bool]:
    found = generations(cases)
    return [true == said for (true, said), count in sorted(found.items()) if said != "inconclusive" for _ in range(count)]


def by(cases: Sequence[Case], part: str) -> list[Row]:
    """Return the rate of right phases for each kind, family, or policy, of last generations away from margins."""
    clear = far(cases)
    names = sorted({str(getattr(case, part)) for case in clear})
    return [{"by": part} | rate(name, (is_right(case) for case in clear if str(getattr(case, part)) == name)) for name in names]


def onsets(cases: Sequence[Case]) -> list[Row]:
    """Return the rates of the statement "not later than"."""
    stated = [case for case in cases if case.stated is not None]
    late = [case.stated - case.onset for case in stated if case.stated is not None and case.onset is not None and not is_early(case)]
    level = TAIL_SHARE_OF_ALPHA * ALPHA
    return [
        rate("stated before the loss began, or without one", map(is_early, cases), error=level),
        rate("the same, of those that state an onset", map(is_early, stated)),
        rate("stated where there is a loss", (case.stated is not None for case in cases if case.onset is not None)),
        rate("stated in the very generation, of those not too early", (each == 0 for each in late)),
    ]


def is_early(case: Case) -> bool:
    """Tell whether an onset is stated before the true one, or where there is none."""
    return case.stated is not None and (case.onset is None or case.stated < case.onset)


def picked(case: Case) -> int:
    """Return the place of the version that is picked as the last clean one, 0 where none is."""
    seen = [Seen("v1", 1, None), *(Seen(f"v{place}", place, said) for place, said in enumerate(case.said, start=2))]
    return last_clean(seen, case.stated).place or 0


def cleans(cases: Sequence[Case]) -> list[Row]:
    """Return the rates at which the last clean version is picked, of lineages that end in a collapse away from margins."""
    ended = [(case, case.onset) for case in far(cases) if is_collapsed(case.true[-1][0]) and not case.is_control and case.onset]
    sharp = [(case, begun) for case, begun in ended if is_collapsed(case.true[begun - 2][0]) and not case.true[begun - 2][1]]
    return [
        rate(
            "the planted clean version picked, loss beyond the margin at once", (picked(c) == begun - 1 for c, begun in sharp), least=CLEAN
        ),
        rate("the planted clean version picked, any loss", (picked(case) == begun - 1 for case, begun in ended)),
        rate("picked, or a later one that is truly healthy or near it", (_is_fit(case, begun) for case, begun in ended)),
        rate("an earlier one picked: generations given away", (picked(case) < begun - 1 for case, begun in ended)),
    ]


def _is_fit(case: Case, begun: int) -> bool:
    place = picked(case)
    if place < begun:
        return place == begun - 1
    name, is_near = case.true[place - 2]
    return is_near or name in ("healthy", "watch", "drift")


def explained(cases: Sequence[Case], kinds: Iterable[str], name: str, wanted: Callable[[Case], bool]) -> Row:
    """Return how often an explanation is given of lineages of some kinds."""
    of = [case for case in cases if case.kind in set(kinds) and wanted(case)]
    return rate(f"{name}: {', '.join(kinds)}", (name in case.explained for case in of))


def explanations(cases: Sequence[Case]) -> list[Row]:
    """Return how often each explanation is given where it is right, and collapse where it is wrong."""

    def ends_moved(case: Case) -> bool:
        return case.truth[-1].moved > 0.05 or case.kind == "overfitted"

    return [
        explained(cases, ["overfitted"], "overfitting", ends_moved),
        explained(cases, ["drift of common words"], "drift", ends_moved),
        explained(cases, ["sharpened once", "sharpened head"], "sharpening", ends_moved),
        explained(cases, ["sharpened once"], "collapse", ends_moved),
        explained(cases, ["new subjects"], "drift", ends_moved),
        explained(cases, ["new subjects"], "collapse", ends_moved),
    ]
