"""
TopoJSON: every object a table, every geometry of it a row; arcs are joined as the format says.

GDAL's reader drops a geometry it cannot build without a word, so it is not used.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

from intake.child import geojson, json_text
from intake.child.answer import Answer
from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.text import decode
from intake.reading import DeliveredTable, Note

_MOST_POSITIONS = 20_000_000  # of all arcs, each counted as often as it is used


def read(member: Member, encoding: str, answer: Answer) -> tuple[()]:
    """
    Read every object of a topology, each a part of its own.

    Parameters
    ----------
    member : Member
        The file.
    encoding : str
        The encoding a person chose, "" if none.
    answer : Answer
        Takes the tables.

    Raises
    ------
    Refused
        If the file is no topology, or its arcs are no numbers.
    """
    text, codec = decode(member.path.read_bytes(), encoding)
    try:
        whole = json_text.load(text)
    except ValueError as error:
        raise Refused("json.broken", fault_place(error)) from error
    objects = whole.get("objects")
    if not isinstance(objects, dict) or not objects:
        raise Refused("table.none")
    try:
        topology = _Topology(whole)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Refused("topojson.arcs", fault_place(error)) from error
    for name, one in objects.items():
        read_object = partial(_of_object, topology, one, name, member, codec)
        answer.part(f"{member.name}/{name}", read_object)
    return ()


def _of_object(
    topology: "_Topology",
    whole: Any,  # noqa: ANN401 - any JSON
    name: str,
    member: Member,
    codec: str,
) -> tuple[DeliveredTable]:
    """Return an object as its only table."""
    is_collection = isinstance(whole, dict) and whole.get("type") == "GeometryCollection"
    found = whole.get("geometries") if is_collection else [whole]
    if not isinstance(found, list):
        raise Refused("json.not_a_feature", type(found).__name__)
    blank = DeliveredTable(
        member=member.name,
        name=name,
        format="topojson",
        rows=list(range(1, len(found) + 1)),
        fields=(),
        notes=(Note("text.encoding", codec),),
        crs="GEOJSON",
        encoding=codec,
    )
    return (geojson.filled(blank, [topology.feature(one) for one in found]),)


class _Topology:
    """The arcs of a topology as positions, and the geometries made of them."""

    def __init__(self, whole: dict[str, Any]) -> None:
        transform = whole.get("transform")
        (sx, sy), (dx, dy) = (1, 1), (0, 0)
        if isinstance(transform, dict):
            (sx, sy), (dx, dy) = transform["scale"][:2], transform["translate"][:2]
        self._scale, self._offset = (float(sx), float(sy)), (float(dx), float(dy))
        self._arcs = [
            [self._place(xy) for xy in (_summed(arc) if transform else arc)]
            for arc in whole["arcs"]
        ]
        self._left = _MOST_POSITIONS

    def _place(self, xy: Sequence[float]) -> list[float]:
        """Return a position in coordinates."""
        (sx, sy), (dx, dy) = self._scale, self._offset
        return [float(xy[0]) * sx + dx, float(xy[1]) * sy + dy]

    def feature(self, one: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return a geometry as a feature of GeoJSON; anything else as it is."""
        if not isinstance(one, dict):
            return one
        values = one.get("properties")
        try:
            shape = self._geometry(one)
        except (KeyError, IndexError, TypeError, ValueError, RecursionError):
            shape = {"type": str(one.get("type")), "arcs": "broken"}
        return {
            "type": "Feature",
            "id": one.get("id"),
            "properties": values if isinstance(values, dict) else {},
            "geometry": shape,
        }

    def _geometry(self, one: dict[str, Any]) -> Any:  # noqa: ANN401 - GeoJSON
        kind = one.get("type")
        if kind is None:
            return None
        if kind == "Point":
            found: Any = self._place(one["coordinates"])
        elif kind == "MultiPoint":
            found = [self._place(xy) for xy in one["coordinates"]]
        elif kind == "GeometryCollection":
            return {"type": kind, "geometries": [self._geometry(g) for g in one["geometries"]]}
        else:
            found = self._joined(one["arcs"], _NESTED[kind])
        return {"type": kind, "coordinates": found}

    def _joined(self, arcs: Any, depth: int) -> Any:  # noqa: ANN401 - lists of lists of numbers
        """Return lists of arcs, nested as deep as the geometry wants, as positions."""
        if depth:
            return [self._joined(part, depth - 1) for part in arcs]
        return list(self._line(arcs))

    def _line(self, arcs: list[int]) -> Iterator[list[float]]:
        """Yield the positions of arcs one behind the other, each shared end once."""
        for number, arc in enumerate(arcs):
            found = self._arcs[arc] if arc >= 0 else self._arcs[~arc][::-1]
            self._left -= len(found)
            if self._left < 0:
                raise Refused("topojson.too_large", f"> {_MOST_POSITIONS}")
            yield from found[1:] if number else found


_NESTED = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}


def _summed(arc: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Return the positions of an arc that is written as steps."""
    return accumulate(
        ((step[0], step[1]) for step in arc), lambda at, step: (at[0] + step[0], at[1] + step[1])
    )
