"""The store of the ledger: Delta tables, a spool for what is not yet committed, a seal over every commit.

`tables` is the layout; `table` is one Delta table; `ledger` joins them; `current` is the view in which statements are taken
together; `seal`, `leaves` and `verify` make what was altered show.
"""

from longtail.ledger.store.ledger import Ledger, Receipt
from longtail.ledger.store.verify import Verification, verify

__all__ = ["Ledger", "Receipt", "Verification", "verify"]
