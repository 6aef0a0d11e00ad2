"""From what the user named to the files to read: paths, globs, folders, several of them."""

import glob
import os
from collections.abc import Iterator, Sequence

import msgspec

from longtail.errors import ReadError, UsageError
from longtail.readers.formats import Part, by_content, by_suffix, formats, holds_records, supported
from longtail.readers.huggingface import data_files, is_saved

_ABOUT = ("readme", "license", "licence", "notice", "citation", "changelog", "contributing")
_DESCRIPTIONS = frozenset({"dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"})


class Found(msgspec.Struct, frozen=True):
    """The parts of a data set, and what the user should know about how they were found."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...]


def locate(names: Sequence[str], table: str | None) -> Found:
    """Return the files that `names` stand for, each once, in the order of their paths.

    Raises:
        ReadError: A name stands for nothing that can be read.
        UsageError: `table` was given and no file has tables.
    """
    notes: dict[str, None] = {}
    files = {os.path.abspath(file): file for name in names for file in _files(name, notes)}
    parts = tuple(Part(file, by_suffix(file) or by_content(file), table) for file in sorted(files.values()))
    if table is not None and not any(part.format == "sqlite" for part in parts):
        raise UsageError(f"table={table!r} was given, and {', '.join(names)} is not SQLite; leave --table out")
    return Found(parts, tuple(notes))


def are_texts(items: Sequence[object]) -> bool:
    """Tell whether strings are texts and not paths: one at least has a space and no known suffix, and none is a file."""
    texts = [item for item in items if isinstance(item, str)]
    surely = any(by_suffix(text) is None and any(letter.isspace() for letter in text) for text in texts)
    return len(texts) == len(items) and surely and not any(_is_file(text) for text in texts)


def _is_file(text: str) -> bool:
    return len(text) < 1024 and "\n" not in text and "\0" not in text and os.path.exists(text)


def _files(name: str, notes: dict[str, None]) -> Iterator[str]:
    if os.path.isdir(name):
        yield from _folder(name, notes)
    elif os.path.lexists(name):
        yield _readable(name)
    elif glob.has_magic(name):
        matches = sorted(glob.glob(name, recursive=True))
        if not matches:
            raise ReadError(name, "the pattern matches no file", fix="check the folder and the pattern")
        files = [match for match in matches if not os.path.isdir(match)]
        for match in files or matches:
            yield from _files(match, notes)
    else:
        texts = "" if set(name) & set("./\\") else "; texts are passed as a list of {'text': …}"
        raise ReadError(name, "no such file or folder", fix=f"check the path; it is sought from {os.getcwd()}{texts}")


def _readable(name: str) -> str:
    if not os.path.exists(name):
        raise ReadError(name, "is a link to a file that does not exist", fix="mend the link or name the file")
    return name


def _folder(folder: str, notes: dict[str, None]) -> Iterator[str]:
    if is_saved(folder):
        files, note = data_files(folder)
        notes.update({note: None} if note else {})
        yield from files
        return
    found = [file for file in walk(folder) if by_suffix(file)]
    aside = set(filter(is_about, found)) if any(map(holds_records, found)) else set()
    if aside:
        notes[f"left out: {', '.join(sorted(aside)[:3])}{', …' if len(aside) > 3 else ''}"] = None
    chosen = [file for file in found if file not in aside]
    if not chosen:
        raise ReadError(folder, "the folder holds no data that can be read", fix=f"supported: {supported()}")
    yield from chosen


def walk(folder: str) -> Iterator[str]:
    """Yield the files of a folder and those within it, sorted, without hidden ones and descriptions of data sets."""
    for where, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(files):
            if not name.startswith((".", "_")) and name not in _DESCRIPTIONS:
                yield os.path.join(where, name)


def _refuse(error: OSError) -> None:
    raise ReadError(str(error.filename), f"cannot be listed: {error.strerror}", fix="check its permissions") from error


def is_about(file: str) -> bool:
    """Tell whether a file tells about the data: a README, a licence, or a cache that repeats them."""
    name = os.path.basename(file).lower()
    about = name.startswith(_ABOUT) and formats[by_suffix(file) or "text"].facts["holds"] == "one document"
    return about or (name.startswith("cache-") and name.endswith(".arrow"))
