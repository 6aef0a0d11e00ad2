"""Names that say which version a file, folder or tag is of: v3, gen3, checkpoint-500, 2024-05."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_COUNTED = re.compile(
    r"(?<![a-z0-9])(version|ver|v|generation|gen|g|iteration|iter|round|cycle)([-_ ]?)(\d{1,6}(?:\.\d{1,6})*)(?![a-z0-9])", re.IGNORECASE
)
_STEPS = re.compile(r"(?<![a-z0-9])(checkpoint|ckpt|step|epoch)([-_ ]?)(\d{1,12})(?![a-z0-9])", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?!\d)")
_FAMILIES = {"version": "v", "ver": "v", "v": "v", "iteration": "iter", "iter": "iter", "round": "round", "cycle": "cycle"}
_STEP_FAMILIES = {"checkpoint": "checkpoint", "ckpt": "checkpoint", "step": "step", "epoch": "epoch"}


@dataclass(frozen=True)
class Label:
    """The version in a name.

    Attributes:
        text: As it is written, such as "gen-3".
        prefix: What stands before the number there, such as "gen-".
        family: "v", "gen", "iter", "round", "cycle", "checkpoint", "step", "epoch" or "date".
        numbers: 3 for v3; 1 and 2 for v1.2; year, month and day.
    """

    text: str
    prefix: str
    family: str
    numbers: tuple[int, ...]

    @property
    def key(self) -> str:
        """Return what two writings of one version share."""
        return f"{self.family}{'.'.join(map(str, self.numbers))}"

    @property
    def count(self) -> int | None:
        """Return the number of a version that is counted one by one, None for steps, dates and numbers with a point."""
        return self.numbers[0] if len(self.numbers) == 1 and self.family not in (*_STEP_FAMILIES.values(), "date") else None


def label_of(name: str) -> Label | None:
    """Return the version that a name or path states: a counted one before a date, a date before a step; of several the last.

    Args:
        name: Such as "data/v3/train.jsonl", "gen-3" or "checkpoint-500".
    """
    return _last(_COUNTED, name, _counted) or _last(_DATE, name, _date) or _last(_STEPS, name, _step)


def _last(pattern: re.Pattern[str], name: str, made: Callable[[re.Match[str]], Label]) -> Label | None:
    found = list(pattern.finditer(name))
    return made(found[-1]) if found else None


def _counted(found: re.Match[str]) -> Label:
    word, gap, digits = found.groups()
    family = _FAMILIES.get(word.lower(), "gen")
    return Label(found.group(), word + gap, family, tuple(int(part) for part in digits.split(".")))


def _step(found: re.Match[str]) -> Label:
    word, gap, digits = found.groups()
    return Label(found.group(), word + gap, _STEP_FAMILIES[word.lower()], (int(digits),))


def _date(found: re.Match[str]) -> Label:
    return Label(found.group(), "", "date", tuple(int(part) for part in found.groups() if part))


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts v2 before v10."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
