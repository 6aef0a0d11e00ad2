"""What each document of a corpus weighs, in a file: how likely it is human in a corpus of this share, and how often to draw it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.atomic import replaced
from longtail.errors import UsageError
from longtail.ledger.tagging.sinks import writing
from longtail.origin.estimating.corpus import How, number_of
from longtail.origin.estimating.drawing import LONGEST
from longtail.origin.measuring import Estimated
from longtail.origin.recognising.documents import documents
from longtail.origin.reference import Floats
from longtail.origin.weighting import human_weights
from longtail.readers import BY, Named, read
from longtail.readers.quarantine import Quarantine

SCHEMA = pa.schema([("lt_id", pa.string()), ("p_human", pa.float64()), ("lt_weight", pa.float64())])
_AT_ONCE = 2048
Rows = list[dict[str, Any]]


def write_weights(path: str, data: Any, found: Estimated, how: How, score: str | None = None) -> int:
    """Write a row for each document of a corpus, in their order, and return how many there are.

    `p_human` is the probability that a person wrote the text, in a corpus of the estimated share and no other; a text that says
    nothing has that of the corpus. `lt_weight` is how often to draw it, 1 on average. Nothing is left out.

    Args:
        path: .jsonl or .parquet.
        data: The corpus, read again.
        found: What was measured; a share was told.
        how: How the corpus is read.
        score: Column of scores made elsewhere; the documents then state their ids.

    Raises:
        UsageError: The file cannot be written, or documents state no id where they must.
        ReadError: The corpus cannot be read to its end.
    """
    shares = np.array([each.share for each in found.told.whole.origins], np.float64)
    parts = _by_text(data, found, how) if score is None else _by_column(data, how, score)
    rows = (_rows(names, scores, found, shares) for names, scores in parts)
    return _write(path, rows)


def _by_text(data: Any, found: Estimated, how: How) -> Iterator[tuple[Sequence[str], Floats]]:
    fitted = found.instrument.fitted
    assert fitted is not None
    for batch in documents(data, how.text_column, Quarantine(), how.table):
        for start in range(0, len(batch), _AT_ONCE):
            part = batch[start : start + _AT_ONCE]
            yield [each.name for each in part], fitted.scorer.scores([each.text[:LONGEST] for each in part])


def _by_column(data: Any, how: How, score: str) -> Iterator[tuple[Sequence[str], Floats]]:
    reading = read(data, how.text_column, how.table, by=[Named(score, "--score-column")], texts_only=True)
    for batch in reading.batches():
        names: list[Any] = batch.column("lt_id").to_pylist() if "lt_id" in batch.schema.names else [None]
        if None in names:
            raise UsageError(
                f"{reading.path}: documents without lt_id cannot be told apart in a file of weights; number them with longtail tag"
            )
        values = [number_of(value, reading.path) for value in batch.column(BY + score).to_pylist()]
        yield names, np.array(values, np.float64)[:, None]


def _rows(names: Sequence[str], scores: Floats, found: Estimated, shares: Floats) -> Rows:
    human = human_weights(found.instrument.calibration.log_ratios(scores), shares)
    mean = max(1 - float(shares.sum()), 0.0)
    weights = human / mean if mean else human
    columns = zip(names, human.tolist(), weights.tolist(), strict=True)
    return [{"lt_id": name, "p_human": each, "lt_weight": weight} for name, each, weight in columns]


def _write(path: str, parts: Iterable[Rows]) -> int:
    count = 0
    with writing(path), replaced(Path(path)) as draft, _writer(draft, path.lower().endswith(".parquet")) as put:
        for rows in parts:
            put(rows)
            count += len(rows)
    return count


@contextmanager
def _writer(draft: Path, is_parquet: bool) -> Iterator[Any]:
    if is_parquet:
        with pq.ParquetWriter(draft, SCHEMA, compression="zstd") as writer:
            yield lambda rows: writer.write_table(pa.Table.from_pylist(rows, SCHEMA))
    else:
        with draft.open("wb") as stream:
            yield lambda rows: stream.write(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
