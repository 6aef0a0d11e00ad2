"""The three ways to recover, in order: re-anchor and go on, roll back, re-source and retrain; each with what it can at best restore."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longtail.diagnosis.recovery.costs import Prices
from longtail.diagnosis.recovery.course import Course, Policy, Source, present
from longtail.diagnosis.recovery.judging import Measure, best_of, with_share
from longtail.diagnosis.recovery.records import Bounded, Ceiling, Clean, Cost, Option, OptionName

TITLES: dict[OptionName, str] = {
    "re-anchor": "put real rows of the reservoir back and go on from the current model",
    "roll-back": "go back to the last clean version, with a corrected pipeline",
    "re-source": "collect what is missing and train again",
}
POOLS: dict[Policy, str] = {
    "drop": "the bad generations out of the pool",
    "keep": "the bad generations in the pool",
    "replace": "the newest outputs alone",
}
Paths = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Ground:
    """What the options of one lineage share.

    Attributes:
        course: From the current outputs, at some share; the bad generations beside them.
        measure: How what is retained is measured.
        shares: Real shares that the reservoir has rows for, ascending.
        clean: Outputs of the last clean version, or None.
        human: The law of human text.
        found: Which version is clean.
        paths: Files by role, as they were named: "reservoir", "outputs", "current", "reference".
        missing: How many tail types or slices the reservoir lacks.
        to_source: Rows that re-sourcing them takes.
        prices: Of what costs something.
        refused: Why no real share is possible, or not all that were to be considered; empty where they are.
    """

    course: Course
    measure: Measure
    shares: tuple[float, ...]
    clean: Source | None
    human: Source
    found: Clean
    paths: Paths
    missing: int
    to_source: float
    prices: Prices
    refused: str

    def stated(self) -> dict[str, Any]:
        """Return the numbers that were settled on, as the plan prints them."""
        measure = self.measure
        return {
            "size": self.course.size,
            "shares": list(self.shares),
            "documents": measure.documents,
            "design_effect": measure.deff,
        }

    def anchored(self) -> Iterator[Course]:
        """Yield the courses that go on from the current outputs."""
        policies: tuple[Policy, ...] = ("drop", "keep", "replace") if self.course.bad else ("drop", "replace")
        for share in self.shares:
            yield from (with_share(self.course, share, policy) for policy in policies)

    def rolled(self) -> Iterator[Course]:
        """Yield the courses that go on from the outputs of the clean version; without a reservoir on these alone."""
        if self.clean is not None:
            for share in self.shares or (0.0,):
                yield replace(self.course, share=share, policy="drop", start=self.clean, bad=())

    def retrained(self) -> Course:
        """Return the course on N rows of the reference's law alone."""
        return replace(self.course, share=1.0, policy="replace", reservoir=self.human, start=self.human, bad=())

    def best_held(self) -> float:
        """Return the most that a course with what is held is expected to retain at the last generation; 0 where there is none."""
        measure = self.measure
        totals = [float(present(course, measure.generations, measure.documents).sum()) for course in (*self.anchored(), *self.rolled())]
        return max(totals, default=0.0) / measure.types

    def options(self, target: float) -> dict[OptionName, Option]:
        """Return the options.

        Args:
            target: Retained share that the lower bound is to reach.
        """
        return {"re-anchor": self._anchor(target), "roll-back": self._back(target), "re-source": self._source(target)}

    def judged(self, courses: Sequence[Course], target: float) -> tuple[tuple[Ceiling, ...], Ceiling | None]:
        """Return what the courses retain at the last generation and in the long run, and the best of the former."""
        last = [self.measure.ceilings(course, target)[-1] for course in courses]
        told = [ceiling for course, end in zip(courses, last, strict=True) for ceiling in (end, self.measure.long_run(course))]
        return tuple(told), best_of(last) if last else None

    def _anchor(self, target: float) -> Option:
        course = self.course
        told, best = self.judged(list(self.anchored()), target)
        share = best.share if best else 0.0
        rows = f"{course.reservoir.documents:,} in the reservoir"
        if best is None:
            because, real = self.refused, f"a reservoir of real rows; there are {rows}"
        else:
            because = f"most tail types of the courses looked at: {share:.2g} of real rows, {POOLS[best.policy]}"
            real = f"{round(share * course.size):,} real rows of the {rows}"
        needs = (real, "the current model and its outputs")
        command = (
            f"longtail recover apply re-anchor --reservoir {self._named('reservoir', 'RESERVOIR')} "
            f"--outputs {self._named('current', 'CURRENT')} --share {share:.4g} --size {course.size} -o next.jsonl"
        )
        reached = self.measure.at_best((course.reservoir, course.start)) if best else None
        return self._option("re-anchor", 1, because, (told, best), reached, needs, "re_anchor", command)

    def _back(self, target: float) -> Option:
        told, best = self.judged(list(self.rolled()), target)
        share = best.share if best else 0.0
        needs = (
            "the checkpoint of that version, its outputs and its training set",
            *([f"{round(share * self.course.size):,} real rows"] if share else []),
        )
        pool = f"{self._named('reservoir', '')} {self._named('outputs', 'OUTPUTS')}".strip()
        command = f"longtail recover apply roll-back --pool {pool} --until {self.found.place or 'G'} -o clean.jsonl"
        reached = self.measure.at_best((self.course.reservoir, self.clean)) if self.clean else None
        return self._option("roll-back", 2, self.found.because, (told, best), reached, needs, "roll_back", command)

    def _source(self, target: float) -> Option:
        told, best = self.judged([self.retrained()], target)
        because = f"rows of the reference's law, which people still write; {self.missing:,} kinds of rows are not in the reservoir"
        needs = (
            f"about {self.to_source:,.0f} rows that hold what is missing (the list below), of {self.course.size:,}",
            "a training run from the start",
        )
        command = "longtail recover apply re-source --plan plan.json -o wanted.jsonl"
        return self._option("re-source", 3, because, (told, best), None, needs, "re_source", command)

    def _option(
        self, name: OptionName, order: int, because: str, told: tuple[tuple[Ceiling, ...], Ceiling | None], at_best: Bounded | None,
        needs: tuple[str, ...], formula: str, command: str,
    ) -> Option:  # fmt: skip
        courses, best = told
        return Option(
            name=name, order=order, title=TITLES[name], is_possible=best is not None, because=because, best=best, courses=courses,
            at_best=at_best, needs=needs, cost=self.cost(formula), command=command,
        )  # fmt: skip

    def cost(self, formula: str, generations: float | None = None, rows: float | None = None) -> Cost:
        """Return what a formula comes to with the plan's own numbers, or with others."""
        planned = {
            "generations": float(self.measure.generations if generations is None else generations),
            "rows_to_source": float(round(self.to_source if rows is None else rows)),
            "size": float(self.course.size),
        }
        return self.prices.cost(formula, planned)

    def _named(self, role: str, otherwise: str) -> str:
        return " ".join(map(shlex.quote, self.paths.get(role, ()))) or otherwise
