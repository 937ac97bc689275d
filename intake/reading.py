"""
Reading: what the files of a delivery hold, before anything is interpreted.

Text that was bytes in the file stays bytes, so that the choice of an encoding can be taken back;
geometries are WKB in the file's own coordinates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Cell: TypeAlias = str | bytes | int | float | bool | None

STATED = "坐标系："
"""Prefix of the CRS that a surveyor chose in the line 坐标系 of our template."""
GEOMETRY_KINDS = {0: "点", 1: "线", 2: "面", -1: "—"}
"""Kinds of geometry by dimension, as tables are called that hold one kind of a layer each."""
DRAWN_TEXT = "text"
"""Heading, in a drawing, of what is written in an outline or at a point."""
SURVEY_FORMATS = frozenset({"workbook", "delimited"})
"""Formats of tables that people fill in, with lines around them."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know that costs no row: a rule id of wording/texts/import.toml and details."""

    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RowFlaw:
    """
    Why a row cannot be accepted unchanged.

    Attributes
    ----------
    row : int
        Row number in the file, 1 for the first row of data (for workbooks and CSV: of the sheet).
    rule : str
        Rule id of wording/texts/import.toml.
    detail : str
        What was found.
    raw : bytes
        The bytes of a row that could not be read into cells, else empty.
    count : int, default 1
        How many rows it covers, from `row` on: a cut file loses its rows in one piece.
    """

    row: int
    rule: str
    detail: str = ""
    raw: bytes = b""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a file: its heading and its cells, as found."""

    heading: str | bytes
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class OfferedRepair:
    """A safe repair of one geometry: rule, reason and result; the original is kept."""

    rule: str
    detail: str
    wkb: bytes


@dataclass(frozen=True, slots=True)
class MergedCells:
    """
    A number merged over several rows of one column: whose it is, the file does not say.

    Attributes
    ----------
    heading : str
        Of the column, as in its field.
    first, last : int
        Row numbers in the file, both inside.
    """

    heading: str
    first: int
    last: int


@dataclass(frozen=True)
class DeliveredTable:
    """
    One table of a delivery: a layer, a sheet, a drawing layer.

    Attributes
    ----------
    member : str
        Name of the file it comes from, with the folders of an archive.
    name : str
        Layer or sheet; the file's stem where the format has no name for it.
    format : str
        A key of `intake.child.sniff.FORMATS`.
    rows : sequence of int, shape (n,)
        Row numbers in the file.
    fields : tuple of Field
        Columns, n cells each.
    wkb : sequence of bytes or None, shape (n,) or (0,)
        Geometries in WKB; empty for a table without geometry.
    mended : mapping of int to OfferedRepair
        Repairs on offer, by position 0..n-1.
    flaws : tuple of RowFlaw
        Rows present but not acceptable unchanged.
    lost : tuple of RowFlaw
        Rows the file promises or holds that could not be read into cells.
    notes : tuple of Note
        Things to know: totals rows left out, folders, what the header says.
    crs : str
        Declared CRS, WKT or authority code, "" if none.
    encoding : str
        Declared encoding, "" if none.
    remarks : tuple of str
        Lines of a sheet around its table: title, head of the form, footnotes.
    merged : tuple of MergedCells
        Numbers that are merged over several rows.
    hidden : tuple of int
        Row numbers of data that nobody sees who opens the sheet.
    day_zero : str
        Day 0 of serial dates, ISO 8601, "" for a file that has none.
    has_formats : bool
        Whether it is known how numbers are shown; lost with the stylesheet of a damaged workbook.
    """

    member: str
    name: str
    format: str
    rows: Sequence[int]
    fields: tuple[Field, ...]
    wkb: Sequence[bytes | None] = ()
    mended: Mapping[int, OfferedRepair] = field(default_factory=dict)
    flaws: tuple[RowFlaw, ...] = ()
    lost: tuple[RowFlaw, ...] = ()
    notes: tuple[Note, ...] = ()
    crs: str = ""
    encoding: str = ""
    remarks: tuple[str, ...] = ()
    merged: tuple[MergedCells, ...] = ()
    hidden: tuple[int, ...] = ()
    day_zero: str = ""
    has_formats: bool = True

    @property
    def read(self) -> int:
        """Rows read: those with cells and those lost, every one of which must be accounted for."""
        return len(self.rows) + sum(flaw.count for flaw in self.lost)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file (or a member of an archive) that was not read at all, and why."""

    member: str
    rule: str
    detail: str = ""


@dataclass(frozen=True)
class DeliveryReading:
    """
    Everything found in one delivery.

    Attributes
    ----------
    name : str
        File name as delivered; never used as a path.
    digest : str
        SHA-256 of the delivered bytes, hexadecimal.
    size : int
        Bytes delivered.
    tables : tuple of DeliveredTable
        What could be read.
    refused : tuple of Refusal
        What was not read; each is one record of the quarantine.
    ignored : tuple of Refusal
        Companions that carry no rows (spatial indexes, styles, thumbnails).
    """

    name: str
    digest: str = ""
    size: int = 0
    tables: tuple[DeliveredTable, ...] = ()
    refused: tuple[Refusal, ...] = ()
    ignored: tuple[Refusal, ...] = ()
