"""
An edit as JSON text and back: only the cells that change, geometries as WKT in the CRS named.

Coordinates are written to 0.1 mm, the grid of a district, so that nothing is lost. What is read is
hostile until it fits: every layer, cell and geometry is checked, and nothing of it is evaluated.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeAlias

import shapely
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pyproj import CRS
from pyproj.exceptions import CRSError

import layers
from edits.cells import GEOMETRY, Cell
from edits.edit import Edit, SetChange
from edits.layer_edit import LayerEdit
from edits.row_change import RowChange
from geo.errors import DataError

_DIGITS = 4  # 0.1 mm
_CRS = re.compile(r"EPSG:\d{1,6}|[A-Z]+\[.*\]", re.DOTALL)

JsonCell: TypeAlias = str | bool | int | Annotated[float, Field(allow_inf_nan=False)] | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Members(_Strict):
    added: list[str] = []
    removed: list[str] = []


class _Layer(_Strict):
    added: dict[str, dict[str, JsonCell]] = {}
    changed: dict[str, dict[str, tuple[JsonCell, JsonCell]]] = {}
    removed: dict[str, dict[str, JsonCell]] = {}


class _Document(_Strict):
    crs: str
    layers: dict[str, _Layer] = {}
    surveyed: _Members = _Members()
    surveyed_kinds: _Members = _Members()


def to_json(edit: Edit) -> str:
    """Return an edit as JSON text; equal edits have equal texts."""
    return json.dumps(to_document(edit), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_document(edit: Edit) -> dict[str, Any]:
    """Return an edit as plain JSON values, to be part of a larger document."""
    code = edit.crs.to_epsg(min_confidence=100)
    return {
        "crs": f"EPSG:{code}" if code else edit.crs.to_wkt("WKT2_2019"),
        "layers": {name: _layer_of(one) for name, one in edit.layers.items()},
        "surveyed": _members_of(edit.surveyed),
        "surveyed_kinds": _members_of(edit.surveyed_kinds),
    }


def _layer_of(edit: LayerEdit) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {"added": {}, "changed": {}, "removed": {}}
    for row in edit.rows():
        if row.before is None or row.after is None:
            action = "added" if row.before is None else "removed"
            whole = row.after or row.before or {}
            found[action][row.key] = {name: _plain(cell) for name, cell in whole.items()}
        else:
            found["changed"][row.key] = {
                name: [_plain(row.before[name]), _plain(row.after[name])] for name in row.before
            }
    return {action: rows for action, rows in found.items() if rows}


def _plain(cell: Cell) -> JsonCell:
    if isinstance(cell, shapely.Geometry):
        return str(shapely.to_wkt(cell, rounding_precision=_DIGITS))
    return cell


def _members_of(change: SetChange) -> dict[str, list[str]]:
    sides = {"added": sorted(change.added), "removed": sorted(change.removed)}
    return {name: members for name, members in sides.items() if members}


def from_document(document: Mapping[str, Any]) -> Edit:
    """Return the edit of plain JSON values; errors are those of `from_json`."""
    return from_json(json.dumps(document))


def from_json(text: str | bytes) -> Edit:
    """
    Return the edit of a JSON text.

    Raises
    ------
    DataError
        If it is no edit, or names a layer, a value or a geometry that cannot be.
    """
    try:
        document = _Document.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _no_edit(".".join(map(str, first["loc"])), first["msg"]) from error
    crs = crs_named(document.crs)
    for name in document.layers:
        if name not in layers.SURVEYED:
            raise _no_edit("layers", f"no layer {name[:40]!r}")
    return Edit(
        crs,
        {
            name: LayerEdit.of_rows(name, _rows(name, document.layers[name]), crs)
            for name in layers.SURVEYED
            if name in document.layers
        },
        _set_change(document.surveyed),
        _set_change(document.surveyed_kinds),
    )


def _rows(layer: str, found: _Layer) -> Iterator[RowChange]:
    """Yield the rows of a layer; a key that occurs twice is refused."""
    keys = [*found.added, *found.changed, *found.removed]
    if len(set(keys)) < len(keys):
        raise _no_edit(f"layers.{layer}", "a key occurs twice")
    for key, cells in found.added.items():
        yield RowChange(layer, key, None, _whole(layer, key, cells))
    for key, cells in found.removed.items():
        yield RowChange(layer, key, _whole(layer, key, cells), None)
    for key, pairs in found.changed.items():
        before, after = (
            {name: _cell(layer, key, name, pair[side]) for name, pair in pairs.items()}
            for side in (0, 1)
        )
        if not pairs or layers.ALL[layer].key in pairs:
            raise _no_edit(
                f"layers.{layer}.changed.{key[:40]}", "cells other than the key expected"
            )
        yield RowChange(layer, key, before, after)


def _whole(layer: str, key: str, cells: Mapping[str, JsonCell]) -> dict[str, Cell]:
    if cells.get(layers.ALL[layer].key) != key or cells.get(GEOMETRY) is None:
        raise _no_edit(f"layers.{layer}.{key[:40]}", "a row with its key and its geometry expected")
    return {name: _cell(layer, key, name, cell) for name, cell in cells.items()}


def _cell(layer: str, key: str, column: str, cell: JsonCell) -> Cell:
    """Return a cell as a district holds it: a number in its type, a geometry from its WKT."""
    if column == GEOMETRY:
        shape = shapely.from_wkt(str(cell), on_invalid="ignore")
        if shape is None or shapely.is_empty(shape) or not shapely.is_valid(shape):
            raise _no_edit(
                f"layers.{layer}.{key[:40]}.geometry", "a valid geometry as WKT expected"
            )
        return shape
    is_float = any(one.name == column and one.dtype == "float" for one in layers.ALL[layer].columns)
    return float(cell) if is_float and isinstance(cell, int) else cell


def crs_named(text: str) -> CRS:
    """
    Return the CRS of an ``EPSG:`` code or a WKT.

    Raises
    ------
    DataError
        If it is none.
    """
    try:
        if _CRS.fullmatch(text):
            return CRS.from_user_input(text)
    except CRSError:
        pass
    raise _no_edit("crs", f"no CRS {text[:40]!r}")


def _set_change(members: _Members) -> SetChange:
    return SetChange(frozenset(members.added), frozenset(members.removed))


def _no_edit(where: str, what: str) -> DataError:
    return DataError(f"edit, {where}: {what}", f"调整文件 {where} 处无法读取：{what}")
