"""
GDAL, in the child only: the outlines of a .shp, FlatGeobuf and file geodatabases.

pyogrio is imported here, behind the fences and with every other driver switched off.
"""

import math
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


def read(path: Path, member: str, stem: str, kind: str, answer: Answer) -> tuple[()]:
    """
    Read every layer of a file, each a part of its own.

    Parameters
    ----------
    path : Path
        The copy.
    member, stem : str
        The file's name, and that of a table whose format has none.
    kind : str
        A key of `intake.child.sniff.FORMATS`.
    answer : Answer
        Takes the tables.
    """
    pyogrio = _pyogrio()
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(str(path))]
    except Exception as error:
        raise Refused(f"{kind}.unreadable", str(error)) from error
    if not names:
        raise Refused(f"{kind}.unreadable", "no layer")
    for name in names:
        shown = name if kind == "filegdb" else stem
        layer = partial(_layer, pyogrio, path, name, (member, shown, kind))
        answer.part(f"{member}/{shown}", layer)
    return ()


def _layer(
    pyogrio: Any,  # noqa: ANN401
    path: Path,
    name: str,
    origin: tuple[str, str, str],
) -> tuple[DeliveredTable]:
    """Return a layer as its only table."""
    member, shown, kind = origin
    try:
        declared = int(
            pyogrio.read_info(str(path), layer=name, force_feature_count=False)["features"]
        )
        meta, _, geometry, columns = pyogrio.raw.read(
            str(path), layer=name, datetime_as_string=True
        )
    except Exception as error:  # noqa: BLE001 - GDAL gives up in many ways
        flaw = RowFlaw(1, "layer.unreadable", str(error)[:200])
        return (DeliveredTable(member, shown, kind, [], (), lost=(flaw,)),)
    headings = [str(field) for field in meta["fields"]]
    fields = [Field(h, _cells(column)) for h, column in zip(headings, columns, strict=True)]
    count = len(columns[0]) if len(columns) else len(geometry if geometry is not None else ())
    rows = list(range(1, count + 1))
    found = shapes.from_wkb(_single(geometry, kind)) if geometry is not None else shapes.Shapes([])
    lost: tuple[RowFlaw, ...] = ()
    if declared > count:
        lost = (RowFlaw(count + 1, "layer.cut", f"{count} < {declared}", count=declared - count),)
    table = DeliveredTable(
        member=member,
        name=shown,
        format=kind,
        rows=rows,
        fields=tuple(fields),
        wkb=found.wkb,
        mended=found.mended,
        flaws=found.flaws_at(rows),
        lost=lost,
        notes=(Note("layer.type", str(meta.get("geometry_type") or "—")), *found.notes),
        crs=str(meta.get("crs") or ""),
    )
    return (table,)


def _single(blobs: Any, kind: str) -> list[bytes | None]:  # noqa: ANN401 - an array
    """Return shapes of one part as single ones: a geodatabase calls every outline multi-part."""
    if kind != "filegdb":
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
