"""Words and their hashes once more, slowly and by other means: regular expressions over categories, Python integers."""

import re
import unicodedata
from collections import Counter

WORD = re.compile(r"W[WEIZT]*(?:J[IZT]*W[WEIZT]*)*|A[EIZT]*|K[KEIZT]*|(?:P|F[EIZT]*F)(?:[EIT]|Z[ZIT]*[PE])*|F[EIZT]*")
ALONE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x1B00, 0x1B7F), (0x2E80, 0x309F))
ALONE += ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA980, 0xA9FF), (0xAA60, 0xAADF), (0xF900, 0xFAFF), (0x11700, 0x1174F))
ALONE += ((0x16FE0, 0x191DF), (0x1B001, 0x1B2FF), (0x20000, 0x323AF))
UNSEEN = "\u034f\u17b4\u17b5\u3164\uffa0" + "".join(map(chr, [*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
KATAKANA = "〱〲〳〴〵" + "".join(map(chr, [*range(0x30A0, 0x3100), *range(0x31F0, 0x3200), *range(0xFF66, 0xFFA0)]))
KATAKANA += "".join(map(chr, [*range(0x1AFF0, 0x1B001), *range(0x1B120, 0x1B130), 0x1B155, *range(0x1B164, 0x1B169)]))
SYMBOLS = "⌚⌛⌨⏏⏸⏹⏺⬛⬜⭐⭕" + "".join(map(chr, [*range(0x23E9, 0x23F4), *range(0x2600, 0x27C0), *range(0x1F000, 0x20000)]))
MASK = (1 << 64) - 1


def kind(character):
    """W within words, A alone, K Katakana, P picture, F half a flag, E extends, J joins, I not heard, Z links, T tags, S separates."""
    point, category = ord(character), unicodedata.category(character)
    known = {"'": "J", "\u2019": "J", "\u00b7": "J", "\u05f3": "J", "\u05f4": "J", "\u200b": "S", "\u200d": "Z"}
    if character in known or character in UNSEEN:
        return known.get(character, "I")
    if 0xE0020 <= point <= 0xE007F:
        return "T"
    if category.startswith("M") or 0x1F3FB <= point <= 0x1F3FF:
        return "E"
    if category == "So" and character in SYMBOLS:
        return "F" if 0x1F1E6 <= point <= 0x1F1FF else "P"
    return _of_word(character, category)


def _of_word(character, category):
    if category[0] not in "LN" and category != "Pc":
        return "I" if category == "Cf" else "S"
    if category == "Nd":
        return "W"
    if character in KATAKANA:
        return "K"
    return "A" if any(low <= ord(character) <= high for low, high in ALONE) else "W"


def split(text):
    """The words of a text as written, in NFC, without what is not heard at their end; a picture keeps its variation selector."""
    text = unicodedata.normalize("NFC", text)
    kinds = "".join(map(kind, text))
    return [_trimmed(text[found.start() : found.end()], found[0]) for found in WORD.finditer(kinds)]


def _trimmed(word, kinds):
    is_picture = kinds[0] == "P" or kinds.count("F") == 2
    end = len(kinds.rstrip("Z" if is_picture else "IZT"))
    return word[:end]


def heard(word):
    """The word without what does not count in it."""
    kinds = "".join(map(kind, word))
    counts = "IZ" if kinds[0] == "P" or kinds.count("F") == 2 else "IZT"
    return "".join(character for character, each in zip(word, kinds, strict=True) if each not in counts)


def fold(word):
    """The word as it is compared: each character folded where its folded form is one character."""
    return "".join(next((form for form in (c.casefold(), c.lower()) if len(form) == 1), c) if kind(c) == "W" else c for c in plain(word))


def plain(word):
    return re.sub("[\u2019\u00b7\u05f3\u05f4]", "'", heard(word))


def grams(text, order):
    """Tuples of folded words that follow one another in one document."""
    words = [fold(word) for word in split(text)]
    return [tuple(words[at : at + order]) for at in range(len(words) - order + 1)]


def first_and_again(texts, order):
    """How often each n-gram is new in a document, and how often it is repeated in one."""
    first, again = Counter(), Counter()
    for text in texts:
        for gram, count in Counter(grams(text, order)).items():
            first[gram] += 1
            again[gram] += count - 1
    return first, +again


def fnv(data):
    state = 0xCBF29CE484222325
    for value in data:
        state = (state ^ value) * 0x100000001B3 & MASK
    return state


def mix(value):
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def key(seed, purpose):
    return fnv(f"{seed}:{purpose}".encode())


def hash_of(gram, seed=0):
    """The 52-bit hash of an n-gram of folded words."""
    value = 0
    for order, word in enumerate(gram, 1):
        hashed = mix(fnv(map(ord, word)) ^ key(seed, "type"))
        value = hashed if order == 1 else mix(value * 0x9E3779B97F4A7C15 + hashed + order & MASK)
    return value >> 12
