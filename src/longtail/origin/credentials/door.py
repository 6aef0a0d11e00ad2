"""The one door to `c2pa` and `c2pa_text`, imported when used: manifests are read and signed without a network."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from longtail.errors import MissingExtra, ReadError, UsageError
from longtail.origin.credentials.store import Store

FEATURE, EXTRA = "reading or writing C2PA credentials", "c2pa"
_SETTINGS = {
    "version": 1,
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "core": {"allowed_network_hosts": [], "allow_redirects": False, "decode_identity_assertions": False},
    "builder": {"thumbnail": {"enabled": False}},
}


def store(content: BinaryIO, form: str | None, trust: str | None = None, manifest: bytes | None = None) -> Store:
    """Read the manifests of a file, or those given that belong to it.

    Args:
        content: The file, open for reading.
        form: Its suffix or media type; None to tell by its content.
        trust: Certificates to trust, as PEM.
        manifest: Manifests that lie outside the file.

    Raises:
        MissingExtra: The optional part is not installed.
    """
    c2pa = _c2pa()
    try:
        with c2pa.Reader(form, content, manifest_data=manifest, context=_context(c2pa, trust)) as reader:
            detailed = json.loads(reader.detailed_json()).get("manifests") or {}
            return Store(json.loads(reader.json()), {name: each.get("assertion_store", {}) for name, each in detailed.items()})
    except c2pa.C2paError.ManifestNotFound:
        return Store(problem="absent")
    except c2pa.C2paError.NotSupported:
        return Store(problem="unsupported")
    except c2pa.C2paError as error:
        return Store(problem="remote" if str(error).startswith("Remote:") else "damaged", detail=str(error))


def signed(definition: Mapping[str, Any], form: str, source: BinaryIO, output: BinaryIO | None, keys: tuple[str, str, str]) -> bytes:
    """Sign a manifest, write it into a copy of the file, and return it.

    Args:
        definition: What the manifest says.
        form: Suffix or media type of the file.
        source: The file, open for reading.
        output: Where the copy goes, open for reading and writing; None to leave the manifest outside.
        keys: Files of the certificate chain and of the private key, both PEM, and the algorithm.

    Raises:
        MissingExtra: The optional part is not installed.
        ReadError: A key file cannot be read.
        UsageError: The keys do not fit, or files of this kind cannot hold a manifest.
    """
    import tempfile

    c2pa = _c2pa()
    chain, key, algorithm = pem(keys[0]), pem(keys[1]), keys[2]
    try:
        info = c2pa.C2paSignerInfo(alg=algorithm, sign_cert=chain.encode(), private_key=key.encode(), ta_url=None)
        with c2pa.Signer.from_info(info) as signer, c2pa.Builder(dict(definition), context=_context(c2pa, None)) as builder:
            if output is not None:
                return bytes(builder.sign(signer, form, source, output))
            builder.set_no_embed()
            with tempfile.TemporaryFile() as aside:
                return bytes(builder.sign(signer, form, source, aside))
    except c2pa.C2paError.NotSupported:
        raise UsageError(f"a file of kind {form!r} cannot hold a credential; name an output that ends in .c2pa, to lie beside it") from None
    except c2pa.C2paError as error:
        raise UsageError(f"cannot sign with {keys[0]!r} and {keys[1]!r} ({algorithm}): {error}; give a chain and its own key") from None


def pem(path: str | os.PathLike[str]) -> str:
    """Return a PEM file's text.

    Raises:
        ReadError: It cannot be read, or is no PEM.
    """
    name = os.fspath(path)
    try:
        text = Path(name).read_text(encoding="ascii")
    except OSError as error:
        raise ReadError(name, f"cannot be read: {error.strerror}", fix="name a PEM file") from None
    except ValueError:
        text = ""
    if "-----BEGIN " not in text:
        raise ReadError(name, "is no PEM file", fix="name one that holds -----BEGIN …-----")
    return text


def anchors(path: str | os.PathLike[str]) -> str:
    """Return the certificates of a trust list.

    Raises:
        ReadError: It cannot be read, or holds something that is no certificate.
    """
    import ssl

    text = pem(path)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (ssl.SSLError, ValueError) as error:
        raise ReadError(os.fspath(path), f"is no list of certificates: {error}", fix="name a PEM file of those to trust") from None
    return text


def wrapped(text: str) -> tuple[bytes, int, int] | None:
    """Return the manifest in a text, and the wrapper's first byte and length in UTF-8; None if there is none.

    Raises:
        MissingExtra: The optional part is not installed.
        ValueError: There are several.
    """
    found: tuple[bytes, int, int] | None = _c2pa_text().find_wrapper_info(text)
    return found


def wrapper(manifest: bytes, length: int) -> str:
    """Return a manifest as invisible characters that take `length` bytes of UTF-8."""
    made: str = _c2pa_text().encode_wrapper_padded(manifest, length)
    return made


def wrapper_length(manifest: bytes) -> int:
    """Return how many bytes of UTF-8 the wrapper of a manifest of this length takes, whatever it holds."""
    length: int = _c2pa_text().worst_case_wrapper_byte_length(len(manifest))
    return length


def _context(c2pa: Any, trust: str | None) -> Any:
    settings = _SETTINGS if trust is None else {**_SETTINGS, "trust": {"trust_anchors": trust}}
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def _c2pa() -> Any:
    try:
        import c2pa
    except ImportError as error:
        raise MissingExtra(FEATURE, EXTRA) from error
    return c2pa


def _c2pa_text() -> Any:
    try:
        import c2pa_text
    except ImportError as error:
        raise MissingExtra(FEATURE, EXTRA) from error
    return c2pa_text
