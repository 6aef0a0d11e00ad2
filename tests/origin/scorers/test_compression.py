import zlib

import numpy as np

from longtail.origin.scorers.compression import compression

HUMAN = [f"honestly the {word} was rather old and we left it there, tired" for word in ("dog", "bus", "road", "night")]
MACHINE = [f"it is important to note that a {word} can play a crucial role" for word in ("dog", "bus", "road", "night")]
SCORER = compression(HUMAN + MACHINE, np.repeat([0, 1], 4))


def plain(prelude, text):
    machine = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=prelude.encode())
    return len(machine.compress(text.encode()) + machine.flush())


def test_a_score_is_what_is_saved_for_each_byte():
    text = "it is important to note that a cat was rather old"
    saved = plain(" ".join(HUMAN), text) - plain(" ".join(MACHINE), text)
    assert SCORER.scores([text])[0, 0] == saved * np.log(256) / len(text)


def test_machine_text_saves_more_after_machine_text():
    found = SCORER.scores(["it is important to note that cats play a role", "honestly the cat was tired and we left it", " "])[:, 0]
    assert found[0] > 0 > found[1]
    assert np.isnan(found[2])


def test_references_of_unlike_size_give_preludes_of_like_number():
    long = compression(HUMAN * 400 + MACHINE, np.repeat([0, 1], [1600, 4]))
    assert {len(each) for each in long.preludes} == {1}
    both = compression(HUMAN * 400 + MACHINE * 900, np.repeat([0, 1], [1600, 3600]))
    assert {len(part) for each in both.preludes for part in each} == {1 << 15}
