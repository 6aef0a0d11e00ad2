"""`ingest`: documents are looked over as they come in, and what was found is written beside them and into the ledger."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from longtail.errors import UsageError
from longtail.ledger.adding import add_data
from longtail.ledger.store import Ledger
from longtail.origin.recognising.detecting import Found, detect
from longtail.origin.recognising.evidence import Recognised, Recogniser, strongest
from longtail.origin.recognising.result import Detected
from longtail.origin.recognising.scanning import FDR, Scanned
from longtail.origin.recognising.verdicts import verdicts
from longtail.origin.recognising.writing import check, write
from longtail.records import OnProgress, Origin, Record


class Ingested(Record, frozen=True):
    """What came of taking documents in.

    Attributes:
        detected: What was found.
        output: Where they were written with their origins; None where nowhere.
        origins: Documents of the output by origin, as written.
        written: Those of them whose origin was filled in, by that origin.
        statements: Statements that were added to the ledger.
        verdicts: Verdicts that were added to the ledger.
    """

    detected: Detected
    output: str | None
    origins: dict[str, int]
    written: dict[str, int]
    statements: int
    verdicts: int


def ingest(
    data: Any,
    recognisers: Sequence[Recogniser],
    ledger: Ledger | None = None,
    output: str | os.PathLike[str] | None = None,
    *,
    name: str | None = None,
    fdr: float = FDR,
    text_column: str | None = None,
    on_progress: OnProgress | None = None,
) -> Ingested:
    """Look documents over, and write down the origins that strong evidence speaks for.

    In the output a document that states no origin gets that of a watermark (evidence `watermark`), of a verified credential
    (`signed`) or of the same text in a ledger (`inherited`), and else `unknown`. What it states itself is kept, also where evidence
    contradicts it: that is counted, and is a verdict of status `fail`. The ledger gets the output as a data set, a statement for
    each document of which there is strong evidence, and a verdict for each finding. Everything else stays as it is.

    Args:
        data: Documents, as `longtail.readers.read` takes them; one file or saved folder where there is an output.
        recognisers: They see the raw texts.
        ledger: Where statements and verdicts go.
        output: Where the documents are written, in the format they have.
        name: Of the data set in the ledger; by default that of the output.
        fdr: Of the findings of a recogniser that tests, the share that may be wrong on average.
        text_column: The content column, where it is none of those recognised.
        on_progress: Called now and then.

    Raises:
        ConfigError: A setting is out of range.
        ReadError: The input cannot be read.
        UsageError: The output cannot be written, the data have no room for columns, or the ledger has other data of that name.
        LedgerError: The ledger cannot be written.
    """
    target = None if output is None else os.fspath(output)
    path = None if target is None else _single(data, target)
    if ledger is not None and target is not None:
        check_name(ledger, target, name)
    found = detect(data, recognisers, ledger=ledger, fdr=fdr, text_column=text_column, on_progress=on_progress)
    return settled(found, path, target, ledger, name=name, text_column=text_column, on_progress=on_progress)


def check_name(ledger: Ledger, output: str | os.PathLike[str], name: str | None = None) -> str:
    """Return the name under which the output will stand in the ledger.

    Raises:
        UsageError: Something else has it.
    """
    label = name or Path(output).name.partition(".")[0]
    graph = ledger.graph()
    if label in graph and graph[label].kind != "unknown":
        raise UsageError(f"{label!r} is in the ledger already; name the output otherwise, or look without recording it")
    return label


def settled(
    found: Found,
    path: str | None,
    target: str | None,
    ledger: Ledger | None,
    *,
    name: str | None = None,
    text_column: str | None = None,
    on_progress: OnProgress | None = None,
) -> Ingested:
    """Write down what was found in a pass; the arguments are those of `ingest`, with `path` the file that is written again."""
    seen = found.scanned
    told = None
    if path is not None and target is not None and seen is not None:
        told = write(path, target, evidence_in(seen), text_column, on_progress)
    statements = judged = 0
    if ledger is not None and seen is not None:
        if target is not None:
            add_data(ledger, [target], name, text_column=text_column, on_progress=on_progress)
        statements, judged = _stated(ledger, seen, is_written=target is not None)
    return Ingested(
        detected=found.record,
        output=target,
        origins=dict(sorted(told.origins.items())) if told else {},
        written=dict(sorted(told.written.items())) if told else {},
        statements=statements,
        verdicts=judged,
    )


def evidence_in(scanned: Scanned) -> dict[bytes, Recognised]:
    """Return the strong evidence of a pass by the hash of the text that it was found in."""
    strong = ((one.key, strongest(one.found)) for one in scanned.seen)
    return {key: found for key, found in strong if found is not None}


def _single(data: Any, target: str) -> str:
    names = [data] if isinstance(data, str | os.PathLike) else list(data) if isinstance(data, list | tuple) else []
    if len(names) != 1 or not isinstance(names[0], str | os.PathLike):
        raise UsageError(
            f"{target!r} is written from one file or saved folder, and was given {len(names) or 'something else'}; take them one by one"
        )
    path = os.fspath(names[0])
    check(path, target)
    return path


def _stated(ledger: Ledger, scanned: Scanned, *, is_written: bool) -> tuple[int, int]:
    """Add statements, of what was written only those that it does not make itself, and verdicts; return how many of each."""
    rows: list[dict[str, Any]] = []
    for one in scanned.seen:
        found = strongest(one.found)
        makes_it = is_written and one.said in (None, Origin.UNKNOWN)
        if found is not None and found.origin is not None and not makes_it:
            depth = 0 if found.origin is Origin.HUMAN else found.depth
            said = {"lt_origin": found.origin.value, "lt_evidence": found.evidence.value, "lt_model": found.model, "lt_depth": depth}
            rows.append({"lt_id": one.lt_id} | {column: value for column, value in said.items() if value is not None})
    judged = list(verdicts(scanned.seen))
    if rows:
        ledger.add(rows)
    if judged:
        ledger.judge(judged)
    ledger.flush()
    return len(rows), len(judged)
