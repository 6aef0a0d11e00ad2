"""Accepted numbers that only tighten: a loss that was there at the start no longer fails an audit, a greater one does.

The file holds, for each endpoint that an audit decided, the best value seen. Today's loss is accepted where it lies within the
interval of that or above; a value that is better beyond the noise of both takes its place; one that is worse does not, but for a
while and with a reason. The phase and the estimates of the audit stay as they are.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from longtail.atomic import write_durably
from longtail.auditing.ratchet_numbers import Accepted, Allowance, found_in, named, relation, short
from longtail.errors import ConfigError, ReadError, UsageError
from longtail.records import Finding, Record, Report
from longtail.rules.waiving import RATCHETED

_ANOTHER = "name another file, or move this one away and begin it again with --update-baseline FILE"


class Ratchet(Record, frozen=True):
    """What is done with a file of accepted numbers.

    Args:
        path: The file.
        is_updated: Whether today's numbers are written to it, where they are new or better.
        reason: Why a worse number is accepted for a while; empty where none is.
        owner: Who answers for that.
        expires: The last day on which a worse number is accepted.
    """

    path: str
    is_updated: bool = False
    reason: str = ""
    owner: str | None = None
    expires: date | None = None

    def __post_init__(self) -> None:
        """Refuse half of a reason."""
        if bool(self.reason.strip()) != (self.expires is not None):
            raise UsageError("a worse number is accepted with a reason and a last day: give --reason and --expires together")
        if (self.reason or self.owner) and not (self.is_updated and self.reason):
            raise UsageError("--reason, --owner and --expires speak of worse numbers to be written: give them with --update-baseline FILE")


class Stored(Record, frozen=True):
    """What the file holds."""

    endpoints: tuple[Accepted, ...] = ()
    format: Literal["longtail-accepted"] = "longtail-accepted"
    version: Literal[1] = 1


def ratchet_of(given: str | os.PathLike[str] | Ratchet | None) -> Ratchet | None:
    """Return what is done with accepted numbers, after a look at the file, so that a damaged one is refused before any work.

    Raises:
        ReadError: The file cannot be read, or is none of accepted numbers.
        ConfigError: It is to be written into a folder that does not exist.
    """
    if given is None:
        return None
    ratchet = given if isinstance(given, Ratchet) else Ratchet(path=os.fspath(given))
    if ratchet.is_updated and not Path(ratchet.path).resolve().parent.is_dir():
        raise ConfigError(f"--update-baseline {ratchet.path!r}: there is no such folder; make it, or name another file")
    read_accepted(ratchet)
    return ratchet


def read_accepted(ratchet: Ratchet) -> tuple[Accepted, ...]:
    """Return the accepted numbers of the file; none where it is to be written and is not there.

    Raises:
        ReadError: The file cannot be read, or is none of accepted numbers; it is left as it is.
    """
    try:
        stored = msgspec.json.decode(Path(ratchet.path).read_bytes(), type=Stored)
    except FileNotFoundError as error:
        if ratchet.is_updated:
            return ()
        fix = f"write it first: longtail audit DATA --reference HUMAN.jsonl --update-baseline {ratchet.path}"
        raise ReadError(ratchet.path, "there are no accepted numbers here", fix=fix) from error
    except OSError as error:
        raise ReadError(ratchet.path, f"the accepted numbers cannot be read: {error.strerror or error}", fix=_ANOTHER) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ReadError(ratchet.path, f"is no file of accepted numbers, or a damaged one: {error}", fix=_ANOTHER) from error
    places = [each.place for each in stored.endpoints]
    if len(set(places)) < len(places):
        twice = next(each.name for each in stored.endpoints if places.count(each.place) > 1)
        raise ReadError(ratchet.path, f"is a damaged file of accepted numbers: {twice} stands in it twice", fix=_ANOTHER)
    return stored.endpoints


def ratcheted(report: Report, ratchet: Ratchet | None, key: str) -> Report:
    """Return the report with findings that are no worse than what was accepted moved into the panel `ratchet`; may write the file.

    Args:
        report: Of an audit.
        ratchet: What is done with accepted numbers; None changes nothing.
        key: Of the audit, as in a history.

    Raises:
        ReadError: The file cannot be read.
        ConfigError: It cannot be written; it is as it was.
    """
    if ratchet is None:
        return report
    entries = read_accepted(ratchet)
    told: list[str] = []
    today = datetime.fromisoformat(report.created_at).date()
    if ratchet.is_updated:
        updated, told = tightened(entries, found_in(report, key), ratchet, today)
        if updated != entries:
            _write(Path(ratchet.path), updated)
        entries = updated
    standing, panel = judged(report, entries, today)
    return msgspec.structs.replace(report, findings=standing, panels=report.panels | {"ratchet": panel | {"updated": told}})


def tightened(
    entries: Sequence[Accepted], found: Sequence[Accepted], ratchet: Ratchet, today: date
) -> tuple[tuple[Accepted, ...], list[str]]:
    """Return the accepted numbers after an update, in the order of their places, and a sentence on each that was looked at.

    New ones come in, better ones take the place of the old, worse ones come in for a while where a reason is given, and else not
    at all. What is measured otherwise than it was (by another reference, baseline or tau) replaces nothing.
    """
    by_place = {each.place: each for each in entries}
    told = []
    for each in found:
        by_place[each.place], said = _merged(by_place.get(each.place), each, ratchet, today)
        told.append(f"{each.name}: {said}")
    return tuple(by_place[place] for place in sorted(by_place)), told or ["nothing was decided, so there is no number to accept"]


def _merged(old: Accepted | None, new: Accepted, ratchet: Ratchet, today: date) -> tuple[Accepted, str]:
    if old is None:
        return new, f"{short(new)} accepted"
    if old.measured_by != new.measured_by:
        return old, "measured by another reference, baseline or tau than before: the accepted number stays; begin a new file for it"
    how = relation(old, new)
    if how == "better":
        return new, f"tightened from {short(old)} to {short(new)}"
    if how != "worse":
        return old, f"stays at {short(old)}; today's {short(new)} is no better beyond noise"
    if ratchet.expires is None:
        return old, f"not loosened: stays at {short(old)}, today's {short(new)} is worse; --reason and --expires accept it for a while"
    numbers = {name: getattr(new, name) for name in ("value", "low", "high", "n", "time", "key")}
    allowed = Allowance(**numbers, reason=ratchet.reason, owner=ratchet.owner, expires=ratchet.expires)
    said = f"{short(new)} accepted until {ratchet.expires} ({ratchet.reason}); stays at {short(old)} after that"
    return msgspec.structs.replace(old, allowance=allowed), said if today <= ratchet.expires else f"{said}, a day that has passed"


def judged(report: Report, entries: Sequence[Accepted], today: date) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    """Return the findings that stand, and the panel: findings that were accepted, and why others that could have been were not."""
    by_place = {each.place: each for each in entries}
    standing: list[Finding] = []
    accepted: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for finding in report.findings:
        lost = found_in(report, "", metrics=RATCHETED.get(finding.code, ()), decisions=("shrunk", "watch"))
        answers = [_answer(by_place.get(each.place), each, today) for each in lost]
        against = [f"{each.name}: {said}" for each, (is_accepted, said) in zip(lost, answers, strict=True) if not is_accepted]
        if lost and not against:
            told = [f"{each.name}: {said}" for each, (_, said) in zip(lost, answers, strict=True)]
            accepted.append({"finding": msgspec.to_builtins(finding), "because": told})
        else:
            standing.append(finding)
            refused += [{"code": finding.code, "because": against}] if against else []
    return tuple(standing), {"accepted": accepted, "refused": refused}


def _answer(entry: Accepted | None, today_found: Accepted, today: date) -> tuple[bool, str]:
    """Return whether a loss is accepted, and why or why not."""
    if entry is None:
        return False, f"{short(today_found)} was not accepted before"
    if entry.measured_by != today_found.measured_by:
        return False, "was accepted as measured by another reference, baseline or tau"
    limit = entry.in_force(today)
    until = f", which was accepted until {entry.allowance.expires}" if entry.allowance and limit is not entry else ""
    says = {
        "worse": f"{short(today_found)} is worse than {short(limit)}{until}",
        "too_few": f"{today_found.n:,} {named(today_found.n)} are too few to tell: {limit.n:,} were accepted on",
    }
    how = relation(limit, today_found)
    return how not in says, says.get(how, f"{short(today_found)} is no worse than {short(limit)}{until}")


def _write(target: Path, entries: Iterable[Accepted]) -> None:
    stored = Stored(endpoints=tuple(entries))
    try:
        write_durably(target, msgspec.json.format(msgspec.json.encode(stored), indent=1) + b"\n")
    except OSError as error:
        raise ConfigError(f"accepted numbers {str(target)!r} cannot be written: {error.strerror or error}; {_ANOTHER}") from error
