"""The ledger as a recogniser: is a document one that it knows a model had a hand in?"""

from collections.abc import Sequence
from typing import Any

from longtail.ledger.recogniser import RECOGNISED, Match
from longtail.ledger.store import Ledger
from longtail.origin.recognising.evidence import Recognised, Text
from longtail.records import Evidence, Origin

SHORTEST = 40
"""Characters, spaces left out, below which the same text may well have been written twice; so short a copy carries no origin."""

_KNOWN = ("lt_id", "lt_origin", "lt_model", "lt_depth")
_HOW = {"exact": "the same text", "normalised": "the same text up to case and spacing"}


class InLedger:
    """Looks documents up among all that models had a hand in and the ledger knows.

    The same text, up to case and spacing, inherits the origin that the ledger states; one that is only much like it, or
    shorter than `SHORTEST` characters, invites a look and no more.

    Args:
        ledger: Where to look; it stays open.
        threshold: Least share of runs of five words in common of a near copy.

    Raises:
        LedgerError: A file cannot be read.
    """

    name = "ledger"
    tests = False

    def __init__(self, ledger: Ledger, threshold: float = RECOGNISED) -> None:
        self._ledger, self._threshold = ledger, threshold
        self._recogniser = ledger.recogniser()
        self.looks_for = f"copies of {len(self._recogniser):,} documents that models had a hand in"

    def recognise(self, batch: Sequence[Text]) -> list[Recognised | None]:
        """Return the copy that each document is, None where there is none.

        Raises:
            LedgerError: A file cannot be read.
            UsageError: A text is not valid Unicode.
        """
        texts = [each.text for each in batch]
        matches = self._recogniser.look_up(texts, self._threshold)
        known = self._facts({match.lt_id for match in matches if match is not None})
        return [
            None if match is None else _evidence(text, match, known.get(match.lt_id, {}))
            for text, match in zip(texts, matches, strict=True)
        ]

    def _facts(self, ids: set[str]) -> dict[str, dict[str, Any]]:
        if not ids:
            return {}
        return {row["lt_id"]: row for batch in self._ledger.current(sorted(ids), _KNOWN) for row in batch.to_pylist()}


def _evidence(text: str, match: Match, known: dict[str, Any]) -> Recognised:
    origin = Origin(known.get("lt_origin") or Origin.UNKNOWN)
    by = f" by {known['lt_model']}" if known.get("lt_model") else ""
    told = f"{origin.value}{by}"
    inherits = match.kind != "near" and origin is not Origin.UNKNOWN and not _is_short(text)
    return Recognised(
        recogniser="ledger",
        words=f"{_how(match)} as {match.lt_id}, which the ledger has as {told}{_limit(text, match)}",
        scheme=match.kind,
        score=match.similarity,
        matched_id=match.lt_id,
        origin=origin if inherits else None,
        evidence=Evidence.INHERITED if inherits else Evidence.NONE,
        model=known.get("lt_model") if inherits else None,
        depth=known.get("lt_depth") if inherits else None,
    )


def _how(match: Match) -> str:
    return _HOW.get(match.kind) or f"about {match.similarity:.0%} of its runs of five words are those"


def _limit(text: str, match: Match) -> str:
    if match.kind == "near":
        return "; a near copy inherits no origin"
    return f"; with fewer than {SHORTEST} characters that may be chance" if _is_short(text) else ""


def _is_short(text: str) -> bool:
    return len("".join(text[: 8 * SHORTEST].split())) < SHORTEST
