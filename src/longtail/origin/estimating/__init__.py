"""From data sets to an estimate: what is asked, what is read of it, what is said.

`entry` is the way in; `asking` holds what is asked and refuses what does not go together; `corpus`, `drawing` and `sides` read;
`answering` measures and puts together; `bounding` is for when there is no machine text; `periods`, `slicing`, `costs` and
`weights_file` are its parts.
"""

from longtail.origin.estimating.entry import estimate

__all__ = ["estimate"]
