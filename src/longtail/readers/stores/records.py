"""The records of a store and of its log, which every reader of stores fills and every measure of retrieval reads."""

from longtail.records import Origin, Record


class Item(Record, frozen=True):
    """One stored text. What the store does not say is not known, which is neither human nor machine.

    Attributes:
        id: As the store has it; the number of the row where it has none.
        text: What is stored.
        origin: Where it came from.
        depth: Steps of models between people and it.
        parents: Ids of what it was made from; empty where nothing says.
        time: When it was stored, in seconds since 1970; None where nothing says.
        model: Who wrote it; empty where nothing says.
        quarantined: Whether the store sets it aside.
    """

    id: str
    text: str
    origin: Origin = Origin.UNKNOWN
    depth: int | None = None
    parents: tuple[str, ...] = ()
    time: float | None = None
    model: str = ""
    quarantined: bool = False


class Query(Record, frozen=True):
    """One question that was answered from a store.

    Attributes:
        question: What was asked.
        retrieved: Ids of what was shown to the model; None where the log does not say.
        cited: Ids that the answer cites; None where the log does not say.
        answer: What was answered; None where the log does not say.
        answer_id: Id under which the answer was stored; empty where it was not, or nothing says.
        correct: How right the answer was, from 0 to 1; None where nobody judged it.
        time: When it was asked, in seconds since 1970.
    """

    question: str
    retrieved: tuple[str, ...] | None = None
    cited: tuple[str, ...] | None = None
    answer: str | None = None
    answer_id: str = ""
    correct: float | None = None
    time: float | None = None
