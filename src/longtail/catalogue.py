"""Catalogues: how a function or class becomes a member that can be found by name.

A member is a plain function or class. Its decorator states the facts that reports and documentation print, and
refuses a member that leaves one out, so that no number can appear without a unit, a direction and a source.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Generic, Literal, TypeVar, cast

import msgspec

from longtail.errors import CatalogueError, ConfigError, UnknownName

Member = TypeVar("Member", bound=Callable[..., Any])
Kept = TypeVar("Kept", bound=Callable[..., Any])
Worse = Literal["lower", "higher", "both", "none"]

WHAT = "What"
LABELS = ("Why", "Symptoms", "How measured", "Formula", "Minimum", "False positives", "Fix", "Silence", "See it", "Akin")
"""Labels that a paragraph of a member's docstring may begin with."""

_LABEL = re.compile(rf"({'|'.join(LABELS)}): ")
_SECTION = re.compile(r"(Args|Raises|Returns|Source|Attributes):\n")


class Entry(msgspec.Struct, Generic[Member], frozen=True, kw_only=True):
    """One member: its name, the callable, its facts, and what its signature says."""

    name: str
    member: Member
    facts: dict[str, str]
    needs: tuple[str, ...]
    settings: tuple[str, ...]

    @property
    def summary(self) -> str:
        """Return the first line of the member's docstring."""
        return (inspect.getdoc(self.member) or "").partition("\n")[0]

    @property
    def parts(self) -> dict[str, str]:
        """Return the paragraphs of the member's docstring by label, unfolded; those before the first label are under `WHAT`.

        A paragraph without a label belongs to the one before it. Sections such as Args, which come last, are left out.
        """
        return labelled(inspect.getdoc(self.member) or "")

    @property
    def required(self) -> tuple[str, ...]:
        """Return the settings that have no default."""
        parameters = inspect.signature(self.member).parameters
        return tuple(name for name in self.settings if parameters[name].default is inspect.Parameter.empty)

    @property
    def usage(self) -> str:
        """Return how the member and its settings are written as one text, such as "fresh:SHARE[,WINDOW]"."""
        needed = ",".join(name.upper() for name in self.required)
        further = "".join(f"[,{name.upper()}]" for name in self.settings if name not in self.required)
        return f"{self.name}{':' if self.settings else ''}{needed}{further}"


class Catalogue(Generic[Member]):
    """Members of one kind, by name.

    Args:
        kind: What a member is called in messages, such as "metric".
        facts: Names of the facts that every member must state, none of them empty.
    """

    def __init__(self, kind: str, *facts: str) -> None:
        self.kind = kind
        self.facts = facts
        self._entries: dict[str, Entry[Member]] = {}

    def add(self, name: str | None = None, **facts: str) -> Callable[[Kept], Kept]:
        """Return a decorator that registers a member under its own name, or under `name`.

        Raises:
            CatalogueError: A fact, the docstring or an annotation is missing, or the name is taken.
        """

        def register(member: Kept) -> Kept:
            label = name or member.__name__
            self._check(label, member, facts)
            needs, settings = _signature(member)
            self._entries[label] = Entry(name=label, member=cast(Member, member), facts=facts, needs=needs, settings=settings)
            return member

        return register

    def _check(self, label: str, member: Callable[..., Any], facts: dict[str, str]) -> None:
        for fault in (self._facts_fault(facts), _member_fault(member)):
            if fault:
                raise CatalogueError(f"{self.kind} {label!r}: {fault}")
        if label in self._entries:
            raise CatalogueError(f"{self.kind} {label!r}: the name is taken by {self._entries[label].member!r}")

    def _facts_fault(self, facts: dict[str, str]) -> str:
        missing = [fact for fact in self.facts if not facts.get(fact, "").strip()]
        surplus = [fact for fact in facts if fact not in self.facts]
        if missing or surplus:
            return f"must state {', '.join(self.facts)}; missing: {missing}, not known: {surplus}"
        if facts.get("worse", "none") not in ("lower", "higher", "both", "none"):
            return f"worse={facts['worse']!r}; choose lower, higher, both or none"
        return ""

    def __getitem__(self, name: str) -> Entry[Member]:
        """Return the entry of that name.

        Raises:
            UnknownName: No such member; the message holds the nearest name.
        """
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownName(self.kind, name, self._entries) from None

    def bind(self, spec: str) -> partial[Any]:
        """Return the member of a text such as "fresh:0.1,4": a name and, after a colon, its settings in order.

        Raises:
            UnknownName: No such member.
            ConfigError: There are too many settings, or one is missing.
        """
        name, _, given = spec.partition(":")
        entry = self[name.strip()]
        words = [word.strip() for word in given.split(",") if word.strip()]
        if len(words) > len(entry.settings):
            raise ConfigError(f"{self.kind} {spec!r} has {len(words)} settings; {name} takes {entry.usage}")
        settings = {setting: _number(word) for setting, word in zip(entry.settings, words, strict=False)}
        missing = [setting for setting in entry.required if setting not in settings]
        if missing:
            raise ConfigError(f"{self.kind} {spec!r} lacks {missing[0]!r}; write {entry.usage}")
        return partial(entry.member, **settings)

    def __iter__(self) -> Iterator[Entry[Member]]:
        """Iterate over the entries in the order of their names."""
        return iter(sorted(self._entries.values(), key=lambda entry: entry.name))

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        """Tell whether a member of that name is known."""
        return name in self._entries


def labelled(text: str) -> dict[str, str]:
    """Return the paragraphs of a docstring by label; see `Entry.parts`."""
    parts: dict[str, str] = {}
    label = WHAT
    for paragraph in text.split("\n\n"):
        if _SECTION.match(paragraph):
            break
        found = _LABEL.match(paragraph)
        label = found[1] if found else label
        unfolded = " ".join(paragraph[found.end() if found else 0 :].split())
        parts[label] = f"{parts[label]}\n\n{unfolded}" if label in parts else unfolded
    return parts


def _number(word: str) -> float | str:
    try:
        return float(word)
    except ValueError:
        return word


def _parameters(member: Callable[..., Any]) -> list[inspect.Parameter]:
    return [p for p in inspect.signature(member).parameters.values() if p.name not in ("self", "cls")]


def _member_fault(member: Callable[..., Any]) -> str:
    if not (inspect.getdoc(member) or "").strip():
        return "has no docstring; say in one sentence what it is"
    bare = _bare(member)
    return f"not annotated: {', '.join(bare)}" if bare else ""


def _bare(member: Callable[..., Any]) -> list[str]:
    bare = [p.name for p in _parameters(member) if p.annotation is inspect.Parameter.empty]
    if not inspect.isclass(member) and inspect.signature(member).return_annotation is inspect.Signature.empty:
        bare.append("the return value")
    return bare


def _signature(member: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    needs = tuple(p.name for p in _parameters(member) if p.kind is not inspect.Parameter.KEYWORD_ONLY)
    settings = tuple(p.name for p in _parameters(member) if p.kind is inspect.Parameter.KEYWORD_ONLY)
    return needs, settings
