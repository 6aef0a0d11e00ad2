"""`detect`: recognisers over documents and files, and what they find in one record."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np

from longtail.errors import ConfigError, UsageError
from longtail.ledger.store import Ledger
from longtail.origin.recognising.evidence import Recogniser, strongest
from longtail.origin.recognising.media import looked_at
from longtail.origin.recognising.receipts import receipts
from longtail.origin.recognising.result import Detected
from longtail.origin.recognising.scanning import FDR, Scanned, scan
from longtail.origin.recognising.verdicts import findings
from longtail.origin.recognising.watermark import Watermark
from longtail.origin.watermarks.detection import Detection, judged
from longtail.origin.watermarks.key import Key
from longtail.records import OnProgress

_SHOWN = 20


class Found(NamedTuple):
    """What came of looking: the record, and the pass over documents, None where there were only files."""

    record: Detected
    scanned: Scanned | None


def detect(
    data: Any,
    recognisers: Sequence[Recogniser],
    *,
    media: Sequence[str] = (),
    trust: str | os.PathLike[str] | None = None,
    ledger: Ledger | None = None,
    fdr: float = FDR,
    text_column: str | None = None,
    on_progress: OnProgress | None = None,
) -> Found:
    """Look documents and files over, and return what was found.

    Args:
        data: Documents, as `longtail.readers.read` takes them; None where there are only files.
        recognisers: What looks at the documents.
        media: Files of which the C2PA credential is read.
        trust: PEM file of the certificates whose signers are believed.
        ledger: Where receipts of what was written with the keys lie, by which shares are measured.
        fdr: Of the findings of a recogniser that tests, the share that may be wrong on average.
        text_column: The content column, where it is none of those recognised.
        on_progress: Called now and then.

    Raises:
        ConfigError: A setting is out of range.
        MissingExtra: There are only files, and what reads their credentials is not installed.
        ReadError: The input cannot be read, or holds no documents.
        UsageError: There is nothing to look at, or nothing to look for.
    """
    if data is None and not media:
        raise UsageError("there is nothing to look at; give documents or files")
    if not 0 < fdr < 1:
        raise ConfigError(f"fdr is {fdr!r}; take a number between 0 and 1, such as 0.01")
    files = tuple(looked_at(path, trust, strict=data is None) for path in media)
    scanned = scan(data, recognisers, fdr, text_column, on_progress) if data is not None else None
    return Found(_record(scanned, files, tuple(_marked(recognisers, ledger)) if scanned else (), fdr), scanned)


def _record(scanned: Scanned | None, files: tuple[dict[str, Any], ...], marked: tuple[dict[str, Any], ...], fdr: float) -> Detected:
    seen = scanned.seen if scanned else []
    strong = (strongest(one.found) for one in seen)
    origins = Counter(str(found.origin) for found in strong if found is not None)
    return Detected(
        documents=scanned.documents if scanned else 0,
        quarantined=scanned.quarantine.count if scanned else 0,
        quarantine=scanned.quarantine.kept[:_SHOWN] if scanned else (),
        fdr=fdr,
        recognisers=scanned.looked if scanned else (),
        marked=marked,
        origins=dict(sorted(origins.items())),
        contradictions=scanned.contradictions() if scanned else (),
        findings=tuple(findings(seen)),
        media=files,
    )


def _marked(recognisers: Sequence[Recogniser], ledger: Ledger | None) -> Iterator[dict[str, Any]]:
    """Yield the share of each key, with what the ledger's receipts say of marked text."""
    for each in recognisers:
        if isinstance(each, Watermark):
            known = {} if ledger is None else {key.key_id: receipted(key, ledger) for key in each.keys}
            for share in each.shares(known):
                yield msgspec.to_builtins(share) | {"sampled": len(each.sample)}


def receipted(key: Key, ledger: Ledger) -> list[Detection]:
    """Return what a key found in the texts that were written with it, as the receipts in a ledger say."""
    counts = [(each.tokens, each.scored, each.green) for each in receipts(ledger, key.key_id)]
    return judged(key, *np.array(counts, dtype=np.int64).reshape(-1, 3).T) if counts else []
