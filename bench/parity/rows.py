"""What a line of the page of parity holds."""

from typing import NamedTuple


class Parity(NamedTuple):
    """One number of ours beside the number of an independent package on the same input.

    Attributes:
        metric: What is measured, with its variant.
        given: The input, in a few words.
        ours: Our value.
        theirs: The package's value.
        package: Name of the package on the index, which gives its version.
        call: What was called.
        tolerance: Difference that its rounding explains; 1e-9 where it does not round.
        note: What else a reader must know.
    """

    metric: str
    given: str
    ours: float
    theirs: float
    package: str
    call: str
    tolerance: float = 1e-9
    note: str = ""


class Defect(NamedTuple):
    """A number of a package that is wrong, and not copied, with the counter-example that shows it.

    Attributes:
        metric: What is measured.
        package: Name of the package on the index.
        call: What was called.
        given: The counter-example.
        theirs: What the package says.
        ours: What we say.
        why: Why theirs is wrong, and where that was reported.
    """

    metric: str
    package: str
    call: str
    given: str
    theirs: str
    ours: float | str
    why: str
