"""
GDAL, in the child only: the outlines of a .shp, FlatGeobuf, geodatabases, MapInfo and GML.

pyogrio is imported here, behind the fences and with every other driver switched off.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from intake.child import shapes
from intake.child.answer import Answer
from intake.child.refused import Refused
from intake.drivers import ALLOWED
from intake.reading import Cell, DeliveredTable, Field, Note, RowFlaw

_MULTI = (4, 5, 6)  # GEOS type ids of points, lines and polygons of several parts


def _pyogrio() -> Any:  # noqa: ANN401 - an untyped module
    import pyogrio  # noqa: PLC0415 - never outside the child
    import pyogrio.raw  # noqa: PLC0415

    extra = set(pyogrio.list_drivers()) - set(ALLOWED)
    if extra:
        raise Refused("gdal.drivers", ", ".join(sorted(extra)))
    return pyogrio


def outlines(path: Path) -> list[bytes | None]:
    """Return the WKB of every record of a shapefile, None where there is none."""
    _, _, geometry, _ = _pyogrio().raw.read(str(path), columns=[])
    return list(geometry) if geometry is not None else []


@dataclass(frozen=True, slots=True)
class GdalFile:
    """
    A file that GDAL opens.

    Attributes
    ----------
    path : Path
        Our copy.
    member : str
        The file's name.
    kind : str
        A key of `intake.child.sniff.FORMATS`.
    table : str, default ""
        Name of its only table, where the format has none.
    counts : mapping of str to int
        Rows of each layer, counted by the caller.
    cut : str, default ""
        Where the file breaks off: what was behind its last row is lost.
    encoding : str, default ""
        ``latin-1`` makes text come as bytes; else GDAL decodes it.
    """

    path: Path
    member: str
    kind: str
    table: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    cut: str = ""
    encoding: str = ""


def read(file: GdalFile, answer: Answer) -> tuple[()]:
    """
    Read every layer of a file, each a part of its own.

    Parameters
    ----------
    file : GdalFile
        The file.
    answer : Answer
        Takes the tables.

    Raises
    ------
    Refused
        If GDAL finds no layer in it.
    """
    pyogrio = _pyogrio()
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(str(file.path))]
    except Exception as error:
        raise Refused(f"{file.kind}.unreadable", str(error)) from error
    if not names:
        raise Refused(f"{file.kind}.unreadable", "no layer")
    for name in names:
        whole = file if name == names[-1] else replace(file, cut="")
        answer.part(f"{file.member}/{file.table or name}", partial(_layer, pyogrio, whole, name))
    return ()


def _layer(pyogrio: Any, file: GdalFile, name: str) -> tuple[DeliveredTable]:  # noqa: ANN401
    """Return a layer as its only table."""
    shown = file.table or name
    how = {"layer": name, "encoding": file.encoding or None}
    try:
        info = pyogrio.read_info(str(file.path), force_feature_count=False, **how)
        meta, _, geometry, columns = pyogrio.raw.read(
            str(file.path), datetime_as_string=True, **how
        )
    except Exception as error:  # noqa: BLE001 - GDAL gives up in many ways
        count = max(file.counts.get(name, 1), 1)
        flaw = RowFlaw(1, "layer.unreadable", str(error)[:200], count=count)
        return (DeliveredTable(file.member, shown, file.kind, [], (), lost=(flaw,)),)
    count = len(columns[0]) if len(columns) else len(geometry if geometry is not None else ())
    rows = list(range(1, count + 1))
    found = shapes.from_wkb(_single(geometry, file.kind) if geometry is not None else [])
    table = DeliveredTable(
        member=file.member,
        name=shown,
        format=file.kind,
        rows=rows,
        fields=tuple(_fields(meta["fields"], columns, as_bytes=bool(file.encoding))),
        wkb=found.wkb,
        mended=found.mended,
        flaws=found.flaws_at(rows),
        lost=_lost(file, count, file.counts.get(name, int(info["features"]))),
        notes=(Note("layer.type", str(meta.get("geometry_type") or "—")), *found.notes),
        crs=str(meta.get("crs") or ""),
    )
    return (table,)


def _lost(file: GdalFile, count: int, declared: int) -> tuple[RowFlaw, ...]:
    """Return the rows that are promised and not there, and one for what a cut file ends with."""
    missing = max(declared - count, 0) + bool(file.cut)
    reason = file.cut or f"{count} < {declared}"
    return (RowFlaw(count + 1, "layer.cut", reason, count=missing),) if missing else ()


def _fields(names: Any, columns: Any, *, as_bytes: bool) -> Iterator[Field]:  # noqa: ANN401 - arrays
    for name, column in zip(names, columns, strict=True):
        cells = _cells(column)
        if as_bytes:
            cells = [_bytes(cell) if isinstance(cell, str) else cell for cell in cells]
        yield Field(_bytes(str(name)) if as_bytes else str(name), cells)


def _bytes(text: str) -> str | bytes:
    """Return text that came a letter a byte as bytes; ASCII as text."""
    return text if text.isascii() else text.encode("latin-1")


def _single(blobs: Any, kind: str) -> list[bytes | None]:  # noqa: ANN401 - an array
    """Return shapes of one part as single ones: many formats call every outline multi-part."""
    if kind == "flatgeobuf":
        return list(blobs)
    read = shapely.from_wkb(blobs, on_invalid="ignore")
    lone = np.isin(shapely.get_type_id(read), _MULTI) & (shapely.get_num_geometries(read) == 1)
    parts = shapely.to_wkb(shapely.get_geometry(read, 0))
    return list(np.where(lone, parts, blobs))


def _cells(column: Any) -> list[Cell]:  # noqa: ANN401 - any array
    return [_cell(value) for value in np.asarray(column).tolist()]


def _cell(value: Any) -> Cell:  # noqa: ANN401 - any scalar
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value)
