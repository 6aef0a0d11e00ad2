"""Documents of a simulation on their way through a recipe of gates, read from a file as a user's is."""

from collections.abc import Mapping, Sequence
from typing import Any

from longtail.gates import Batch
from longtail.lab.learner import Flags
from longtail.lab.passing import passing
from longtail.lab.recipes import gate_of
from longtail.records import Origin


def stage(name: str, **settings: object) -> str:
    """Return one stage of a recipe, in TOML."""
    told = "".join(f"{key} = {_value(value)}\n" for key, value in settings.items())
    return f'[[gate]]\nname = "{name}"\n{told}'


def passed(recipe: str, name: str, texts: Sequence[str], origins: Sequence[Origin] | None = None, **columns: Sequence[Any]) -> Flags:
    """Return which documents of a data set may come in, shape (documents,).

    Args:
        recipe: The recipe, in TOML.
        name: What tells the data set from others; the ids of its documents begin with it.
        texts: What the documents say.
        origins: Where they come from; a model, if None.
        columns: Their other columns.
    """
    told: Mapping[str, Sequence[Any]] = {"text": texts, "lt_origin": origins or [Origin.SYNTHETIC] * len(texts), **columns}
    rows = zip(*told.values(), strict=True)
    batch = Batch.of({"lt_id": f"{name}/{at}", **dict(zip(told, row, strict=True))} for at, row in enumerate(rows))
    return passing(batch, gate=gate_of(recipe))


def _value(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
