"""Moments in time as data sets write them."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[+-]?\d{5,}(\.\d+)?")
_MONTH = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
_EARLIEST, _LATEST = -62_135_596_800, 10**10  # seconds: the year 1, and the year 2286


def moment(value: object) -> datetime | None:
    """Return what a value says as a moment in UTC, or None where it says none.

    Read are dates and times, ISO 8601, `2022`, `2022-11`, `2022/11/30`, the dates of mail and feeds (RFC 2822), and numbers:
    seconds since 1970, from 10^10 on milliseconds, from 10^13 on microseconds (before 1970: where seconds, or milliseconds, would
    be before the year 1). A time without a zone is taken as UTC. Orders that cannot be told apart, such as 03/04/2022, are not
    guessed.
    """
    try:
        return _moment(value)
    except (ValueError, OverflowError, TypeError):
        return None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return _zoned(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _since(value)
    return _written(value.strip()) if isinstance(value, str) else None


def _written(text: str) -> datetime:
    if _NUMBER.fullmatch(text) and not (len(text) == 8 and text.isdecimal()):
        return _since(float(text) if "." in text else int(text))
    if parts := _MONTH.fullmatch(text):
        year, month, day = (int(part or 1) for part in parts.groups())
        return datetime(year, month, day, tzinfo=UTC)
    try:
        return _zoned(datetime.fromisoformat(text))
    except ValueError:
        return _zoned(parsedate_to_datetime(text))


def _since(number: float) -> datetime:
    per_second = next((unit for unit in (1, 10**3) if _EARLIEST <= number / unit < _LATEST), 10**6)
    if isinstance(number, int):
        return _EPOCH + timedelta(microseconds=number * 10**6 // per_second)
    return _EPOCH + timedelta(seconds=number / per_second)


def _zoned(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
