"""
GeoJSON, feature by feature: one bad feature costs one row, never the file.

A file that breaks off keeps its whole features. A collection, or a sequence of features: one a
line, or each after a record separator (RFC 8142). A file in GBK is decoded as a whole first: the
second byte of a Chinese character may look like a backslash. What the file says about its CRS is
passed on as a claim only.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import shapely

from intake.child import shapes
from intake.child.fault_place import fault_place
from intake.child.json_text import raw, salvage
from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.sniff import SEQUENCES
from intake.child.text import decode
from intake.reading import Cell, DeliveredTable, Field, Note, RowFlaw

_GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_RS = "\x1e"
_BEGIN = re.compile(r'\{\s*(?:"id"\s*:\s*[^,{}\[\]]{1,99},\s*)?"type"\s*:\s*"Feature"')


class _Read(NamedTuple):
    """The first value of a file, and the numbers, features and flaws of its rows."""

    whole: Any
    rows: list[int]
    features: list[Any]
    flaws: list[RowFlaw]
    notes: tuple[Note, ...] = ()


def read(member: Member, encoding: str) -> DeliveredTable:
    """Read a FeatureCollection, a Feature, a bare geometry, or a sequence of such."""
    text, codec = decode(member.path.read_bytes(), encoding)
    whole, rows, features, flaws, notes = _read(text.lstrip("\ufeff"), member)
    named = whole.get("name") if isinstance(whole, dict) else None
    blank = DeliveredTable(
        member=member.name,
        name=str(named or member.stem),
        format="geojson",
        rows=rows,
        fields=(),
        flaws=tuple(flaws),
        notes=(Note("text.encoding", codec), *notes),
        crs=_declared_crs(whole),
        encoding=codec,
    )
    return filled(blank, features)


def filled(blank: DeliveredTable, features: Sequence[Any]) -> DeliveredTable:
    """
    Return a table with its features.

    Parameters
    ----------
    blank : DeliveredTable
        The table without columns and geometry, its rows numbered.
    features : sequence of JSON
        GeoJSON features, one a row; whatever is none costs its own row.
    """
    found, bent = _shapes(
        [one.get("geometry") if isinstance(one, dict) else None for one in features]
    )
    flaws = [*blank.flaws, *(replace(flaw, row=blank.rows[flaw.row - 1]) for flaw in bent)]
    broken = {flaw.row for flaw in flaws}
    flaws += [
        RowFlaw(row, "json.not_a_feature", "", raw(json.dumps(one)))
        for row, one in zip(blank.rows, features, strict=True)
        if not isinstance(one, dict) and row not in broken
    ]
    return replace(
        blank,
        fields=_fields(features),
        wkb=found.wkb,
        mended=found.mended,
        flaws=tuple(flaws) + found.flaws_at(blank.rows),
    )


def _read(text: str, member: Member) -> _Read:
    """Read a collection, whole or damaged, or a sequence."""
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise Refused("json.deep") from error
    except json.JSONDecodeError as error:
        if member.suffix in SEQUENCES or error.msg == "Extra data" or _RS in text[:1]:
            return _sequence(text)
        found = salvage(text, _BEGIN, error)
        rows = list(range(1, len(found.rows) + 1))
        return _Read(found.whole, rows, found.rows, list(found.flaws), found.notes)
    except ValueError as error:
        raise Refused("json.broken", fault_place(error)) from error
    features = _features(whole)
    return _Read(whole, list(range(1, len(features) + 1)), features, [])


def _sequence(text: str) -> _Read:
    """Read one feature a line, or one after each separator: a broken one costs its own row."""
    records = text.split(_RS)[1:] if text.startswith(_RS) else text.split("\n")
    rows: list[int] = []
    features: list[Any] = []
    flaws: list[RowFlaw] = []
    for row, record in enumerate(records, start=1):
        if not record.strip():
            continue
        rows.append(row)
        try:
            features.append(_record(record))
        except Refused as answer:
            flaws.append(RowFlaw(row, "json.not_a_feature", answer.detail, raw(record)))
            features.append(None)
        except (RecursionError, ValueError) as error:
            flaws.append(RowFlaw(row, "json.broken", fault_place(error), raw(record)))
            features.append(None)
    if not any(features):
        raise Refused("json.not_geojson")
    return _Read(next(filter(None, features)), rows, features, flaws)


def _record(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the only feature of a record."""
    features = _features(json.loads(text))
    if len(features) != 1:
        raise Refused("json.not_a_feature", f"{len(features)}")
    return features[0]


def _features(whole: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    kind = whole.get("type") if isinstance(whole, dict) else None
    if kind == "FeatureCollection" and isinstance(whole.get("features"), list):
        return list(whole["features"])
    if kind == "Feature":
        return [whole]
    if kind in (*_GEOMETRIES, "GeometryCollection"):
        return [{"type": "Feature", "properties": {}, "geometry": whole}]
    raise Refused("json.not_geojson", kind if isinstance(kind, str) else "")


def _declared_crs(whole: Any) -> str:  # noqa: ANN401 - any JSON
    crs = whole.get("crs") if isinstance(whole, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return str(name)[:200] if isinstance(name, str) else "GEOJSON"


def _fields(features: Sequence[Any]) -> tuple[Field, ...]:
    """Return one column a property, in order of appearance."""
    held = [one.get("properties") if isinstance(one, dict) else None for one in features]
    bags: list[dict[str, Any]] = [bag if isinstance(bag, dict) else {} for bag in held]
    names = list(dict.fromkeys(name for bag in bags for name in bag))
    own = [one.get("id") if isinstance(one, dict) else None for one in features]
    fields = [Field(name, [_cell(bag.get(name)) for bag in bags]) for name in names]
    if any(value is not None for value in own) and "id" not in names:
        fields.append(Field("id", [_cell(value) for value in own]))
    return tuple(fields)


def _cell(value: Any) -> Cell:  # noqa: ANN401 - any JSON
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value  # type: ignore[no-any-return]


def _shapes(geometries: list[Any]) -> tuple[shapes.Shapes, list[RowFlaw]]:
    """Read geometries; those GEOS refuses are tried once more with their rings closed."""
    texts = np.array([_geometry_text(one) for one in geometries], dtype=object)
    read = np.array(shapely.from_geojson(texts, on_invalid="ignore"), dtype=object)
    for at in np.flatnonzero(shapely.is_missing(read)):
        flat = _geometry_text(_without_measures(geometries[at]))
        read[at] = shapely.from_geojson(flat, on_invalid="ignore")
    found = shapes.examine(read)
    flaws = []
    for at in np.flatnonzero(shapely.is_missing(read)):
        if geometries[at] is None:
            continue
        closed = _closed(geometries[at])
        if closed is None:
            text = json.dumps(geometries[at])
            flaws.append(RowFlaw(int(at) + 1, "geometry.unreadable", "", raw(text)))
            continue
        found.wkb[at] = shapely.to_wkb(shapely.boundary(closed))
        found.mended[int(at)] = shapes.ring_closed(closed)
    return found, flaws


def _geometry_text(geometry: Any) -> str | None:  # noqa: ANN401 - any JSON
    if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str):
        return None
    return json.dumps(geometry, allow_nan=True)


def _without_measures(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a geometry whose positions of four numbers, which GEOS refuses, keep the first two."""
    if isinstance(value, dict) and "coordinates" in value:
        return {**value, "coordinates": _without_measures(value["coordinates"])}
    if not isinstance(value, list):
        return value
    if len(value) > 3 and all(isinstance(one, (int, float)) for one in value):  # noqa: PLR2004
        return value[:2]
    return [_without_measures(one) for one in value]


def _closed(geometry: Any) -> Any:  # noqa: ANN401 - any JSON, a geometry or None
    """Return the polygon with its rings closed, None if that does not help."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    try:
        rings = geometry["coordinates"]
        many = rings if geometry["type"] == "MultiPolygon" else [rings]
        closed = [
            [[*ring, ring[0]] if ring[0] != ring[-1] else ring for ring in one] for one in many
        ]
        text = json.dumps({"type": "MultiPolygon", "coordinates": closed})
    except (KeyError, IndexError, TypeError):
        return None
    whole: Any = shapely.from_geojson(text, on_invalid="ignore")
    return whole.geoms[0] if whole is not None and len(whole.geoms) == 1 else whole
