"""What texts show of their own origin, as rules read it."""

from longtail.origin.checks import CONTROL_LOW
from longtail.origin.result import Contamination, Measured
from longtail.origin.vocabulary.result import ExcessVocabulary
from longtail.records import Record

UNKNOWN_PART, HUMAN_PART, LATE_PART = "unknown", "human", "human_late"
"""Documents of unknown origin, those called human, and of these the late ones that only a word vouches for."""
NOTICED = CONTROL_LOW
"""Share of machine-made text that the lower end of an interval has to pass before a rule speaks of it."""


class Measures(Record, frozen=True):
    """What an audit measured of the origin of its candidate.

    Attributes:
        told: The estimate, with all documents as one; None without machine texts to compare with.
        parts: The same of parts of the candidate, by `UNKNOWN_PART`, `HUMAN_PART` and `LATE_PART`.
        vocabulary: Lower bounds by period from dates alone; None where nothing was dated, or there was something to compare with.
        date_column: Column that the dates are from.
    """

    told: Contamination | None = None
    parts: dict[str, Measured] = {}
    vocabulary: ExcessVocabulary | None = None
    date_column: str = ""

    def lines(self, part: str) -> tuple[str, ...]:
        """Return what was measured of a part, in words; empty where nothing was."""
        found = self.parts.get(part)
        if found is not None:
            return (worded(found), *found.reasons)
        return () if part == HUMAN_PART else tuple(self._bounds())

    def noticed(self, part: str) -> bool:
        """Tell whether a part holds machine-made text beyond what an error of the measurement could be."""
        found = self.parts.get(part)
        if found is not None:
            return found.machine.low is not None and found.machine.low > NOTICED
        if part == HUMAN_PART or self.vocabulary is None:
            return False
        best = self.vocabulary.best()
        return best is not None and best.status == "ok" and best.low is not None and best.low > NOTICED

    def is_sure(self, part: str) -> bool:
        """Tell whether everything that was checked of a part's estimate holds."""
        found = self.parts.get(part)
        return found is not None and found.status == "ok"

    def _bounds(self) -> list[str]:
        if self.vocabulary is None:
            return []
        best = self.vocabulary.best()
        if best is None or best.low is None:
            because = self.vocabulary.reasons[0] if self.vocabulary.reasons else "no period could be measured"
            return [f"no bound from the dates in {self.date_column}: {because}"]
        words = ", ".join(each.word for each in best.carriers[:5])
        carried = f", by words such as {words}" if words else ""
        what = f"of the documents of {best.period} hold words that came up after the cut-off"
        return [f"at least {best.low:.3f} {what}{carried} (bound, {best.status})"]


def worded(found: Measured) -> str:
    """Return a share with its interval, or that it was refused, in words."""
    machine = found.machine
    if machine.share is None or machine.low is None or machine.high is None:
        return f"estimate refused ({found.documents:,} documents)"
    interval = f"{machine.low:.3f} to {machine.high:.3f}; {found.status}"
    return f"estimate: {machine.share:.3f} of {found.documents:,} documents are machine-made ({interval})"
