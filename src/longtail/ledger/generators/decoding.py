"""Sampling settings and prompts as they stand in `lt_decoding`."""

import json
import math
from collections.abc import Mapping
from typing import Any

from longtail.ledger.columns import identity
from longtail.ledger.generators.outputs import is_chat
from longtail.readers.quarantine import Unfit

_OTHER_NAMES = {"max_completion_tokens": "max_tokens", "max_new_tokens": "max_tokens", "max_output_tokens": "max_tokens"}
_KEPT = frozenset(
    {
        "temperature", "top_p", "top_k", "min_p", "typical_p", "max_tokens", "repetition_penalty", "frequency_penalty",
        "presence_penalty", "seed", "do_sample", "num_beams",
    }
)  # fmt: skip


def settings_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sampling settings among the arguments of a call, under one name each; others are left out.

    Those in `extra_body` and `generate_kwargs` count too. What is not a plain finite value is no setting.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name in ("extra_body", "generate_kwargs") and isinstance(value, Mapping):
            found |= settings_in(value)
        elif (key := _OTHER_NAMES.get(name, name)) in _KEPT and isinstance(value, bool | int | float) and math.isfinite(value):
            found[key] = value
    return found


def stated(settings: Mapping[str, Any], prompt: object) -> str | None:
    """Return `lt_decoding`: settings and the id of the prompt as JSON with sorted keys; None where nothing is known."""
    known = {**settings} | ({} if (own := prompt_id(prompt)) is None else {"prompt_id": own})
    return json.dumps(known, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) if known else None


def prompt_id(prompt: object) -> str | None:
    """Return the id of a prompt: that of a document with the one column `prompt`, or `messages` for a chat.

    There is none for no prompt, for several, and for one that has no canonical form.
    """
    is_list = isinstance(prompt, list | tuple)
    if prompt is None or (is_list and not is_chat(prompt)):
        return None
    try:
        return identity({"messages" if is_list else "prompt": prompt})
    except Unfit:
        return None
