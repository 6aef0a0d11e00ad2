"""Archives of made posts: people who draw words from a law, and a loop that copies its own runs."""

from datetime import date

import numpy as np

WORDS = [f"word{at}" for at in range(3000)]
LAW = 1 / np.arange(5.0, 3005.0)
LAW = LAW / LAW.sum()


def quarters(count, each, *, turn=None, mould=0.7, seed=0, words=40, first=2020):
    """Rows with date, text and author; from the quarter `turn` on a share `mould` of the posts has one opening and few words."""
    rng = np.random.default_rng(seed)
    rows = []
    for quarter in range(count):
        start = date(first + quarter // 4, 3 * (quarter % 4) + 1, 1).toordinal()
        for at in range(each):
            law = LAW
            text = rng.choice(WORDS, words, p=law)
            if turn is not None and quarter >= turn and rng.random() < mould:
                text = ["in", "today's", "fast", "paced", "world", *rng.choice(WORDS[:60], words - 5)]
            day = date.fromordinal(start + at * 90 // each).isoformat()
            rows.append({"date": day, "text": " ".join(text), "author": f"a{at % 3}"})
    return rows
