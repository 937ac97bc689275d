"""Files that are either the old one or the new one, never half of the new one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EISDIR, ENOENT, ENOSPC, ENOTDIR, EROFS
from pathlib import Path

from geo.errors import StoreError
from store import scratch

_WHY_ZH = {
    ENOENT: "没有这个文件夹",
    ENOTDIR: "上级不是文件夹",
    EISDIR: "已有同名文件夹",
    EACCES: "没有写入权限",
    EROFS: "只读",
    ENOSPC: "磁盘空间不足",
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """
    Yield a scratch file beside `path`; it takes the place of `path` when the block ends well.

    Raises
    ------
    StoreError
        If the folder cannot be written to.
    """
    with beside(path) as file:
        try:
            yield file
            _flush(file)
            file.chmod(0o644)
            file.replace(path)
        except OSError as error:
            raise _cannot_write(path, error) from error


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """
    Yield a scratch file beside `path` for as long as the block runs.

    Raises
    ------
    StoreError
        If the folder cannot be written to.
    """
    file = _scratch(path)
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def require_writable(path: Path) -> None:
    """
    Refuse a file that could not be written, before the work is done that it is to hold.

    Raises
    ------
    StoreError
        If it is a folder, or its own folder is not there or cannot be written to.
    """
    if path.is_dir():
        raise _cannot_write(path, IsADirectoryError(EISDIR, os.strerror(EISDIR)))
    _scratch(path).unlink()


def _scratch(path: Path) -> Path:
    """Return a new empty file beside `path`."""
    try:
        return scratch.make_file(path)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _flush(path: Path) -> None:
    """Wait until the content of `path` is on the disk, so that the rename never outruns it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _cannot_write(path: Path, error: OSError) -> StoreError:
    why = error.strerror or str(error)
    return StoreError(
        f"{path}: cannot be written ({why})",
        f"{path}：无法写入（{_WHY_ZH.get(error.errno or 0, why)}）",
    )
