"""What is drawn on one layer of a drawing, as tables: outlines, lines, points, places of blocks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from intake.child import shapes
from intake.child.kml import KINDS
from intake.child.member import Member
from intake.reading import Cell, DeliveredTable, Field, Note, OfferedRepair, RowFlaw
from intake.wire import readable

TEXT = "text"
"""Heading of what is written in an outline or at a point."""


@dataclass(slots=True)
class Drawn:
    """
    The entities of one layer, one after the other.

    Attributes
    ----------
    shape : list of geometry
        None where it could not be made.
    text : list of str, bytes or None
        What the entity itself says.
    block : list of str, bytes or None
        The block that it is part of.
    handle : list of str
        Its handle in the drawing.
    said : list of mapping of str to cell
        Extended data and attributes of its block, by heading.
    closed : dict of int to geometry
        The closed form on offer, by position.
    faults : dict of int to str
        Why there is no geometry, by position.
    """

    shape: list[Any] = field(default_factory=list)
    text: list[Cell] = field(default_factory=list)
    block: list[Cell] = field(default_factory=list)
    handle: list[str] = field(default_factory=list)
    said: list[Mapping[str | bytes, Cell]] = field(default_factory=list)
    closed: dict[int, Any] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)


def tables(
    name: str,
    drawn: Drawn,
    member: Member,
    notes: tuple[Note, ...],
    kind_names: Mapping[int, str] = KINDS,
) -> Iterator[DeliveredTable]:
    """Yield one table a kind of geometry; what may be closed is among the outlines."""
    geometries = np.array([*drawn.shape, None], dtype=object)[:-1]
    kinds = shapely.get_dimensions(geometries)
    kinds[list(drawn.closed)] = 2
    for kind in np.unique(kinds):
        at = np.flatnonzero(kinds == kind).tolist()
        rows = [i + 1 for i in at]
        found = shapes.examine(geometries[at])
        for place, i in enumerate(at):
            if i in drawn.closed:
                found.mended[place] = _offer(drawn.closed[i], geometries[i])
        flaws = tuple(
            RowFlaw(i + 1, "geometry.unreadable", drawn.faults[i]) for i in at if i in drawn.faults
        )
        yield DeliveredTable(
            member=member.name,
            name=f"{readable(name)} · {kind_names[int(kind)]}",
            format="dxf",
            rows=rows,
            fields=(
                Field("handle", [drawn.handle[i] for i in at]),
                Field("layer", [readable(name)] * len(at)),
                Field("block", [drawn.block[i] for i in at]),
                Field(TEXT, [drawn.text[i] for i in at]),
                *_said([drawn.said[i] for i in at]),
            ),
            wkb=found.wkb,
            mended=found.mended,
            flaws=found.flaws_at(rows) + flaws,
            notes=notes,
        )


def _offer(closed: Any, line: Any) -> OfferedRepair:  # noqa: ANN401 - a polygon and its line
    gap = shapely.distance(shapely.get_point(line, 0), shapely.get_point(line, -1))
    return shapes.ring_closed(closed, f"{float(gap):.3f}")


def _said(rows: Sequence[Mapping[str | bytes, Cell]]) -> Iterator[Field]:
    """Yield a column for each heading of extended data and attributes, in the order they come."""
    for heading in dict.fromkeys(heading for row in rows for heading in row):
        yield Field(heading, [row.get(heading) for row in rows])


class Texts:
    """
    What is written in a drawing, and where.

    Parameters
    ----------
    layers : mapping of str to Drawn
        All layers: the name of an estate is seldom on the layer of the notes on its buildings.
    """

    def __init__(self, layers: Mapping[str, Drawn]) -> None:
        written = [
            (shape, text, name)
            for name, drawn in layers.items()
            for shape, text in zip(drawn.shape, drawn.text, strict=True)
            if text and shape is not None
        ]
        self._tree = shapely.STRtree([shape for shape, _, _ in written])
        self._texts = [(text, readable(name)) for _, text, name in written]

    def on(self, table: DeliveredTable) -> DeliveredTable:
        """
        Write on each outline of a table the texts inside it, in the order they were drawn.

        Where texts of several layers are inside, there is a column for each of them too.
        """
        if not self._texts or not table.name.endswith(KINDS[2]):
            return table
        outlines = shapely.from_wkb(
            [table.mended[i].wkb if i in table.mended else wkb for i, wkb in enumerate(table.wkb)]
        )
        inside: dict[str, dict[int, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        for at, hit in sorted(self._tree.query(outlines, predicate="intersects").T.tolist()):
            text, layer = self._texts[hit]
            for heading in ("", layer):
                inside[heading][at].append(text)
        wanted = [""] if len(inside) == 2 else ["", *sorted(inside.keys() - {""})]  # noqa: PLR2004 - all, and the one
        columns = [
            Field(f"{TEXT} {name}".strip(), [_joined(inside[name][at]) for at in range(table.read)])
            for name in wanted
        ]
        return replace(table, fields=(*(f for f in table.fields if f.heading != TEXT), *columns))


def _joined(texts: Sequence[Cell]) -> Cell:
    """Return several texts as one, None for none; bytes where one of them was not decoded."""
    if any(isinstance(text, bytes) for text in texts):
        return b"; ".join(t if isinstance(t, bytes) else str(t).encode() for t in texts)
    return "；".join(map(str, texts)) or None
