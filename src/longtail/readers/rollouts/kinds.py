"""The catalogue of kinds of runs: by whose files they are told apart."""

from collections.abc import Callable, Iterator
from pathlib import Path

from longtail.catalogue import Catalogue
from longtail.readers.quarantine import Quarantine
from longtail.readers.rollouts.records import Rollout

Reader = Callable[[Path, Quarantine], Iterator[Rollout]]
KINDS: Catalogue[Reader] = Catalogue("kind of run", "leaves", "source")
"""`leaves` is the glob of the files that such a run leaves behind, below its folder; `source` names the program and its version."""
