"""How a share is estimated."""

from longtail.errors import ConfigError
from longtail.records import Record

FOLDS = 10
REPLICATES = 500


class Settings(Record, frozen=True):
    """What an estimate of shares may be told.

    Attributes:
        scorer: What gives texts their scores: a name of the catalogue of scorers.
        method: What turns scores into shares: a name of the catalogue of quantifiers.
        level: Of the intervals.
        replicates: Of the bootstrap.
        folds: Parts of the reference that are scored by models that did not see them.
        closed: Whether no machine text is in the corpus but of the kinds that the reference holds. Nothing in the texts can show it.
        seed: Of all draws.
    """

    scorer: str = "words"
    method: str = "mixture"
    level: float = 0.95
    replicates: int = REPLICATES
    folds: int = FOLDS
    closed: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        if not 0.5 <= self.level < 1:
            raise ConfigError(f"level is {self.level!r}; take a number from 0.5 to below 1, such as 0.95")
        for name, least in {"replicates": 20, "folds": 2, "seed": 0}.items():
            if getattr(self, name) < least:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; take a whole number from {least} up")
