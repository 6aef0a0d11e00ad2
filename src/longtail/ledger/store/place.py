"""Where a ledger lies: a folder, or a prefix of an object store, with small files that are written once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import pyarrow.fs as pafs

from longtail.errors import LedgerError, UsageError


class Place:
    """A folder or `s3://bucket/prefix`-like address.

    Args:
        address: Path or URI.

    Raises:
        UsageError: It is no address, or the file system is not known.
    """

    def __init__(self, address: str | os.PathLike[str]) -> None:
        """Settle on the file system."""
        self.address = os.fspath(address).rstrip("/") or "/"
        if not self.address or "\0" in self.address:
            raise UsageError(f"{self.address!r} is not a place for a ledger; name a folder")
        self.is_local = "://" not in self.address
        if self.is_local:
            self._system, self._root = pafs.LocalFileSystem(), os.path.abspath(self.address)
            return
        try:
            self._system, self._root = pafs.FileSystem.from_uri(self.address)
        except (OSError, ValueError) as error:
            raise UsageError(f"{self.address!r} is no place for a ledger: {_first(error)}; name a folder or s3://…") from None

    @property
    def system(self) -> pafs.FileSystem:
        """Return the file system."""
        return self._system

    def path(self, name: str) -> str:
        """Return the path of a file within, on the file system of the place."""
        return f"{self._root}/{name}"

    def uri(self, name: str) -> str:
        """Return the address of a table within."""
        return self.path(name) if self.is_local else f"{self.address}/{name}"

    def exists(self, name: str) -> bool:
        """Tell whether there is a file or folder of that name.

        Raises:
            LedgerError: That cannot be found out.
        """
        try:
            return bool(self._system.get_file_info(self.path(name)).type != pafs.FileType.NotFound)
        except OSError as error:
            raise self._unreachable(error) from None

    def _unreachable(self, error: OSError) -> LedgerError:
        return LedgerError(f"{self.address!r} cannot be reached: {_first(error)}; look at its address and at your right to read it")

    def read(self, name: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            LedgerError: There is none, or it cannot be read.
        """
        try:
            with self._system.open_input_stream(self.path(name), compression=None) as stream:
                return bytes(stream.read())
        except OSError as error:
            raise LedgerError(f"{self.uri(name)} cannot be read: {_first(error)}; restore it from a copy") from None

    def write_once(self, name: str, content: bytes) -> bytes:
        """Write a file whole or not at all, and return what stands there: one that exists stays as it is.

        Raises:
            LedgerError: It cannot be written.
        """
        if self.exists(name):
            return self.read(name)
        try:
            if self.is_local:
                return content if _published(Path(self.path(name)), content) else self.read(name)
            with self._system.open_output_stream(self.path(name), compression=None) as stream:
                stream.write(content)
        except OSError as error:
            raise unwritable(self.address, error) from error
        return content

    @contextmanager
    def turn(self, name: str = "commit") -> Iterator[None]:
        """Wait for the turn to commit: in a folder one process at a time, which spares conflicts; an object store settles them itself.

        Args:
            name: What is waited for.

        Raises:
            LedgerError: The lock cannot be made.
        """
        if not self.is_local:
            yield
            return
        try:
            lock = filelock.FileLock(self.path(f"{name}.lock"), poll_interval=0.01)
            lock.acquire()
        except OSError as error:
            raise unwritable(self.address, error) from error
        try:
            yield
        finally:
            lock.release()

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names of the files in a folder within, in order; none where there is no such folder.

        Raises:
            LedgerError: It cannot be read.
        """
        selector = pafs.FileSelector(self.path(folder), allow_not_found=True)
        try:
            found = sorted(info.base_name for info in self._system.get_file_info(selector) if info.type == pafs.FileType.File)
        except OSError as error:
            raise self._unreachable(error) from None
        yield from (name for name in found if not name.startswith("."))


def _published(target: Path, content: bytes) -> bool:
    """Write a file under its final name at one stroke; tell whether there was none of that name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    try:
        draft.write_bytes(content)
        try:
            os.link(draft, target)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            os.replace(draft, target)
        return True
    finally:
        draft.unlink(missing_ok=True)


def unwritable(address: str, error: Exception) -> LedgerError:
    """Return what is said where nothing more can be written."""
    fix = "what it held is as it was; make room or take another place"
    return LedgerError(f"the ledger {address!r} cannot be written: {_first(error)}; {fix}")


def _first(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return str(strerror or (str(error).strip().splitlines() or [type(error).__name__])[0])[:300]
