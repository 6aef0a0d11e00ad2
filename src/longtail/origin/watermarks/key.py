"""The record of a watermark's key: what made it, and all that finding it again takes."""

import hashlib
import math
import os
import secrets
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol, Self

import msgspec

import longtail.origin.watermarks.prf as prf
from longtail.errors import ConfigError, ReadError, UsageError
from longtail.records import Record

SECRET_BYTES = 32


class Hashed(Protocol):
    """Anything that knows its SHA-256, such as a tokenizer."""

    @property
    def sha256(self) -> str:
        """SHA-256 as hexadecimal digits."""


class PublicKey(Record, frozen=True):
    """A key without its secret, for ledgers, receipts and reports; the fields are those of `Key`."""

    scheme: str
    key_id: str
    gamma: float
    delta: float
    context: int
    tokenizer: str
    created: str
    green_rate: float | None = None
    note: str = ""


class Key(Record, frozen=True, dict=True):
    """A secret and the settings of the green list that it makes.

    Whoever has the secret can find the watermark, and can forge it. The printed form leaves it out.

    Attributes:
        secret: 32 random bytes as hexadecimal digits.
        tokenizer: SHA-256 of the tokenizer, as hexadecimal digits; another tokenizer finds nothing.
        scheme: How the green list is made of them.
        gamma: Share of tokens that are green in a context, above 0 and below 1.
        delta: What is added to the logit of a green token, in nats. At 2 a text of 200 tokens is found with probability .99 or more
            at a false positive rate of 1e-4, if it is sampled at temperature 1 from laws of about 3 nats or more; a 3-gram model,
            which often has one next word only, is found with probability .85 (docs/benchmarks-watermarks.md).
        context: Tokens before one that its green list depends on. With 1 more of the watermark outlives editing; with 2 it takes
            far more marked text to learn and forge it, and pairs of words that are common in a language weigh less on a share.
        created: Day of creation, ISO 8601.
        green_rate: Rate of green among the distinct scored tokens of marked text, as measured when it was made; None if nobody has.
        note: For people.
    """

    secret: str
    tokenizer: str
    scheme: Literal["greenlist-1"] = "greenlist-1"
    gamma: float = 0.25
    delta: float = 2.0
    context: int = 2
    created: str = ""
    green_rate: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what makes no green list."""
        _check_hex("secret", self.secret, show=False)
        _check_hex("tokenizer", self.tokenizer, show=True)
        if not 0 < self.gamma < 1:
            raise ConfigError(f"gamma is {self.gamma!r}; take a share above 0 and below 1")
        if not 0 <= self.delta < math.inf:
            raise ConfigError(f"delta is {self.delta!r}; take a number of nats from 0 up")
        if not 1 <= self.context <= 8:
            raise ConfigError(f"context is {self.context!r}; take 1 to 8 tokens")
        if self.green_rate is not None and not self.gamma < self.green_rate <= 1:
            raise ConfigError(f"green_rate is {self.green_rate!r}; a watermark has a rate above gamma, {self.gamma}, and at most 1")
        _check_day(self.created)

    @classmethod
    def new(
        cls,
        tokenizer: Hashed | str,
        *,
        gamma: float = 0.25,
        delta: float = 2.0,
        context: int = 2,
        green_rate: float | None = None,
        note: str = "",
    ) -> Self:
        """Return a key with a fresh secret, created today.

        Args:
            tokenizer: The tokenizer of the model that will write, or its SHA-256.
            gamma: As the attribute of that name, and so are the others.

        Raises:
            ConfigError: A setting is out of range.
        """
        return cls(
            secret=secrets.token_hex(SECRET_BYTES),
            tokenizer=tokenizer if isinstance(tokenizer, str) else tokenizer.sha256,
            gamma=gamma,
            delta=delta,
            context=context,
            created=datetime.now(UTC).date().isoformat(),
            green_rate=green_rate,
            note=note,
        )

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a key from its file.

        Raises:
            ReadError: There is no such file, or it holds no key: broken JSON, a field that is unknown, missing or out of range.
        """
        name = os.fspath(path)
        try:
            return msgspec.json.decode(Path(name).read_bytes(), type=cls)
        except OSError as error:
            raise ReadError(name, f"cannot be read as a key: {error.strerror}", fix="name the file of a key") from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ReadError(name, f"is no watermark key: {error}", fix="name a file that Key.save wrote") from None

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the key, its secret included, to a new file that its owner alone may read.

        Raises:
            UsageError: There is a file of that name, or it cannot be written.
        """
        name = os.fspath(path)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise UsageError(f"{name!r} exists, and a key is never overwritten; name another file") from None
        except OSError as error:
            raise UsageError(f"cannot write the key {name!r}: {error.strerror}; name another place") from None
        with open(descriptor, "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(self)) + b"\n")

    @property
    def key_id(self) -> str:
        """Name of the key that gives nothing away: the first 16 hexadecimal digits of the hash of scheme and secret."""
        return hashlib.sha256(self.scheme.encode() + bytes.fromhex(self.secret)).hexdigest()[:16]

    @cached_property
    def words(self) -> tuple[int, int, int, int]:
        """The numbers that `prf` works with."""
        return prf.keys(self.scheme, self.secret)

    def public(self) -> PublicKey:
        """Return the key without its secret."""
        shown = {name: getattr(self, name) for name in PublicKey.__struct_fields__ if name != "key_id"}
        return PublicKey(key_id=self.key_id, **shown)

    def __repr__(self) -> str:
        """Show everything but the secret."""
        return f"Key({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Return the fields but the secret, the id first."""
        public = self.public()
        names = ("key_id", *(each for each in public.__struct_fields__ if each != "key_id"))
        return [(name, getattr(public, name)) for name in names]


def _check_hex(name: str, value: str, *, show: bool) -> None:
    try:
        size = len(bytes.fromhex(value))
    except ValueError:
        size = -1
    if size != SECRET_BYTES or len(value) != 2 * SECRET_BYTES:
        shown = repr(value) if show else f"of {len(value)} characters"
        raise ConfigError(f"{name} is {shown}; need {2 * SECRET_BYTES} hexadecimal digits")


def _check_day(day: str) -> None:
    try:
        date.fromisoformat(day or "2000-01-01")
    except ValueError:
        raise ConfigError(f"created is {day!r}; write a day as 2030-12-31") from None
