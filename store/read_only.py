"""
A GeoPackage opened for reading, wherever it is: in use, beside a log, on a read-only medium.

SQLite keeps the newest changes in a log (NAME-wal) beside the file until they are taken into it. A
log that came with a copy is used whole or refused; where the medium cannot be written, file and log
are read from a copy. Nothing of the content is trusted: no trigger and no view runs.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from geo.errors import StoreError
from store.scratch import private_folder

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_VERSIONS = slice(18, 20)  # bytes of the header: what may write and read the file; 2 with a log
_LOG_HEAD, _PAGE_HEAD = 32, 24  # bytes before the pages of a log, and before each of them
_PAGE_SIZE = slice(8, 12)  # bytes of the head of a log
_WITH_LOG = b"\2\2"
_NO_PLACE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """
    Open one state of a file for reading only, with nothing of its content trusted.

    Parameters
    ----------
    path : pathlib.Path
        A GeoPackage.

    Raises
    ------
    StoreError
        If there is no such file, it is damaged or locked, the log beside it is not its own, or it
        was changed while it was read from a medium that cannot be written from here.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file", f"{path}：没有这个文件")
    try:
        if has_log(path) and not _beside(path, "-shm").exists():
            _require_own_log(path)
        with _connected(path) as base:
            base.text_factory = text
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("PRAGMA query_only = ON")
            base.execute("BEGIN")
            yield base
    except sqlite3.Error as error:
        if error_code(error) in _BUSY:
            raise StoreError(
                f"{path}: another program keeps the file locked; try again when it is done",
                f"{path}：正被其他程序占用，请稍后再试",
            ) from error
        raise StoreError(
            f"{path}: not a readable GeoPackage ({error})",
            f"{path}：不是可读取的 GeoPackage（{error}）",
        ) from error


def error_code(error: sqlite3.Error) -> int:
    """Return the primary result code of SQLite, 0 for an error that is not SQLite's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def has_log(path: Path) -> bool:
    """Return whether changes that are not yet in the file are in a log beside it."""
    log = _beside(path, "-wal")
    return log.is_file() and log.stat().st_size > 0


def is_log_cut(path: Path) -> bool:
    """
    Return whether the log beside a file breaks off within a page.

    SQLite uses such a log up to its last whole change and says nothing of the rest.
    """
    if not has_log(path):
        return False
    log = _beside(path, "-wal")  # no lock is ever on it: reading it takes none from anybody
    with log.open("rb") as file:
        head = file.read(_LOG_HEAD)
    page = int.from_bytes(head[_PAGE_SIZE], "big")
    rest = log.stat().st_size - _LOG_HEAD
    return rest < 0 or rest % (page + _PAGE_HEAD) != 0


def is_written_with_log(base: sqlite3.Connection, path: Path) -> bool:
    """
    Return whether changes of a file go into a log first.

    Parameters
    ----------
    base : sqlite3.Connection
        The file, as `opened` opened it.
    path : pathlib.Path
        The file.
    """
    if str(base.execute("PRAGMA journal_mode").fetchone()[0]) == "wal":
        return True
    # Opened as one that never changes it says nothing of logs. To read the header of a file that
    # can be written would take the locks of other connections of this process from them.
    return not os.access(path, os.W_OK) and _has_log_in_header(path)


def _has_log_in_header(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(_VERSIONS.stop)[_VERSIONS] == _WITH_LOG


def text(raw: bytes) -> str:
    """Return stored text; what is not UTF-8 keeps its bytes as surrogates, to be named."""
    return raw.decode("utf-8", "surrogateescape")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """
    Connect for reading only.

    A log needs a file beside it that readers share. Where none can be made, on a read-only medium,
    nobody writes from here: the file is read as one that never changes, or from a copy with its
    log. Somebody elsewhere may write it all the same: then what was read is not believed.
    """
    base = sqlite3.connect(_uri(path, "mode=ro"), uri=True)
    try:
        base.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        base.close()
        if error_code(error) not in _NO_PLACE:
            raise
        with _unchanged(path), _from_medium(path) as base:
            yield base
    else:
        with closing(base):
            yield base


@contextmanager
def _from_medium(path: Path) -> Iterator[sqlite3.Connection]:
    if has_log(path):
        with (
            _copied(path) as copy,
            closing(sqlite3.connect(_uri(copy, "mode=ro"), uri=True)) as base,
        ):
            yield base
    else:
        with closing(sqlite3.connect(_uri(path, "immutable=1"), uri=True)) as base:
            yield base


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    """Yield a private copy of a file with its log beside it."""
    with private_folder("store") as folder:
        copy = folder / "copy.gpkg"
        shutil.copyfile(path, copy)
        shutil.copyfile(_beside(path, "-wal"), _beside(copy, "-wal"))
        yield copy


@contextmanager
def _unchanged(path: Path) -> Iterator[None]:
    """Raise if a file or its log is another after the block than before."""
    before = _facts(path)
    yield
    if _facts(path) != before:
        raise StoreError(
            f"{path}: somebody changed the file while it was read; open it again",
            f"{path}：读取期间被他人修改，请重新打开",
        )


def _facts(path: Path) -> list[tuple[int, int]]:
    found = [one.stat() for one in (path, _beside(path, "-wal")) if one.is_file()]
    return [(one.st_size, one.st_mtime_ns) for one in found]


def _require_own_log(path: Path) -> None:
    """Raise if file and log do not make one sound database: the log is of another file."""
    # Nobody has the file open, or there were a -shm: copying it takes no lock from anybody.
    try:
        with _copied(path) as copy:
            found = _flaw(copy)
    except FileNotFoundError:  # whoever closed the file last has taken the log into it meanwhile
        return
    if found != "ok":
        log = _beside(path, "-wal").name
        raise StoreError(
            f"{path}: the log {log} beside it is not its own ({found}); "
            "copy both anew from where they are in use, or remove the log if the file is a backup",
            f"{path}：旁边的 {log} 不属于这份文件（{found}）；请从原处重新复制两个文件，"
            "如果这份文件是备份，请移走该日志文件",
        )


def _flaw(copy: Path) -> str:
    """Return what is wrong with a file and its log together, "ok" if nothing."""
    if not _has_log_in_header(copy):
        return "the file is written without one"
    try:
        with closing(sqlite3.connect(_uri(copy, "mode=ro"), uri=True)) as base:
            return str(base.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)


def _uri(path: Path, how: str) -> str:
    return f"{path.resolve().as_uri()}?{how}"
