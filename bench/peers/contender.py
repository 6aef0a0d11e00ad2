"""What is compared: families of contenders that compute one metric of one input."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

Work = Callable[[Any], float]
LIMIT = 60.0
AGREES = 1e-6


class Contender(NamedTuple):
    """One way to compute a metric.

    Attributes:
        name: Name in the table.
        package: Package whose version is shown, and name of its environment.
        work: Takes the input and returns the value; its docstring says what it does. Imports its package inside.
        growth: Exponent by which its time is expected to grow, until two sizes have shown it.
        within: Share of our value by which its own may differ; None where it is defined otherwise.
        longest: Largest size it is given, where memory ends before time does.
        prepare: Puts the input into the container that the package takes, before the clock starts.
    """

    name: str
    package: str
    work: Work
    growth: float = 1.0
    within: float | None = AGREES
    longest: int | None = None
    prepare: Callable[[Any], Any] | None = None

    def of(self, given: Any) -> Any:
        """Return the input in the container that the package takes."""
        return self.prepare(given) if self.prepare else given


class Family(NamedTuple):
    """A metric, its input and its contenders, ours first.

    Attributes:
        metric: What is computed.
        given: Makes the input of a size.
        of: What a size counts.
        sizes: Sizes, ascending.
        contenders: Ours, then peers.
        warm: Size of the run that comes before the clock starts.
        limit: CPU-seconds beyond which a size is left out.
    """

    metric: str
    given: Callable[[int], Any]
    of: str
    sizes: Sequence[int]
    contenders: Sequence[Contender]
    warm: int = 100
    limit: float = LIMIT
