"""The history of audits: one small JSON file that says how much of an error rate a series of audits has used.

Whoever audits every checkpoint at 5 % will be alarmed by nothing sooner or later. With a history the audits of a
series share one alpha (`stats.spending`); without one the guarantee is for the audit alone. The key of an audit is
made of its reference, candidate and configuration, so that doing one again costs nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
from filelock import FileLock, Timeout

from longtail.atomic import write_durably
from longtail.errors import ConfigError, ReadError, UsageError
from longtail.records import PhaseName, Record
from longtail.stats.spending import level, spent

WAIT = 10.0
"""Seconds to wait for another audit that holds the lock."""

_ANOTHER = "name another file with --history, or move this one away to begin a new series"


class Entry(Record, frozen=True):
    """One audit that was carried to its end.

    Attributes:
        key: Hex digits that stand for its reference, candidate and configuration.
        number: Its number in the series, from 1.
        time: When it was recorded, in UTC, as ISO 8601.
        phase: What it concluded.
        level: The part of alpha that it used.
    """

    key: str
    number: int
    time: str
    phase: PhaseName
    level: float


class Series(Record, frozen=True):
    """What the file holds: the error rate of all audits together, how many are planned, and those made.

    `looked` is the day of the latest audit that used nothing, one made again or one without a test, where it is later than the others.
    """

    alpha: float
    horizon: int | None
    audits: tuple[Entry, ...] = ()
    format: Literal["longtail-history"] = "longtail-history"
    version: Literal[1] = 1
    looked: str | None = None


class History:
    """The audits of a series, while its file is locked; made by `opened`.

    Args:
        path: The file; None keeps nothing, so that each audit is number 1.
        series: What the file holds.
    """

    def __init__(self, path: Path | None, series: Series) -> None:
        """Take what was read."""
        self._path = path
        self._series = series
        self._closed = False

    @property
    def audits(self) -> tuple[Entry, ...]:
        """Return the audits that were recorded, in the order of their numbers."""
        return self._series.audits

    @property
    def spent(self) -> float:
        """Return the part of alpha that the recorded audits have used; 0 where nothing is kept."""
        return spent(self._series.alpha, len(self.audits), self._series.horizon)

    @property
    def last(self) -> str:
        """Return when the last audit was made, also one that used nothing, as ISO 8601; empty where there was none."""
        return max(self.audits[-1].time if self.audits else "", self._series.looked or "")

    def look(self, now: datetime) -> None:
        """Write down the day of an audit that used nothing, so that it does not count as overdue; nothing where the day is known.

        Raises:
            ConfigError: The file cannot be written; it is as it was.
        """
        day = now.date().isoformat()
        if self._path is None or not self.audits or day <= self.last[: len(day)]:
            return
        series = msgspec.structs.replace(self._series, looked=day)
        _write(self._path, series)
        self._series = series

    def number_for(self, key: str) -> int:
        """Return the number of the audit with this key: its old one, or the next.

        Raises:
            UsageError: The key is not a string of hex digits.
        """
        _check_key(key)
        return next((entry.number for entry in self.audits if entry.key == key), len(self.audits) + 1)

    def record(self, key: str, phase: PhaseName) -> None:
        """Write down an audit that is done; one that was written before stays as it is.

        Raises:
            UsageError: The key is not a string of hex digits, or the file is no longer locked.
            ConfigError: The file cannot be written; it is as it was.
        """
        if self._closed:
            raise UsageError(f"audit {key!r} was recorded after its history was closed; record it inside `with opened(…)`")
        number = self.number_for(key)
        if self._path is None or number <= len(self.audits):
            return
        entry = Entry(
            key=key,
            number=number,
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            phase=phase,
            level=level(self._series.alpha, number, self._series.horizon),
        )
        series = msgspec.structs.replace(self._series, audits=(*self.audits, entry))
        _write(self._path, series)
        self._series = series

    def close(self) -> None:
        """Refuse further records: the lock is about to be given back."""
        self._closed = True


@contextmanager
def opened(path: str | os.PathLike[str] | None, alpha: float, horizon: int | None = None, *, wait: float = WAIT) -> Iterator[History]:
    """Open a history and lock it until the end of the block. Only `record` changes the file.

    Args:
        path: The file, which is made by the first record; None for an audit alone, of which nothing is kept.
        alpha: Error rate of all audits of the series together.
        horizon: Audits planned, or None for a series without an end.
        wait: Seconds to wait for another audit that holds the lock.

    Raises:
        ConfigError: `alpha` or `horizon` is out of range or not that of the file; the folder is missing or may not be
            written to; another audit holds the lock.
        ReadError: The file is damaged or is no history; it is left as it is.
    """
    begun = Series(alpha=alpha, horizon=horizon)
    level(alpha, 1, horizon)
    if path is None:
        with _closing(History(None, begun)) as history:
            yield history
        return
    target = Path(path).resolve()
    if not target.parent.is_dir():
        raise ConfigError(f"history {str(path)!r}: there is no folder {str(target.parent)!r}; make it, or name another file with --history")
    with _locked(target, wait), _closing(History(target, _read(target, begun))) as history:
        yield history


@contextmanager
def _closing(history: History) -> Iterator[History]:
    try:
        yield history
    finally:
        history.close()


@contextmanager
def _locked(target: Path, wait: float) -> Iterator[None]:
    lock = FileLock(f"{target}.lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise ConfigError(
            f"history {str(target)!r} is in use: its lock {lock.lock_file!r} was not free within {wait:g} seconds; "
            f"wait until the other audit has ended, then audit again"
        ) from error
    except OSError as error:
        raise ConfigError(f"history {str(target)!r} cannot be locked with {lock.lock_file!r}: {_said(error)}; {_ANOTHER}") from error
    try:
        yield
    finally:
        lock.release()


def _read(target: Path, begun: Series) -> Series:
    """Return what the file holds, or `begun` where there is no file."""
    try:
        series = msgspec.json.decode(target.read_bytes(), type=Series)
    except FileNotFoundError:
        return begun
    except OSError as error:
        raise ReadError(str(target), f"the history cannot be read: {_said(error)}", fix=_ANOTHER) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ReadError(str(target), f"is no history of audits, or a damaged one: {error}", fix=_ANOTHER) from error
    if (series.alpha, series.horizon) != (begun.alpha, begun.horizon):
        raise ConfigError(
            f"history {str(target)!r} was begun with {_terms(series)}, this audit asks for {_terms(begun)}; "
            f"a series keeps what it was begun with: ask for the same, or {_ANOTHER}"
        )
    if fault := _fault(series):
        raise ReadError(str(target), f"is a damaged history of audits: {fault}", fix=_ANOTHER)
    return series


def _fault(series: Series) -> str:
    """Return what is wrong with the entries, which every record keeps numbered without a gap; empty if nothing."""
    numbers = [entry.number for entry in series.audits]
    if numbers != list(range(1, len(numbers) + 1)):
        return f"its audits are numbered {', '.join(map(str, numbers))}"
    keys = [entry.key for entry in series.audits]
    if repeated := next((key for key in keys if keys.count(key) > 1), ""):
        return f"the audit {repeated!r} stands in it twice"
    wrong = next((entry for entry in series.audits if entry.level != level(series.alpha, entry.number, series.horizon)), None)
    return "" if wrong is None else f"audit {wrong.number} states a level of {wrong.level!r}, which is not its part of {series.alpha!r}"


def _write(target: Path, series: Series) -> None:
    try:
        write_durably(target, msgspec.json.format(msgspec.json.encode(series), indent=1) + b"\n")
    except OSError as error:
        raise ConfigError(f"history {str(target)!r} cannot be written: {_said(error)}; {_ANOTHER}") from error


def _check_key(key: str) -> None:
    if not key or set(key) - set("0123456789abcdef"):
        raise UsageError(f"key {key!r} of an audit is not a string of lower-case hex digits; give the hash of what makes the audit")


def _terms(series: Series) -> str:
    planned = "no horizon" if series.horizon is None else f"a horizon of {series.horizon} audits"
    return f"alpha {series.alpha!r} and {planned}"


def _said(error: OSError) -> str:
    return error.strerror or str(error)
