"""Every exception that longtail raises on purpose.

    LongtailError
    ├── UsageError            (ValueError)   the call cannot be carried out as asked
    │   └── SameHalf                         one half of a reference was asked to play both roles
    ├── ConfigError           (ValueError)   a setting is unknown or out of range
    ├── UnknownName           (LookupError)  no member of that name; says the nearest one
    ├── CatalogueError        (TypeError)    a member was declared without what it must declare
    ├── InvalidRecord         (ValueError)   a record that may not exist (NaN, low > value, …)
    ├── ReadError             (OSError)      input that cannot be read: file, line, reason
    ├── ProfileError          (ValueError)   a file that is not a profile, or of another version
    ├── LedgerError           (ValueError)   a ledger that cannot be opened, read or written
    ├── IncompatibleSummaries (ValueError)   two states with unlike settings were to be merged
    └── MissingExtra          (ImportError)  an optional dependency; says the pip line

Misuse raises; absence is a value (`NotMeasured`); a bad document is data (quarantined and counted).
A message says what happened, the offending value, and what to do.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any


class LongtailError(Exception):
    """Base of all errors that longtail raises on purpose; each comes out of a worker process as it went in."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how a copy is made: from the message, since a class may compose it from other arguments."""
        return _remade, (type(self), self.args), self.__dict__


class UsageError(LongtailError, ValueError):
    """The call cannot be carried out as asked."""


class SameHalf(UsageError):
    """One half of a reference was asked both to choose the tail and to measure it."""


class ConfigError(LongtailError, ValueError):
    """A setting is unknown or out of range."""


class UnknownName(LongtailError, LookupError):
    """No member of that name is known."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        """Name the nearest known member, or all of them when none is near."""
        names = sorted(known)
        near = get_close_matches(name, names, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names) or 'none'}."
        super().__init__(f"unknown {kind} {name!r}: {hint}")


class CatalogueError(LongtailError, TypeError):
    """A member was declared without what it must declare."""


class InvalidRecord(LongtailError, ValueError):
    """A record that may not exist, such as an estimate that is not a number."""


class ReadError(LongtailError, OSError):
    """Input that cannot be read."""

    def __init__(self, path: str, reason: str, *, line: int | None = None, fix: str = "") -> None:
        """State the place (`path`, and 1-based `line` where known), the reason and what to do."""
        place = path if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {reason}" + (f"; {fix}" if fix else ""))
        self.path = path
        self.line = line


class ProfileError(LongtailError, ValueError):
    """A file that is not a profile, is damaged, or was written by another version."""


class LedgerError(LongtailError, ValueError):
    """A ledger that cannot be opened, read or written: missing, damaged, of a later version, or without room."""


class IncompatibleSummaries(LongtailError, ValueError):
    """Two states with unlike settings were to be merged or compared."""

    def __init__(self, what: str, left: object, right: object, *, fix: str = "profile both again with the same options") -> None:
        """Show both settings, of named ones only those that differ, and what to do."""
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            shown = ", ".join(f"{name} ({left[name]} and {right.get(name)})" for name in left if left[name] != right.get(name))
        else:
            shown = f"settings ({left} and {right})"
        super().__init__(f"{what} differ in {shown} and cannot be merged or compared; {fix}")


class MissingExtra(LongtailError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        """Say the exact install line."""
        super().__init__(f"{feature} needs an optional part; run: pip install 'longtail[{extra}]'")


def _remade(kind: type[LongtailError], args: tuple[Any, ...]) -> LongtailError:
    """Return an error whose message is composed already."""
    error = kind.__new__(kind, *args)
    super(LongtailError, error).__init__(*args)
    return error
