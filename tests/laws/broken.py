"""A summary that keeps all laws, and six that break one law each."""

from longtail.errors import IncompatibleSummaries


class Total:
    """Adds up whole numbers; the batches of these tests are positive."""

    def __init__(self, seed=0):
        self.seed, self.total, self.least, self.batches = seed, 0, None, 0

    @property
    def key(self):
        return (self.seed,)

    def add(self, batch):
        self.total += batch
        self.batches += 1

    def merge(self, other):
        if self.key != other.key:
            raise IncompatibleSummaries("totals", self.key, other.key)
        self.total += other.total
        self.batches += other.batches

    def to_dict(self):
        return {"seed": self.seed, "total": self.total, "batches": self.batches}

    @classmethod
    def from_dict(cls, state):
        made = cls(state["seed"])
        made.total, made.batches = state["total"], state["batches"]
        return made


class CountsTheEmpty(Total):
    """Takes an empty summary for one batch."""

    def merge(self, other):
        super().merge(other)
        self.batches += not other.batches


class KeepsTheLast(Total):
    """Remembers the batch that came last."""

    def __init__(self, seed=0):
        super().__init__(seed)
        self.last = None

    def add(self, batch):
        super().add(batch)
        self.last = batch

    def merge(self, other):
        super().merge(other)
        self.last = self.last if other.last is None else other.last

    def to_dict(self):
        return super().to_dict() | {"last": self.last}

    @classmethod
    def from_dict(cls, state):
        made = super().from_dict(state)
        made.last = state["last"]
        return made


class ForgetsWhatWasMerged(Total):
    """Takes from another nothing, where others were merged into it."""

    def __init__(self, seed=0):
        super().__init__(seed)
        self.was_merged = False

    def merge(self, other):
        super().merge(Total(other.seed) if other.was_merged else other)
        self.was_merged = True


class CountsTheLargestShard(Total):
    """Keeps the larger number of batches where it should add them."""

    def merge(self, other):
        batches = max(self.batches, other.batches)
        super().merge(other)
        self.batches = batches


class LosesItsBatches(Total):
    """Does not load everything it saved."""

    @classmethod
    def from_dict(cls, state):
        return super().from_dict(state | {"batches": 0})


class MergesAnything(Total):
    """Does not look at the settings."""

    def merge(self, other):
        self.total += other.total
        self.batches += other.batches
