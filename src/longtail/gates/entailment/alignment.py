"""Which word of a source stands for which word of a claim, and whether they stand in the same relation."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from longtail.gates.entailment.lexicon import BE, SYMMETRIC
from longtail.gates.entailment.reading import Item, Reading
from longtail.gates.entailment.words import opposites_of


@dataclass(frozen=True)
class Alignment:
    """Words of a claim and of a sentence of a source that belong together.

    Attributes:
        source: The sentence.
        claim: The claim.
        pairs: Content words of both, once for each key of the claim, in the order of the claim.
        turned: Keys of the claim for which the source has the opposite.
        missing: Content words of the claim that the source does not have.
        parts: Parts of the sentence that speak of what the claim speaks of.
        attached: Whether all pairs lie in such parts.
    """

    source: Reading
    claim: Reading
    pairs: Sequence[tuple[Item, Item]]
    turned: frozenset[str]
    missing: Sequence[Item]
    parts: frozenset[int]
    attached: bool

    @cached_property
    def matched(self) -> frozenset[str]:
        """Keys of the source that stand for one of the claim."""
        return frozenset(given.key for given, _ in self.pairs)

    @cached_property
    def places(self) -> list[int]:
        """Tokens of the source in the order of the claim."""
        return [given.at for given, _ in self.pairs]

    @property
    def surplus(self) -> list[Item]:
        """Return the content words of the parts that the claim does not have."""
        return [item for item in self.source.items if item.part in self.parts and item.key not in self.matched]


def aligned(source: Reading, claim: Reading) -> Alignment:
    """Return the words of a claim beside those of a sentence; of several places of a word, the one that keeps the order."""
    stands = {key: _standing(source, key) for key in claim.keys}
    keys = {found for found in stands.values() if found}
    parts = _parts(source, keys)
    pairs: list[tuple[Item, Item]] = []
    missing: list[Item] = []
    seen: set[str] = set()
    for item in claim.items:
        found = stands[item.key]
        if found is None:
            missing.append(item)
        elif item.key not in seen:
            pairs.append((_placed(source.places[found], parts, pairs[-1][0].at if pairs else -1), item))
        seen.add(item.key)
    turned = frozenset(key for key, found in stands.items() if found not in (None, key))
    return Alignment(source, claim, pairs, turned, missing, parts, all(given.part in parts for given, _ in pairs))


def _standing(source: Reading, key: str) -> str | None:
    if key in source.places:
        return key
    return next((other for other in sorted(opposites_of(key)) if other in source.places), None)


def _parts(source: Reading, keys: set[str]) -> frozenset[int]:
    """Return the one part that holds all keys, else those whose first content word is one of them, and those that have none.

    A part that begins with another content word speaks of something else, as the second half of "Alice won gold and Bob won silver".
    """
    for part in source.heads:
        if keys <= {item.key for item in source.items if item.part == part}:
            return frozenset({part, *_bare(source)})
    return frozenset({*(part for part, head in source.heads.items() if head & keys), *_bare(source)})


def _bare(source: Reading) -> set[int]:
    return {part for part in source.parts if part not in source.heads}


def _placed(places: Sequence[Item], parts: frozenset[int], after: int) -> Item:
    inside = [place for place in places if place.part in parts] or places
    return next((place for place in inside if place.at > after), inside[0])


def roles(alignment: Alignment) -> str:
    """Return "same", "swapped" or "unclear": whether who does what to whom agrees.

    The order of the words decides, the passive read backwards; a copula may be turned round, and what a preposition stands before
    may move.
    """
    ends = [(given.governor, asked.governor) for given, asked in alignment.pairs]
    if ("from", "to") in ends and ("to", "from") in ends:
        return "swapped"
    source, claim = alignment.source.agent, alignment.claim.agent
    if (source is None) != (claim is None):
        return _across_voices(alignment)
    return _by_order(alignment)


def _across_voices(alignment: Alignment) -> str:
    """Compare a sentence in the passive with one in the active voice: what stands behind "by" in one stands first in the other."""
    source, claim = alignment.source, alignment.claim
    if source.agent is not None:
        active, by, sides = claim, source.agent, sorted((given.at, asked.at) for given, asked in alignment.pairs)
    else:
        active, by, sides = source, claim.agent or 0, sorted((asked.at, given.at) for given, asked in alignment.pairs)
    others = [there for here, there in sides if here < by]
    doers = [there for _, there in sides[len(others) :]]
    if not doers or len(others) < 2:
        return _by_order(alignment)
    done_to, deed = others[0], others[-1]
    if _follows_be(active, deed):
        return "unclear"
    return _sense(doers[0], deed, done_to)


def _sense(doer: int, deed: int, done_to: int) -> str:
    """Return which way round three places of an active sentence stand."""
    if doer < deed < done_to:
        return "same"
    return "swapped" if done_to < deed < doer else "unclear"


def _follows_be(reading: Reading, at: int) -> bool:
    """Tell whether a verb is itself in the passive, although nobody is said to do it."""
    before = {token.text for token in reading.tokens[max(0, at - 2) : at]}
    return not before.isdisjoint(BE) and not reading.tokens[at].text.endswith("ing")


def _by_order(alignment: Alignment) -> str:
    places = alignment.places
    if all(one < other for one, other in zip(places, places[1:], strict=False)):
        return "same"
    if _is_symmetric(alignment):
        return "same"
    if _is_turned_round(alignment):
        return "same"
    if _is_reversed(alignment):
        return "swapped"
    return "unclear"


def _is_symmetric(alignment: Alignment) -> bool:
    return not SYMMETRIC.isdisjoint(alignment.matched)


def _is_turned_round(alignment: Alignment) -> bool:
    """Tell whether the order is that of the claim begun at another word: "A is the B of C" and "the B of C is A"; "in C, A did B"."""
    places = alignment.places
    descents = [at for at in range(1, len(places)) if places[at] < places[at - 1]]
    if len(descents) != 1 or places[-1] > places[0]:
        return False
    given, asked = alignment.pairs[descents[0]]
    first = alignment.pairs[0]
    moved = (given.governor and asked.governor) or (first[0].governor and first[1].governor)
    return bool(moved) or (alignment.source.has_copula and alignment.claim.has_copula and not alignment.claim.compares)


def governed_alike(alignment: Alignment) -> bool:
    """Tell whether the same prepositions stand before the words of both, and no relative clause is torn from what it is about.

    "The mother of the king opened it" does not say that the king did.
    """
    if (alignment.source.agent is None) != (alignment.claim.agent is None):
        return True
    if {given.part for given, _ in alignment.pairs} <= alignment.source.relative_parts:
        return False
    if "between" in alignment.source.words and "between" not in alignment.claim.words:
        return False
    return all(given.governor == asked.governor for given, asked in alignment.pairs)


def _is_reversed(alignment: Alignment) -> bool:
    """Tell whether two blocks around a third have changed places, as A and B in "A bit B" and "B bit A", prepositions and all.

    What stands before and behind the three is the same in both.
    """
    places = alignment.places
    descents = [at for at in range(1, len(places)) if places[at] < places[at - 1]]
    moved = [at for at, (here, there) in enumerate(zip(places, sorted(places), strict=True)) if here != there]
    return len(descents) == 2 and _is_swap(alignment, (moved[0], *descents, moved[-1] + 1))


def _is_swap(alignment: Alignment, cuts: tuple[int, ...]) -> bool:
    start, one, two, end = cuts
    places, pairs = alignment.places, alignment.pairs
    swapped = [*places[:start], *places[two:end], *places[one:two], *places[start:one], *places[end:]]
    if any(before >= after for before, after in zip(swapped, swapped[1:], strict=False)):
        return False
    first, last = pairs[start], pairs[two]
    alike = first[1].governor == last[0].governor and last[1].governor == first[0].governor
    return alike and "with" not in (first[1].governor, last[1].governor)
