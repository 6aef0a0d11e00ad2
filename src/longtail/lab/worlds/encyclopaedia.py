"""A tiny encyclopaedia: names with four attributes each, told in passages and asked for in questions.

A name is one sign. A passage is `.Ā` and, to be completed, `C3S7K1D9`. A question is `?ĀS`, its answer `7`. An edit is what a model
makes of a passage that it reads: it is shown `.ĀC3S7K1D9?` and writes `ĀS7`, a question of its choice with the answer, which it can
then be taught.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.lab.worlds.alphabet import Alphabet, Ids

Floats = npt.NDArray[np.float64]

NAMES = "".join(map(chr, range(0x100, 0x1A0)))
"""A hundred and sixty letters."""
ATTRIBUTES = "CSKD"
DIGITS = "0123456789"
ALPHABET = Alphabet(f".?{ATTRIBUTES}{NAMES}{DIGITS}")
TOLD, ASKED, READ = 2, 3, 11
"""Signs of the prompts: of a passage that is to be completed, a question, and a passage that is read."""
LONGEST = 15
"""Signs of the longest row, that of a passage which is read and an edit of it, its end included."""
_EDIT = len("ĀS7")


class Entries(NamedTuple):
    """Names and what is true of them.

    Attributes:
        names: Places of the names, shape (n,).
        values: A digit for each attribute, shape (n, 4).
    """

    names: Ids
    values: Ids

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self.names)

    def take(self, places: Ids) -> "Entries":
        """Return some of the entries."""
        return Entries(self.names[places], self.values[places])


def drawn(sizes: tuple[int, ...], rng: np.random.Generator) -> list[Entries]:
    """Return sets of entries of some sizes, no name twice, with values drawn evenly."""
    names = rng.permutation(len(NAMES))[: sum(sizes)]
    ends = np.cumsum(sizes)
    return [Entries(names[end - size : end], rng.integers(10, size=(size, 4))) for size, end in zip(sizes, ends.tolist(), strict=True)]


def made_up(many: int, rng: np.random.Generator) -> Entries:
    """Return entries with values drawn anew, of any names, also of those that are known with other values."""
    return Entries(rng.integers(len(NAMES), size=many), rng.integers(10, size=(many, 4)))


def passages(entries: Entries) -> Ids:
    """Return the passage of each entry; the prompt is `TOLD` signs, shape (n, 11)."""
    return _rows([f".{name}{told}" for name, told in _told(entries)])


def questions(entries: Entries, attributes: Ids) -> Ids:
    """Return a question for each entry with its right answer; the prompt is `ASKED` signs, shape (n, 5)."""
    return taught_by(right_edits(entries, attributes))


def readings(entries: Entries, attributes: Ids) -> Ids:
    """Return the passage of each entry to be read, and a right edit of it; the prompt is `READ` signs, shape (n, 15)."""
    both = zip(_told(entries), right_edits(entries, attributes), strict=True)
    return _rows([f".{name}{told}?{edit}" for (name, told), edit in both])


def to_read(entries: Entries) -> Ids:
    """Return the passage of each entry to be read, with room for an edit, shape (n, 15)."""
    return ALPHABET.encoded([f".{name}{told}?" for name, told in _told(entries)], LONGEST)


def every(entries: Entries) -> tuple[Entries, Ids]:
    """Return each entry once for each attribute, and the attributes."""
    many = len(entries)
    return entries.take(np.repeat(np.arange(many), 4)), np.tile(np.arange(4), many)


def right_edits(entries: Entries, attributes: Ids) -> list[str]:
    """Return of each entry what is true of one attribute, as an edit."""
    asked = zip(entries.names.tolist(), entries.values.tolist(), attributes.tolist(), strict=True)
    return [f"{NAMES[name]}{ATTRIBUTES[at]}{values[at]}" for name, values, at in asked]


def taught_by(edits: list[str]) -> Ids:
    """Return edits as questions with answers that can be taught; what is no edit is left out, shape (up to n, 5)."""
    return ALPHABET.encoded([f"?{edit}" for edit in edits if is_edit(edit)], _EDIT + 2)


def is_edit(text: str) -> bool:
    """Tell whether a completion is written as an edit is: a name, an attribute and a digit."""
    return len(text) == _EDIT and text[0] in NAMES and text[1] in ATTRIBUTES and text[2] in DIGITS


def is_true(edit: str, entries: Entries) -> bool:
    """Tell whether an edit says what is true of an entry that it names."""
    named = np.flatnonzero(entries.names == NAMES.find(edit[:1])) if is_edit(edit) else ()
    return any(entries.values[at, ATTRIBUTES.index(edit[1])] == int(edit[2]) for at in named)


def rewritten(entries: Entries, edits: list[str]) -> Entries:
    """Return entries as edits tell them, the last one where they differ; a value that none tells stays as it was."""
    values, places = entries.values.copy(), {NAMES[name]: at for at, name in enumerate(entries.names.tolist())}
    for edit in edits:
        if is_edit(edit) and edit[0] in places:
            values[places[edit[0]], ATTRIBUTES.index(edit[1])] = int(edit[2])
    return Entries(entries.names, values)


def _rows(texts: list[str]) -> Ids:
    """Return texts as rows, an end behind the longest."""
    return ALPHABET.encoded(texts, max(map(len, texts), default=0) + 1)


def _told(entries: Entries) -> list[tuple[str, str]]:
    """Return the name of each entry and its attributes as a passage writes them."""
    told = (
        "".join(f"{attribute}{value}" for attribute, value in zip(ATTRIBUTES, values, strict=True)) for values in entries.values.tolist()
    )
    return [(NAMES[name], each) for name, each in zip(entries.names.tolist(), told, strict=True)]
