"""The word machine: state x class of the next character gives the next state and what to do.

The classes are those of `_unicode`, what is a word is said in `words`. A step is a number: its lower bits say what to do, and
what is above them is the next state. What a state does not name ends the token, and begins another where the character can.
"""

import numpy as np
import numpy.typing as npt

from longtail.views._unicode import ALONE, EXTEND, FLAG, IGNORED, JOINER, KATAKANA, LINK, PICTURE, TAG, WORD

END, START, JOIN, GROW, SPAN = 1, 2, 4, 8, 16
"""End the token before; start one; take in the apostrophe before; take in the character; let it stand in the token unheard."""
STATE_BITS = 5

_NONE, _WORD, _ALONE, _JOINED, _KATAKANA, _PICTURE, _LINKED, _FLAG = range(8)
_FIRST = {WORD: _WORD, ALONE: _ALONE, KATAKANA: _KATAKANA, PICTURE: _PICTURE, FLAG: _FLAG}
_UNHEARD = (IGNORED, LINK, TAG)
_STAYS = {_WORD: (WORD, EXTEND), _ALONE: (EXTEND,), _KATAKANA: (KATAKANA, EXTEND), _PICTURE: (EXTEND, TAG), _FLAG: (EXTEND,)}


def _table() -> npt.NDArray[np.int64]:
    steps = np.zeros((8, 11), dtype=np.int64)
    steps[1:, :] = END
    for kind, state in _FIRST.items():
        steps[:, kind] |= state << STATE_BITS | START | GROW
    for state in range(1, 8):
        steps[state, _UNHEARD] = state << STATE_BITS
        steps[state, _STAYS.get(state, ())] = state << STATE_BITS | GROW
    steps[_WORD, JOINER] = _JOINED << STATE_BITS
    steps[_JOINED, WORD] = _WORD << STATE_BITS | JOIN | GROW
    steps[_PICTURE, IGNORED] = _PICTURE << STATE_BITS | SPAN
    steps[_PICTURE, LINK] = _LINKED << STATE_BITS
    steps[_LINKED, [PICTURE, EXTEND]] = _PICTURE << STATE_BITS | GROW
    steps[_FLAG, FLAG] = _PICTURE << STATE_BITS | GROW
    return steps


STEPS = _table()
