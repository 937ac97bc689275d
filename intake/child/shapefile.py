"""
Shapefile: attributes by `dbf`, outlines by GDAL, and the record counts of all three files compared.

The outlines are read from a copy without its .dbf, so that GDAL neither decodes nor skips anything.
"""

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from intake.child import gdal, shapes
from intake.child.dbf import Dbf, read_dbf
from intake.child.member import Member
from intake.child.refused import Refused
from intake.reading import DeliveredTable, Field, Note, RowFlaw

_HEADER = 100
_SHAPE_TYPES = (0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28, 31)
_NULL_SHAPE = 2  # 16-bit words of a record that says "no shape"


def read(member: Member, family: Mapping[str, Member], folder: Path) -> DeliveredTable:
    """
    Read a shapefile.

    Parameters
    ----------
    member : Member
        The .shp.
    family : mapping of str to Member
        Its companions by extension.
    folder : Path
        A private folder for the copy GDAL opens.
    """
    data = member.path.read_bytes()
    if len(data) < _HEADER or struct.unpack_from("<i", data, 32)[0] not in _SHAPE_TYPES:
        raise Refused("shp.header", f"{len(data)} B")
    notes: list[Note] = []
    index = _index(data, family.get(".shx"))
    records = _lengths(index)
    blobs = _outlines(data, index, folder, len(records))
    table = _attributes(family.get(".dbf"), len(records), notes)
    shape_rows = len(blobs)
    count = max(shape_rows, table.count)
    blobs += [None] * (count - shape_rows)
    found = shapes.from_wkb(blobs)
    flaws = [RowFlaw(at + 1, "dbf.deleted") for at in table.deleted]
    flaws += [
        RowFlaw(at + 1, "shp.cut", "")
        for at in range(count)
        if blobs[at] is None and (at >= len(records) or records[at] > _NULL_SHAPE)
    ]
    flaws += [RowFlaw(at + 1, "dbf.missing_row", "") for at in range(table.count, count)]
    fields = tuple(
        Field(f.heading, [*f.cells, *[None] * (count - table.count)]) for f in table.fields
    )
    rows = list(range(1, count + 1))
    lost = tuple(flaw for flaw in table.lost if flaw.rule != "dbf.cut") + _beyond(table, count)
    return DeliveredTable(
        member=member.name,
        name=member.stem,
        format="shapefile",
        rows=rows,
        fields=fields,
        wkb=found.wkb,
        mended=found.mended,
        flaws=tuple(flaws) + found.flaws_at(rows),
        lost=lost,
        notes=tuple(notes),
        crs=_text(family.get(".prj")),
        encoding=_text(family.get(".cpg")) or table.language,
    )


def _beyond(table: Dbf, count: int) -> tuple[RowFlaw, ...]:
    """Return the rows a truncated .dbf lacks beyond those that the outlines account for."""
    return tuple(
        RowFlaw(count + 1, flaw.rule, flaw.detail, flaw.raw, table.declared - count)
        for flaw in table.lost
        if flaw.rule == "dbf.cut" and table.declared > count
    )


def _attributes(member: Member | None, count: int, notes: list[Note]) -> Dbf:
    if member is None:
        notes.append(Note("shp.no_dbf"))
        return Dbf((), count, count, (), (), "")
    return read_dbf(member.path.read_bytes(), count)


def _index(data: bytes, member: Member | None) -> bytes:
    """Return the .shx, or one made by walking the .shp where there is none that says anything."""
    if member is not None:
        index = member.path.read_bytes()
        if len(index) >= _HEADER + 8:
            return index
    entries, at = b"", _HEADER
    while at + 8 <= len(data):
        length = struct.unpack_from(">i", data, at + 4)[0]
        if length < _NULL_SHAPE:
            break
        entries += struct.pack(">ii", at // 2, length)
        at += 8 + 2 * length
    size = struct.pack(">i", (_HEADER + len(entries)) // 2)
    return data[:24] + size + data[28:_HEADER] + entries


def _lengths(index: bytes) -> list[int]:
    """Return each record's content length [16-bit words]."""
    entries = index[_HEADER:]
    pairs = np.frombuffer(entries[: len(entries) // 8 * 8], ">i4").reshape(-1, 2)
    return [int(length) for length in pairs[:, 1]]


def _outlines(data: bytes, index: bytes, folder: Path, count: int) -> list[bytes | None]:
    """Read the outlines from a copy without attributes; all missing if GDAL gives the file up."""
    copy = folder / "outlines.shp"
    copy.write_bytes(data)
    copy.with_suffix(".shx").write_bytes(index)
    try:
        return gdal.outlines(copy)
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - GDAL gives up in many ways; each row is then accounted for
        return [None] * count


def _text(member: Member | None) -> str:
    """Return the small text of a .prj or .cpg; whatever its bytes, it is only looked at."""
    if member is None:
        return ""
    raw = member.path.read_bytes()[:8192]
    for codec in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(codec).strip()
        except UnicodeDecodeError:
            continue
    return ""
