"""What archived models are asked."""

import pytest

from longtail.diagnosis.outputs.prompts import prompts_of
from longtail.errors import UsageError
from longtail.summaries.profiling import profile


def test_prompts_of_the_reference_are_asked_once_each():
    rows = [
        {"prompt": "why?", "text": "because of that"},
        {"prompt": "why?", "text": "no reason"},
        {"prompt": "who?", "text": "nobody"},
    ]
    found = prompts_of(rows)
    assert found.texts == ("why?", "who?")
    assert found.told == "2 prompts of the reference"


def test_without_prompts_the_first_words_stand_in_and_it_is_said():
    found = prompts_of(["one two three four five six seven eight nine ten", "short one"])
    assert found.texts == ("one two three four five six seven eight", "short one")
    assert "first 8 words" in found.told
    assert "holds no prompts" in found.told


def test_of_many_an_even_choice_is_asked():
    assert prompts_of([f"{number} x" for number in range(100)], most=4).texts == ("0 x", "25 x", "50 x", "75 x")


def test_a_profile_has_no_texts_to_ask_with():
    with pytest.raises(UsageError, match="holds no texts"):
        prompts_of(profile(["a text"]))
    with pytest.raises(UsageError, match="at least one"):
        prompts_of(["a text"], most=0)
