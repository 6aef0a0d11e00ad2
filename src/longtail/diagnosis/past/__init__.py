"""The past of a pipeline as far back as records allow: what each kind of record says, joined, with holes left as holes.

Each module that registers in `told.RECORDS` reads one kind of record; `joining`, `holes` and `ordering` put together what they say,
and `rebuild` is the way in.
"""

from longtail.diagnosis.past.rebuild import rebuild

__all__ = ["rebuild"]
