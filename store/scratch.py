"""
Scratch folders and files, and the removal of those that a killed program left behind.

Each bears the number of the process that made it: at the next start, and before the next of its
kind is made, those whose process is no more are removed.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FOLDER = re.compile(r"litong-[a-z]+-(\d+)-\w+")
_FILE = re.compile(r"\..+\.(\d+)-\w+\.tmp")


@contextmanager
def private_folder(purpose: str) -> Iterator[Path]:
    """Yield a folder of our own for as long as the block runs; `purpose` is a word in its name."""
    folder = make_folder(purpose)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_folder(purpose: str) -> Path:
    """Return a new folder of our own; whoever asked for it removes it."""
    remove_folders()
    return Path(tempfile.mkdtemp(prefix=f"litong-{purpose}-{os.getpid()}-"))


def make_file(path: Path) -> Path:
    """
    Return a new empty file beside `path`, hidden.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    handle, name = tempfile.mkstemp(
        prefix=f".{path.name}.{os.getpid()}-", suffix=".tmp", dir=path.parent
    )
    os.close(handle)
    return Path(name)


def remove_folders() -> None:
    """Remove the scratch folders of processes that are no more."""
    for found in Path(tempfile.gettempdir()).glob("litong-*"):
        if _is_left(_FOLDER, found) and not found.is_symlink():
            shutil.rmtree(found, ignore_errors=True)


def remove_files(folder: Path) -> None:
    """Remove the scratch files in `folder` of processes that are no more."""
    for found in folder.glob(".*.tmp"):
        if _is_left(_FILE, found):
            with suppress(OSError):  # on a read-only medium nobody is in their way
                found.unlink(missing_ok=True)


def _is_left(name: re.Pattern[str], found: Path) -> bool:
    owner = name.fullmatch(found.name)
    return owner is not None and not _is_running(int(owner.group(1))) and _is_ours(found)


def _is_ours(found: Path) -> bool:
    """Return whether the same user made it: others have scratch of their own in the same place."""
    with suppress(OSError):
        return sys.platform == "win32" or found.lstat().st_uid == os.getuid()
    return False


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - there os.kill with signal 0 ends the process

        synchronize = 0x100000
        handle = ctypes.windll.kernel32.OpenProcess(synchronize, False, process)
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is another user's
        return True
    return True
