"""
Geometry columns: a table whose cells hold WKB or WKT, such as our own quarantine workbook.

The column 坐标系 declares the CRS, also of columns of coordinates; where rows differ in it, each
group of rows is a table of its own, so that none is read in the coordinate system of another.
Long WKB goes on in further columns of the same name with a number behind it, because a spreadsheet
cell is short.
"""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from intake.child import shapes
from intake.child.text import plain
from intake.reading import DeliveredTable, Field, RowFlaw

_WKB = re.compile(r"^(几何)?wkb(\d*)$", re.IGNORECASE)
_WKT = re.compile(r"^(几何)?(wkt|the_geom|geom|geometry|图形)$", re.IGNORECASE)
_CURVE = re.compile(r"(?i)circularstring|curve|surface")  # words at which GEOS gives up all rows
_CRS = "坐标系"


def take_geometry(table: DeliveredTable) -> list[DeliveredTable]:
    """Return the table with its geometry column read as geometry, a table for each CRS declared."""
    if table.wkb:
        return [table]
    return [_with_geometry(part) for part in _by_reference(table)]


def _by_reference(table: DeliveredTable) -> list[DeliveredTable]:
    """Return a table for each value of the column 坐标系, the rows in the file's order."""
    column = next((f for f in table.fields if plain(f.heading) == _CRS), None)
    if column is None or not len(table.rows):
        return [table]
    others = tuple(f for f in table.fields if f is not column)
    said = list(map(plain, column.cells))
    groups = dict.fromkeys(said)
    if len(groups) == 1:
        return [replace(table, fields=others, crs=next(iter(groups)))]
    parts = []
    for number, name in enumerate(groups):
        at = [i for i, one in enumerate(said) if one == name]
        rows = [table.rows[i] for i in at]
        here = set(rows)
        parts.append(
            replace(
                table,
                name=f"{table.name}（{name or '坐标系未填'}）",
                rows=rows,
                fields=tuple(Field(f.heading, [f.cells[i] for i in at]) for f in others),
                flaws=tuple(flaw for flaw in table.flaws if flaw.row in here),
                lost=table.lost if number == 0 else (),
                crs=name,
            )
        )
    return parts


def _with_geometry(table: DeliveredTable) -> DeliveredTable:
    parts = [f for f in table.fields if _WKB.match(plain(f.heading))]
    words = [f for f in table.fields if _WKT.match(plain(f.heading)) and _is_wkt(f)]
    if not parts and not words:
        return table
    taken = parts or words[:1]
    found, flaws = _from_hex(parts, table) if parts else _from_wkt(words[0], table)
    kept = tuple(f for f in table.fields if f not in taken)
    return replace(
        table,
        fields=kept,
        wkb=found.wkb,
        mended=found.mended,
        flaws=(*table.flaws, *found.flaws_at(table.rows), *flaws),
        notes=(*table.notes, *found.notes),
    )


def _is_wkt(field: Field) -> bool:
    return any(re.match(r"(?i)(multi)?(point|linestring|polygon)", plain(c)) for c in field.cells)


def _from_hex(parts: list[Field], table: DeliveredTable) -> tuple[shapes.Shapes, list[RowFlaw]]:
    blobs: list[bytes | None] = []
    flaws = []
    for at, row in enumerate(table.rows):
        text = "".join(plain(part.cells[at]) for part in parts)
        try:
            blobs.append(bytes.fromhex(text) if text else None)
        except ValueError:
            blobs.append(None)
            flaws.append(RowFlaw(int(row), "geometry.unreadable", text[:40]))
    return shapes.from_wkb(blobs), flaws


def _from_wkt(field: Field, table: DeliveredTable) -> tuple[shapes.Shapes, list[RowFlaw]]:
    texts = np.array([plain(cell) or None for cell in field.cells], dtype=object)
    straight = [None if text and _CURVE.search(text) else text for text in texts]
    read: Any = np.asarray(shapely.from_wkt(straight, on_invalid="ignore"), dtype=object)
    flaws = [
        RowFlaw(int(table.rows[at]), "geometry.unreadable", str(texts[at])[:40])
        for at in np.flatnonzero(shapely.is_missing(read)).tolist()
        if texts[at] is not None
    ]
    return shapes.examine(read), flaws
