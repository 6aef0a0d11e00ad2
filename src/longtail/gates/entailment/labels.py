"""Which column of a model is which label, by the names in its config and never by their order.

Three orders are in common use: contradiction, entailment, neutral; entailment, neutral, contradiction; and contradiction,
neutral, entailment. A model whose config names its labels "LABEL_0" and so on does not say, and is refused.
"""

from collections.abc import Mapping

from longtail.errors import ConfigError
from longtail.gates.entailment.verifier import LABELS

_NAMES = {
    "entailment": "entailment",
    "entailed": "entailment",
    "entails": "entailment",
    "neutral": "neutral",
    "contradiction": "contradiction",
    "contradicted": "contradiction",
    "contradicts": "contradiction",
}


def columns_of(id2label: object, name: str) -> tuple[int, int, int]:
    """Return the columns of entailment, neutral and contradiction.

    Args:
        id2label: Label of each column, as in the model's config.
        name: What the model is called in a message.

    Raises:
        ConfigError: There are not three labels, or one is not named plainly.
    """
    given = {int(key): str(value) for key, value in id2label.items()} if isinstance(id2label, Mapping) else {}
    shown = ", ".join(given[key] for key in sorted(given)) or "none"
    if sorted(given) != [0, 1, 2]:
        raise ConfigError(f"the model {name} has {len(given)} labels ({shown}); take a model of entailment, neutral and contradiction")
    found = {_NAMES.get(label.strip().lower(), ""): key for key, label in given.items()}
    if set(found) != set(LABELS):
        raise ConfigError(
            f"the labels of the model {name} are {shown}; id2label in its config.json must name entailment, neutral and contradiction, "
            "so that no column is guessed"
        )
    return found["entailment"], found["neutral"], found["contradiction"]
