"""The part of YAML 1.2 that DVC, MLflow and the heads of Hugging Face cards write.

Read are block mappings and sequences, plain and quoted scalars over one line or several, block scalars, and lists of scalars in
brackets. Anchors, tags, other flow collections, several documents and tabs are refused by line: nothing is guessed. Scalars stay
texts, so that a hash of digits stays a hash; nothing, "~" and "null" are None. Source: https://yaml.org/spec/1.2.2.
"""

import re
import sys
from typing import Any, TypeAlias

Value: TypeAlias = Any
"""A text, None, a list of values, or values by name."""

_KEY = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:[^\s"'\[\]{}&*!|>%@`#,?:-]|[-?:](?=\S))(?:(?!:(?:\s|$))(?!\s#).)*?)\s*:(?=\s|$)\s*(.*)$"""
)
_BLOCK = re.compile(r"[|>][+-]?\s*(#.*)?$")
_ITEM = re.compile(r"""\s*("[^"\\]*"|'[^']*'|(?:[^\[\]{}&*!|>%@`'"\\:#,]|:(?=\S))*?)\s*(?:,|$)""")
_ESCAPES = dict(zip('0abtnvfre "/\\N_LP', '\0\a\b\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True))
_MOST_DEPTH = 40


class NotRead(ValueError):
    """YAML that this reader does not understand: where, and what."""


def load(text: str) -> Value:
    """Return what a document says.

    Args:
        text: YAML.

    Raises:
        NotRead: It goes beyond what is read here, or is no YAML.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    reader = _Lines(lines)
    if reader.peek() is not None and lines[reader.at].rstrip() == "---":
        reader.at += 1
    value = reader.block(0, 0) if reader.peek() is not None else None
    if reader.peek() is not None:
        raise reader.refused("an indentation that fits nothing, or a second document")
    return value


class _Lines:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def refused(self, what: str) -> NotRead:
        return NotRead(f"line {self.at + 1}: {what}")

    def peek(self) -> int | None:
        """Go on to the next line that says something; return its indentation, None at the end."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            bare = line.lstrip(" ")
            if bare.startswith("\t"):
                raise self.refused("a tab in the indentation")
            if bare.strip() and not bare.startswith("#"):
                return len(line) - len(bare)
            self.at += 1
        return None

    def block(self, least: int, depth: int) -> Value:
        indent = self.peek()
        if depth > _MOST_DEPTH:
            raise self.refused("nested too deeply")
        if indent is None or indent < least:
            return None
        bare = self.lines[self.at][indent:]
        if bare == "-" or bare.startswith("- "):
            return self.sequence(indent, depth)
        if _KEY.match(bare):
            return self.mapping(indent, depth)
        raise self.refused(f"{bare[:40]!r} is neither a key nor an item")

    def mapping(self, indent: int, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while self.peek() == indent and not re.match(r"-(\s|$)", self.lines[self.at][indent:]):
            if self.lines[self.at].rstrip() in ("---", "..."):
                break
            matched = _KEY.match(self.lines[self.at][indent:])
            if matched is None:
                raise self.refused(f"{self.lines[self.at][indent:][:40]!r} is no key")
            key = self.unquoted(matched[1])
            if key in found:
                raise self.refused(f"the key {key!r} stands twice")
            found[key] = self.value(matched[2], indent, depth)
        return found

    def sequence(self, indent: int, depth: int) -> list[Value]:
        found: list[Value] = []
        while self.peek() == indent and re.match(r"-(\s|$)", self.lines[self.at][indent:]):
            line = self.lines[self.at]
            rest = line[indent + 1 :].lstrip(" ")
            if rest.startswith("- ") or _KEY.match(rest):
                self.lines[self.at] = " " * (len(line) - len(rest)) + rest
                found.append(self.block(indent + 1, depth + 1))
            else:
                found.append(self.value(rest, indent, depth))
        return found

    def value(self, rest: str, indent: int, depth: int) -> Value:
        """Return what stands after a key or a dash, on the same line or below it; go on behind it."""
        if _BLOCK.match(rest):
            return self.literal(rest[0], indent)
        if rest[:1] in ('"', "'"):
            return self.quoted(rest)
        rest = re.split(r"(?:^|\s)#", rest, maxsplit=1)[0].strip()
        if not rest:
            return self.below(indent, depth)
        if rest[0] in "[{&*!|>%@`":
            return self.flow(rest)
        self.at += 1
        parts = [rest]
        while (further := self.peek()) is not None and further > indent:
            parts.append(re.split(r"\s#", self.lines[self.at].strip(), maxsplit=1)[0].strip())
            self.at += 1
        text = " ".join(parts)
        if re.search(r":(\s|$)", text):
            raise self.refused(f"{text[:40]!r} holds a colon that makes it a key")
        return None if text in ("~", "null", "Null", "NULL") else text

    def below(self, indent: int, depth: int) -> Value:
        """Return the block below a key or a dash without a value; a list may stand under its key without being moved in."""
        is_key = not re.match(r"-(\s|$)", self.lines[self.at].lstrip(" "))
        self.at += 1
        further = self.peek()
        listed = is_key and further == indent and bool(re.match(r"-(\s|$)", self.lines[self.at][indent:]))
        return self.block(indent if listed else indent + 1, depth + 1)

    def flow(self, rest: str) -> Value:
        if rest in ("[]", "{}"):
            self.at += 1
            return [] if rest == "[]" else {}
        items: list[str] = []
        at = 1 if rest[0] == "[" and rest[-1] == "]" else len(rest)
        while at < len(rest) - 1:
            found = _ITEM.match(rest[:-1], at)
            if found is None or found.end() == at:
                break
            items.append(self.unquoted(found[1]))
            at = found.end()
        if at != len(rest) - 1 or "" in items:
            raise self.refused(f"{rest[:40]!r} is written in a way that is not read here")
        self.at += 1
        return items

    def literal(self, style: str, indent: int) -> str:
        self.at += 1
        taken: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            taken.append(line)
            self.at += 1
        depth = min((len(line) - len(line.lstrip(" ")) for line in taken if line.strip()), default=0)
        return ("\n" if style == "|" else " ").join(line[depth:] for line in taken).strip()

    def quoted(self, rest: str) -> str:
        """Return a quoted text; lines that it goes on over are folded into one by a blank."""
        mark, text = rest[0], rest
        while (end := _end(text, mark)) is None:
            self.at += 1
            if self.at >= len(self.lines):
                raise self.refused("a quoted text does not end")
            further = self.lines[self.at].strip()
            is_joined = mark == '"' and (len(text) - len(text.rstrip("\\"))) % 2 == 1
            text = text[:-1] + further if is_joined else f"{text}\n" if not further else text + ("" if text[-1] == "\n" else " ") + further
        if text[end + 1 :].split("#")[0].strip():
            raise self.refused("something stands behind a quoted text")
        self.at += 1
        return self.unquoted(text[: end + 1])

    def unquoted(self, text: str) -> str:
        text = text.strip()
        if text[:1] == "'":
            return text[1:-1].replace("''", "'")
        if text[:1] != '"':
            return text
        return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", self.unescaped, text[1:-1], flags=re.DOTALL)

    def unescaped(self, found: re.Match[str]) -> str:
        code = found[1]
        if len(code) > 1 and int(code[1:], 16) <= sys.maxunicode:
            return chr(int(code[1:], 16))
        if code not in _ESCAPES:
            raise self.refused(f"a quoted text with the escape \\{code}")
        return _ESCAPES[code]


def _end(text: str, mark: str) -> int | None:
    """Return where a quoted text ends, None where it goes on."""
    pattern = r"'(?:[^']|'')*'(?!')" if mark == "'" else r'"(?:[^"\\]|\\.)*"'
    found = re.match(pattern, text, re.DOTALL)
    return found.end() - 1 if found else None
