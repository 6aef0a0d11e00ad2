"""Files of scenarios: one JSON object per line, each file whole or not there."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from longtail.atomic import replaced
from longtail.records import Origin


def documents(texts: Iterable[str], depth: int) -> Iterable[dict[str, Any]]:
    """Return rows with text, origin and depth: 0 for real documents, k for those of generation k."""
    origin = Origin.SYNTHETIC if depth else Origin.HUMAN
    return ({"lt_id": f"{depth}-{at}", "text": text, "lt_origin": origin.value, "lt_depth": depth} for at, text in enumerate(texts))


def sampled(texts: Iterable[str], depth: int) -> Iterable[dict[str, Any]]:
    """Return rows of model output as `documents` does, and that it was sampled from the whole law, as the lab's learners do."""
    return (row | {"lt_decoding": '{"temperature":1.0}'} for row in documents(texts, depth))


def untracked(texts: Iterable[str], depth: int) -> Iterable[dict[str, Any]]:
    """Return rows with an id and a text alone, as a pipeline writes them that does not say where its rows come from."""
    return ({"lt_id": f"{depth}-{at}", "text": text} for at, text in enumerate(texts))


def lines(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """Write rows as JSON Lines and return the path."""
    encode = msgspec.json.Encoder().encode
    with replaced(path) as draft, draft.open("wb") as stream:
        stream.writelines(encode(row) + b"\n" for row in rows)
    return path
