"""What was measured of a store, as rules read it and reports show it."""

from longtail.records import Outcome, Record

MARGIN = 0.05
"""How far the share of right answers may move and count as flat."""


class Contamination(Record, frozen=True):
    """One of the three shares of what a model made: in the pool, among what is retrieved, among what is cited.

    Attributes:
        share: What is known to be made by a model, of all; what is not known counts as not.
        unknown: Share of unknown origin.
    """

    share: Outcome
    unknown: float = 0.0


class Chain(Record, frozen=True):
    """One chain of echoes.

    Attributes:
        ids: Of its items, from the first.
        told_by: What shows each link: "recorded", "logged" or "wording".
    """

    ids: tuple[str, ...]
    told_by: tuple[str, ...]


class Stretch(Record, frozen=True):
    """A stretch of the log: the mean exposure and the mean of right answers, each None where nothing tells it."""

    exposure: float | None
    accuracy: float | None


class Contradiction(Record, frozen=True):
    """Two items that cannot both be right, the earlier first."""

    first: str
    second: str


class Retrieval(Record, frozen=True):
    """What a store and its log show.

    Attributes:
        path: The store.
        kind: Of store.
        items: Documents that it serves; those that it sets aside are `aside`.
        queries: Lines of the log; 0 without one.
        pool, exposure, citation: The three contaminations.
        self_derived: Share of the documents that are own answers, or made from other documents here.
        own_inputs: Share of the questions that restate an earlier answer.
        echoes: Share of the documents that echo an earlier one.
        exposure_change, accuracy_change: Over the two halves of the log.
        accuracy: Mean share of right answers.
        chains: The longest of each root, at most twenty.
        roots: Chains in all.
        by_sign: Echoes by what shows them.
        cyclic: Links of recorded parents that lead around in a circle.
        lost_parents: Recorded parents that the store does not hold.
        contradictions: Pairs that were found, at most twenty shown.
        contradicting: Pairs in all, among `compared`.
        compared: Pairs that were compared.
        course: The log in equal stretches.
        notes: What could not be told, in sentences.
    """

    path: str
    kind: str
    items: int
    aside: int
    queries: int
    pool: Contamination
    exposure: Contamination
    citation: Contamination
    self_derived: Outcome
    own_inputs: Outcome
    echoes: Outcome
    exposure_change: Outcome
    accuracy_change: Outcome
    accuracy: Outcome
    chains: tuple[Chain, ...] = ()
    roots: int = 0
    by_sign: dict[str, int] = {}
    cyclic: int = 0
    lost_parents: int = 0
    contradictions: tuple[Contradiction, ...] = ()
    contradicting: int = 0
    compared: int = 0
    course: tuple[Stretch, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return every number, or why there is none, in the order of the report."""
        shares = (self.pool.share, self.exposure.share, self.citation.share)
        return (*shares, self.self_derived, self.own_inputs, self.echoes, self.accuracy, self.exposure_change, self.accuracy_change)
