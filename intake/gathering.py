"""Gathering: the files of a delivery, companions and contents of folders included."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from intake.reading import Refusal
from intake.wire import readable

COMPANIONS = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".gpkg": (".gpkg-wal",),
    ".tab": (".dat", ".map", ".id"),
    ".mif": (".mid",),
}
"""Files that belong to another one of the same name, by its extension."""
_MOST_FILES = 5_000


def gathered(paths: Sequence[Path]) -> tuple[list[tuple[str, Path]], list[Refusal]]:
    """
    Return the files to be read with the names they are known by, and those that cannot be opened.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders. Of a folder every file is taken, with the folders inside; a link is
        never followed, and what begins with a dot is passed over.

    Returns
    -------
    tuple of list
        Names with folders below the one that was given, that one included, and paths; refusals.
    """
    found: dict[Path, str] = {}
    refused: list[Refusal] = []
    for path in paths:
        try:
            for name, file in _files(path):
                found.setdefault(file.resolve(), name)
        except OSError as error:
            refused.append(Refusal(readable(path.name or str(path)), *_reason(error)))
    return [(name, file) for file, name in found.items()], refused


def together(names: Sequence[str]) -> str:
    """
    Return one name for a delivery.

    Parameters
    ----------
    names : sequence of str
        Of its files. A folder is named once, and so is what consists of several files.
    """
    beside = {suffix for parts in COMPANIONS.values() for suffix in parts}
    main = [name for name in names if Path(name).suffix.lower() not in beside]
    return "、".join(dict.fromkeys(map(_shown, main or names)))


def _shown(name: str) -> str:
    """Return the folder that a file was delivered in, the name itself if there is none."""
    folder, *inside = name.split("/")
    return folder if inside and folder.strip(".") else name


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """Yield a file and its companions, or every file of a folder, each with its name."""
    if path.is_dir():
        yield from _of_folder(path)
        return
    with path.open("rb"):
        yield path.name, path
    if parts := COMPANIONS.get(path.suffix.lower()):
        for near in sorted(path.parent.iterdir()):
            ours = near.stem == path.stem and near.suffix.lower() in parts
            if ours and near.is_file() and not near.is_symlink():
                yield near.name, near


def _of_folder(folder: Path) -> Iterable[tuple[str, Path]]:
    """Return every file below a folder."""
    top = folder.resolve()
    files = [
        Path(place) / name
        for place, _, names in os.walk(top)
        for name in names
        if not name.startswith(".") and not (Path(place) / name).is_symlink()
    ]
    if not files:
        raise FolderError("folder.empty")
    if len(files) > _MOST_FILES:
        raise FolderError("folder.too_many", f"{len(files)} > {_MOST_FILES}")
    return [(f"{top.name}/{file.relative_to(top).as_posix()}", file) for file in sorted(files)]


class FolderError(OSError):
    """A folder is not read; the arguments are a rule id of the catalogue and what was found."""


def _reason(error: OSError) -> tuple[str, str]:
    """Return the rule and the detail of a file or folder that is not read."""
    if isinstance(error, FolderError):
        return str(error.args[0]), "".join(map(str, error.args[1:]))
    if isinstance(error, FileNotFoundError):
        return "file.missing", ""
    return "file.locked", error.strerror or type(error).__name__
