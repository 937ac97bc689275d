"""
GDAL, in the child only: outlines of a .shp, FlatGeobuf, geodatabases, MapInfo, DGN, GML and GPX.

pyogrio is imported here, behind the fences and with every other driver switched off.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from intake.child import shapes
from intake.child.answer import Answer
from intake.child.around import Chunk, read_around
from intake.child.fault_place import fault_place
from intake.child.member import Source
from intake.child.refused import Refused
from intake.child.xml_text import Whole
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
    layers : tuple of str
        Those that are read; all where none is named.
    """

    path: Path
    member: str
    kind: str
    table: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    cut: str = ""
    encoding: str = ""
    layers: tuple[str, ...] = ()


def file_of_text(source: Source, kind: str, found: Whole) -> GdalFile:
    """
    Return the copy in UTF-8 of a file of XML, its rows counted.

    Parameters
    ----------
    source : Source
        The file; the copy is put into its private folder.
    kind : str
        A key of `intake.child.sniff.FORMATS`.
    found : Whole
        Its text, and the rows of each layer.

    Raises
    ------
    Refused
        If it has no row.
    """
    if not found.rows:
        raise Refused("table.none")
    source.scratch.mkdir()
    copy = source.scratch / f"in.{kind}"
    copy.write_bytes(b'<?xml version="1.0" encoding="UTF-8"?>\n' + found.body)
    return GdalFile(copy, source.member.name, kind, counts=found.rows, cut=found.broken)


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
        raise Refused(f"{file.kind}.unreadable", fault_place(error)) from error
    if not names:
        raise Refused(f"{file.kind}.unreadable", "no layer")
    names = [name for name in names if name in file.layers] if file.layers else names
    for name in names:
        whole = file if name == names[-1] else replace(file, cut="")
        answer.part(f"{file.member}/{file.table or name}", partial(_layer, pyogrio, whole, name))
    return ()


def table(file: GdalFile, name: str) -> DeliveredTable:
    """Return one layer of a file, which its caller takes apart."""
    return _layer(_pyogrio(), file, name)[0]


def _layer(pyogrio: Any, file: GdalFile, name: str) -> tuple[DeliveredTable]:  # noqa: ANN401
    """Return a layer as its only table."""
    shown = file.table or name
    how = {"layer": name, "encoding": file.encoding or None}

    def read(first: int, many: int | None) -> tuple[Any, Any, Any]:
        meta, _, geometry, columns = pyogrio.raw.read(
            str(file.path), datetime_as_string=True, skip_features=first, max_features=many, **how
        )
        return meta, geometry, columns

    declared = file.counts[name] if name in file.counts else _declared(pyogrio, file, how)
    chunks, lost = read_around(read, declared)
    if not chunks:
        flaw = RowFlaw(1, "layer.unreadable", lost[-1].detail, count=max(declared, 1))
        return (DeliveredTable(file.member, shown, file.kind, [], (), lost=(flaw,)),)
    rows = [chunk.first + at + 1 for chunk in chunks for at in range(len(chunk))]
    blobs = [one for chunk in chunks if chunk.geometry is not None for one in chunk.geometry]
    found = shapes.from_wkb(_single(blobs, file.kind))
    meta = chunks[0].meta
    table = DeliveredTable(
        member=file.member,
        name=shown,
        format=file.kind,
        rows=rows,
        fields=tuple(_fields(chunks, as_bytes=bool(file.encoding))),
        wkb=found.wkb,
        mended=found.mended,
        flaws=found.flaws_at(rows),
        lost=(*lost, *_missing(file, rows, lost, declared)),
        notes=(Note("layer.type", str(meta.get("geometry_type") or "—")), *found.notes),
        crs=str(meta.get("crs") or ""),
    )
    return (table,)


def _declared(pyogrio: Any, file: GdalFile, how: Mapping[str, str | None]) -> int:  # noqa: ANN401
    """Return how many rows a layer says it has, 0 or less if it does not say."""
    try:
        info = pyogrio.read_info(str(file.path), force_feature_count=False, **how)
    except Exception:  # noqa: BLE001 - GDAL gives up in many ways
        return 0
    return int(info["features"])


def _missing(
    file: GdalFile, rows: Sequence[int], lost: Sequence[RowFlaw], declared: int
) -> Iterator[RowFlaw]:
    """Yield the rows that are promised and not there, and one for what a cut file ends with."""
    there = len(rows) + sum(flaw.count for flaw in lost)
    missing = max(declared - there, 0) + bool(file.cut)
    if missing:
        behind = max([0, *rows, *(flaw.row + flaw.count - 1 for flaw in lost)]) + 1
        yield RowFlaw(behind, "layer.cut", file.cut or f"{there} < {declared}", count=missing)


def _fields(chunks: Sequence[Chunk], *, as_bytes: bool) -> Iterator[Field]:
    """Yield the columns of a layer, the cells of every chunk one behind the other."""
    for number, name in enumerate(map(str, chunks[0].meta["fields"])):
        cells = [cell for chunk in chunks for cell in _cells(chunk.columns[number])]
        if as_bytes:
            cells = [_bytes(cell) if isinstance(cell, str) else cell for cell in cells]
        yield Field(_bytes(name) if as_bytes else name, cells)


def _bytes(text: str) -> str | bytes:
    """Return text that came a letter a byte as bytes; ASCII as text."""
    return text if text.isascii() else text.encode("latin-1")


def _single(blobs: Sequence[bytes | None], kind: str) -> list[bytes | None]:
    """Return shapes of one part as single ones: many formats call every outline multi-part."""
    if kind == "flatgeobuf":
        return list(blobs)
    whole = shapes.as_objects(blobs)
    read = shapely.from_wkb(whole, on_invalid="ignore")
    lone = np.isin(shapely.get_type_id(read), _MULTI) & (shapely.get_num_geometries(read) == 1)
    parts = shapely.to_wkb(shapely.get_geometry(read, 0))
    return list(np.where(lone, parts, whole))


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
