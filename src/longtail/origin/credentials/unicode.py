"""Hidden characters of a text, read before anything is normalised, and the text without them.

Emoji, joiners of scripts that need them, marks of direction near text that runs from right to left, variants of ideographs, a byte
order mark at the start and single no-break spaces have a use and are left alone. What is counted is weak evidence: watermarks
of this kind have such characters, and so do copied web pages.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from longtail.origin.credentials import signs
from longtail.origin.credentials.credential import Credential
from longtail.origin.credentials.signs import Codes, Flags
from longtail.records import Record

Places = npt.NDArray[np.int64]

MAGIC = b"C2PATXT\0"
"""First bytes of a C2PA manifest in a text. Source: C2PA 2.4, appendix A.8."""
_SHOWN = 16
_BYTES = 256
_NEAR = 32
_LONGEST_FLAG = 8
_KINDS = ("zero_width", "zero_width", "direction", "variation", "tag", "space", "homoglyph")


class HiddenSigns(Record, frozen=True):
    """What a text hides.

    Attributes:
        characters: Length of the text.
        counts: Hidden characters by kind, without those that have a use where they stand.
        useful: Characters of the same kinds that have a use.
        words: The same for a reader.
        evidence: `weak` if anything is hidden, else `none`. Never evidence of where a text comes from.
        first: Place of the first, in characters from 0.
        decoded: What runs of variation selectors or tags spell: text, or hexadecimal digits after 0x. The first 16 runs, 256 bytes
            of each.
        scheme: `c2pa-text` if a run is a C2PA manifest.
    """

    characters: int
    counts: dict[str, int]
    useful: int
    words: str
    evidence: Literal["weak", "none"] = "none"
    first: int | None = None
    decoded: tuple[str, ...] = ()
    scheme: Literal["c2pa-text"] | None = None


@dataclass(frozen=True)
class _Found:
    """Characters that may hide something, what stands beside them, and whether they have a use; shape (candidates,)."""

    codes: Codes
    at: Places
    kinds: npt.NDArray[np.uint8]
    useful: Flags


def hidden(text: str) -> HiddenSigns:
    """Read what a text hides. Read it as it came: normalisation turns no-break spaces into plain ones."""
    found = _found(text)
    odd = ~found.useful
    tally = np.bincount(found.kinds[odd], minlength=len(_KINDS) + 1)[1:]
    counts: dict[str, int] = {}
    for kind, count in zip(_KINDS, tally.tolist(), strict=True):
        if count:
            counts[kind] = counts.get(kind, 0) + count
    decoded, scheme = _decoded(found)
    useful = int(np.count_nonzero(found.useful & (found.kinds != signs.LOOKALIKE)))
    if not counts:
        return HiddenSigns(characters=len(text), counts={}, useful=useful, words="no hidden characters found, which says nothing")
    said = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    words = f"hidden characters ({said}), as watermarks of this kind and copied web pages have them"
    first = int(found.at[odd][0]) - 2
    return HiddenSigns(
        characters=len(text), counts=counts, useful=useful, words=words, evidence="weak", first=first, decoded=decoded, scheme=scheme
    )  # fmt: skip


def read(text: str) -> Credential:
    """Return what a text hides as a credential: of state `found` or `none`, and never with an origin."""
    found = hidden(text)
    if not found.counts:
        return Credential(kind="unicode", state="none", words=found.words)
    claims = {"counts": found.counts, "first": found.first, "decoded": list(found.decoded), "scheme": found.scheme, "evidence": "weak"}
    return Credential(kind="unicode", state="found", words=found.words, claims=claims)


def without_hidden(text: str) -> str:
    """Return the text without what it hides: spaces become plain ones, letters of other scripts stay.

    The text that comes back hides nothing more, and to clean it again changes nothing.
    """
    found = _found(text)
    drop = ~found.useful & (found.kinds < signs.SPACE)
    if drop.any():
        keep = np.ones(len(found.codes), dtype=np.bool_)
        keep[found.at[drop]] = False
        text = _text(found.codes[keep])
        found = _found(text)
    spaces = ~found.useful & (found.kinds == signs.SPACE)
    if spaces.any():
        codes = found.codes.copy()
        codes[found.at[spaces]] = ord(" ")
        text = _text(codes)
    return text


def _text(padded: Codes) -> str:
    return padded[2:-1].tobytes().decode("utf-32-le", "surrogatepass")


def _found(text: str) -> _Found:
    """Two zeros stand before the text and one behind it, so that every character has neighbours."""
    if text.isascii():
        return _Found(np.zeros(3, np.uint32), np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0, np.bool_))
    codes = np.zeros(len(text) + 3, dtype=np.uint32)
    codes[2:-1] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = signs.hidden_table()[codes]
    at = np.flatnonzero(kinds)
    return _Found(codes, at, kinds[at], _useful(codes, at, kinds))


def _useful(codes: Codes, at: Places, kinds: npt.NDArray[np.uint8]) -> Flags:
    useful = np.zeros(len(at), dtype=np.bool_)
    rules = {
        signs.ZERO: _zero, signs.JOINER: _joiner, signs.DIRECTION: _direction, signs.VARIATION: _variation, signs.TAG: _tag,
        signs.SPACE: _space, signs.LOOKALIKE: _lookalike,
    }  # fmt: skip
    for kind, rule in rules.items():
        mine = kinds[at] == kind
        if mine.any():
            useful[mine] = rule(codes, at[mine], kinds)
    return useful


def _has(codes: Codes, bits: int) -> Flags:
    found: Flags = (signs.context_table()[codes] & bits) != 0
    return found


def _invisible(kinds: npt.NDArray[np.uint8]) -> Flags:
    found: Flags = (kinds >= signs.ZERO) & (kinds < signs.SPACE)
    return found


def _zero(codes: Codes, at: Places, kinds: npt.NDArray[np.uint8]) -> Flags:
    start = (codes[at] == 0xFEFF) & (at == 2)
    between = (codes[at] == 0x200B) & _has(codes[at - 1], signs.UNSPACED) & _has(codes[at + 1], signs.UNSPACED)
    useful: Flags = start | between
    return useful


def _joiner(codes: Codes, at: Places, kinds: npt.NDArray[np.uint8]) -> Flags:
    emoji = _has(codes[at - 1], signs.EMOJI) | ((codes[at - 1] == 0xFE0F) & _has(codes[at - 2], signs.EMOJI))
    pictures = (codes[at] == 0x200D) & emoji & _has(codes[at + 1], signs.EMOJI)
    shaped = _has(codes[at - 1], signs.JOINING) & ~_invisible(kinds[at - 1]) & ~_invisible(kinds[at + 1])
    useful: Flags = pictures | shaped
    return useful


def _direction(codes: Codes, at: Places, kinds: npt.NDArray[np.uint8]) -> Flags:
    so_far = np.concatenate([[0], np.cumsum(_has(codes, signs.RIGHT_TO_LEFT), dtype=np.int64)])
    near = so_far[np.minimum(at + _NEAR + 1, len(codes))] > so_far[np.maximum(at - _NEAR, 0)]
    useful: Flags = near & ~_invisible(kinds[at - 1]) & ~_invisible(kinds[at + 1])
    return useful


def _variation(codes: Codes, at: Places, kinds: npt.NDArray[np.uint8]) -> Flags:
    here, before = codes[at], codes[at - 1]
    digit = ((before >= 0x30) & (before <= 0x39)) | (before == 0x23) | (before == 0x2A)
    picture = ((here == 0xFE0E) | (here == 0xFE0F)) & (_has(before, signs.EMOJI) | (digit & (codes[at + 1] == 0x20E3)))
    standard = (here <= 0xFE06) & _has(before, signs.VARIED | signs.IDEOGRAPH)
    ideograph = (here >= 0xE0100) & _has(before, signs.IDEOGRAPH)
    alone = kinds[at + 1] != signs.VARIATION
    useful: Flags = alone & (picture | standard | ideograph)
    return useful


def _tag(codes: Codes, at: Places, kinds: npt.NDArray[np.uint8]) -> Flags:
    """Tags that spell a flag's region: a black flag before them, a cancel tag at their end."""
    first, size = _runs(at)
    flag = (codes[at[first] - 1] == 0x1F3F4) & (codes[at[first + size - 1]] == 0xE007F) & (size >= 3) & (size <= _LONGEST_FLAG)
    return np.repeat(flag, size)


def _space(codes: Codes, at: Places, kinds: npt.NDArray[np.uint8]) -> Flags:
    row = (kinds[at - 1] == signs.SPACE) | (kinds[at + 1] == signs.SPACE)
    within = (codes[at] == 0x202F) & _has(codes[at - 1], signs.LATIN) & _has(codes[at + 1], signs.LATIN)
    useful: Flags = ~(row | within)
    return useful


def _lookalike(codes: Codes, at: Places, kinds: npt.NDArray[np.uint8]) -> Flags:
    latin = _has(codes[at - 1], signs.LATIN) | _has(codes[at + 1], signs.LATIN)
    own = np.zeros(len(at), dtype=np.bool_)
    for side in (at - 1, at + 1):
        own |= _has(codes[side], signs.KIN) & (kinds[side] != signs.LOOKALIKE)
    useful: Flags = ~latin | own
    return useful


def _runs(at: Places) -> tuple[Places, Places]:
    """Return where rows of adjacent places start, as an index, and how long they are."""
    first = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    return first, np.diff(first, append=len(at))


def _decoded(found: _Found) -> tuple[tuple[str, ...], Literal["c2pa-text"] | None]:
    spelled: list[tuple[int, bytes]] = []
    for kind, shortest in ((signs.VARIATION, 2), (signs.TAG, 1)):
        mine = (found.kinds == kind) & ~found.useful
        at = found.at[mine]
        first, size = _runs(at)
        long = np.flatnonzero(size >= shortest)[:_SHOWN]
        spelled += [(int(at[first[each]]), _bytes(found.codes[at[first[each] : first[each] + size[each]]])) for each in long]
    shown = [content for _, content in sorted(spelled)]
    scheme: Literal["c2pa-text"] | None = "c2pa-text" if any(content.startswith(MAGIC) for content in shown) else None
    return tuple(_shown(content[:_BYTES]) for content in shown[:_SHOWN]), scheme


def _bytes(codes: Codes) -> bytes:
    values = np.where(codes >= 0xE0100, codes - np.uint32(0xE0100 - 16), codes & np.uint32(0x7F))
    return np.where((codes >= 0xFE00) & (codes <= 0xFE0F), codes - np.uint32(0xFE00), values).astype(np.uint8).tobytes()


def _shown(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "0x" + content.hex()
    return text if text.isprintable() else "0x" + content.hex()
