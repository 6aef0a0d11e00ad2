"""What two audits have to share before their numbers may be held against each other, and what else is not the same."""

from typing import Any

import msgspec

from longtail.auditing.compared import Alike
from longtail.records import InputRecord, Report, Role

ANCHORS: tuple[Role, ...] = ("reference", "baseline", "control")
"""Inputs that both audits have to share: what they measure by."""
NEEDED = ("tau", "seed", "role", "features", "validity")
"""Settings that change what is measured; the others change only how it is judged, or how much of it."""
OTHERS = ("alpha", "margin", "views", "by", "horizon", "exact")


def alike(a: Report, b: Report) -> tuple[Alike, ...]:
    """Return what has to be the same in both, and of the rest what is not."""
    stated = [{**report.settings, "seed": report.seed} for report in (a, b)]
    needed = [_anchor(a, b, role) for role in ANCHORS]
    needed += [_setting(name, stated, needed=True) for name in NEEDED]
    others = [_setting(name, stated, needed=False) for name in OTHERS]
    others.append(_same("longtail_version", a.longtail_version, b.longtail_version, needed=False))
    return (*(each for each in needed if each is not None), *(each for each in others if not each.is_same))


def hindrance(found: Alike) -> str:
    """Return why a difference may not be marked; empty where this does not hinder it."""
    if found.is_same or not found.needed:
        return ""
    if found.is_same is None:
        return f"whether both have the same {found.name} is not known, for it was not hashed: {found.a} and {found.b}"
    return f"{found.name} is not the same: {found.a} and {found.b}"


def _same(name: str, a: str, b: str, *, needed: bool) -> Alike:
    return Alike(name=name, a=a, b=b, is_same=a == b, needed=needed)


def _setting(name: str, stated: list[dict[str, Any]], *, needed: bool) -> Alike:
    a, b = (msgspec.json.encode(each.get(name), order="deterministic").decode() for each in stated)
    return _same(name, a, b, needed=needed)


def _anchor(a: Report, b: Report, role: Role) -> Alike | None:
    """Return whether both measured by the same input; None where neither has one of that role."""
    first, second = ([each for each in report.inputs if each.role == role] for report in (a, b))
    if not first and not second:
        return None
    return Alike(name=role, a=_told(first), b=_told(second), is_same=_is_same(first, second), needed=True)


def _told(found: list[InputRecord]) -> str:
    return ", ".join(f"{each.path} ({(each.sha256 or 'not hashed')[:12]})" for each in found) or "none"


def _is_same(first: list[InputRecord], second: list[InputRecord]) -> bool | None:
    hashes = [[each.sha256 for each in found] for found in (first, second)]
    if len(first) != len(second):
        return False
    return None if None in (*hashes[0], *hashes[1]) else hashes[0] == hashes[1]
