"""A reviewer at the keys: one item after another, each decision kept before the next is shown."""

from collections.abc import Callable

import click
from rich.console import Console

from longtail.cli.review.keys import ENDS, Keys
from longtail.cli.review.screen import FOOT, HELP, screen
from longtail.cli.review.shown import line
from longtail.gates.review import Queue, Task
from longtail.gates.review.editing import with_text
from longtail.gates.review.item import Action
from longtail.readers.quarantine import Unfit


class Sitting:
    """A reviewer who decides.

    Args:
        queue: The queue.
        keys: Where keys come from.
        console: Where items are shown.
        reviewer: Who decides.
        blind: Never show what the gate said.
        kind: Only tasks of this kind.
    """

    def __init__(self, queue: Queue, keys: Keys, console: Console, reviewer: str, *, blind: bool = False, kind: str | None = None) -> None:
        """Begin before the first task."""
        self.queue, self.keys, self.console, self.reviewer = queue, keys, console, reviewer
        self.blind, self.kind = blind, kind
        self.made = 0
        self._cells = queue.cells()
        self._cell_of = {number: cell for number, cell, _, _ in queue.items()}
        self._texts = queue.meta().get("text_column")
        self._task: Task | None = None
        self._part = 0
        self._does: dict[str, Callable[[], None]] = {
            "a": lambda: self._decide("accept"),
            "r": lambda: self._decide("reject"),
            "s": lambda: self._decide("skip"),
            "e": self._edit,
            "n": self._note,
            "u": self._undo,
            "j": lambda: self._move(back=False),
            "k": lambda: self._move(back=True),
            "?": self._help,
            " ": self._turn,
        }

    def run(self) -> bool:
        """Show and decide until the reviewer quits or nothing is left; return whether they broke off."""
        try:
            self._go(-1.0)
            while self._task is not None:
                key = self.keys.next()
                if key == ENDS:
                    return False
                if key in self._does:
                    self._does[key]()
                elif not key.isspace():
                    self._say(f"no such key; {FOOT}")
            self._say("nothing is left to decide" + (" of what is contested" if self.kind else ""))
        except (KeyboardInterrupt, click.Abort):
            return True
        return False

    def _go(self, after: float) -> None:
        """Show the next open task, from the beginning where none follows."""
        found = self.queue.next(self.reviewer, after, kind=self.kind)
        if found is None and after >= 0:
            found = self.queue.next(self.reviewer, kind=self.kind)
        self._task, self._part = found, 0
        self._show()

    def _move(self, *, back: bool) -> None:
        assert self._task is not None
        found = self.queue.next(self.reviewer, self._task.place, back=back, only_open=False, kind=self.kind)
        if found is None:
            self._say("this is the first" if back else "this is the last")
            return
        self._task, self._part = found, 0
        self._show()

    def _decide(self, action: Action, text: str | None = None) -> None:
        assert self._task is not None
        self.queue.decide(self._task, action, self.reviewer, text)
        self.made += 1
        self._say({"accept": "accepted", "reject": "rejected", "edit": "edited", "skip": "skipped"}[action])
        self._go(self._task.place)

    def _edit(self) -> None:
        assert self._task is not None
        item = self.queue.item(self._task.item)
        if item.text is None:
            self._say("there is no text to edit")
            return
        try:
            with_text(item.record, item.text, self._texts)
            text = self.keys.edited(item.text)
        except (Unfit, click.ClickException) as error:
            self._say(f"cannot edit: {line(error.message if isinstance(error, click.ClickException) else str(error))}")
            return
        if text is None:
            self._say("the text is unchanged: nothing is decided; a accepts it as it stands")
            return
        self._decide("edit", text)

    def _note(self) -> None:
        assert self._task is not None
        words = self.keys.line("note")
        if words:
            self.queue.decide(self._task, "note", self.reviewer, note=words)
            self._say("noted")

    def _undo(self) -> None:
        found = self.queue.undo(self.reviewer)
        if found is None:
            self._say("nothing to undo")
            return
        undone, task = found
        self._say(f"undone: {undone.action}")
        self.made = max(0, self.made - 1)
        self._go(task.place - 1e-9)

    def _turn(self) -> None:
        self._part += 1
        self._show()

    def _help(self) -> None:
        for key, does in HELP:
            self._say(f"{key:>6}  {does}")

    def _say(self, words: str) -> None:
        self.console.print(words, markup=False, highlight=False)

    def _show(self) -> None:
        task = self._task
        if task is None:
            return
        if self.console.is_terminal:
            self.console.clear()
        left = self.queue.left(self.reviewer)
        own = next((vote for vote in self.queue.votes() if vote.task == task.key and vote.reviewer == self.reviewer), None)
        hidden = self.blind or task.masked
        item, cell = self.queue.item(task.item), self._cells[self._cell_of[task.item]]
        head = f"{left} left for {line(self.reviewer, 40)}"
        for block in screen(self.console, item, cell, head=head, hidden=hidden, own=own, part=self._part):
            self.console.print(block, markup=False, highlight=False)
