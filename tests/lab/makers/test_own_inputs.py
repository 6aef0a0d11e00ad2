import itertools

import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.makers import own_inputs
from longtail.lab.makers.own_inputs import SYNONYMS, Asked, reworded, values

SYLLABLES = ["".join(each) for each in itertools.product("bdfgklmnprst", "aeiou", "bdfgklmnprst", "aeiou")]
TEXTS = tuple(
    f"When {' '.join(one)} is used, the name must return; {' '.join(other)} is different."
    for one, other in ((SYLLABLES[8 * at : 8 * at + 4], SYLLABLES[8 * at + 4 : 8 * at + 8]) for at in range(120))
)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(own_inputs, "prose", lambda: TEXTS)


@pytest.mark.parametrize("way", ["copied", "reworded"])
def test_what_was_planted_is_what_is_found_where_texts_share_no_more_than_a_mould(way):
    found = values(Asked(queries=60, way=way), 0)
    assert found == {"found": [0.3], "covered": [1.0], "recall": [1.0], "false": [0.0]}


def test_without_a_plant_nothing_is_found():
    found = values(Asked(queries=60, share=0.0), 1)
    assert found["found"] == [0.0] and numpy.isnan(found["recall"][0])


def test_rewording_changes_words_and_order_and_keeps_the_rest():
    text, rng = TEXTS[3], numpy.random.default_rng(0)
    made = reworded(text, rng)
    assert made != text and set(SYLLABLES[24:32]) <= set(made.replace(".", "").replace(",", "").split())
    assert sum(word in SYNONYMS.values() for word in made.replace(";", "").replace(".", "").replace(",", "").split()) >= 2


def test_too_little_prose_and_no_share_are_told():
    with pytest.raises(ConfigError, match="lower queries"):
        values(Asked(queries=61), 0)
    with pytest.raises(ConfigError, match="share is 1.0"):
        Asked(share=1.0)
