"""Words and their hashes once more, slowly and by other means: regular expressions over categories, Python integers."""

import re
import unicodedata
from collections import Counter

WORD = re.compile(r"W[WE]*(?:JW[WE]*)*|AE*")
ALONE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x309F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF))
ALONE += ((0xF900, 0xFAFF), (0x20000, 0x323AF))
MASK = (1 << 64) - 1


def kind(character):
    """W within words, A alone, E extends, J joins, S separates."""
    point, category = ord(character), unicodedata.category(character)
    if character in "'\u2019":
        return "J"
    if category.startswith("M"):
        return "E"
    if category[0] in "LN" or category == "Pc":
        return "A" if any(low <= point <= high for low, high in ALONE) else "W"
    return "A" if category == "So" and point >= 0x1F000 else "S"


def split(text):
    """The words of a text as written, in NFC."""
    text = unicodedata.normalize("NFC", text)
    return [text[found.start() : found.end()] for found in WORD.finditer("".join(map(kind, text)))]


def fold(word):
    """The word as it is compared: each character folded where its folded form is one character."""
    return "".join(next((form for form in (c.casefold(), c.lower()) if len(form) == 1), c) if kind(c) != "E" else c for c in plain(word))


def plain(word):
    return word.replace("\u2019", "'")


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
