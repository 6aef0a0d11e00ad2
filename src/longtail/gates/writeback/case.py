"""One answer with what was retrieved for it, and which sources hold each of its claims."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.gates.attribution import Cited, cited_in
from longtail.gates.entailment.passages import Passage
from longtail.gates.entailment.support import grid
from longtail.gates.entailment.verifier import Entailment
from longtail.records import Origin


class Source(NamedTuple):
    """One thing that was retrieved, and where it came from.

    Attributes:
        passage: Its id and text.
        origin: A word of `Origin`; "unknown" is never taken for human.
        depth: 0 for what people wrote, None where it is not known.
        rooted: Whether a person wrote it, or it descends from what a person wrote.
        barred: Why it is not evidence whatever its origin, such as "is quarantined"; "" where nothing bars it.
    """

    passage: Passage
    origin: str = Origin.UNKNOWN.value
    depth: int | None = None
    rooted: bool = False
    barred: str = ""

    @property
    def human(self) -> bool:
        """Tell whether a person wrote it."""
        return self.origin == Origin.HUMAN


class Case(NamedTuple):
    """An answer that is to be judged.

    Attributes:
        cited: Its claims with what each cites, and the passages.
        sources: What was retrieved, in the order of the passages.
        rows: What the verifier says of each claim by each passage, shape (claims, passages, 3).
        known: Ids that exist, None where that is not known.
    """

    cited: Cited
    sources: Sequence[Source]
    rows: npt.NDArray[np.float64]
    known: Collection[str] | None = None


def case_of(
    answer: str,
    sources: Sequence[Source],
    citations: Sequence[str],
    verifier: Entailment,
    *,
    known: Collection[str] | None = None,
    timeout: float | None = None,
) -> Case:
    """Return the case of an answer, every claim held against every passage.

    Raises:
        UsageError: The verifier answers too late, or with what is no probability.
    """
    passages = [source.passage for source in sources]
    cited = cited_in(answer, passages, citations, known or ())
    return Case(cited, sources, grid(cited.claims, passages, verifier, timeout), known)


def holders(case: Case, least: float) -> list[list[int]]:
    """Return for each claim the places of the sources that it cites and that entail it."""
    return [
        [at for at, source in enumerate(case.sources) if source.passage.id in claim.cited and rows[at, 0] >= least]
        for claim, rows in zip(case.cited.claims, case.rows, strict=True)
    ]
