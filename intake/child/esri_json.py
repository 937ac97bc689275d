"""
Esri JSON, feature by feature: what an ArcGIS service hands out, saved to a file.

GDAL's reader writes 0 where a text stands in a column of numbers, so it is not used. Rings are put
together as Esri defines them: an outer one runs clockwise, a hole the other way. Curved rings are
not read; the row says so.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from shapely.geometry import mapping

from intake.child import geojson, json_text
from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.text import decode
from intake.reading import DeliveredTable, Note, RowFlaw

_BEGIN = re.compile(r'\{\s*"(?:attributes|geometry)"\s*:')


def read(member: Member, encoding: str) -> DeliveredTable:
    """
    Read a feature set.

    Parameters
    ----------
    member : Member
        The file.
    encoding : str
        The encoding a person chose, "" if none.

    Raises
    ------
    Refused
        If the file is no feature set.
    """
    text, codec = decode(member.path.read_bytes(), encoding)
    whole, features, flaws, notes = _read(text)
    if not isinstance(features, list):
        raise Refused("esrijson.no_features")
    notes = [Note("text.encoding", codec), *notes]
    if whole.get("exceededTransferLimit") is True:
        notes.append(Note("esrijson.limited", str(len(features))))
    blank = DeliveredTable(
        member=member.name,
        name=str(whole.get("name") or member.stem),
        format="esrijson",
        rows=list(range(1, len(features) + 1)),
        fields=(),
        flaws=flaws,
        notes=tuple(notes),
        crs=_reference(whole.get("spatialReference")),
        encoding=codec,
    )
    return geojson.filled(blank, [_feature(one) for one in features])


def _read(text: str) -> tuple[dict[str, Any], Any, tuple[RowFlaw, ...], Sequence[Note]]:
    """Return the feature set, its features, and what is wrong with a damaged one."""
    try:
        whole = json_text.load(text)
    except ValueError as error:
        found = json_text.salvage(text, _BEGIN, error)
        return found.whole, found.rows, found.flaws, found.notes
    return whole, whole.get("features"), (), ()


def _reference(stated: Any) -> str:  # noqa: ANN401 - any JSON
    """Return the CRS a feature set states: its code, else its WKT, "" if none."""
    if not isinstance(stated, dict):
        return ""
    code = stated.get("latestWkid", stated.get("wkid"))
    if isinstance(code, int):
        return f"EPSG:{code}"
    return str(stated.get("wkt") or "")[:8192]


def _feature(one: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a feature as one of GeoJSON; anything else as it is."""
    if not isinstance(one, dict):
        return one
    values = one.get("attributes")
    return {
        "type": "Feature",
        "properties": values if isinstance(values, dict) else {},
        "geometry": _geometry(one.get("geometry")),
    }


def _geometry(shape: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a geometry as one of GeoJSON; one that cannot be read stays what it is."""
    if not isinstance(shape, dict):
        return shape
    try:
        return next(_geometries(shape), shape)
    except (KeyError, IndexError, TypeError, ValueError, shapely.errors.GEOSException):
        return shape


def _geometries(shape: dict[str, Any]) -> Iterator[Any]:
    """Yield what a geometry is by the names it uses."""
    if "x" in shape and "y" in shape:
        is_empty = shape["x"] in (None, "NaN")
        yield None if is_empty else {"type": "Point", "coordinates": [shape["x"], shape["y"]]}
    if "points" in shape:
        yield {"type": "MultiPoint", "coordinates": _flat(shape["points"])}
    if "paths" in shape:
        paths = [_flat(path) for path in shape["paths"]]
        yield {"type": "MultiLineString", "coordinates": paths} if paths else None
    if "rings" in shape:
        yield _polygon([_flat(ring) for ring in shape["rings"]]) if shape["rings"] else None


def _flat(positions: list[Any]) -> list[list[float]]:
    return [[float(position[0]), float(position[1])] for position in positions]


def _polygon(rings: list[list[list[float]]]) -> Any:  # noqa: ANN401 - GeoJSON
    """Return rings as a polygon of one or several parts, each hole in the part around it."""
    shapes = [shapely.Polygon(ring) for ring in rings]
    outer = [i for i, one in enumerate(shapes) if not one.exterior.is_ccw] or range(len(rings))
    holes: dict[int, list[Any]] = {i: [] for i in outer}
    for i in (i for i in range(len(rings)) if i not in holes):
        around = [k for k in holes if shapely.covers(shapes[k].envelope, shapes[i].envelope)]
        inside = [k for k in around if shapes[k].is_valid and shapes[k].covers(shapes[i])]
        near = min(inside or around, key=lambda k: shapes[k].area, default=None)
        if near is None:
            holes[i] = []  # a hole in nothing is a part of its own
        else:
            holes[near].append(rings[i])
    parts = [shapely.Polygon(rings[i], inner) for i, inner in holes.items()]
    return mapping(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
