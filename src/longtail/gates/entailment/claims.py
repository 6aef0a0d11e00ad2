"""An answer taken apart into claims, each with the sources that it cites.

A claim is a sentence, or a clause where a semicolon or a comma with "and" or "but" joins two that could stand alone. What
introduces a list is said again with each item. Nothing is left out that holds a letter or a digit: what a verifier cannot
judge is not thereby true.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from longtail.gates.entailment.lexicon import ABBREVIATIONS, FINITE, MAY_END, listed


class Claim(NamedTuple):
    """One claim of an answer.

    Attributes:
        text: The claim, citation marks taken out.
        cited: Ids that its marks name, in order, each once.
        start: Where it begins in the answer.
        end: Where it ends, exclusive.
    """

    text: str
    cited: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


MOST_OF_A_RANGE = 50
"""Sources that "[1-9]" may name; a longer range is read as one id."""

_ID = r"[\w.:#/@-]+"
_BRACKETED = re.compile(rf"\[\^?({_ID}(?:\s*[,;]\s*\^?{_ID})*)\](?!\()|【({_ID})(?:†[^】]*)?】")
_NAMED = re.compile(rf"[\[(](?:see\s+)?(?:sources?|docs?|documents?|passages?|refs?|cf\.)\s*:?\s+({_ID}(?:\s*[,;]\s*{_ID})*)[\])]", re.I)
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*•‣]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+")
_END = re.compile(r"[.!?…。！？]+[\"'”’)\]»]*")
_OPENER = re.compile(r"[\s\"'“‘(\[«*_]*([^\W_])")
_WORD_BEFORE = re.compile(r"([^\W\d_](?:[^\W\d_]|\.(?=[^\W\d_]))*)$")
_JOINT = re.compile(r";\s+|,\s+(?:and|but|while|whereas)\s+(?=(?:[Tt]he|[Aa]n?|[A-Z]\w+)\s)")
_ACCORDING = re.compile(
    r"^(?:according to|as (?:stated|noted|described|reported|shown) (?:in|by)|per|based on)\s*"
    r"(?:the\s+)?(?:given\s+|provided\s+|retrieved\s+)?(?:sources?|documents?|passages?|texts?|evidence|context)?\s*,\s*",
    re.I,
)
_SPACE_BEFORE = re.compile(r"\s+([.,;:!?)])")


def claims_of(text: str, known: Collection[str] = ()) -> list[Claim]:
    """Return the claims of an answer in order.

    Citation marks are "[1]", "[1, 2]", "[1-3]", "[^1]", "[doc-3]" and "(source: id)"; a bracket is a mark where what it holds
    has a digit or is a known id, so that "[sic]" stays; so is "(doc 4)", and any id behind a colon. A mark behind the full stop
    belongs to the sentence before it.

    Args:
        text: The answer.
        known: Ids of sources, so that marks without a digit are found.
    """
    found: list[Claim] = []
    for start, end, lead in _units(text):
        for claim in _claims(text, start, end, known):
            if any(each.isalnum() for each in claim.text):
                found.append(claim._replace(text=f"{lead} {claim.text}") if lead else claim)
            elif claim.cited and found:
                found[-1] = found[-1]._replace(cited=tuple(dict.fromkeys((*found[-1].cited, *claim.cited))))
    return found


def _claims(text: str, start: int, end: int, known: Collection[str]) -> list[Claim]:
    """Return the claims of one sentence; a clause without a mark has that of the clause after it."""
    found: list[Claim] = []
    cited: tuple[str, ...] = ()
    for first, last in reversed(_clauses(text, start, end)):
        words, own = _without_marks(text[first:last], known)
        cited = own or cited
        found.insert(0, Claim(_ACCORDING.sub("", words), cited, first, last))
    return found


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Return where each sentence starts and ends (exclusive), the spaces between them left out."""
    return [(start, end) for first, last, _ in _lines(text) for start, end in _sentences(text, first, last)]


def marks_of(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the ids that the citation marks of a text name, in order, each once."""
    return _without_marks(text, known)[1]


def _units(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield sentences with what introduces them where they are items of a list."""
    lead = ""
    for first, last, item in _lines(text):
        spans = list(_sentences(text, first, last))
        if not item:
            lead = ""
        if not item and spans and text[spans[-1][0] : spans[-1][1]].endswith(":") and _item_follows(text, last):
            lead = text[spans[-1][0] : spans[-1][1] - 1].strip()
            spans.pop()
        for number, (start, end) in enumerate(spans):
            yield start, end, lead if item and not number else ""


def _item_follows(text: str, at: int) -> bool:
    rest = text[at:].lstrip("\r\n \t")
    return bool(_LIST_ITEM.match(rest))


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield paragraphs and items of lists: first, last, whether it is an item; a lone line break within a paragraph is a space."""
    start, item = 0, False
    at = 0
    for line in text.splitlines(keepends=True):
        mark = _LIST_ITEM.match(line)
        if mark or not line.strip() or (item and not line.startswith((" ", "\t"))):
            if text[start:at].strip():
                yield start, at, item
            start, item = at + (mark.end() if mark else 0), bool(mark)
        at += len(line)
    if text[start:].strip():
        yield start, len(text), item


def _sentences(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    start = first
    for end in _ends(text, first, last):
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, last)


def _ends(text: str, first: int, last: int) -> Iterator[int]:
    for stop in _END.finditer(text, first, last):
        end = _past_marks(text, stop.end(), last)
        if end < last and (text[end].isspace() or stop.group()[0] in "。！？") and _is_end(text, first, stop, end):
            yield end


def _past_marks(text: str, at: int, last: int) -> int:
    """Return the place behind the citation marks that follow a full stop; they belong to the sentence before it."""
    while True:
        here = at + len(text[at:last]) - len(text[at:last].lstrip(" "))
        mark = _BRACKETED.match(text, here, last) or _NAMED.match(text, here, last)
        if not mark or not any(each.isdigit() for each in mark.group()):
            return at
        at = mark.end()


def _is_end(text: str, first: int, stop: re.Match[str], end: int) -> bool:
    following = _OPENER.match(text, end)
    if following is None or following.group(1).islower():
        return False
    if stop.group()[0] != ".":
        return True
    before = _WORD_BEFORE.search(text[max(first, stop.start() - 24) : stop.start()])
    word = before.group(1).lower() if before else ""
    if word in MAY_END:
        return True
    return word not in ABBREVIATIONS and not (len(word) == 1 and before is not None and before.group(1).isupper())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    if words.strip():
        yield start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return a sentence cut where each part has a finite verb of its own and does not begin with a pronoun."""
    spans, first = [], start
    for joint in _JOINT.finditer(text, start, end):
        if _stands(text[first : joint.start()]) and _stands(text[joint.end() : end]):
            spans.append((first, joint.start()))
            first = joint.end()
    return [*spans, (first, end)]


def _stands(words: str) -> bool:
    plain = [word.lower() for word in re.findall(r"[^\W\d_]+", words)]
    return len(plain) > 2 and plain[0] not in _PRONOUNS and any(word in FINITE or word.endswith("ed") for word in plain[1:])


_PRONOUNS = frozenset(listed("it he she they this that these those which who its his her their"))


def _without_marks(words: str, known: Collection[str]) -> tuple[str, tuple[str, ...]]:
    cited: list[str] = []

    def taken(mark: re.Match[str]) -> str:
        ids = [each.strip().lstrip("^") for each in re.split(r"[,;]", "".join(group or "" for group in mark.groups()))]
        if not (mark.re is _NAMED and ":" in mark.group()) and not all(_is_id(each, known) for each in ids):
            return mark.group()
        for each in ids:
            cited.extend(_range(each, known))
        return ""

    plain = _NAMED.sub(taken, words)
    plain = _BRACKETED.sub(taken, plain)
    return _SPACE_BEFORE.sub(r"\1", " ".join(plain.split())), tuple(dict.fromkeys(cited))


def _is_id(each: str, known: Collection[str]) -> bool:
    return each in known or any(letter.isdigit() for letter in each)


def _range(each: str, known: Collection[str]) -> list[str]:
    bounds = _RANGE.fullmatch(each)
    if each in known or not bounds:
        return [each]
    low, high = int(bounds.group(1)), int(bounds.group(2))
    return [str(number) for number in range(low, high + 1)] if 0 <= high - low < MOST_OF_A_RANGE else [each]
