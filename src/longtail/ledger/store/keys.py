"""The one door to `cryptography`: Ed25519 keys, as PEM files, and what is done with them."""

import os
from pathlib import Path
from typing import Any

from longtail.errors import MissingExtra, ReadError, UsageError

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:
    raise MissingExtra("signing an attestation", "sign") from None


def new_key(path: str | os.PathLike[str]) -> str:
    """Write a new private key, readable by its owner alone, and return the public key as hexadecimal digits.

    Raises:
        UsageError: There is a file of that name, or it cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    form = serialization.PrivateFormat.PKCS8
    content = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{os.fspath(path)!r} exists, and a key is never overwritten; name another file") from None
    except OSError as error:
        raise UsageError(f"cannot write the key {os.fspath(path)!r}: {error.strerror}; name another place") from None
    with open(descriptor, "wb") as stream:
        stream.write(content)
    return _hex(key.public_key())


def sign(path: str | os.PathLike[str], content: bytes) -> tuple[str, str]:
    """Return the public key and the signature of some bytes, both as hexadecimal digits.

    Raises:
        ReadError: The file is no Ed25519 private key without a password.
    """
    name = os.fspath(path)
    try:
        key: Any = serialization.load_pem_private_key(Path(name).read_bytes(), password=None)
    except OSError as error:
        raise ReadError(
            name, f"cannot be read as a key: {error.strerror}", fix="make one: longtail ledger attest DIR --new-key FILE"
        ) from None
    except (ValueError, TypeError) as error:
        raise ReadError(name, f"is no private key: {error}", fix="name the PEM file of an Ed25519 key without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ReadError(name, f"is a key of another kind ({type(key).__name__})", fix="name the PEM file of an Ed25519 key")
    return _hex(key.public_key()), key.sign(content).hex()


def holds(public_key: str, signature: str, content: bytes) -> bool:
    """Tell whether a signature of some bytes was made with the private half of a key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()
