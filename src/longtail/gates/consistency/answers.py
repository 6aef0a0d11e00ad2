"""Answers to one prompt: what two of them have in common, and which of them most samples give."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from longtail.errors import ConfigError, UnknownName

Normal: TypeAlias = Callable[[Any], str | None]
"""Returns the form in which an answer is compared, None where it is no answer."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")


class Vote(NamedTuple):
    """What the samples of one prompt say.

    Attributes:
        answer: The answer that most of them give, in the form in which answers are compared; None where two lead or none answers.
        share: Its share of all samples, those without an answer included; of each of them where several lead.
        leading: All answers that lead, in the order of their first sample.
        samples: How many samples there are.
        counts: How many samples give each answer.
    """

    answer: str | None
    share: float
    leading: tuple[str, ...]
    samples: int
    counts: Counter[str]

    def share_of(self, answer: str) -> float:
        """Return the share of the samples that give an answer."""
        return self.counts[answer] / self.samples if self.samples else 0.0


def majority(samples: Sequence[Any], normal: Normal | None = None) -> Vote:
    """Return the vote of the samples of one prompt: relabel a prompt with its `answer` rather than drop it.

    Args:
        samples: Answers, one for each sample; None where a sample gave none.
        normal: How answers are compared; by default as `text` does.

    Source:
        Self-consistency, Wang et al., arXiv:2203.11171.
    """
    forms = [(normal or text)(sample) for sample in samples]
    counts = Counter(form for form in forms if form is not None)
    most = max(counts.values(), default=0)
    leading = tuple(answer for answer, votes in counts.items() if votes == most)
    alone = leading[0] if len(leading) == 1 else None
    return Vote(alone, most / len(forms) if forms else 0.0, leading, len(forms), counts)


def exact(answer: Any) -> str | None:
    """Return an answer as it is written."""
    return None if answer is None or answer == "" else str(answer)


def text(answer: Any) -> str | None:
    """Return an answer without regard to case, to white space, and to a full stop at its end."""
    if answer is None:
        return None
    form = " ".join(str(answer).split()).casefold().removesuffix(".").rstrip()
    return form or None


def number(answer: Any) -> str | None:
    """Return a number in one form, so that 0.50, 1/2 and .5 agree; what is no finite number is no answer."""
    if answer is None or isinstance(answer, bool):
        return None
    written = _THOUSANDS.sub("", str(answer).strip()).removesuffix(".").replace("\N{MINUS SIGN}", "-")
    over, slash, under = written.partition("/")
    try:
        parts = [Decimal(part.strip()) for part in ((over, under) if slash else (over,))]
        finite = all(part.is_finite() and abs(part.adjusted()) < _LONGEST for part in parts)
        return str(math.prod((Fraction(parts[0]), *(1 / Fraction(part) for part in parts[1:])))) if finite else None
    except (InvalidOperation, ZeroDivisionError):
        return None


_LONGEST = 1000
"""Digits before or after the point beyond which what is written is taken for no number."""

NORMAL: dict[str, Normal] = {"exact": exact, "text": text, "number": number}


def normal_of(gate: str, given: str | Normal) -> Normal:
    """Return how answers are compared, from its name or a function.

    Raises:
        UnknownName: There is no such way.
        ConfigError: It is neither a name nor a function.
    """
    if callable(given):
        return given
    if not isinstance(given, str):
        raise ConfigError(f"{gate}: compare is {given!r}; take {', '.join(NORMAL)}, or a function")
    if given not in NORMAL:
        raise UnknownName(f"way to compare answers ({gate})", given, NORMAL)
    return NORMAL[given]
