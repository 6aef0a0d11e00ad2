"""What a credential, or a hidden sign, says of a document: one record for every kind."""

from typing import Any, Literal

from longtail.errors import InvalidRecord
from longtail.records import Evidence, Origin, Record

Kind = Literal["c2pa", "c2pa-text", "unicode"]
State = Literal["verified", "declared", "invalid", "found", "none"]


class Credential(Record, frozen=True):
    """A signed or hidden statement in or beside a document. That there is none says nothing.

    Attributes:
        kind: C2PA in or beside a file, C2PA in a text, or hidden characters of no known scheme.
        state: `verified` (whole, and its signer leads to a certificate that the reader trusts), `declared` (whole, its signer
            trusted by nobody here), `invalid` (the content or the manifest was changed, or cannot be read), `found` (hidden
            characters that are no manifest) or `none`.
        words: The same for a reader, in one sentence.
        origin: What the credential states; None where it states nothing, or is not whole.
        evidence: What the origin rests on: `signed` only if verified, `asserted` if declared, else `none`.
        signer: Name on the certificate, where there is one.
        claims: What the manifest, or the hidden characters, hold, as plain JSON.
        rights: What the manifest allows, such as {"c2pa.ai_training": "notAllowed"}; never a statement of origin.
    """

    kind: Kind
    state: State
    words: str
    origin: Origin | None = None
    evidence: Evidence = Evidence.NONE
    signer: str | None = None
    claims: dict[str, Any] = {}
    rights: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Refuse an origin that rests on nothing, and a signature that nobody verified."""
        if (self.origin is None) != (self.evidence is Evidence.NONE):
            raise InvalidRecord(f"a credential with origin {self.origin!r} cannot rest on {self.evidence.value!r}; give both or neither")
        if (self.evidence is Evidence.SIGNED) and self.state != "verified":
            raise InvalidRecord(f"a credential of state {self.state!r} is not signed evidence; only a verified one is")
