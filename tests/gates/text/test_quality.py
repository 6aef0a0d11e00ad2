"""The published heuristics: every rule by a document that breaks it, thresholds, the band in doubt, and the words of a reason."""

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ConfigError, UnknownName
from longtail.gates import Batch
from longtail.gates.text.quality import Quality, measured
from longtail.gates.text.rules import PRESETS

PLAIN = (
    "The house that stands at the end of the road was built by a man who had been to sea with his brother. "
    "He carried stones from the quarry in a cart, and of all the people in the village nobody helped him. "
    "When it was done he painted the door green. Children have asked since then why it looks to the north. "
    "It is said that he wanted to see the harbour from his window. Nobody knows whether this is true."
)  # fmt: skip

STOPS = ("the", "be", "to", "of", "and", "that", "have", "with")


def judge(text, **settings):
    return Quality(**settings)(Batch.of([text])).at(0)


def of(text):
    return {name: float(values[0]) for name, values in measured(pa.array([text])).items()}


BROKEN = {
    "words_least": PLAIN[:200],
    "words_most": "the and " * 50_001,
    "mean_word_length_least": "a I of to be " * 20,
    "mean_word_length_most": "the with " + "internationalisation responsibilities " * 30,
    "ellipses_per_word": PLAIN.replace(".", "...") + " ... " * 20,
    "hashes_per_word": PLAIN + " #" * 20,
    "bullet_lines": "\n".join(f"- {line}" for line in PLAIN.split(". ") * 3),
    "ellipsis_lines": PLAIN.replace(". ", "...\n") + "\n" + PLAIN.replace(". ", "…\n"),
    "alphabetic_words": PLAIN + " 12 34" * 40,
    "stop_words": " ".join(word for word in PLAIN.split() if word.lower() not in STOPS),
    "duplicate_lines": PLAIN + "\n" + "\nYes.\nNo." * 10,
    "duplicate_paragraphs": PLAIN + "\n\n" + "Yes.\n\nNo.\n\n" * 10,
    "duplicate_line_characters": f"{PLAIN[:200]}\n{PLAIN[:200]}\n{PLAIN[:100]}\n{PLAIN[50:90]}",
    "duplicate_paragraph_characters": f"{PLAIN[:200]}\n\n{PLAIN[:200]}\n\n{PLAIN[:100]}\n\n{PLAIN[50:90]}",
    "top_2_gram": PLAIN + " green door" * 30,
    "repeated_5_grams": PLAIN + " " + PLAIN,
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_document_that_breaks_a_rule_of_gopher_is_rejected(rule):
    assert Quality(preset="gopher")(Batch.of([PLAIN])).at(0).decision == "keep"
    gate = Quality(preset="gopher")
    gate.rules = {rule: gate.rules[rule]}
    found = gate(Batch.of([BROKEN[rule]])).at(0)
    assert found.decision == "reject" and found.score > 1 and "(Gopher)" in found.reason
    assert gate(Batch.of([PLAIN])).at(0).decision == "keep"


def test_the_reason_names_rule_value_and_threshold():
    gate = Quality(limits={"mean_word_length_most": 8})
    gate.rules = {"mean_word_length_most": gate.rules["mean_word_length_most"]}
    assert gate(Batch.of(["internationalisation " * 60])).at(0).reason == "mean word length 20, at most 8 (as set)"


def test_shares_are_those_of_the_definition():
    found = of("red fish blue fish\nred fish blue fish\n\nend")
    assert found["words"] == 9 and found["mean_word_length"] == pytest.approx((3 + 4 + 4 + 4) * 2 / 9 + 3 / 9)
    assert found["duplicate_lines"] == pytest.approx(1 / 3) and found["duplicate_line_characters"] == pytest.approx(18 / 42)
    assert found["top_4_gram"] == pytest.approx(2 * 18 / 42)
    assert found["short_lines"] == 1 and found["punctuated_lines"] == 0 and found["lines_per_word"] == pytest.approx(3 / 9)


def brute_repeated(text, order):
    words, seen, covered = text.split(), set(), set()
    for at in range(len(words) - order + 1):
        run = tuple(words[at : at + order])
        if run in seen:
            covered.update(range(at, at + order))
        seen.add(run)
    spaces = sum(at in covered and at + 1 in covered for at in range(len(words)))
    return (sum(len(words[at]) for at in covered) + spaces) / len(text)


@pytest.mark.parametrize("order", [5, 7, 10])
def test_repeated_runs_are_those_of_brute_force(order):
    rng = np.random.default_rng(order)
    texts = [" ".join(rng.choice(["ab", "c", "def", "gh"], rng.integers(5, 120), p=[0.85, 0.05, 0.05, 0.05])) for _ in range(60)]
    found = measured(pa.array(texts))[f"repeated_{order}_grams"]
    assert found == pytest.approx([brute_repeated(text, order) for text in texts]) and found.max() > 0.2


def test_c4_judges_what_it_would_leave():
    assert judge(PLAIN, preset="c4").decision == "keep"
    assert judge(PLAIN + "\nif (x) { return; }.", preset="c4").reason == "curly brackets 1, at most 0 (C4)"
    assert judge(PLAIN + "\nLorem Ipsum dolor sit amet.", preset="c4").reason == "times lorem ipsum 1, at most 0 (C4)"
    assert "sentences in lines that C4 keeps 0" in judge(PLAIN + " Enable Javascript.", preset="c4").reason
    assert "sentences in lines that C4 keeps 0" in judge(PLAIN[:-1], preset="c4").reason


def test_fineweb_rejects_lists():
    listed = "\n".join(word.strip(".") for word in PLAIN.split())
    assert "(FineWeb)" in judge(listed, preset="fineweb").reason and judge(PLAIN, preset="fineweb").decision == "keep"


@pytest.mark.parametrize(
    "text", ["42", "Paris.", "def f(x):\n    return x + 1  # one more", "北京是中国的首都。", "No no no, never, never, never!"]
)
def test_short_texts_are_not_judged_by_rules_for_pages(text):
    assert judge(text, preset="short").decision == "keep" and judge(text).decision == "reject"


def test_short_rejects_what_repeats_itself_and_what_is_blank():
    assert judge("I am a model and I cannot do that. " * 20, preset="short").decision == "reject"
    assert judge(" \n", preset="short").reason == "words 0, at least 1 (Gopher)"


def test_what_misses_a_threshold_by_little_is_in_doubt():
    text = " ".join(PLAIN.split()[:46])
    assert judge(text).decision == "reject" and judge(text, in_doubt=0.1).decision == "review"
    assert judge(" ".join(PLAIN.split()[:40]), in_doubt=0.1).decision == "reject"


def test_a_missing_text_is_no_text():
    batch = Batch(pa.array(["a", "b"]), pa.array([None, PLAIN], pa.string()))
    found = Quality()(batch)
    assert (found.at(0).decision, found.at(0).reason, found.at(1).decision) == ("reject", "no text", "keep")
    assert len(Quality()(batch.take([]))) == 0


def test_a_threshold_can_be_moved_by_name():
    assert judge("Two words.", limits={"words_least": 2, "stop_words": 0, "top_2_gram": 1}).decision == "keep"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"preset": "gofer"}, "did you mean 'gopher'"),
        ({"limits": {"word_least": 2}}, "did you mean 'words_least'"),
        ({"limits": {"words_least": "two"}}, "limit words_least is 'two'"),
        ({"limits": {"words_least": -1}}, "limit words_least is -1"),
        ({"in_doubt": -0.5}, "in_doubt is -0.5"),
    ],
)
def test_settings_out_of_range_are_refused(settings, says):
    with pytest.raises((ConfigError, UnknownName), match=says):
        Quality(**settings)


def test_every_rule_of_every_preset_is_measured():
    names = set(of(PLAIN))
    assert all(rule.measure in names for rules in PRESETS.values() for rule in rules.values())
