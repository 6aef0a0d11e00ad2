"""C2PA credentials in images, sound, video and office files, and beside any other file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from longtail import __version__
from longtail.atomic import replaced
from longtail.errors import ReadError, UsageError
from longtail.origin.credentials import door
from longtail.origin.credentials.credential import Credential
from longtail.origin.credentials.statement import Statement
from longtail.origin.credentials.store import credential

SIDECAR = ".c2pa"
"""Suffix of a file that holds the credential of the file beside it."""


def read(path: str | os.PathLike[str], trust: str | os.PathLike[str] | None = None) -> Credential:
    """Return the credential of a file: the one in it, or else the one beside it; nothing is fetched.

    A credential beside `data.jsonl` is `data.jsonl.c2pa` or `data.c2pa`.

    Args:
        path: The file.
        trust: PEM file of the certificates whose signers are believed. Without it nothing is verified: a whole credential
            of a signer whom nobody vouches for is declared, and anyone can make one.

    Raises:
        MissingExtra: The optional part is not installed.
        ReadError: The file or the trust list cannot be read.
    """
    file = Path(path)
    anchors = None if trust is None else door.anchors(trust)
    form = file.suffix.lower().removeprefix(".") or None
    with _opened(file) as content:
        store = door.store(content, form, anchors)
        beside = _beside(file) if store.problem in ("absent", "unsupported") else None
        if beside is not None:
            content.seek(0)
            store = door.store(content, form, anchors, beside)
    return credential("c2pa", store, trust is not None)


def sign(
    path: str | os.PathLike[str],
    output: str | os.PathLike[str],
    certificate: str | os.PathLike[str],
    private_key: str | os.PathLike[str],
    source_type: str,
    *,
    generator: str,
    rights: Mapping[str, str] | None = None,
    algorithm: str = "es256",
) -> Path:
    """Write a signed credential that says how a file was made, into a copy of it or beside it.

    Args:
        path: The file.
        output: The copy; if it ends in `.c2pa` the credential alone is written there, and the file may be of any kind.
        certificate: PEM file of the signer's certificate and those above it.
        private_key: PEM file of its key.
        source_type: IPTC digital source type, such as "trainedAlgorithmicMedia" for what a model made.
        generator: The software or model that made the file.
        rights: Uses of it, such as {"cawg.ai_generative_training": "notAllowed"}.
        algorithm: That of the key: es256, es384, es512, ps256, ps384, ps512 or ed25519.

    Returns:
        Where the credential is.

    Raises:
        MissingExtra: The optional part is not installed.
        ReadError: The file or a key cannot be read.
        UsageError: The keys do not fit, files of this kind hold no credential, or the output cannot be written.
    """
    file, target = Path(path), Path(output)
    if target.exists() and file.exists() and target.samefile(file):
        raise UsageError(f"{os.fspath(path)!r} would be overwritten while it is read; name another output")
    made = Statement(source_type, generator, file.name, rights or {}).definition("longtail", __version__)
    form, keys = file.suffix.lower().removeprefix("."), (os.fspath(certificate), os.fspath(private_key), algorithm)
    with _opened(file) as source:
        try:
            with replaced(target) as draft:
                if target.suffix == SIDECAR:
                    draft.write_bytes(door.signed(made, form, source, None, keys))
                else:
                    with draft.open("w+b") as copy:
                        door.signed(made, form, source, copy, keys)
        except ReadError:
            raise
        except OSError as error:
            raise UsageError(f"cannot write {os.fspath(output)!r}: {error.strerror}; name another place") from None
    return target


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise ReadError(str(file), f"cannot be read: {error.strerror}", fix="name a file that can be opened") from None


def _beside(file: Path) -> bytes | None:
    names = [file.with_name(file.name + SIDECAR), file.with_suffix(SIDECAR)]
    held = [each for each in names if each != file and each.is_file()]
    if not held:
        return None
    with _opened(held[0]) as content:
        return content.read()
