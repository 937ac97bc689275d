"""
DXF drawings by ezdxf: each drawing layer a table a kind of geometry.

Closed polylines are outlines; one whose ends are within the closing tolerance is offered as one,
the open line stays beside it. Blocks are taken apart, arcs become straight pieces, texts become
points and are noted on the outline that holds them. The insertion of a block - a tree, a lamp, a
well - is a point of its own, in a table beside the pieces. Attributes of blocks are columns of
both, extended data (XDATA) columns of the entity that carries them.
"""

import io
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import shapely
from ezdxf import recover
from ezdxf.lldxf.const import DXFError
from ezdxf.path import make_path

from intake.child.answer import Answer
from intake.child.drawn import Entity, Texts, labelled, tables
from intake.child.dxf_encoding import as_declared
from intake.child.dxf_tags import Damage, repaired
from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.refused import Refused
from intake.reading import GEOMETRY_KINDS, Cell, DeliveredTable, Note
from intake.wire import as_read, readable

_MOST_ENTITIES = 500_000
_MOST_POSITIONS = 200_000  # of one entity
_LARGEST_RADIUS = 1e7  # drawing units: ezdxf would make pieces of a larger arc until memory ends
_MOST_NAMED = 50  # damaged entities that are named one by one
_BINARY = b"AutoCAD Binary DXF"
_DEEPEST = 8
BLOCKS = "图块"
"""What the table of places of blocks is called, after its drawing layer."""
_TAKEN = (
    "LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "POINT", "TEXT",
    "MTEXT", "ATTRIB",
)  # fmt: skip
# Extended data by group code: texts, and numbers; points, braces and binary data say nothing here.
_A_TEXT, _NUMBERS = 1000, (1040, 1041, 1042, 1070, 1071)
_NAMED = re.compile(r"^\s*([^\W\d][^=:＝：]{0,30}?)\s*[=:＝：](?![/\\])\s*(.*)$", re.DOTALL)
_OF_CAD = ("ACAD", "ACDB", "ACCM")


@dataclass(frozen=True, slots=True)
class _Inserted:
    """The block that an entity is part of, its layer, and what the insertion of the block says."""

    block: str
    layer: str
    said: Mapping[str | bytes, Cell] = field(default_factory=dict)


_NOWHERE = _Inserted("", "")


def read(member: Member, closing_m: float, flatten_m: float, answer: Answer) -> tuple[()]:
    """
    Read the model space of a drawing, each layer a part of its own.

    Parameters
    ----------
    member : Member
        The .dxf.
    closing_m : float
        Largest gap [drawing unit] between the ends of a polyline that is still an outline.
    flatten_m : float
        Largest distance [drawing unit] between an arc and its straight pieces.
    answer : Answer
        Takes the tables.

    Raises
    ------
    Refused
        If the drawing is damaged, empty, or unfolds to more than allowed.
    """
    data, encodings = _legible(member.path.read_bytes())
    document, errors, damage = _open(data)
    _require_size(document)
    skipped: Counter[str] = Counter()
    layers: dict[str, list[Entity]] = defaultdict(list)
    for entity, inserted in _entities(document.modelspace(), _NOWHERE, 0, skipped):
        drawn = layers[inserted.layer]
        if entity.dxftype() in _TAKEN:
            drawn.append(_drawn(entity, inserted, closing_m, flatten_m))
        else:
            skipped[entity.dxftype()] += 1
    notes = [Note("dxf.closing", f"{closing_m:g}"), Note("dxf.units", str(document.units))]
    notes += [Note("dxf.skipped", f"{kind} × {n}") for kind, n in sorted(skipped.items())]
    notes += [Note("dxf.recovered", str(errors))] if errors else []
    notes += [Note("dxf.encoding", " / ".join(encodings))] if encodings else []
    layers = _undecoded(layers, encodings)
    places = _undecoded(_places(document.modelspace()), encodings)
    texts = Texts(layers)
    if not any(layers.values()) and not places:
        raise Refused(
            "table.none", "、".join(f"{kind} × {n}" for kind, n in sorted(skipped.items()))
        )
    for one in damage[:_MOST_NAMED]:
        answer.refuse(f"{member.name}/{one.line}", "dxf.damaged", one.entity)
    if len(damage) > _MOST_NAMED:
        answer.refuse(member.name, "dxf.damaged", f"{len(damage)}")
    for found, kinds in ((layers, GEOMETRY_KINDS), (places, {**GEOMETRY_KINDS, 0: BLOCKS})):
        for name, drawn in sorted(found.items()):
            label = _as_bytes(readable(name), encodings)
            of_layer = partial(_tables, (name, label), drawn, member, tuple(notes), kinds, texts)
            answer.part(f"{member.name}/{readable(name)}", of_layer)
    return ()


def _tables(
    names: tuple[str, Cell],
    drawn: Sequence[Entity],
    member: Member,
    notes: tuple[Note, ...],
    kinds: Mapping[int, str],
    texts: Texts,
) -> list[DeliveredTable]:
    """Return the tables of a layer with the texts inside their outlines; its name is a column."""
    name, label = names
    found = tables(name, drawn, member, notes, kinds)
    return [texts.on(labelled(table, label)) for table in found]


def _undecoded(
    layers: dict[str, list[Entity]], encodings: Sequence[str]
) -> dict[str, list[Entity]]:
    """Return the entities of each layer, with text as bytes where several encodings fit."""
    if len(encodings) < 2:  # noqa: PLR2004 - one needs no choice by a person
        return layers

    raw = partial(_as_bytes, encodings=encodings)
    return {
        name: [
            replace(
                one,
                text=raw(one.text),
                block=raw(one.block),
                said={raw(heading): raw(cell) for heading, cell in one.said.items()},
            )
            for one in drawn
        ]
        for name, drawn in layers.items()
    }


def _as_bytes(cell: Any, encodings: Sequence[str]) -> Any:  # noqa: ANN401 - a cell or a heading
    """Return text as the bytes it was read from where several encodings fit."""
    try:
        is_plain = len(encodings) < 2 or not isinstance(cell, str) or cell.isascii()  # noqa: PLR2004
        return cell if is_plain else cell.encode(encodings[0], "surrogateescape")
    except UnicodeEncodeError:  # written as an escape (\\U+XXXX), so that nothing is in doubt
        return cell


def _legible(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a drawing whose header says what its text is in; one in binary form as it is."""
    return (data, ()) if data.startswith(_BINARY) else as_declared(data)


def _open(data: bytes) -> tuple[Any, int, list[Damage]]:
    """Return a drawing, how many faults ezdxf mended in it, and the entities left out of it."""
    try:
        document, errors = _recovered(data)
        failure = Refused("table.none")
    except Refused as answer:
        document, errors, failure = None, 0, answer
    if document is not None and len(document.modelspace()):
        return document, errors, []
    mended, damage = repaired(data)
    if not damage or data.startswith(_BINARY):
        raise failure
    try:
        document, errors = _recovered(mended)
    except Refused:
        raise failure from None
    if not len(document.modelspace()):
        raise failure
    return document, errors, damage


def _recovered(data: bytes) -> tuple[Any, int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            document, auditor = recover.read(io.BytesIO(data), errors="surrogateescape")
        except (
            DXFError,
            OSError,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            IndexError,
            AssertionError,
        ) as error:
            raise Refused("dxf.broken", fault_place(error)) from error
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
    inside: _Inserted,
    depth: int,
    skipped: Counter[str],
) -> Iterator[tuple[Any, _Inserted]]:
    """
    Yield every entity with its block and its layer, those of blocks in their place.

    What a block draws on layer 0 belongs to the layer on which the block is inserted.
    """
    for entity in space:
        own = _layer(entity)
        layer = inside.layer if inside.layer and own == "0" else own
        if entity.dxftype() != "INSERT":
            yield entity, replace(inside, layer=layer)
        elif depth >= _DEEPEST:
            skipped["INSERT (deep)"] += 1
        else:
            try:
                yield from list(_pieces(entity, replace(inside, layer=layer), depth, skipped))
            except Exception:  # noqa: BLE001 - ezdxf raises many things on a broken block
                skipped["INSERT (broken)"] += 1


def _pieces(
    insert: Any,  # noqa: ANN401 - ezdxf's entities
    inside: _Inserted,
    depth: int,
    skipped: Counter[str],
) -> Iterator[tuple[Any, _Inserted]]:
    """Yield the attributes and the entities of a block in the places where it is inserted."""
    for one in _insertions(insert):
        here = _Inserted(str(one.dxf.name), inside.layer, {**inside.said, **_attributes(one)})
        yield from ((text, replace(here, layer=_layer(text))) for text in _attribs(one))
        yield from _entities(one.virtual_entities(redraw_order=False), here, depth + 1, skipped)


def _layer(entity: Any) -> str:  # noqa: ANN401 - ezdxf's entities
    """Return the layer of an entity; of one that a damaged drawing has without, the first."""
    return str(entity.dxf.layer) if entity.dxf.hasattr("layer") else "0"


def _insertions(insert: Any) -> Iterable[Any]:  # noqa: ANN401 - ezdxf's entities
    """Return the places of a block that is inserted once or, in rows and columns, many times."""
    return insert.multi_insert() if insert.mcount > 1 else (insert,)


def _places(space: Any) -> dict[str, list[Entity]]:  # noqa: ANN401 - ezdxf's model space
    """Return where the blocks of each layer were put, with what their attributes say."""
    layers: dict[str, list[Entity]] = defaultdict(list)
    for entity in space.query("INSERT"):
        for one in _insertions(entity):
            shape, fault = None, ""
            try:
                shape = _point(one.ocs().to_wcs(one.dxf.insert))
            except Exception as error:  # noqa: BLE001 - ezdxf raises many things on a broken entity
                fault = f"INSERT: {type(error).__name__}"
            text = "；".join(str(attribute.dxf.text) for attribute in _attribs(one))
            place = Entity(
                shape=shape,
                handle=str(entity.dxf.handle or "—"),
                text=as_read(text) or None,
                block=as_read(str(one.dxf.name)),
                said={**_extended(entity), **_attributes(one)},
                fault=fault,
            )
            layers[_layer(one)].append(place)
    return layers


def _attributes(insert: Any) -> dict[str | bytes, Cell]:  # noqa: ANN401 - ezdxf's entities
    """Return the attributes of one insertion of a block by their tags."""
    return {
        as_read(str(one.dxf.tag)): as_read(str(one.dxf.text)) or None for one in _attribs(insert)
    }


def _attribs(insert: Any) -> list[Any]:  # noqa: ANN401 - ezdxf's entities
    """Return the attributes of an insertion, but those that the audit of a drawing destroyed."""
    return [one for one in insert.attribs if one.is_alive]


def _extended(entity: Any) -> dict[str | bytes, Cell]:  # noqa: ANN401 - ezdxf's entities
    """
    Return the extended data of an entity.

    A text ``名称=某小区`` is headed by what stands before its sign, any other value by its
    application, numbered from the second on.
    """
    found: dict[str | bytes, Cell] = {}
    for application, tags in entity.xdata.data.items() if entity.xdata else ():
        count = 0
        for code, value in tags if not application.upper().startswith(_OF_CAD) else ():
            is_text = code == _A_TEXT and isinstance(value, str)
            named = _NAMED.match(value) if is_text else None
            if named:
                found[as_read(named.group(1))] = as_read(named.group(2)) or None
            elif is_text or code in _NUMBERS:
                count += 1
                heading = application if count == 1 else f"{application}.{count}"
                found[as_read(heading)] = as_read(value) if is_text else value
    return found


def _drawn(
    entity: Any,  # noqa: ANN401 - ezdxf's entities
    inserted: _Inserted,
    closing_m: float,
    flatten_m: float,
) -> Entity:
    """Return an entity; one of which no geometry can be made says why."""
    shape, closed, text, fault = None, None, None, ""
    try:
        shape, closed, text = _shape(entity, closing_m, flatten_m)
    except Exception as error:  # noqa: BLE001 - ezdxf raises many things on a broken entity
        fault = f"{entity.dxftype()}: {type(error).__name__}"
    return Entity(
        shape=shape,
        handle=str(entity.dxf.handle or "—"),
        text=text,
        block=as_read(inserted.block) or None,
        said={**inserted.said, **_extended(entity)},
        closed=closed,
        fault=fault,
    )


def _shape(
    entity: Any,  # noqa: ANN401 - ezdxf's entities
    closing_m: float,
    flatten_m: float,
) -> tuple[Any, Any, Cell]:
    """Return the geometry, its closed form if it is almost closed, and its text."""
    kind = entity.dxftype()
    if kind in ("TEXT", "ATTRIB"):
        return _point(entity.dxf.insert), None, as_read(str(entity.dxf.text))
    if kind == "MTEXT":
        return _point(entity.dxf.insert), None, as_read(str(entity.plain_text()))
    if kind == "POINT":
        return _point(entity.dxf.location), None, None
    if _radius(entity, kind) > _LARGEST_RADIUS:
        raise ValueError("a radius that is no place")
    pieces = islice(make_path(entity).flattening(flatten_m), _MOST_POSITIONS + 1)
    points = np.array([(p.x, p.y) for p in pieces])
    if len(points) > _MOST_POSITIONS:
        raise ValueError(f"more than {_MOST_POSITIONS} positions")
    line = shapely.LineString(points)
    if len(points) < 4 or kind in ("LINE", "ARC"):  # noqa: PLR2004 - a ring has four positions
        return line, None, None
    gap = float(np.hypot(*(points[0] - points[-1])))
    if gap == 0 or bool(getattr(entity, "closed", False) or getattr(entity, "is_closed", False)):
        return shapely.Polygon(points), None, None
    return line, shapely.Polygon(points) if gap <= closing_m else None, None


def _radius(entity: Any, kind: str) -> float:  # noqa: ANN401 - ezdxf's entities
    """Return the radius of a round entity [drawing unit], 0 of any other."""
    if kind == "ELLIPSE":
        return float(entity.dxf.major_axis.magnitude)
    return abs(float(entity.dxf.radius)) if kind in ("CIRCLE", "ARC") else 0.0


def _point(position: Any) -> Any:  # noqa: ANN401 - a vector, a point
    return shapely.Point(position.x, position.y)
