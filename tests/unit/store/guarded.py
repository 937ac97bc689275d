"""
Run commands of `litong` on a live store in this process, and watch who opens its file.

Ends with 97 when anything but sqlite3 does: a second SQLite in the process (every GDAL wheel has
one), or a plain open and close, would drop the locks that sqlite3 holds.
"""

import os
import sys
from pathlib import Path

LIVE = Path(sys.argv[1]).resolve()
COMMANDS = [line.split("\t") for line in sys.stdin.read().splitlines()]
MAY_LOAD_GDAL = {"export"}


def _fail(reason: str) -> None:
    sys.stderr.write(f"GUARD: {reason}\n")
    sys.stderr.flush()
    os._exit(97)


def _is_live(path: object) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    resolved = str(Path(os.fsdecode(path)).resolve())
    return resolved in {str(LIVE), f"{LIVE}-wal", f"{LIVE}-shm"}


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"open", "shutil.copyfile"} and any(map(_is_live, arguments[:1])):
        _fail(f"{event} {arguments[0]}")


def _watched_gdal() -> None:
    """Watch what the GDAL wheels open where a command may load them."""
    import fiona  # noqa: PLC0415
    import pyogrio.raw  # noqa: PLC0415

    def watched(function):
        def call(*given, **named):
            for value in (*given, *named.values()):
                if _is_live(value):
                    _fail(f"{function.__qualname__} {value}")
            return function(*given, **named)

        return call

    made = fiona.Collection
    made.__init__ = watched(made.__init__)
    for name in ("ogr_read", "ogr_open_arrow", "ogr_write"):
        setattr(pyogrio.raw, name, watched(getattr(pyogrio.raw, name)))


def main() -> None:
    """Run every command; none but a hand-over may even load GDAL."""
    sys.addaudithook(_watch)
    from jobs.cli import main as litong  # noqa: PLC0415

    for words in COMMANDS:
        if words[0] in MAY_LOAD_GDAL:
            _watched_gdal()
        try:
            litong(words)
        except SystemExit as end:
            if end.code not in {0, None}:
                _fail(f"{words} ended with {end.code}")
        loaded = [name for name in sys.modules if name.partition(".")[0] in {"pyogrio", "fiona"}]
        if loaded and words[0] not in MAY_LOAD_GDAL:
            _fail(f"{words[0]} loaded {loaded[0]}")


if __name__ == "__main__":
    main()
