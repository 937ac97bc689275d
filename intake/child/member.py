"""Members: files of a delivery, the name people know and the numbered copy that is opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any


@dataclass(frozen=True, slots=True)
class Member:
    """A delivered name (never used as a path) and where its bytes are."""

    name: str
    path: Path

    @property
    def suffix(self) -> str:
        """Extension in lower case, with its dot; ``.gdb.zip`` counts as one."""
        lowered = self.name.lower()
        return ".gdb.zip" if lowered.endswith(".gdb.zip") else PurePosixPath(lowered).suffix

    @property
    def stem(self) -> str:
        """Name without folders and extension."""
        return PurePosixPath(self.name).name[: -len(self.suffix) or None]

    @property
    def folder(self) -> str:
        """Folders of the name, "." if it has none."""
        return str(PurePosixPath(self.name).parent)

    @property
    def family(self) -> str:
        """What files that belong together share: folder and stem, in lower case."""
        return str(PurePosixPath(self.folder) / self.stem).casefold()


@dataclass(frozen=True, slots=True)
class Source:
    """
    A member with what its reader needs.

    Attributes
    ----------
    member : Member
        The file to be read.
    family : mapping of str to Member
        The files of the same folder and stem by extension, the member among them.
    scratch : Path
        Where its reader may make a private folder; nothing is there yet.
    options : mapping of str to value
        The `ReadOptions` of the job.
    """

    member: Member
    family: Mapping[str, Member]
    scratch: Path
    options: Mapping[str, Any]

    @property
    def encoding(self) -> str:
        """Encoding that a person chose, "" if none."""
        return str(self.options["encoding"])
