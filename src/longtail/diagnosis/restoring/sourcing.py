"""What has to be found elsewhere, from a plan, as rows that somebody can work through."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from longtail.atomic import replaced
from longtail.diagnosis.recovery.records import Plan, Wanted
from longtail.errors import ReadError, UsageError
from longtail.ledger.tagging.sinks import writing


def read_plan(path: str | os.PathLike[str]) -> Plan:
    """Read a plan that `longtail recover plan` wrote.

    Raises:
        ReadError: There is none, or it is damaged.
    """
    name, fix = os.fspath(path), "write one with longtail recover plan … --out plan.json"
    try:
        return msgspec.json.decode(Path(name).read_bytes(), type=Plan)
    except OSError as error:
        raise ReadError(name, f"cannot be read as a plan: {error.strerror}", fix=fix) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise ReadError(name, f"is no plan of recovery: {error}", fix=fix) from None


def write_shopping(wanted: Sequence[Wanted], output: str, inputs: Sequence[str]) -> int:
    """Write a shopping list as JSON Lines, most rows first as in the plan, and return its length.

    Args:
        wanted: What to look for.
        output: Where to write, .jsonl.
        inputs: Files that may not be written over.

    Raises:
        UsageError: It cannot be written, or nothing is to be looked for.
    """
    if not wanted:
        raise UsageError("the plan has nothing to look for elsewhere: what is held has all that it counted")
    place = Path(output)
    if place.suffix != ".jsonl" or not place.parent.is_dir() or place.is_dir():
        raise UsageError(f"cannot write {output!r}: name a .jsonl file in a folder that exists")
    if place.resolve() in {Path(name).resolve() for name in inputs}:
        raise UsageError(f"{output!r} is one of the inputs; name another place")
    with writing(output), replaced(place) as draft:
        draft.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in wanted))
    return len(wanted)
