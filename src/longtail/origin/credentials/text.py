"""C2PA credentials within a text, as invisible characters at its end: read them before anything is normalised away.

Source: C2PA 2.4, appendix A.8, manifests in unstructured text. A byte of the manifest is one variation selector; the signed hash
covers the text in normal form C without the wrapper, whose place is signed too.
"""

import hashlib
import io
import os
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from longtail import __version__
from longtail.errors import UsageError
from longtail.origin.credentials import door
from longtail.origin.credentials.credential import Credential, State
from longtail.origin.credentials.statement import Statement
from longtail.origin.credentials.store import Store, credential
from longtail.origin.credentials.unicode import MAGIC

_OPENING = "\ufeff" + "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in MAGIC)
_UNBOUND = ("signingCredential.untrusted", "assertion.dataHash.mismatch")
_LONGEST = 2**31
_HASHES = ("sha256", "sha384", "sha512")


def read(text: str, trust: str | os.PathLike[str] | None = None) -> Credential:
    """Return the credential within a text.

    Args:
        text: As it was found. A text of which a word was changed, or that was pasted into another, is no longer the one that was
            signed, and its credential is invalid.
        trust: PEM file of the certificates whose signers are believed; without it nothing is verified.

    Raises:
        MissingExtra: The text holds a wrapper and the optional part is not installed.
        ReadError: The trust list cannot be read.
    """
    if _OPENING not in text:
        return credential("c2pa-text", Store(problem="absent"), trust is not None)
    try:
        content = (plain := normalize("NFC", text)).encode()
        found = door.wrapped(plain)
    except ValueError as error:
        return credential("c2pa-text", Store(problem="damaged", detail=str(error)), trust is not None)
    if found is None:
        return credential("c2pa-text", Store(problem="damaged", detail="its wrapper is incomplete"), trust is not None)
    manifest, start, length = found
    store = door.store(io.BytesIO(content), "txt", None if trust is None else door.anchors(trust), manifest)
    return credential("c2pa-text", store, trust is not None, _state(store, content, start, length))


def sign(
    text: str,
    certificate: str | os.PathLike[str],
    private_key: str | os.PathLike[str],
    source_type: str,
    *,
    generator: str,
    rights: Mapping[str, str] | None = None,
    algorithm: str = "es256",
) -> str:
    """Return the text in normal form C with a signed credential at its end, as invisible characters.

    Some 12,000 bytes of UTF-8 are added, most of them the signer's certificates.

    Args:
        text: What was made.
        certificate: PEM file of the signer's certificate and those above it.
        private_key: PEM file of its key.
        source_type: IPTC digital source type, such as "trainedAlgorithmicMedia" for what a model made.
        generator: The software or model that made the text.
        rights: Uses of it, such as {"cawg.ai_generative_training": "notAllowed"}.
        algorithm: That of the key: es256, es384, es512, ps256, ps384, ps512 or ed25519.

    Raises:
        MissingExtra: The optional part is not installed.
        ReadError: A key cannot be read.
        UsageError: The text has a credential already, is no valid Unicode, or the keys do not fit.
    """
    if _OPENING in text:
        raise UsageError("the text has a credential already; take it out with without_hidden before it is signed anew")
    content = _encoded(plain := normalize("NFC", text))
    keys = (os.fspath(certificate), os.fspath(private_key), algorithm)
    made = Statement(source_type, generator, "", rights or {})

    def manifest(length: int) -> bytes:
        return door.signed(made.definition("longtail", __version__, _binding(content, length)), "txt", io.BytesIO(content), None, keys)

    length = door.wrapper_length(manifest(_LONGEST))
    return plain + door.wrapper(manifest(length), length)


def _binding(content: bytes, length: int) -> dict[str, Any]:
    place = [{"start": len(content), "length": length}]
    digest = list(hashlib.sha256(content).digest())
    return {"label": "c2pa.hash.data", "created": True, "data": {"exclusions": place, "alg": "sha256", "hash": digest, "pad": []}}


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"the text is no valid Unicode ({error.reason} at {error.start}); repair it before it is signed") from None


def _state(store: Store, content: bytes, start: int, length: int) -> State:
    """The library knows no place for a manifest in a text, so the hash of the text is checked here; it is under the signature."""
    if store.problem:
        return "invalid"
    rest = content[:start] + content[start + length :]
    bound = _bound(store.assertions.get(store.report.get("active_manifest", ""), {}).get("c2pa.hash.data") or {}, rest, start, length)
    whole = {"claimSignature.validated", "claimSignature.insideValidity"} <= set(store.codes("success"))
    failed = [code for code in store.codes("failure") if code not in _UNBOUND] + store.ingredient_failures()
    if not bound or not whole or failed:
        return "invalid"
    return "verified" if "signingCredential.trusted" in store.codes("success") else "declared"


def _bound(binding: Mapping[str, Any], rest: bytes, start: int, length: int) -> bool:
    places, algorithm = binding.get("exclusions") or [], binding.get("alg", "sha256")
    if places not in ([], [{"start": start, "length": length}]) or algorithm not in _HASHES:
        return False
    return b64decode(binding.get("hash", "")) == hashlib.new(algorithm, rest).digest()
