"""One pass of recognisers over documents: what they find, and which p-values stand once all documents are tested."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.origin.recognising.documents import Document, documents
from longtail.origin.recognising.evidence import Recognised, Recogniser, Text, contradicts, strongest
from longtail.origin.recognising.result import Contradiction, Looked
from longtail.origin.watermarks.many import rejected
from longtail.readers.quarantine import Quarantine
from longtail.records import OnProgress, Progress

FDR = 0.01
"""Share of wrong findings, on average, among the documents in which a recogniser that tests says that it found its watermark."""


class Seen(NamedTuple):
    """What was found in one document: its number from 1, id, the origin that it states, the hash of its text, and the findings."""

    document: int
    lt_id: str
    said: str | None
    key: bytes
    found: tuple[Recognised, ...]


class Scanned(NamedTuple):
    """What came of a pass.

    Attributes:
        seen: The documents in which anything was found, in order.
        looked: What each recogniser did.
        documents: How many there are.
        quarantine: What was set aside.
    """

    seen: list[Seen]
    looked: tuple[Looked, ...]
    documents: int
    quarantine: Quarantine

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Return what documents state against strong evidence, the most frequent first."""
        counts: dict[tuple[str, str, str], list[int]] = {}
        for one in self.seen:
            found = strongest(one.found)
            if found is not None and contradicts(one.said, found):
                counts.setdefault((one.said or "", str(found.origin), found.recogniser), []).append(one.document)
        ranked = sorted(counts.items(), key=lambda each: (-len(each[1]), each[0]))
        return tuple(
            Contradiction(says=said, found=origin, recogniser=by, documents=len(at), first=at[0]) for (said, origin, by), at in ranked
        )


def scan(
    data: Any,
    recognisers: Sequence[Recogniser],
    fdr: float = FDR,
    text_column: str | None = None,
    on_progress: OnProgress | None = None,
) -> Scanned:
    """Look the documents of a data set over, once.

    Args:
        data: Whatever `longtail.readers.read` takes.
        recognisers: Each sees the raw texts.
        fdr: Of the findings of a recogniser that tests, the share that may be wrong on average (Benjamini and Hochberg 1995).
        text_column: The content column, where it is none of those recognised.
        on_progress: Called now and then.

    Raises:
        ConfigError: `fdr` is not between 0 and 1, or two recognisers have one name.
        ReadError: The input cannot be read to its end, or holds no documents.
        UsageError: There is no recogniser.
    """
    names = [each.name for each in recognisers]
    if not names:
        raise UsageError("nothing to look for: give at least one recogniser")
    if not 0 < fdr < 1:
        raise ConfigError(f"fdr is {fdr!r}; take a share between 0 and 1, such as 0.01")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(f"two recognisers are named {twice!r}; name each once")
    quarantine = Quarantine()
    passing = _Pass(recognisers, fdr)
    for batch in documents(data, text_column, quarantine):
        passing.take(batch)
        if on_progress is not None:
            on_progress(Progress(stage="looking", done=passing.documents))
    if not passing.documents:
        said = f": all {quarantine.count} were set aside ({quarantine.reasons()})" if quarantine.count else ""
        raise ReadError(str(data)[:200], f"no documents{said}", fix="name other data, or choose the text with --text-column NAME")
    return Scanned(list(passing.seen()), passing.looked(), passing.documents, quarantine)


class _Found:
    """What one recogniser found: p-values of all documents that it tested, and findings that may stand."""

    def __init__(self, recogniser: Recogniser, fdr: float) -> None:
        self.recogniser, self._fdr = recogniser, fdr
        self._tested: list[npt.NDArray[np.float64]] = []
        self._kept: list[tuple[int, Recognised]] = []
        self.threshold: float | None = None

    def take(self, first: int, batch: Sequence[Text]) -> list[int]:
        """Look a batch over, whose first document has a number; return the places of findings that may stand."""
        found = self.recogniser.recognise(batch)
        tested = [each.p_value for each in found if each is not None and each.p_value is not None]
        if tested:
            self._tested.append(np.array(tested, np.float64))
        kept = [(at, each) for at, each in enumerate(found) if each is not None and (each.p_value is None or each.p_value <= self._fdr)]
        self._kept += [(first + at, each) for at, each in kept]
        return [at for at, _ in kept]

    def settled(self) -> Iterator[tuple[int, Recognised]]:
        """Yield the findings that stand, by the number of their document."""
        if self._tested:
            p = np.concatenate(self._tested)
            with np.errstate(divide="ignore"):
                stands = rejected(np.log10(p), self._fdr)
            self.threshold = float(p[stands].max()) if stands.any() else None
        for document, each in self._kept:
            if each.p_value is None or (self.threshold is not None and each.p_value <= self.threshold):
                yield document, each

    def looked(self, documents: int, found: int, strong: int) -> Looked:
        """Return what this recogniser did."""
        tested = sum(map(len, self._tested)) if self.recogniser.tests else None
        return Looked(
            recogniser=self.recogniser.name,
            looks_for=self.recogniser.looks_for,
            documents=documents,
            tested=tested,
            threshold=self.threshold,
            found=found,
            strong=strong,
        )


class _Pass:
    """All recognisers over all batches."""

    def __init__(self, recognisers: Sequence[Recogniser], fdr: float) -> None:
        self._all = [_Found(each, fdr) for each in recognisers]
        self._known: dict[int, tuple[str, str | None, bytes]] = {}
        self._found: dict[int, list[Recognised]] | None = None
        self.documents = 0

    def take(self, batch: Sequence[Document]) -> None:
        """Look a batch over."""
        texts = [Text(each.text, each.lt_id) for each in batch]
        first = self.documents + 1
        for at in {at for each in self._all for at in each.take(first, texts)}:
            self._known[first + at] = (batch[at].name, batch[at].said, text_key(batch[at].text))
        self.documents += len(batch)

    def seen(self) -> Iterator[Seen]:
        """Yield the documents in which something stands."""
        for document, found in sorted(self._settled().items()):
            yield Seen(document, *self._known[document], tuple(found))

    def looked(self) -> tuple[Looked, ...]:
        """Return what each recogniser did."""
        found = [each for one in self._settled().values() for each in one]
        by = [[each for each in found if each.recogniser == one.recogniser.name] for one in self._all]
        return tuple(
            one.looked(self.documents, len(mine), sum(each.is_strong for each in mine)) for one, mine in zip(self._all, by, strict=True)
        )

    def _settled(self) -> dict[int, list[Recognised]]:
        if self._found is None:
            self._found = {}
            for one in self._all:
                for document, each in one.settled():
                    self._found.setdefault(document, []).append(each)
        return self._found


def text_key(text: str) -> bytes:
    """Return the hash by which a text is found again in a second pass: 16 bytes, XXH3-128 of its UTF-8."""
    return xxhash.xxh3_128_digest(text.encode("utf-8", "surrogatepass"))
