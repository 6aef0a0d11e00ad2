"""A sentence as the rules read it: its content words with their places, its numbers and dates, and how it is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from longtail.gates.entailment.dates import Date, dates_of
from longtail.gates.entailment.lexicon import (
    AUXILIARIES,
    BE,
    COPULAS,
    ENGLISH,
    FINITE,
    FREQUENCIES,
    GOVERNORS,
    IMPLICIT_NEGATIONS,
    MODES,
    NEGATIONS,
    NOT_SUPERLATIVE,
    PRONOUNS,
    QUANTIFIERS,
    RELATIVES,
    REPORTING,
    SCOPE_ENDS,
    SEPARATORS,
    STOP,
    SUPERLATIVE,
)
from longtail.gates.entailment.quantities import Quantity, quantities_of
from longtail.gates.entailment.words import Token, stem, tokens_of, word_at

ENOUGH_WORDS = 5
"""Words below which a sentence does not show its language."""
LEAST_ENGLISH = 0.1
"""Share of function words below which a sentence is not taken to be English; our own choice."""


class Item(NamedTuple):
    """A content word.

    Attributes:
        key: Its key.
        at: Its token.
        part: Which part of the sentence it is in, parts being cut at commas and conjunctions.
        negated: Whether it is denied; None where "no" stands before it, so that it may or may not be.
        governor: The preposition before it, or "".
        name: Whether it is a capitalised word within a sentence.
        one: Whether "a" or "some" stands at most two words before it, so that another one may be meant elsewhere.
    """

    key: str
    at: int
    part: int
    negated: bool | None
    governor: str
    name: bool
    one: bool


class Quantifier(NamedTuple):
    """How many of something: "all", "not all", "most", "many", "some" or "few", and the keys of what."""

    kind: str
    of: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """What the rules take from one sentence.

    Attributes:
        tokens: Its words, numbers and marks.
        parts: Part of the sentence of each token.
        items: Its content words.
        quantities: Its numbers with units.
        dates: Its dates.
        quantifiers: How much of what it speaks of.
        modes: Part and mode of each word that takes it out of what is plainly so.
        compares: Whether it says "than" of something other than a number.
    """

    tokens: Sequence[Token]
    parts: Sequence[int]
    items: Sequence[Item]
    quantities: Sequence[Quantity]
    dates: Sequence[Date]
    quantifiers: Sequence[Quantifier]
    modes: frozenset[tuple[int, str]]
    compares: bool

    @cached_property
    def keys(self) -> frozenset[str]:
        """Keys of the content words."""
        return frozenset(item.key for item in self.items)

    @cached_property
    def places(self) -> dict[str, list[Item]]:
        """Content words by key, in order."""
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.key, []).append(item)
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """All words in lower case."""
        return frozenset(token.text for token in self.tokens)

    @cached_property
    def heads(self) -> dict[int, frozenset[str]]:
        """Keys with which each part begins that has a content word: the first, or the name that it is the beginning of."""
        found: dict[int, frozenset[str]] = {}
        for item in self.items:
            name = next((run for run in self.names if item in run), (item,))
            found.setdefault(item.part, frozenset(each.key for each in name))
        return found

    @cached_property
    def names(self) -> list[tuple[Item, ...]]:
        """Runs of two or more capitalised words."""
        runs: list[list[Item]] = []
        for item in self.items:
            if not self.tokens[item.at].is_capital:
                continue
            if runs and runs[-1][-1].at == item.at - 1:
                runs[-1].append(item)
            else:
                runs.append([item])
        return [tuple(run) for run in runs if len(run) > 1]

    @property
    def has_copula(self) -> bool:
        """Tell whether a form of "be" occurs."""
        return not self.words.isdisjoint(COPULAS)

    @property
    def is_english(self) -> bool:
        """Tell whether it has the function words of English, where it is long enough to tell."""
        words = [token.text for token in self.tokens if token.is_word]
        return len(words) < ENOUGH_WORDS or sum(word in ENGLISH for word in words) >= LEAST_ENGLISH * len(words)

    @property
    def is_reported(self) -> bool:
        """Tell whether it says that somebody said so."""
        return not self.words.isdisjoint(REPORTING)

    @cached_property
    def relative_parts(self) -> frozenset[int]:
        """Parts that begin with "who", "which", "that" or the like."""
        return frozenset(self.parts[at] for at, token in enumerate(self.tokens) if token.text in RELATIVES)

    @property
    def opens_with_pronoun(self) -> bool:
        """Tell whether it begins with a word that stands for something said before."""
        return bool(self.tokens) and self.tokens[0].text in PRONOUNS

    @cached_property
    def agent(self) -> int | None:
        """Token of the "by" that names who did it in the passive, or None."""
        for at, token in enumerate(self.tokens):
            if token.text == "by" and _is_passive(self.tokens, at):
                return at
        return None

    @cached_property
    def superlatives(self) -> frozenset[str]:
        """Keys of the words that single out one: "largest", "only", "first", "the most"."""
        found = {item.key for item in self.items if self._singles_out(self.tokens[item.at].text)}
        ordinal = any(quantity.kind == "ordinal" for quantity in self.quantities)
        return frozenset(found | ({"first"} if ordinal else set()))

    @staticmethod
    def _singles_out(word: str) -> bool:
        return word in SUPERLATIVE or (len(word) > 4 and word.endswith("est") and word not in NOT_SUPERLATIVE)


def read(text: str) -> Reading:
    """Return a sentence as the rules read it."""
    tokens = tokens_of(text)
    taken: set[int] = set()
    dates = dates_of(tokens, taken)
    quantities = quantities_of(tokens, taken)
    parts = _parts(tokens, taken)
    modes = _modes(tokens, parts, taken)
    quantifiers, used = _quantifiers(tokens, taken)
    taken |= used
    denied = _denied(tokens, taken)
    items = [
        Item(
            stem(token.text), at, parts[at], denied.get(at, False), _governor(tokens, at), at > 0 and token.is_capital, _is_one(tokens, at)
        )
        for at, token in enumerate(tokens)
        if at not in taken and _is_content(token)
    ]
    compares = any(token.text == "than" and at not in taken for at, token in enumerate(tokens))
    return Reading(tokens, parts, items, quantities, dates, quantifiers, modes, compares)


def _is_content(token: Token) -> bool:
    if not token.is_word or token.text in MODES or token.text in IMPLICIT_NEGATIONS:
        return False
    return token.text not in STOP and (len(token.text) > 1 or token.is_capital)


def _parts(tokens: Sequence[Token], taken: set[int]) -> list[int]:
    parts, part = [], 0
    for at, token in enumerate(tokens):
        if at not in taken and (token.text in SEPARATORS or token.text in ",;:()—–"):
            part += 1
        parts.append(part)
    return parts


def _modes(tokens: Sequence[Token], parts: Sequence[int], taken: set[int]) -> frozenset[tuple[int, str]]:
    found = {(parts[at], MODES[token.text]) for at, token in enumerate(tokens) if at not in taken and token.text in MODES}
    return frozenset(found | ({(-1, "question")} if tokens and tokens[-1].text == "?" else set()))


def _quantifiers(tokens: Sequence[Token], taken: set[int]) -> tuple[list[Quantifier], set[int]]:
    found, used = [], set()
    for at, token in enumerate(tokens):
        kind = _kind_of(token.text, word_at(tokens, at - 1))
        if not kind or at in taken or (kind == "some" and at + 1 in taken):
            continue
        found.append(Quantifier(kind, frozenset() if token.text in FREQUENCIES else _following(tokens, at + 1)))
        used.add(at)
    return found, used


def _kind_of(word: str, before: str) -> str:
    """Return how many a word says, "" where it says nothing of that: "the most" singles out, and "a few" are some."""
    kind = QUANTIFIERS.get(word, "")
    changed = {("the", "most"): "", ("not", "all"): "not all", ("a", "few"): "some"}
    return changed.get((before, word if word == "most" else kind), kind)


def _following(tokens: Sequence[Token], at: int) -> frozenset[str]:
    found: list[str] = []
    for token in tokens[at : at + 5]:
        if _is_content(token):
            found.append(stem(token.text))
        elif found or not token.is_word or token.text in AUXILIARIES:
            break
    return frozenset(found[:2])


def _denied(tokens: Sequence[Token], taken: set[int]) -> dict[int, bool | None]:
    found: dict[int, bool | None] = {}
    for at, token in enumerate(tokens):
        if at in taken or not _denies(token.text, word_at(tokens, at + 1)):
            continue
        scope = [here for here in _scope(tokens, at) if here not in taken and _is_content(tokens[here])]
        found |= dict.fromkeys(scope, True)
        if token.text in ("no", "none", "neither") and len(scope) > 1:
            found[scope[0]] = None
    return found


def _denies(word: str, after: str) -> bool:
    """Tell whether a word denies what follows; "not only" and "not all" do not."""
    if word == "not" and (after == "only" or QUANTIFIERS.get(after) == "all"):
        return False
    return word in NEGATIONS or word in IMPLICIT_NEGATIONS


def _scope(tokens: Sequence[Token], at: int) -> list[int]:
    most = 4 if tokens[at].text == "without" else len(tokens)
    found = []
    for here in range(at + 1, min(len(tokens), at + 1 + most)):
        word = tokens[here].text
        after = tokens[here + 1].text if here + 1 < len(tokens) else ""
        if word in ",;:()" or word in SCOPE_ENDS or (word == "and" and after in STOP):
            break
        found.append(here)
    return found


def _governor(tokens: Sequence[Token], at: int) -> str:
    """Return the preposition before a word, at most two other words between, none of them a verb's or a mark."""
    for token in reversed(tokens[max(0, at - 3) : at]):
        if token.text in GOVERNORS:
            return GOVERNORS[token.text] or token.text
        if not token.is_word or token.text in SEPARATORS or token.text in AUXILIARIES or token.text in FINITE or token.text.endswith("ed"):
            break
    return ""


def _is_one(tokens: Sequence[Token], at: int) -> bool:
    return any(token.text in ("a", "an", "some", "another") for token in tokens[max(0, at - 2) : at])


def _is_passive(tokens: Sequence[Token], by: int) -> bool:
    """Tell whether a form of "be" stands at most ten words before "by", and a word between."""
    after = tokens[by + 1] if by + 1 < len(tokens) else None
    if after is None or after.is_number or after.text.endswith("ing"):
        return False
    return by > 1 and any(token.text in BE for token in tokens[max(0, by - 10) : by - 1])
