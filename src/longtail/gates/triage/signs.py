"""Cheap signs that a text is damaged, each a number, and how much damage a number stands for.

A sign is full damage (1) at `broken` and none (0) at `clear`. All thresholds are our own; tests say what they were set on and
what they were held against.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]


class Sign(NamedTuple):
    """A sign of damage.

    Attributes:
        clear: Value up to which it says nothing.
        broken: Value from which it is full damage.
        says: What is measured, in words.
    """

    clear: float
    broken: float
    says: str

    def damage(self, values: Floats) -> Floats:
        """Return the damage of each value, from 0 to 1; 0 where there is no value (NaN)."""
        scaled: Floats = np.clip((values - self.clear) / (self.broken - self.clear), 0, 1)
        return np.nan_to_num(scaled)


SIGNS: Mapping[str, Sign] = {
    "encoding": Sign(0.01, 0.08, "characters of a wrong encoding a word"),
    "markup": Sign(0.1, 0.4, "share of characters in tags, attributes and entities"),
    "blobs": Sign(0.15, 0.5, "share of characters in strings of mixed letters and digits"),
    "symbols": Sign(0.5, 0.8, "share of characters that are no letter, digit or space"),
    "repetition": Sign(0.4, 0.8, "share of characters in repeated runs of five words"),
    "menu": Sign(0.1, 0.35, "share of words of menus and notices"),
    "letters": Sign(0.6, 1.2, "nats by which the order of letters is worse than chance"),
    "words": Sign(0.5, 1.5, "nats by which the order of words is worse than chance"),
}
"""Every sign by name; the last two need a reference."""

FEWEST = {"repetition": 12, "menu": 6}
"""Words below which a sign says nothing."""

_FIRST = "\u00c2\u00c3\u00c4\u00c5\u00ce\u00cf\u00d0\u00d1\u00d7\u00d8\u00d9"
_REST = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_BROKEN = re.compile(
    f"[{_FIRST}][{_REST}]|[\u00e0-\u00ef][{_REST}]{{2}}|[\u00f0-\u00f4][{_REST}]{{3}}|[\ufffd\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]"
)
_MARKUP = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s+[a-zA-Z:-]+(?:=(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}'|[^\s<>\"']{1,300}))?)*\s*/?>|<!--|-->|<!DOCTYPE|"
    r"&(?:[a-zA-Z]{2,8}|#\d{1,6});|\b(?:class|href|src|style|id|onclick|rel|alt|width|height)=[\"'][^\"']{0,200}[\"']"
)
_LONG = re.compile(r"[A-Za-z0-9+/=_-]{12,}")
_PAIRS = re.compile(r"(?:(?:0x|%|\\x|\\u00|&#x)?[0-9a-fA-F]{2};?[\s,:-]?){16,}")
_SWITCH = re.compile(r"[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])|[a-z](?=[A-Z])|[0-9]-(?=[0-9A-Za-z])")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u109f\u1780-\u17ff"
_SIGN = re.compile(f"[^\\w\\s{_MARKS}]|_")
_PHRASES = (
    r"home ?page|about us|contact(?: us)?|log ?in|log ?out|sign ?(?:in|up)|register|subscribe|newsletter|my account|add to cart|checkout",
    r"privacy policy|cookies?(?: policy)?|terms of (?:use|service)|terms (?:and|&) conditions|all rights reserved|copyright|©|accept all",
    r"site ?map|skip to (?:main )?content|click here|read more|learn more|next page|previous page|back to top|view all|menu|search|home",
    r"share on|share this|facebook|twitter|instagram|linkedin|pinterest|follow us|powered by|faqs?|help cent(?:er|re)|careers|advertise",
)
_CODE = re.compile(f"[^\\w\\s{_MARKS}.,;:'\"!?()%&/\u2010-\u2026«»¿¡-]|_")
_MENU = re.compile(rf"\b(?:{'|'.join(_PHRASES)})(?!\w)", re.IGNORECASE)
_LEAST_SWITCHES = 3


def direct(texts: pa.Array, repetition: Floats, words: Floats) -> dict[str, Floats]:
    """Return the signs that need no reference, each of shape (documents,), and as `code` the share of signs that prose has not.

    Args:
        texts: The documents; null is blank.
        repetition: Share of the characters of each in repeated runs of five words.
        words: Words of each.
    """
    plain = [text or "" for text in texts.to_pylist()]
    pieces = np.maximum(words, 1)
    characters = np.array([max(len(text), 1) for text in plain], np.float64)
    found = {name: _each(plain, count) / whole for name, count, whole in _counts(characters, pieces)}
    found["repetition"] = repetition
    for name, fewest in FEWEST.items():
        found[name] = np.where(words < fewest, 0.0, found[name])
    return found


def _counts(characters: Floats, words: Floats) -> tuple[tuple[str, Callable[[str], int], Floats], ...]:
    return (
        ("encoding", _misread, words),
        ("markup", lambda text: _inside(_MARKUP, text), characters),
        ("blobs", _blobs, characters),
        ("symbols", lambda text: len(_SIGN.findall(text)), characters),
        ("menu", _menu, words),
        ("code", lambda text: len(_CODE.findall(text)), characters),
    )


def _each(texts: list[str], count: Callable[[str], int]) -> Floats:
    return np.fromiter((count(text) for text in texts), np.float64, len(texts))


def _misread(text: str) -> int:
    return len(_BROKEN.findall(text))


def _inside(pattern: re.Pattern[str], text: str) -> int:
    return sum(each.end() - each.start() for each in pattern.finditer(text))


def _blobs(text: str) -> int:
    """Return the characters in long strings that go from letters to digits, or from small to capital letters, again and again.

    Runs of pairs of hexadecimal digits count too, as in dumps and in percent signs, if a tenth of the digits are letters.
    """
    runs = [each.group() for each in _PAIRS.finditer(text)]
    inside = sum(len(run) for run in runs if _is_hexadecimal(run))
    strings = _LONG.findall(text)
    return max(inside, sum(len(each) for each in strings if len(_SWITCH.findall(each)) >= _LEAST_SWITCHES or each.isdigit()))


def _is_hexadecimal(run: str) -> bool:
    letters, digits = sum(map(str.isalpha, run)), sum(map(str.isdigit, run))
    return 10 * letters >= letters + digits and digits > 0


def _menu(text: str) -> int:
    return sum(len(each.group().split()) for each in _MENU.finditer(text))
