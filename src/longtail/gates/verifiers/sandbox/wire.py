"""Values on their way between processes: only plain data crosses, rebuilt on arrival from JSON.

Stands alone, for its text is also run inside a sandbox.
"""

import math
from collections.abc import Callable
from typing import Any

SAFE_INTEGER = 2**53
GATHERED: dict[str, type[Any]] = {"tuple": tuple, "set": set, "frozenset": frozenset}
BASES: tuple[type[Any], ...] = (str, int, float, complex, bytes, bytearray, list, tuple, dict, set, frozenset)


def packed(value: Any, other: Callable[[Any], Any]) -> Any:
    """Return a value as what JSON can hold; of a subclass only what its plain base class holds.

    Args:
        value: Any object.
        other: Packs what is no plain data, or raises.
    """
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind in (int, float, complex, bytes):
        return _atom(value)
    if kind in (list, dict, *GATHERED.values()):
        return _gathered(value, lambda each: packed(each, other))
    base = next((each for each in BASES if isinstance(value, each)), None)
    return other(value) if base is None else packed(bytes(value) if base is bytearray else base(value), other)


def unpacked(data: Any, other: Callable[[Any], Any]) -> Any:
    """Return the value of packed data; every part of it is of a plain type.

    Args:
        data: What `packed` made, or what somebody made up.
        other: Unpacks what `other` packed, or raises.

    Raises:
        ValueError: It is no packed data.
        TypeError: Nor is it, such as a dict with a list for a key.
    """
    if isinstance(data, list):
        return [unpacked(each, other) for each in data]
    if not isinstance(data, dict):
        return data
    if len(data) != 1:
        raise ValueError("data with several tags")
    ((tag, body),) = data.items()
    if tag == "dict":
        return {unpacked(key, other): unpacked(each, other) for key, each in body}
    if tag in GATHERED:
        return GATHERED[tag](unpacked(each, other) for each in body)
    return _whole(tag, body) if tag in ("int", "float", "complex", "bytes") else other({tag: body})


def _gathered(value: Any, pack: Callable[[Any], Any]) -> Any:
    if type(value) is dict:
        return {"dict": [[pack(key), pack(each)] for key, each in value.items()]}
    items = [pack(each) for each in value]
    return items if type(value) is list else {type(value).__name__: items}


def _atom(value: Any) -> Any:
    if isinstance(value, int):
        return value if abs(value) < SAFE_INTEGER else {"int": hex(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    return {"bytes": value.hex()} if isinstance(value, bytes) else {"complex": [repr(value.real), repr(value.imag)]}


def _whole(tag: str, body: Any) -> Any:
    if tag == "int":
        return int(body, 16)
    if tag == "bytes":
        return bytes.fromhex(body)
    return float(body) if tag == "float" else complex(float(body[0]), float(body[1]))
