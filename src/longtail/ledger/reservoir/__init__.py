"""The human reservoir: verified human documents in a directory that only grows.

`places` is the layout and how a file comes to lie there, `admission` decides who may enter, `rows` reads data with all their
columns, `adding` stores what is let in, `verifying` looks for what was altered, `store` is the door to all of it.
"""

from longtail.ledger.reservoir.records import Added, Fault, Frozen, Turned, Verified
from longtail.ledger.reservoir.store import Reservoir

__all__ = ["Added", "Fault", "Frozen", "Reservoir", "Turned", "Verified"]
