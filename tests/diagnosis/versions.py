"""Six versions of which each says fewer rare words, as files beside their training sets."""

import json
from collections import Counter
from itertools import cycle

SHARES = {1: 0.0, 2: 0.0, 3: 0.4, 5: 0.7, 6: 0.9}
"""Synthetic share of the training set of each version; the one of v4 is lost."""


def put(path, rows):
    """Write texts or records as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records = ({"text": row} if isinstance(row, str) else row for row in rows)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def worn(texts, counts, kept):
    """Return texts without a share of the rare words, common ones in turn in their place."""
    gone = {word for at, word in enumerate(sorted(word for word, count in counts.items() if count <= 3)) if at % 100 >= 100 * kept}
    common = cycle([word for word, count in counts.most_common() for _ in range(count) if count > 3][::7])
    return [" ".join(next(common) if word in gone else word for word in text.split()) for text in texts]


def write(folder, paragraphs, versions=6, documents=250):
    """Write human.jsonl, evals/v1 … and data/train_v1 … into a folder, and return it."""
    put(folder / "human.jsonl", paragraphs[:400])
    source = paragraphs[400 : 400 + documents]
    counts = Counter(word for text in source for word in text.split())
    for version in range(1, versions + 1):
        texts = worn(source, counts, max(0.0, 1 - 0.18 * (version - 1)))
        put(folder / f"evals/v{version}/outputs.jsonl", texts)
        if version in SHARES:
            count = round(SHARES[version] * 100)
            rows = [{"text": text, "lt_origin": "synthetic" if at < count else "human"} for at, text in enumerate(texts[:100])]
            put(folder / f"data/train_v{version}.jsonl", rows)
    return folder
