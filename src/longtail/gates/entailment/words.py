"""Words of a text and what is left of them when endings are taken off; the same key is made of both sides of a pair."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from longtail.gates.entailment.lexicon import IRREGULAR, OPPOSITES, SAME


class Token(NamedTuple):
    """One word, number or mark: in lower case, as it was written, and where it begins."""

    text: str
    raw: str
    at: int

    @property
    def is_number(self) -> bool:
        """Tell whether it begins with a digit."""
        return self.text[0].isdigit()

    @property
    def is_word(self) -> bool:
        """Tell whether it begins with a letter."""
        return self.text[0].isalpha()

    @property
    def is_capital(self) -> bool:
        """Tell whether it is written with a capital."""
        return self.raw[0].isupper()


_TOKEN = re.compile(
    r"(?:(?<=\s)|^)[-−](?=[\d.]*\d)|\d+(?:[.,]\d+)*(?:(?:st|nd|rd|th|s)\b)?|km/h|m/s|°\s?[CF]\b|[^\W\d_]+(?:'[^\W\d_]+)*|[%$€£¥°]|[,;:()?!—–]"
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "‑": "-"})
_SHORT = {"can't": "can", "won't": "will", "shan't": "shall"}


def tokens_of(text: str) -> list[Token]:
    """Return the words, numbers and marks of a text in order; "didn't" is two words, and a possessive ending is none."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    found: list[Token] = []
    for each in _TOKEN.finditer(plain):
        raw, lower = each.group(), each.group().lower()
        if "'" in lower:
            found += _parted(raw, lower, each.start())
        elif lower == "cannot":
            found += [Token("can", raw, each.start()), Token("not", "not", each.start())]
        else:
            found.append(Token(lower, raw, each.start()))
    return found


def _parted(raw: str, lower: str, at: int) -> list[Token]:
    if lower.endswith("n't"):
        base = _SHORT.get(lower, lower[:-3])
        return [Token(base, raw, at), Token("not", "not", at)]
    base, _, ending = lower.rpartition("'")
    if ending == "ll":
        return [Token(base, raw, at), Token("will", "will", at)]
    if ending in ("s", "re", "ve", "d", "m", ""):
        return [Token(base, raw, at)]
    return [Token(lower.replace("'", ""), raw, at)]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the key of a word in lower case: its base where that is irregular, else the word without its endings.

    Plurals, "-ed", "-ing" and a last "e" are taken off (a light stemmer in the manner of Harman 1991), British and American
    spellings agree, and a few plain synonyms have one key. Comparatives and adverbs stay as they are.
    """
    return _same().get(_bare(word), _bare(word))


def word_at(tokens: Sequence[Token], at: int) -> str:
    """Return the word at a place in lower case, "" outside of the text."""
    return tokens[at].text if 0 <= at < len(tokens) else ""


def opposite(one: str, other: str) -> bool:
    """Tell whether two keys are opposites: listed as such, or one is "un-" or "non-" before the other."""
    if other in _opposites().get(one, ()):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and long in (f"un{short}", f"non{short}")


def opposites_of(key: str) -> frozenset[str]:
    """Return the keys that are opposites of a key, formed ones among them."""
    formed = {f"un{key}", f"non{key}"} if len(key) >= 4 else set()
    formed |= {key.removeprefix(start) for start in ("un", "non") if key.startswith(start) and len(key) - len(start) >= 4}
    return _opposites().get(key, frozenset()) | formed


def _bare(word: str) -> str:
    if word in IRREGULAR:
        return _spelling(IRREGULAR[word])
    return _spelling(_ending(_plural(word)))


def _plural(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _ending(word: str) -> str:
    for ending, least in (("ing", 3), ("ied", 2), ("ed", 3)):
        base = word.removesuffix(ending)
        if base != word and len(base) >= least and re.search("[aeiouy]", base):
            return f"{base}y" if ending == "ied" else _single(base)
    return word


def _single(base: str) -> str:
    """Undo the doubling of a last consonant: "stopp" is "stop"; "ll" and "ss" stay, as most verbs have them in their base."""
    doubled = len(base) > 3 and base[-1] == base[-2] and base[-1] not in "aeioulsz"
    return base[:-1] if doubled else base


def _spelling(word: str) -> str:
    word = word.removesuffix("e")
    if len(word) > 4 and word.endswith("iz"):
        word = f"{word[:-2]}is"
    word = word.replace("isation", "ization")
    if len(word) > 4 and word.endswith("our"):
        word = f"{word[:-3]}or"
    return f"{word[:-2]}l" if len(word) > 5 and word.endswith("ll") else word


@lru_cache(maxsize=1)
def _same() -> dict[str, str]:
    return {_bare(form): _bare(first) for form, first in SAME.items()}


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    pairs = [(stem(one), stem(other)) for one, other in OPPOSITES]
    both = [*pairs, *((other, one) for one, other in pairs)]
    return {key: frozenset(other for one, other in both if one == key) for key, _ in both}
