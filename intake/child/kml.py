"""
KML, ovkml and KMZ: every folder a table a kind of geometry, nothing fetched, no entity expanded.

XML is read by defusedxml with declarations of document types forbidden; links to other files and to
the network are named in a note and left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import numpy as np
import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from intake.child import shapes, xml_text
from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.text import decode_xml
from intake.reading import GEOMETRY_KINDS, Cell, DeliveredTable, Field, Note, RowFlaw

_DEEPEST = 60


@dataclass(slots=True)
class _Folder:
    """The placemarks of one folder."""

    path: str
    values: list[dict[str, Cell]] = field(default_factory=list)
    geometries: list[Any] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)


def read(member: Member, encoding: str) -> list[DeliveredTable]:
    """Read every folder of a KML file."""
    root, codec, broken = _parse(member.path.read_bytes(), encoding)
    folders = list(_folders(root, member.stem, 0))
    links = sum(_tag(element) in ("NetworkLink", "href") for element in root.iter())
    notes = [Note("kml.links", str(links))] if links else []
    number = 0
    tables: list[DeliveredTable] = []
    for folder in folders:
        if folder.values:
            tables += _tables(folder, member, number, (Note("text.encoding", codec), *notes))
            number += len(folder.values)
    if not tables:
        raise Refused("table.none")
    if broken:
        tables[-1] = replace(tables[-1], lost=(RowFlaw(number + 1, "layer.cut", broken),))
    return tables


def _parse(data: bytes, encoding: str) -> tuple[Element, str, str]:
    """Return the root, the encoding, and where the text breaks off."""
    text, codec = decode_xml(data, encoding)
    try:
        found = xml_text.whole(text, lambda _, name: name == "Placemark")
        return fromstring(found.body, forbid_dtd=True), codec, found.broken
    except DefusedXmlException as error:
        raise Refused("refused.dtd") from error
    except (ParseError, RecursionError, ValueError) as error:
        raise Refused("xml.broken", fault_place(error)) from error


def _tag(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _folders(element: Element, path: str, depth: int) -> Iterator[_Folder]:
    """Yield each folder with the placemarks directly in it."""
    if depth > _DEEPEST:
        raise Refused("xml.deep")
    here = _Folder(path)
    inner = []
    for child in element:
        tag = _tag(child)
        if tag == "Placemark":
            _add(here, child)
        elif tag in ("Document", "Folder"):
            name = _text(child, "name")
            inner.append((child, f"{path}/{name}" if name and name != path else path))
    if _tag(element) == "Placemark":
        _add(here, element)
    yield here
    for child, name in inner:
        yield from _folders(child, name, depth + 1)


def _text(element: Element, tag: str) -> str:
    return next(((child.text or "").strip() for child in element if _tag(child) == tag), "")


def _add(folder: _Folder, placemark: Element) -> None:
    values: dict[str, Cell] = {}
    for tag in ("name", "description", "address"):
        if text := _text(placemark, tag):
            values[tag] = text
    for element in placemark.iter():
        if _tag(element) in ("Data", "SimpleData"):
            text = (
                _text(element, "value") if _tag(element) == "Data" else (element.text or "").strip()
            )
            values[element.get("name") or _tag(element)] = text or None
    found = [shape for child in placemark for shape in _geometries(child, 0)]
    if any(shape is None for shape in found):
        folder.faults[len(folder.values)] = "coordinates"
    good = [shape for shape in found if shape is not None]
    folder.values.append(values)
    folder.geometries.append(_join(good))


def _join(found: list[Any]) -> Any:  # noqa: ANN401 - any geometry or None
    """Return one geometry; several of one kind become its multi-part form."""
    if len(found) <= 1:
        return found[0] if found else None
    kinds = {shape.geom_type for shape in found}
    multi = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
    if len(kinds) == 1 and (name := multi.get(kinds.pop())):
        return getattr(shapely, name)(found)
    return shapely.GeometryCollection(found)


def _geometries(element: Element, depth: int) -> Iterator[Any]:
    """Yield the geometries of an element; None for one that cannot be read."""
    tag = _tag(element)
    if tag == "MultiGeometry" and depth < _DEEPEST:
        for child in element:
            yield from _geometries(child, depth + 1)
    elif tag in ("Track", "MultiTrack", "Model"):
        yield None
    elif tag in ("Point", "LineString", "LinearRing", "Polygon"):
        try:
            yield _geometry(element, tag)
        except (ValueError, shapely.errors.GEOSException):
            yield None


def _geometry(element: Element, tag: str) -> Any:  # noqa: ANN401 - any geometry
    if tag == "Polygon":
        rings = [
            (_tag(boundary), _positions(ring))
            for boundary in element
            for ring in boundary
            if _tag(ring) == "LinearRing"
        ]
        outer = next(points for name, points in rings if name == "outerBoundaryIs")
        inner = [points for name, points in rings if name == "innerBoundaryIs"]
        return shapely.Polygon(outer, inner)
    points = _positions(element)
    return shapely.Point(points[0]) if tag == "Point" else shapely.LineString(points)


def _positions(element: Element) -> list[tuple[float, ...]]:
    text = _text(element, "coordinates")
    pairs = [
        tuple(float(n) for n in part.split(",")) for part in re.sub(r"\s*,\s*", ",", text).split()
    ]
    if not pairs or any(len(pair) not in (2, 3) for pair in pairs):
        raise ValueError("coordinates")
    return [pair[:2] for pair in pairs]


def _tables(
    folder: _Folder, member: Member, number: int, notes: tuple[Note, ...]
) -> Iterator[DeliveredTable]:
    """Yield one table a kind of geometry, row numbers counted through the whole file."""
    geometries = shapes.as_objects(folder.geometries)
    dimension = shapely.get_dimensions(geometries)
    kinds = np.unique(dimension)
    for kind in kinds:
        at = np.flatnonzero(dimension == kind)
        rows = [number + int(i) + 1 for i in at]
        values = [folder.values[i] for i in at]
        names = list(dict.fromkeys(name for bag in values for name in bag))
        found = shapes.examine(geometries[at])
        faults = tuple(
            RowFlaw(row, "geometry.unreadable", folder.faults[i])
            for row, i in zip(rows, at.tolist(), strict=True)
            if i in folder.faults
        )
        yield DeliveredTable(
            member=member.name,
            name=folder.path + (f" · {GEOMETRY_KINDS[int(kind)]}" if len(kinds) > 1 else ""),
            format="kml",
            rows=rows,
            fields=tuple(Field(name, [bag.get(name) for bag in values]) for name in names),
            wkb=found.wkb,
            mended=found.mended,
            flaws=found.flaws_at(rows) + faults,
            notes=notes,
            crs="KML",
        )
