"""Certificates of a test authority, and small files to sign."""

import datetime
import struct
import wave
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Keys:
    """Files of a signer, and of the root that vouches for it."""

    chain: Path
    key: Path
    root: Path


def _certificate(name, key, issuer=None, issuer_key=None):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def named(text):
        parts = {NameOID.COMMON_NAME: text, NameOID.ORGANIZATION_NAME: "longtail tests", NameOID.COUNTRY_NAME: "SE"}
        return x509.Name([x509.NameAttribute(part, value) for part, value in parts.items()])

    leaf, now = issuer is not None, datetime.datetime.now(datetime.UTC)
    uses = dict.fromkeys(
        ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"], False
    )
    usage = x509.KeyUsage(digital_signature=leaf, key_cert_sign=not leaf, crl_sign=not leaf, **uses)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(issuer.subject if leaf else named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(not leaf, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if leaf:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(authority, critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(issuer_key or key, hashes.SHA256())


def _signer(folder, name):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    pem = serialization.Encoding.PEM
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(f"Root of {name}", root_key)
    leaf = _certificate(name, key, root, root_key)
    files = Keys(folder / f"{name}.pem", folder / f"{name}.key", folder / f"{name}.root.pem")
    files.chain.write_bytes(leaf.public_bytes(pem) + root.public_bytes(pem))
    files.key.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    files.root.write_bytes(root.public_bytes(pem))
    return files


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """A signer; skipped where the optional parts are not installed."""
    for part in ("c2pa", "c2pa_text", "cryptography"):
        pytest.importorskip(part, reason="needs the extras c2pa and sign")
    return _signer(tmp_path_factory.mktemp("keys"), "Alice")


@pytest.fixture(scope="session")
def other_keys(keys, tmp_path_factory):
    """A signer of another authority."""
    return _signer(tmp_path_factory.mktemp("keys"), "Mallory")


@pytest.fixture(scope="session")
def namesake_keys(keys, tmp_path_factory):
    """A signer of another authority who took the name of the first."""
    return _signer(tmp_path_factory.mktemp("keys"), "Alice")


@pytest.fixture
def png(tmp_path):
    """A picture of 8 by 8 pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes((31 * row + 7 * column) % 256 for column in range(24)) for row in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


@pytest.fixture
def wav(tmp_path):
    """A tenth of a second of sound."""
    path = tmp_path / "sound.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", 3000 * (at % 7) - 9000) for at in range(800)))
    return path


@pytest.fixture
def svg(tmp_path):
    path = tmp_path / "drawing.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>')
    return path
