"""Files that are either the old one or the new one, never half of the new one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import StoreError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """
    Yield a scratch file beside `path`; it takes the place of `path` when the block ends well.

    Raises
    ------
    StoreError
        If the folder cannot be written to.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _cannot_write(path, error) from error
    scratch = Path(name)
    try:
        yield scratch
        _flush(scratch)
        scratch.chmod(0o644)
        scratch.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        scratch.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Wait until the content of `path` is on the disk, so that the rename never outruns it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _cannot_write(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path}: cannot be written ({error.strerror or error})",
        f"{path}：无法写入（{error.strerror or error}）",
    )
