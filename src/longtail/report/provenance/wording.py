"""What the exports share: words for shares, values of vocabularies, times, and JSON that is the same on every machine."""

import json
import re
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from longtail.ledger.facts import Facts
from longtail.ledger.graph import Graph
from longtail.ledger.node import Node
from longtail.records import Origin

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
DIGITAL_SOURCE_TYPES: dict[str, str] = {
    Origin.HUMAN: f"{IPTC}digitalCreation",
    Origin.MODEL_EDITED: f"{IPTC}compositeWithTrainedAlgorithmicMedia",
    Origin.HUMAN_EDITED: f"{IPTC}compositeSynthetic",
    Origin.HUMAN_SELECTED: f"{IPTC}trainedAlgorithmicMedia",
    Origin.SYNTHETIC: f"{IPTC}trainedAlgorithmicMedia",
    Origin.MIXED: f"{IPTC}compositeSynthetic",
}
"""Digital source types of the IPTC by origin (IPTC NewsCodes, scheme digitalsourcetype, release of 2024-10-23).

Text of a person changed by a model is *edited using generative AI*; text of a model changed by a person, and what was joined
of both, is a *composite including generative AI elements*: the scheme has no value that says more, and one that leaves the
model out would hide it. Unknown has none and is left out.
"""
NOT_RECORDED = "not recorded"

_MEDIA = {
    ".parquet": "application/x-parquet", ".jsonl": "application/jsonlines", ".ndjson": "application/jsonlines",
    ".json": "application/json", ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".txt": "text/plain",
    ".gz": "application/gzip", ".zst": "application/zstd", ".arrow": "application/vnd.apache.arrow.file",
}  # fmt: skip
_PACKED = (".gz", ".zst")
_UNFIT = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def dumps(value: Any, *, indent: int | None = 2) -> str:
    """Return JSON in UTF-8 with sorted keys; characters that no document may hold are escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=indent)
    return _UNFIT.sub(lambda character: f"\\u{ord(character[0]):04x}", text)


def share(part: int, whole: int) -> str:
    """Return a share in percent, never rounded to none or all of it."""
    if whole == 0:
        return "–"
    percent = 100 * part / whole
    if 0 < percent < 0.05:
        return "< 0.1 %"
    return "> 99.9 %" if 99.95 <= percent < 100 else f"{percent:.1f} %"


def synthetic_share(facts: Facts) -> str:
    """Return how much of a data set a model had a hand in, and how much nobody knows of, as one sentence."""
    unknown = facts.by_origin.get(Origin.UNKNOWN, 0)
    known = (
        f"A model had a hand in {facts.by_models:,} of {facts.documents:,} documents ({share(facts.by_models, facts.documents)}), "
        f"by the origins recorded."
    )
    return f"{known} The origin of {unknown:,} ({share(unknown, facts.documents)}) is unknown, which does not mean human."


def moment(time: str) -> str:
    """Return an ISO 8601 time as a moment in UTC, such as 2026-01-31T12:00:00Z; one without a zone is taken to be UTC."""
    read = datetime.fromisoformat(time)
    zoned = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    return zoned.isoformat().replace("+00:00", "Z")


def media_types(path: str) -> list[str]:
    """Return the media types that the suffixes of a file stand for, what is packed before how: of a.jsonl.gz two."""
    suffixes = PurePosixPath(path.lower()).suffixes
    told = suffixes[-2:] if suffixes and suffixes[-1] in _PACKED else suffixes[-1:]
    return [_MEDIA[suffix] for suffix in told if suffix in _MEDIA] or ["application/octet-stream"]


def parents_of(facts: Facts, graph: Graph) -> list[Node]:
    """Return the nodes that a data set was made from, runs seen through, by name; none where it is not in the graph."""
    if facts.place not in graph:
        return []
    return [graph[name] for name in sorted({edge.node for edge in graph.made_from(facts.place)})]
