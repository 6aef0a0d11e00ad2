"""The statistical self-tests: what audits say of synthetic data whose law, and so whose loss, is known.

- null: nothing lost. p-values are small as often as they say, in both directions, for each endpoint and for all together.
- margin: the true loss is the margin. SHRUNK and OK are both rare.
- power: three tenths lost, or three margins, at the documents that audits asked for. SHRUNK is common.
- printed: losses of a tenth to one half, at the documents that `longtail calibrate` prints. Each is found.
- shift: half of the types replaced. The test of a shift finds it.
- series: audits against one shared reference at falling levels. Any false alarm is rare; a late loss is found.
- sizes: half of the candidate gives the same estimates within their error.
- contrast: the tail-first contrast has the right sign under each way to change a law.
- invariance: order, sharding, seeds and names change no decision.

Run `python -m bench.selftests` for the tables, with `--write` to put them into docs/calibration.md. `bench.calibration`
measures error rates on real text, `bench.lineages` those of trends.
"""

import dataclasses
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from bench.audits import (
    ALARMS,
    ALPHA,
    CASES,
    MORE,
    OF_TAIL,
    PLANTS,
    SCORED,
    USUAL,
    Audited,
    Case,
    Plan,
    audited,
    could_alarm,
    families_of,
    fidelity,
    foreseen,
    planted,
    share,
    simulated,
    stream,
    tail_of,
    triple,
    unchanged,
)  # fmt: skip
from bench.synthetic import SCENARIOS, drawn, profiled, shards, swapped, zipf
from bench.tables import Row, arguments, held, table, told, write
from longtail.auditing.options import Options
from longtail.auditing.power import LOSSES, calibrated
from longtail.records import Estimate
from longtail.stats.spending import level
from longtail.summaries.profiling import merge

MARGIN, LOSS = 0.90, 0.70
MARGINS_LOST = 3.0
TAIL_RATIO = (0.98, 1.02)
AUDITS, LATE_LOSS = 20, 0.50

# ---------------------------------------------------------------------------------------------------------- self-tests


def null(plan: Plan, cases: Sequence[Case] = CASES + MORE, alphas: Sequence[float] = (0.05, 0.01)) -> Iterator[Row]:
    """Yield a row for each case, level and endpoint, and one for all endpoints, of audits in which nothing was lost.

    Cases after the first three have a quarter of the repetitions.
    """
    for at, case in enumerate(cases):
        now = plan if at < len(CASES) else plan.part(4)
        found = now.each(partial(unchanged, case, alphas))
        for alpha in alphas:
            audits = [each[alpha] for each in found]
            head = {"documents": str(case), "ratio": case.ratio, "audits": len(audits), "α": alpha}
            for metric in audits[0].decided:
                yield head | _null_row(now, metric, [audit.decided[metric] for audit in audits], alpha)
            yield head | _shift_row(now, audits, alpha)
            alarmed, shrunk = share(audit.alarmed for audit in audits), share("shrunk" in audit.answers.values() for audit in audits)
            yield head | {
                "endpoint": "any loss", "p ≤ α": alarmed, "p ≥ 1 − α": None, "shrunk": shrunk, "mean": None,
                "holds": now.at_most(alarmed, alpha) and now.at_most(shrunk, alpha),
            }  # fmt: skip


def _null_row(plan: Plan, metric: str, estimates: list[Estimate], alpha: float) -> Row:
    p = np.array([estimate.p for estimate in estimates if estimate.p is not None])
    low, high = (share(p <= alpha), share(p >= 1 - alpha)) if len(p) else (None, None)
    mean, shrunk = float(np.mean([estimate.value for estimate in estimates])), share(e.decision == "shrunk" for e in estimates)
    holds = plan.at_most(shrunk, alpha) and all(rate is None or plan.within(rate, alpha) for rate in (low, high))
    if metric == "tail_mass_retained":
        holds &= TAIL_RATIO[0] <= mean <= TAIL_RATIO[1]
    return {"endpoint": metric, "p ≤ α": low, "p ≥ 1 − α": high, "shrunk": shrunk, "mean": mean, "holds": holds}


def _shift_row(plan: Plan, audits: list[Audited], alpha: float) -> Row:
    low, high = share(audit.shift.p <= alpha for audit in audits), share(audit.shift.p >= 1 - alpha for audit in audits)
    excess = float(np.mean([audit.shift.total_variation - audit.shift.expected for audit in audits]))
    return {"endpoint": "shift", "p ≤ α": low, "p ≥ 1 − α": high, "shrunk": None, "mean": excess,
            "holds": plan.within(low, alpha) and plan.within(high, alpha)}  # fmt: skip


def margin(plan: Plan, cases: Sequence[Case] = CASES + MORE, scored: Sequence[int] = (500, SCORED, 8000)) -> Iterator[Row]:
    """Yield a row for each case and endpoint, of audits in which its true loss is the margin."""
    for case in cases:
        for plant in case.plants:
            found = plan.each(partial(simulated, case, plant, MARGIN, ALPHA))
            for metric in PLANTS[plant][0]:
                head = {"documents": str(case), "ratio": case.ratio, "planted": plant}
                yield head | _margin_row(plan, metric, [decided[metric] for decided in found])
    for documents in scored:
        worse = plan.each(partial(fidelity, documents, 1.0, ALPHA))
        for metric in worse[0][0]:
            head = {"documents": f"{documents} scored", "ratio": "", "planted": WORSE}
            yield head | _margin_row(plan, metric, [decided[metric] for decided, _ in worse])


WORSE = "model worse"


def _margin_row(plan: Plan, metric: str, estimates: list[Estimate]) -> Row:
    shrunk, kept = share(e.decision == "shrunk" for e in estimates), share(is_kept(e) for e in estimates)
    mean = float(np.mean([estimate.value for estimate in estimates]))
    return {"endpoint": metric, "audits": len(estimates), "mean": mean, "shrunk": shrunk, "kept": kept,
            "holds": plan.at_most(shrunk, ALPHA) and plan.at_most(kept, ALPHA)}  # fmt: skip


def is_kept(estimate: Estimate) -> bool:
    """Tell whether the bound of an estimate lies inside its margin, which would be OK or, with a significant loss, WATCH."""
    margins = Options().margins
    if estimate.unit == "nats/token":
        return estimate.high < margins["nll"]
    return estimate.low > (MARGIN if estimate.unit == "ratio" else -margins["accuracy"])


def power(plan: Plan, cases: Sequence[Case] = CASES + MORE[:3], scored: Sequence[int] = (SCORED,)) -> Iterator[Row]:
    """Yield a row for each case and endpoint, of audits of a loss at the documents that audits of no loss asked for."""
    for case in cases:
        wanted = plan.part(4).each(partial(foreseen, case, ALPHA))
        for plant in case.plants:
            for metric in PLANTS[plant][0]:
                sized = case.grown(median([each[metric] for each in wanted]) / case.candidate)
                found = plan.each(partial(simulated, sized, plant, LOSS, ALPHA))
                head = {"documents": str(case), "planted": plant, "asked": str(sized)}
                yield head | _power_row(plan, metric, [decided[metric] for decided in found])
    for documents in scored:
        nulls = plan.part(4).each(partial(fidelity, documents, 0.0, ALPHA))
        for metric in nulls[0][0]:
            needed = math.ceil(median([each[metric] for _, each in nulls]))
            worse = plan.each(partial(fidelity, needed, MARGINS_LOST, ALPHA))
            head = {"documents": f"{documents} scored", "planted": WORSE, "asked": f"{needed} scored"}
            yield head | _power_row(plan, metric, [decided[metric] for decided, _ in worse])


def _power_row(plan: Plan, metric: str, estimates: list[Estimate]) -> Row:
    found = share(estimate.decision == "shrunk" for estimate in estimates)
    return {"endpoint": metric, "audits": len(estimates), "shrunk": found, "holds": plan.at_least(found, 0.8)}


def median(asked_for: Sequence[int | None]) -> float:
    """Return the median of numbers of documents asked for; those without a number count as infinitely many."""
    return float(np.median([math.inf if number is None else number for number in asked_for]))


PRINTED = ((3000, 0, 1), (1200, 0, 1), (6000, 0, 2), (6000, 5, 1))
"""Documents of the reference, classes of them, and number of the audit in its series."""


def printed(plan: Plan, cases: Sequence[tuple[int, int, int]] = PRINTED, losses: Sequence[float] = LOSSES[1:]) -> Iterator[Row]:
    """Yield a row for each endpoint and loss, of audits at the documents that `longtail calibrate` prints for it."""
    for reference, classes, number in cases:
        found = plan.each(partial(foretold, reference, classes, number, losses))
        for metric, loss in found[0]:
            asked = [each[metric, loss] for each in found]
            made = [outcome for outcome in asked if outcome is not None]
            rate = share(is_found for _, is_found in made) if made else None
            now = dataclasses.replace(plan, repetitions=len(made))
            yield {
                "reference": f"{reference}, {classes} classes" if classes else str(reference), "audit": number, "endpoint": metric,
                "true ratio": 1 - loss, "documents": round(np.median([count for count, _ in made])) if made else None,
                "audits": len(made), "not possible": 1 - len(made) / len(found), "found": rate,
                "holds": None if rate is None else now.at_least(rate, 0.8),
            }  # fmt: skip


def foretold(
    size: int, classes: int, number: int, losses: Sequence[float], repetition: int
) -> dict[tuple[str, float], tuple[int, bool] | None]:
    """Return, by endpoint and loss, the documents printed for one reference and whether an audit of so many finds the loss."""
    rng = stream(repetition, size, classes, number)
    alpha = level(ALPHA, number)
    reference = profiled(drawn(zipf(classes=classes), size, rng), repetition)
    told = calibrated(reference, Options(views=("words_1",), by=reference.by), None, alpha).endpoints
    made: dict[tuple[str, float], tuple[int, bool] | None] = {}
    for each in told:
        metric = each.metric if each.slice is None else f"{each.metric} of {each.slice}"
        for plant in [plant for plant, (metrics, _) in PLANTS.items() if metric in metrics]:
            for loss in losses:
                asked, wanted = each.needed[loss], ("shrunk",) if each.aim[loss] == "shrunk" else ALARMS
                if asked is None:
                    made[metric, loss] = None
                    continue
                candidate = profiled(drawn(planted(plant, 1 - loss, rng, classes), asked, rng), repetition)
                decided = (tail_of if plant in OF_TAIL else families_of)(candidate, reference, alpha=alpha)
                made[metric, loss] = asked, metric in decided and decided[metric].decision in wanted
    return made


def shift(plan: Plan, cases: Sequence[Case] = CASES) -> Iterator[Row]:
    """Yield a row for each case: how often a swap of half of the types is found."""
    for case in cases:
        found = plan.each(partial(exchanged, case))
        rate = share(audit.shift.p <= ALPHA for audit in found)
        moved, expected = (float(np.mean([getattr(audit.shift, name) for audit in found])) for name in ("total_variation", "expected"))
        yield {"documents": str(case), "ratio": case.ratio, "audits": len(found), "total variation": moved, "by chance": expected,
               "p ≤ α": rate, "holds": plan.at_least(rate, 0.99)}  # fmt: skip


def exchanged(case: Case, repetition: int) -> Audited:
    """Return an audit of a candidate in which half of the types are replaced by others."""
    rng = stream(repetition, case.candidate, case.reference)
    documents = [drawn(law, size, rng) for law, size in ((swapped(zipf(), rng), case.candidate), (zipf(), case.reference))]
    return audited(*(profiled(part, repetition) for part in documents))


def series(plan: Plan, case: Case = USUAL, audits: int = AUDITS) -> Iterator[Row]:
    """Yield the rate of any false alarm over audits of one shared reference, and how often a late loss is found.

    Audits whose first relabellings show that they cannot alarm are not run to the end (`could_alarm`). The late losses,
    which take all relabellings of the last level, have an eighth of the repetitions.
    """
    levels = f"{level(ALPHA, 1):.3g} … {level(ALPHA, audits):.2g}"
    alarmed = share(plan.each(partial(followed, case, audits)))
    yield {"what": f"any alarm in {audits} audits of no loss", "levels": levels, "series": plan.repetitions, "rate": alarmed,
           "holds": plan.at_most(alarmed, ALPHA)}  # fmt: skip
    few = plan.part(8)
    late = share(few.each(partial(found_late, case, audits)))
    yield {"what": f"loss of one half in audit {audits} found", "levels": f"{level(ALPHA, audits):.2g}", "series": few.repetitions,
           "rate": late, "holds": late == 1.0}  # fmt: skip


def followed(case: Case, audits: int, repetition: int) -> bool:
    """Tell whether any of several audits of one reference, each at its own level and of no loss, ends in an alarm."""
    rng = stream(repetition, case.candidate, case.reference, audits)
    reference = profiled(drawn(zipf(), case.reference, rng), repetition)
    for number in range(1, audits + 1):
        candidate, now = profiled(drawn(zipf(), case.candidate, rng), repetition), level(ALPHA, number)
        if could_alarm(candidate, reference, now) and audited(candidate, reference, alpha=now).alarmed:
            return True
    return False


def found_late(case: Case, number: int, repetition: int) -> bool:
    """Tell whether the audit of a given number, at its level, finds that half of the rare types are gone."""
    candidate, reference = triple(case, "rare types removed", LATE_LOSS, repetition)
    return audited(candidate, reference, alpha=level(ALPHA, number)).answers["tail_mass_retained"] == "shrunk"


def sizes(plan: Plan, case: Case = USUAL, ratios: Sequence[float] = (1.0, LOSS)) -> Iterator[Row]:
    """Yield a row for each loss and endpoint: how far half of the candidate's documents move the estimate, in standard errors."""
    for ratio in ratios:
        pairs = plan.each(partial(halved, case, ratio))
        for metric in pairs[0][0].decided:
            logs = np.log([[audit.decided[metric].value for audit in pair] for pair in pairs])
            moves, error = logs[:, 1] - logs[:, 0], logs[:, 0].std(ddof=1)
            size, bias = float(np.abs(moves).mean() / error), float(moves.mean() / error)
            yield {"documents": str(case), "true ratio": ratio, "endpoint": metric, "standard error": float(error), "mean move": size,
                   "mean move, signed": bias, "holds": size < 1}  # fmt: skip


def halved(case: Case, ratio: float, repetition: int) -> tuple[Audited, Audited]:
    """Return audits of a candidate and of the first half of its documents, against one reference."""
    rng = stream(repetition, case.candidate, case.reference, round(1000 * ratio))
    candidate = drawn(planted("rare types removed", ratio, rng), case.candidate, rng)
    reference = profiled(drawn(zipf(), case.reference, rng), repetition)
    half = candidate.taken(np.arange(len(candidate) // 2))
    return audited(profiled(candidate, repetition), reference), audited(profiled(half, repetition), reference)


SIGNS = {"no change": 0, "half of the types swapped": 0, "temperature .8": 1, "head × 3": 1}
"""Sign of the contrast by scenario; the others lose rare types first, which is -1."""


def contrast(plan: Plan, case: Case = USUAL) -> Iterator[Row]:
    """Yield a row for each scenario: the contrast of the laws, of audits, and how often its sign is seen beyond chance."""
    for name in SCENARIOS:
        found = plan.each(partial(contrasted, case, name))
        estimates = [audit.contrast for _, audit in found]
        below, above = share(e.high < 0 for e in estimates), share(e.low > 0 for e in estimates)
        sign = SIGNS.get(name, -1)
        right = {-1: below, 0: 1 - below - above, 1: above}[sign]
        yield {
            "scenario": name, "of the laws": float(np.mean([true for true, _ in found])),
            "mean": float(np.mean([estimate.value for estimate in estimates])), "below 0": below, "above 0": above, "sign": sign,
            "holds": plan.at_least(right, 0.95 if sign == 0 else 0.99),
        }  # fmt: skip


def contrasted(case: Case, scenario: str, repetition: int) -> tuple[float, Audited]:
    """Return the true contrast of a scenario, log ratio of types less that of common types, and an audit of it."""
    rng = stream(repetition, case.candidate, case.reference, list(SCENARIOS).index(scenario))
    before = zipf()
    after = SCENARIOS[scenario](before, rng)
    true = math.log(after.hill(0) / before.hill(0)) - math.log(after.hill(2) / before.hill(2))
    documents = [drawn(law, size, rng) for law, size in ((after, case.candidate), (before, case.reference))]
    return true, audited(*(profiled(part, repetition) for part in documents))


def invariance(plan: Plan, case: Case = USUAL) -> Iterator[Row]:
    """Yield a row for each thing that must not matter: how often bytes and decisions stay, without loss and with half lost."""
    for ratio in (1.0, LATE_LOSS):
        found = plan.each(partial(varied, case, ratio))
        for name in found[0]:
            same, alike = (share(flags[name][at] for flags in found) for at in (0, 1))
            holds = same == 1 if name in IDENTICAL else plan.at_least(alike, 1 - 2 * ALPHA)
            yield {"true ratio": ratio, "varied": name, "bytes alike": same, "phase alike": alike, "holds": holds}


IDENTICAL = ("order of documents", "7 shards")


def varied(case: Case, ratio: float, repetition: int) -> dict[str, tuple[bool, bool]]:
    """Return for each variation of one audit whether all its bytes, and whether its phase, are those of the audit itself."""
    rng = stream(repetition, case.candidate, case.reference, round(1000 * ratio))
    pair = [drawn(planted("rare types removed", ratio, rng), case.candidate, rng), drawn(zipf(), case.reference, rng)]
    first = audited(*(profiled(part, repetition) for part in pair))
    others = {
        IDENTICAL[0]: [profiled(part.taken(rng.permutation(len(part))), repetition) for part in pair],
        IDENTICAL[1]: [merge(profiled(shard, repetition) for shard in shards(part, 7)) for part in pair],
        "seed": [profiled(part, repetition + 1_000_000) for part in pair],
        "names of types": [profiled(part.renamed(), repetition) for part in pair],
    }
    again = {name: audited(*profiles) for name, profiles in others.items()}
    return {name: (audit.stored() == first.stored(), audit.phase == first.phase) for name, audit in again.items()}


# --------------------------------------------------------------------------------------------------------------- output

SELFTESTS: dict[str, Callable[..., Iterator[Row]]] = {
    "null": null, "margin": margin, "power": power, "printed": printed, "shift": shift, "series": series, "sizes": sizes,
    "contrast": contrast, "invariance": invariance,
}  # fmt: skip
REPETITIONS = {
    "null": 2000,
    "margin": 400,
    "power": 300,
    "printed": 100,
    "shift": 100,
    "series": 200,
    "sizes": 100,
    "contrast": 100,
    "invariance": 20,
}


def main() -> None:
    """Make the measurements asked for and print or write their tables."""
    chosen = arguments(__doc__, list(SELFTESTS))
    with ProcessPoolExecutor(2) as pool:
        for name in chosen.only:
            plan = Plan(chosen.repetitions or REPETITIONS[name], partial(pool.map, chunksize=5))
            rows = told(name, SELFTESTS[name](plan))
            if chosen.write:
                write(name, rows)
            sys.stdout.write(f"{name}\n\n{table(rows)}\n{held(rows)}\n")


if __name__ == "__main__":
    main()
