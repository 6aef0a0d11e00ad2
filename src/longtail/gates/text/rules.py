"""The rules of the published heuristics: what is measured, the threshold, where it stands in the literature."""

import sys
from collections.abc import Mapping
from typing import Literal, NamedTuple

from longtail.errors import UnknownName
from longtail.gates.settings import number

GOPHER = "Gopher, Rae et al. 2021, arXiv:2112.11446, A.1.1"
C4 = "C4, Raffel et al. 2020, arXiv:1910.10683, 2.2"
FINEWEB = "FineWeb, Penedo et al. 2024, arXiv:2406.17557, 3.6"

FEWEST_WORDS, MOST_WORDS = 50, 100_000  # Gopher
SHORTEST_MEAN, LONGEST_MEAN = 3, 10  # Gopher: mean word length in characters
SYMBOLS_PER_WORD = 0.1  # Gopher: hashes, and ellipses
BULLET_LINES, ELLIPSIS_LINES = 0.9, 0.3  # Gopher
ALPHABETIC_WORDS = 0.8  # Gopher
STOP_WORDS_NEEDED = 2  # Gopher
STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with")  # Gopher
DUPLICATE_PIECES, DUPLICATE_CHARACTERS = 0.3, 0.2  # Gopher, table A1: of lines, and of paragraphs
TOP_GRAMS = {2: 0.20, 3: 0.18, 4: 0.16}  # Gopher, table A1
REPEATED_GRAMS = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}  # Gopher, table A1
FEWEST_SENTENCES, LINE_WORDS = 5, 3  # C4 (v1 of the paper; its code of 2020 and datasets made with it ask for 3 and 5)
LONGEST_LINE_WORD = 1000  # C4, in its code
PUNCTUATED_LINES, SHORT_LINES, SHORT_LINE = 0.12, 0.67, 30  # FineWeb
FINEWEB_DUPLICATE_CHARACTERS = 0.1  # FineWeb, the paper; datatrove's own default is 0.01
LINES_PER_WORD = 0.3  # in datatrove's FineWeb filter, not in the paper
JUDGED_FROM = FEWEST_WORDS
"""Words from which `short` judges shares: Gopher's were set on documents of no fewer, and below one refrain is a large share."""


class Rule(NamedTuple):
    """One rule: a measure may be at most, or must be at least, a threshold.

    Attributes:
        measure: What is measured.
        side: Which side of the threshold is right.
        threshold: The published value.
        says: The measure in words.
        source: Who published it.
        judged_from: Words below which the rule says nothing.
    """

    measure: str
    side: Literal["least", "most"]
    threshold: float
    says: str
    source: str
    judged_from: int = 0


def _gopher_quality() -> dict[str, Rule]:
    source = "Gopher"
    return {
        "words_least": Rule("words", "least", FEWEST_WORDS, "words", source),
        "words_most": Rule("words", "most", MOST_WORDS, "words", source),
        "mean_word_length_least": Rule("mean_word_length", "least", SHORTEST_MEAN, "mean word length", source),
        "mean_word_length_most": Rule("mean_word_length", "most", LONGEST_MEAN, "mean word length", source),
        "hashes_per_word": Rule("hashes_per_word", "most", SYMBOLS_PER_WORD, "hash signs a word", source),
        "ellipses_per_word": Rule("ellipses_per_word", "most", SYMBOLS_PER_WORD, "ellipses a word", source),
        "bullet_lines": Rule("bullet_lines", "most", BULLET_LINES, "share of lines with a bullet", source),
        "ellipsis_lines": Rule("ellipsis_lines", "most", ELLIPSIS_LINES, "share of lines that end in an ellipsis", source),
        "alphabetic_words": Rule("alphabetic_words", "least", ALPHABETIC_WORDS, "share of words with a letter", source),
        "stop_words": Rule("stop_words", "least", STOP_WORDS_NEEDED, "different stop words", source),
    }


def _gopher_repetition(judged_from: int = 0) -> dict[str, Rule]:
    made = {}
    for piece in ("line", "paragraph"):
        share = Rule(f"duplicate_{piece}s", "most", DUPLICATE_PIECES, f"share of repeated {piece}s", "Gopher", judged_from)
        inside = f"share of characters in repeated {piece}s"
        made[f"duplicate_{piece}s"] = share
        made[f"duplicate_{piece}_characters"] = share._replace(
            measure=f"duplicate_{piece}_characters", threshold=DUPLICATE_CHARACTERS, says=inside
        )
    for order, most in TOP_GRAMS.items():
        says = f"share of characters in the commonest run of {order} words"
        made[f"top_{order}_gram"] = Rule(f"top_{order}_gram", "most", most, says, "Gopher", judged_from)
    for order, most in REPEATED_GRAMS.items():
        says = f"share of characters in repeated runs of {order} words"
        made[f"repeated_{order}_grams"] = Rule(f"repeated_{order}_grams", "most", most, says, "Gopher", judged_from)
    return made


def _c4() -> dict[str, Rule]:
    return {
        "curly_brackets": Rule("curly_brackets", "most", 0, "curly brackets", "C4"),
        "lorem_ipsum": Rule("lorem_ipsum", "most", 0, "times lorem ipsum", "C4"),
        "kept_sentences": Rule("kept_sentences", "least", FEWEST_SENTENCES, "sentences in lines that C4 keeps", "C4"),
    }


def _fineweb() -> dict[str, Rule]:
    source = "FineWeb"
    inside = "share of characters in repeated lines"
    return {
        "punctuated_lines": Rule("punctuated_lines", "least", PUNCTUATED_LINES, "share of lines that end a sentence", source),
        "short_lines": Rule("short_lines", "most", SHORT_LINES, f"share of lines of at most {SHORT_LINE} characters", source),
        "duplicate_line_characters": Rule("duplicate_line_characters", "most", FINEWEB_DUPLICATE_CHARACTERS, inside, source),
        "lines_per_word": Rule("lines_per_word", "most", LINES_PER_WORD, "line ends a word", source),
    }


def _short() -> dict[str, Rule]:
    gopher = _gopher_quality()
    kept = ("mean_word_length_most", "ellipses_per_word", "ellipsis_lines")
    chosen = {name: gopher[name]._replace(judged_from=JUDGED_FROM) for name in kept}
    least_words = {"words_least": gopher["words_least"]._replace(threshold=1)}
    return least_words | chosen | _gopher_repetition(JUDGED_FROM) | {"lorem_ipsum": _c4()["lorem_ipsum"]}


PRESETS = {
    "gopher": _gopher_quality() | _gopher_repetition(),
    "c4": _c4(),
    "fineweb": _fineweb(),
    "short": _short(),
}
"""The rules of each preset by name. `short` has those of Gopher and C4 that make sense for an instruction or an answer."""


def chosen(preset: str, limits: Mapping[str, object] | None) -> dict[str, Rule]:
    """Return the rules of a preset with single thresholds replaced.

    Raises:
        UnknownName: No such preset, or the preset has no such rule.
        ConfigError: A threshold is no finite number of at least 0.
    """
    if preset not in PRESETS:
        raise UnknownName("preset of quality", str(preset), PRESETS)
    rules = dict(PRESETS[preset])
    for name, given in (limits or {}).items():
        if name not in rules:
            raise UnknownName(f"rule of quality ({preset})", name, rules)
        threshold = number("quality", f"limit {name}", given, 0, sys.float_info.max)
        rules[name] = rules[name]._replace(threshold=threshold, source="as set")
    return rules
