"""What was set aside: counted in full, kept with place and reason for the first thousand."""

from longtail.records import Quarantined

KEPT = 1000


class Unfit(ValueError):
    """A record whose text cannot be had; the message is the reason."""


class Quarantine:
    """Documents that were set aside during one pass."""

    def __init__(self) -> None:
        """Start with nothing set aside."""
        self.count = 0
        self._kept: list[Quarantined] = []

    def add(self, path: str, line: int | None, reason: str) -> None:
        """Count one document and keep its place while there is room."""
        self.count += 1
        if len(self._kept) < KEPT:
            self._kept.append(Quarantined(path=path, line=line, reason=reason))

    @property
    def kept(self) -> tuple[Quarantined, ...]:
        """Return those kept, in the order of their places."""
        return tuple(sorted(self._kept, key=lambda one: (one.path, one.line or 0)))

    def reasons(self, most: int = 3) -> str:
        """Return the first reasons in words, each with its place."""
        return "; ".join(f"{one.path}{f':{one.line}' if one.line else ''}: {one.reason}" for one in self.kept[:most])
