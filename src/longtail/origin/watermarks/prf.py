"""The keyed function that decides which tokens are green: 64-bit mixing in integers that wrap around.

The same lines run on numpy arrays and on torch tensors of signed 64-bit integers, whose sums and products wrap alike on every
device; logical shifts are made of arithmetic ones. So the green sets of a key are the same bit for bit wherever they are made.

Mixing is the finaliser of splitmix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195), applied twice for each id, with
256 bits of key. It is fast and its values pass as random; it is no cipher. Whoever sees enough marked text learns green lists by
counting long before breaking the function (docs/benchmarks-watermarks.md says how much text that takes).
"""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LOWEST = -(1 << 63)
_FIRST, _SECOND = 0xBF58476D1CE4E5B9 - (1 << 64), 0x94D049BB133111EB - (1 << 64)
_BLOCK = 1 << 14


def keys(scheme: str, secret: str) -> tuple[int, int, int, int]:
    """Return the four signed 64-bit keys of a scheme and a secret (hexadecimal digits)."""
    digest = hashlib.sha256(scheme.encode() + b"\0" + bytes.fromhex(secret)).digest()
    one, two, three, four = (int.from_bytes(digest[at : at + 8], "little", signed=True) for at in range(0, 32, 8))
    return one, two, three, four


def threshold(gamma: float) -> int:
    """Return the signed number that values of `draws` lie below with probability `gamma`."""
    return int(gamma * 2**64) + LOWEST


def mix(values: Any) -> Any:
    """Return the splitmix64 finaliser of signed 64-bit integers, of an array or of a tensor of at least one dimension."""
    values = (values ^ _shifted(values, 30)) * _FIRST
    values = (values ^ _shifted(values, 27)) * _SECOND
    return values ^ _shifted(values, 31)


def state(secret: tuple[int, int, int, int], contexts: Any) -> Any:
    """Return what contexts leave behind, shape (m,), for contexts of shape (m, c), an array or a tensor."""
    left = contexts[:, 0] * 0 + secret[0]
    for place in range(contexts.shape[1]):
        left = mix(mix(left ^ contexts[:, place]) + secret[1])
    return left


def draws(secret: tuple[int, int, int, int], states: Any, tokens: Any) -> Any:
    """Return the value of each token after each state, of the shape the two broadcast to.

    Values are uniform over the signed 64-bit integers; in this order, so that an array of them may be sorted and compared.
    """
    return mix(mix(states ^ (tokens + secret[2])) ^ secret[3]) ^ LOWEST


def windows(secret: tuple[int, int, int, int], tokens: Ids, context: int) -> Ids:
    """Return the value of each token of a row after the `context` tokens before it, shape (tokens - context,).

    Arrays are worked through in pieces that stay in a core's cache.
    """
    values = np.empty(max(len(tokens) - context, 0), dtype=np.int64)
    for start in range(0, len(values), _BLOCK):
        piece = tokens[start : start + _BLOCK + context]
        rows = np.lib.stride_tricks.sliding_window_view(piece, context + 1)
        values[start : start + _BLOCK] = draws(secret, state(secret, rows[:, :context]), rows[:, context])
    return values


def _shifted(values: Any, by: int) -> Any:
    """Shift to the right and fill with zeros, which `>>` of signed integers does not."""
    return (values >> by) & ((1 << (64 - by)) - 1)
