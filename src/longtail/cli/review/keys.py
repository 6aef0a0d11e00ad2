"""Where keys come from: a terminal, one by one; or a pipe, character by character."""

import os
import re
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import click

ENDS = "q"
"""What is pressed where nothing more comes."""
_PRESSED = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])?|.", re.DOTALL)
_ARROWS = dict.fromkeys(("\x1b[A", "\x1b[D", "\x1bOA", "\x1bOD"), "k") | dict.fromkeys(("\x1b[B", "\x1b[C", "\x1bOB", "\x1bOC"), "j")
_END_OF_FILE = "\x04"


class Keys:
    """Keys of a reviewer."""

    def __init__(self) -> None:
        """Find out where they come from."""
        self.is_terminal = sys.stdin.isatty()
        self.read = 0
        self._ahead: deque[str] = deque()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the terminal hand over each key at once, also those pressed ahead; as it was before, afterwards."""
        if not self.is_terminal or os.name != "posix":
            yield
            return
        import termios
        import tty

        before = termios.tcgetattr(sys.stdin.fileno())
        tty.setcbreak(sys.stdin.fileno(), termios.TCSADRAIN)
        try:
            yield
        finally:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)

    @contextmanager
    def _let_go(self) -> Iterator[None]:
        """Have the terminal take whole lines for a while, as editors and questions expect it."""
        if not self.is_terminal or os.name != "posix":
            yield
            return
        import termios

        own = termios.tcgetattr(sys.stdin.fileno())
        plain = [*own]
        plain[3] |= termios.ECHO | termios.ICANON
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, plain)
        try:
            yield
        finally:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, own)

    def next(self) -> str:
        """Return the next key; arrows are j and k; at the end of a pipe it is `ENDS`.

        Raises:
            KeyboardInterrupt: Control-C.
        """
        if not self._ahead:
            self._ahead.extend(_PRESSED.findall(self._pressed()))
        if not self._ahead:
            return ENDS
        self.read += 1
        key = self._ahead.popleft()
        return ENDS if self.is_terminal and key == _END_OF_FILE else _ARROWS.get(key, key)

    def _pressed(self) -> str:
        if not self.is_terminal:
            return sys.stdin.read(1)
        if os.name != "posix":
            return click.getchar()
        return os.read(sys.stdin.fileno(), 1024).decode(errors="replace")

    def line(self, question: str) -> str:
        """Return a line of words."""
        if not self.is_terminal:
            return sys.stdin.readline().strip()
        with self._let_go():
            return str(click.prompt(question, default="", show_default=False, err=True))

    def edited(self, text: str) -> str | None:
        """Return a text after it was changed in the editor, None where it was not.

        Raises:
            click.ClickException: No editor could be run.
        """
        if not self.is_terminal and not (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
            raise click.ClickException("no terminal and no EDITOR to edit with; set EDITOR")
        with self._let_go():
            found = click.edit(text, require_save=False)
        if found is None:
            return None
        kept = found if text.endswith("\n") else found.removesuffix("\n")
        return None if kept == text or not kept.strip() else kept
