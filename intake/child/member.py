"""Member: a file of a delivery: the name people know, and the numbered copy that is opened."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath


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
    def family(self) -> str:
        """What the files of one shapefile share: folder and stem, in lower case."""
        return str(PurePosixPath(self.name).parent / self.stem).casefold()
