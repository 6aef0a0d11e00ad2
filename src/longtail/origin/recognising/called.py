"""A function of one's own as a recogniser."""

from collections.abc import Callable, Sequence
from typing import Any

from longtail.errors import UsageError
from longtail.origin.recognising.evidence import Recognised, Text

Function = Callable[[Sequence[str]], Sequence[Recognised | None]]


class Called:
    """A function that is handed raw texts and returns what it finds in each.

    Args:
        function: Takes texts, returns as many findings, None where there is nothing to tell.
        name: What it is called in results and in the ledger.
        looks_for: What it looks for, in words.
        tests: Whether its findings are p-values, one for each text that it could test.
    """

    def __init__(self, function: Function, name: str, looks_for: str, *, tests: bool = False) -> None:
        self._function, self.name, self.looks_for, self.tests = function, name, looks_for, tests

    def recognise(self, batch: Sequence[Text]) -> Sequence[Recognised | None]:
        """Return what the function finds.

        Raises:
            UsageError: It returned more findings than there are texts, or fewer, or something else.
        """
        found: Any = self._function([each.text for each in batch])
        if not isinstance(found, list | tuple):
            raise UsageError(
                f"recogniser {self.name!r} returned a {type(found).__name__}; return a list with Recognised, or None, for each text"
            )
        if len(found) != len(batch):
            raise UsageError(
                f"recogniser {self.name!r} returned {len(found)} findings for {len(batch)} texts; return one, or None, for each"
            )
        wrong = next((each for each in found if each is not None and not isinstance(each, Recognised)), None)
        if wrong is not None:
            raise UsageError(f"recogniser {self.name!r} returned a {type(wrong).__name__}; return Recognised, or None, for each text")
        return found
