"""Texts drawn from styles: each a law of words, of lengths of sentences and of commas."""

import numpy as np

from longtail.origin.reference import Reference

MARKS = (*",;:-()\"'?%!", "\n")


class Style:
    """A style of its own, drawn anew for each seed; `apart` says how far its words and marks are from those that all share."""

    def __init__(self, seed, apart=1.0, words=300, sentence=12):
        self.law, self.marks, self.shapes = (
            (1 - apart) * np.random.default_rng([0, at]).dirichlet(alpha) + apart * np.random.default_rng([seed, at]).dirichlet(alpha)
            for at, alpha in enumerate((np.full(words, 0.3), np.full(len(MARKS), 3.0), np.full(4, 3.0)))
        )
        self.words = np.array(
            [f"{'klmnprst'[at % 8]}{'aeiou' * (at % 3)}{'bcdfgh'[at // 8 % 6]}{'uoiea'[at // 48 % 5]}{at % 7 * 's'}" for at in range(words)]
        )
        self.sentence = sentence

    def text(self, rng, length):
        words = self.words[rng.choice(len(self.law), size=length, p=self.law)]
        ends = rng.random(length) < 1 / self.sentence
        marks = rng.random(length) < 0.2
        which = rng.choice(len(MARKS), size=length, p=self.marks)
        shaped = [_shaped(word, shape, self.shapes) for word, shape in zip(words, rng.random(length), strict=True)]
        return "".join(
            word + (". " if end else MARKS[at] + " " if mark else " ")
            for word, end, mark, at in zip(shaped, ends, marks, which, strict=True)
        )

    def texts(self, rng, count, length=60):
        return [self.text(rng, int(rng.integers(length // 2, 2 * length))) for _ in range(count)]


def _shaped(word, chance, shapes):
    at = np.searchsorted(np.cumsum(shapes * 0.3), chance)
    return (word.title(), f"1{word}", f"{word}é", word, word)[at]


def blend(rng, styles, shares, count, length=60):
    """Return texts of which each is of a style by chance, and which style it was."""
    kinds = rng.choice(len(styles), size=count, p=shares)
    return [styles[kind].texts(rng, 1, length)[0] for kind in kinds], kinds


def reference(rng, styles, each, length=60):
    """Return a reference of as many texts of each style, the first one human."""
    human, *machine = (style.texts(rng, each, length) for style in styles)
    return Reference.of(human, {f"model{at}": texts for at, texts in enumerate(machine, 1)})


HUMAN, MODEL, OTHER, FOREIGN = Style(1, 0.3), Style(2, 0.5, sentence=16), Style(3, 0.5, sentence=9), Style(4, 1.0, sentence=20)
