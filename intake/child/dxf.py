"""
DXF drawings by ezdxf: each drawing layer a table a kind of geometry.

Closed polylines are outlines; one whose ends are within the closing tolerance is offered as one,
the open line stays beside it. Blocks are taken apart, arcs become straight pieces, texts become
points and are noted on the outline that holds them. The insertion of a block - a tree, a lamp, a
well - is a point of its own, in a table beside the pieces.
"""

import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from intake.child import shapes
from intake.child.kml import KINDS
from intake.child.member import Member
from intake.child.refused import Refused
from intake.reading import DeliveredTable, Field, Note, OfferedRepair, RowFlaw

_MOST_ENTITIES = 500_000
_DEEPEST = 8
BLOCKS = "图块"
"""What the table of places of blocks is called, after its drawing layer."""
_LINES = ("LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE")


@dataclass(slots=True)
class _Drawn:
    """The entities of one layer: geometry, text, block, handle, and the closed form on offer."""

    shape: list[Any] = field(default_factory=list)
    text: list[str | None] = field(default_factory=list)
    block: list[str | None] = field(default_factory=list)
    handle: list[str] = field(default_factory=list)
    closed: dict[int, Any] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)


def read(member: Member, closing_m: float, flatten_m: float) -> list[DeliveredTable]:
    """
    Read the model space of a drawing.

    Parameters
    ----------
    member : Member
        The .dxf.
    closing_m : float
        Largest gap [drawing unit] between the ends of a polyline that is still an outline.
    flatten_m : float
        Largest distance [drawing unit] between an arc and its straight pieces.
    """
    document, errors = _open(member.path)
    _require_size(document)
    skipped: Counter[str] = Counter()
    layers: dict[str, _Drawn] = defaultdict(_Drawn)
    for entity, block, layer in _entities(document.modelspace(), ("", ""), 0, skipped):
        _draw(layers[layer], entity, block, (closing_m, flatten_m, skipped))
    notes = [Note("dxf.closing", f"{closing_m:g}"), Note("dxf.units", str(document.units))]
    notes += [Note("dxf.skipped", f"{kind} × {n}") for kind, n in sorted(skipped.items())]
    notes += [Note("dxf.recovered", str(errors))] if errors else []
    tables = [
        table
        for name, drawn in sorted(layers.items())
        for table in _tables(name, drawn, member, tuple(notes))
    ]
    tables += [
        table
        for name, drawn in sorted(_places(document.modelspace()).items())
        for table in _tables(name, drawn, member, tuple(notes), {0: BLOCKS})
    ]
    if not tables:
        raise Refused("table.none")
    return _with_texts(tables, layers)


def _open(path: Path) -> tuple[Any, int]:
    from ezdxf import recover  # noqa: PLC0415 - slow to import, needed for drawings only
    from ezdxf.lldxf.const import DXFError  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            document, auditor = recover.readfile(path, errors="surrogateescape")
        except (
            DXFError,
            OSError,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            IndexError,
        ) as error:
            raise Refused("dxf.broken", f"{type(error).__name__}: {error}") from error
    return document, len(auditor.errors)


def _require_size(document: Any) -> None:  # noqa: ANN401 - an ezdxf drawing
    """Count what the blocks unfold to without unfolding them."""
    sizes: dict[tuple[str, int], int] = {}

    def size(space: Any, depth: int) -> int:  # noqa: ANN401 - a layout or a block
        total = 0
        for entity in space:
            if entity.dxftype() != "INSERT":
                total += 1
            elif depth < _DEEPEST and entity.dxf.name in document.blocks:
                key = (str(entity.dxf.name), depth + 1)
                if key not in sizes:
                    sizes[key] = size(document.blocks[key[0]], depth + 1)
                total += max(entity.mcount, 1) * (sizes[key] + 1)
        return total

    found = size(document.modelspace(), 0)
    if found > _MOST_ENTITIES:
        raise Refused("dxf.too_many", f"{found} > {_MOST_ENTITIES}")


def _entities(
    space: Any,  # noqa: ANN401 - ezdxf's layouts and blocks
    inside: tuple[str, str],
    depth: int,
    skipped: Counter[str],
) -> Iterator[tuple[Any, str, str]]:
    """
    Yield every entity with its block and its layer, those of blocks in their place.

    What a block draws on layer 0 belongs to the layer on which the block is inserted.
    """
    block, outer = inside
    for entity in space:
        own = str(entity.dxf.layer)
        layer = outer if outer and own == "0" else own
        if entity.dxftype() != "INSERT":
            yield entity, block, layer
        elif depth >= _DEEPEST:
            skipped["INSERT (deep)"] += 1
        else:
            for one in entity.multi_insert() if entity.mcount > 1 else (entity,):
                name = str(one.dxf.name)
                yield from ((text, name, str(text.dxf.layer)) for text in one.attribs)
                inner = one.virtual_entities(redraw_order=False)
                yield from _entities(inner, (name, layer), depth + 1, skipped)


def _places(space: Any) -> dict[str, _Drawn]:  # noqa: ANN401 - ezdxf's model space
    """Return where the blocks of each layer were put, with what their attributes say."""
    layers: dict[str, _Drawn] = defaultdict(_Drawn)
    for entity in space.query("INSERT"):
        for one in entity.multi_insert() if entity.mcount > 1 else (entity,):
            drawn = layers[str(one.dxf.layer)]
            drawn.shape.append(_point(one.ocs().to_wcs(one.dxf.insert)))
            said = "；".join(str(attribute.dxf.text) for attribute in one.attribs)
            drawn.text.append(_real_text(said or None))
            drawn.block.append(_real_text(str(one.dxf.name)))
            drawn.handle.append(str(entity.dxf.handle or "—"))
    return layers


def _draw(
    drawn: _Drawn,
    entity: Any,  # noqa: ANN401 - ezdxf's entities
    block: str,
    how: tuple[float, float, Counter[str]],
) -> None:
    closing_m, flatten_m, skipped = how
    kind = entity.dxftype()
    if kind not in (*_LINES, "POINT", "TEXT", "MTEXT", "ATTRIB"):
        skipped[kind] += 1
        return
    at = len(drawn.shape)
    try:
        shape, closed, text = _shape(entity, kind, closing_m, flatten_m)
    except Exception as error:  # noqa: BLE001 - ezdxf raises many things on a broken entity
        shape, closed, text = None, None, None
        drawn.faults[at] = f"{kind}: {type(error).__name__}"
    drawn.shape.append(shape)
    drawn.text.append(_real_text(text))
    drawn.block.append(_real_text(block) or None)
    drawn.handle.append(str(entity.dxf.handle or "—"))
    if closed is not None:
        drawn.closed[at] = closed


def _real_text(text: str | None) -> Any:  # noqa: ANN401 - str, bytes or None
    """Bytes that ezdxf could not decode come back as bytes; the encoding step shows them."""
    if text is None or text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")
    return text


def _shape(
    entity: Any,  # noqa: ANN401 - ezdxf's entities
    kind: str,
    closing_m: float,
    flatten_m: float,
) -> tuple[Any, Any, str | None]:
    """Return the geometry, its closed form if it is almost closed, and its text."""
    if kind in ("TEXT", "ATTRIB"):
        return _point(entity.dxf.insert), None, str(entity.dxf.text)
    if kind == "MTEXT":
        return _point(entity.dxf.insert), None, str(entity.plain_text())
    if kind == "POINT":
        return _point(entity.dxf.location), None, None
    from ezdxf.path import make_path  # noqa: PLC0415 - after ezdxf itself

    points = np.array([(p.x, p.y) for p in make_path(entity).flattening(flatten_m)])
    line = shapely.LineString(points)
    if len(points) < 4 or kind in ("LINE", "ARC"):  # noqa: PLR2004 - a ring has four positions
        return line, None, None
    gap = float(np.hypot(*(points[0] - points[-1])))
    if gap == 0 or bool(getattr(entity, "closed", False) or getattr(entity, "is_closed", False)):
        return shapely.Polygon(points), None, None
    return line, shapely.Polygon(points) if gap <= closing_m else None, None


def _point(position: Any) -> Any:  # noqa: ANN401 - a vector, a point
    return shapely.Point(position.x, position.y)


def _tables(
    name: str,
    drawn: _Drawn,
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
            name=f"{name} · {kind_names[int(kind)]}",
            format="dxf",
            rows=rows,
            fields=(
                Field("handle", [drawn.handle[i] for i in at]),
                Field("layer", [name] * len(at)),
                Field("block", [drawn.block[i] for i in at]),
                Field("text", [drawn.text[i] for i in at]),
            ),
            wkb=found.wkb,
            mended=found.mended,
            flaws=found.flaws_at(rows) + flaws,
            notes=notes,
        )


def _offer(closed: Any, line: Any) -> OfferedRepair:  # noqa: ANN401 - a polygon and its line
    gap = shapely.distance(shapely.get_point(line, 0), shapely.get_point(line, -1))
    mended = shapes.examine(np.array([closed], dtype=object))
    wkb = mended.mended[0].wkb if mended.mended else str(mended.wkb[0])
    return OfferedRepair("repair.ring_closed", f"{float(gap):.3f}", wkb)


def _with_texts(tables: list[DeliveredTable], layers: dict[str, _Drawn]) -> list[DeliveredTable]:
    """Write on each outline the texts inside it, in the order they were drawn."""
    written = [
        (shape, text)
        for drawn in layers.values()
        for shape, text in zip(drawn.shape, drawn.text, strict=True)
        if text and shape is not None
    ]
    if not written:
        return tables
    tree = shapely.STRtree([shape for shape, _ in written])
    return [_labelled(table, tree, [text for _, text in written]) for table in tables]


def _labelled(table: DeliveredTable, tree: shapely.STRtree, texts: list[str]) -> DeliveredTable:
    if not table.name.endswith(KINDS[2]):
        return table
    outlines = shapely.from_wkb(
        [table.mended[i].wkb if i in table.mended else wkb for i, wkb in enumerate(table.wkb)]
    )
    inside: dict[int, list[str]] = defaultdict(list)
    for at, hit in sorted(tree.query(outlines, predicate="intersects").T.tolist()):
        inside[at].append(texts[hit])
    cells = ["；".join(map(str, inside[at])) or None for at in range(len(table.rows))]
    fields = (*(f for f in table.fields if f.heading != "text"), Field("text", cells))
    return DeliveredTable(
        **{**{k: getattr(table, k) for k in table.__dataclass_fields__}, "fields": fields}
    )
