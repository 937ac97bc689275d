"""What is drawn on one layer of a drawing, as tables: outlines, lines, points, places of blocks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from intake.child import shapes
from intake.child.member import Member
from intake.reading import (
    DRAWN_TEXT,
    GEOMETRY_KINDS,
    Cell,
    DeliveredTable,
    Field,
    Note,
    OfferedRepair,
    RowFlaw,
)
from intake.wire import readable

_LAYER = "layer"


@dataclass(frozen=True, slots=True)
class Entity:
    """
    One entity of a drawing.

    Attributes
    ----------
    shape : geometry or None
        None where it could not be made.
    handle : str
        Its handle in the drawing.
    text : cell
        What the entity itself says.
    block : cell
        The block that it is part of.
    said : mapping of str to cell
        Extended data and attributes of its block, by heading.
    closed : geometry or None
        The closed form on offer.
    fault : str
        Why there is no geometry, "" if there is one.
    """

    shape: Any
    handle: str
    text: Cell
    block: Cell
    said: Mapping[str | bytes, Cell]
    closed: Any = None
    fault: str = ""


def tables(
    name: str,
    drawn: Sequence[Entity],
    member: Member,
    notes: tuple[Note, ...],
    kind_names: Mapping[int, str] = GEOMETRY_KINDS,
    *,
    file_format: str = "dxf",
) -> Iterator[DeliveredTable]:
    """Yield one table a kind of geometry of a layer; what may be closed is among the outlines."""
    geometries = shapes.as_objects(one.shape for one in drawn)
    kinds = shapely.get_dimensions(geometries)
    kinds[[one.closed is not None for one in drawn]] = 2
    for kind in np.unique(kinds):
        at = np.flatnonzero(kinds == kind).tolist()
        some = [drawn[i] for i in at]
        rows = [i + 1 for i in at]
        found = shapes.examine(geometries[at])
        found.mended |= {i: _offer(one) for i, one in enumerate(some) if one.closed is not None}
        flaws = tuple(
            RowFlaw(row, "geometry.unreadable", one.fault)
            for row, one in zip(rows, some, strict=True)
            if one.fault
        )
        yield DeliveredTable(
            member=member.name,
            name=f"{readable(name)} · {kind_names[int(kind)]}",
            format=file_format,
            rows=rows,
            fields=(
                Field("handle", [one.handle for one in some]),
                Field(_LAYER, [readable(name)] * len(some)),
                Field("block", [one.block for one in some]),
                Field(DRAWN_TEXT, [one.text for one in some]),
                *_said([one.said for one in some]),
            ),
            wkb=found.wkb,
            mended=found.mended,
            flaws=found.flaws_at(rows) + flaws,
            notes=notes,
        )


def labelled(table: DeliveredTable, label: Cell) -> DeliveredTable:
    """Return a table with the name of its layer as it came, where its encoding is in question."""
    fields = (
        replace(field, cells=[label] * len(field.cells)) if field.heading == _LAYER else field
        for field in table.fields
    )
    return replace(table, fields=tuple(fields))


def _offer(one: Entity) -> OfferedRepair:
    gap = shapely.distance(shapely.get_point(one.shape, 0), shapely.get_point(one.shape, -1))
    return shapes.ring_closed(one.closed, f"{float(gap):.3f}")


def _said(rows: Sequence[Mapping[str | bytes, Cell]]) -> Iterator[Field]:
    """Yield a column for each heading of extended data and attributes, in the order they come."""
    for heading in dict.fromkeys(heading for row in rows for heading in row):
        yield Field(heading, [row.get(heading) for row in rows])


class Texts:
    """
    What is written in a drawing, and where.

    Parameters
    ----------
    layers : mapping of str to sequence of Entity
        All layers: the name of an estate is seldom on the layer of the notes on its buildings.
    """

    def __init__(self, layers: Mapping[str, Sequence[Entity]]) -> None:
        written = [
            (one.shape, one.text, name)
            for name, drawn in layers.items()
            for one in drawn
            if one.text and one.shape is not None
        ]
        self._tree = shapely.STRtree([shape for shape, _, _ in written])
        self._texts = [(text, readable(name)) for _, text, name in written]

    def on(self, table: DeliveredTable) -> DeliveredTable:
        """
        Write on each outline of a table the texts inside it, in the order they were drawn.

        Where texts of several layers are inside, there is a column for each of them too.
        """
        if not self._texts or not table.name.endswith(GEOMETRY_KINDS[2]):
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
            Field(
                f"{DRAWN_TEXT} {name}".strip(),
                [_joined(inside[name][at]) for at in range(len(table.rows))],
            )
            for name in wanted
        ]
        others = (f for f in table.fields if f.heading != DRAWN_TEXT)
        return replace(table, fields=(*others, *columns))


def _joined(texts: Sequence[Cell]) -> Cell:
    """Return several texts as one, None for none; bytes where one of them was not decoded."""
    if any(isinstance(text, bytes) for text in texts):
        return b"; ".join(t if isinstance(t, bytes) else str(t).encode() for t in texts)
    return "；".join(map(str, texts)) or None
