"""Edits in words, Chinese and English: which row, which column, from what to what."""

from collections.abc import Mapping

import shapely

import layers
from edits.cells import GEOMETRY, Cell, column_label
from layers.spec import PROVENANCE_COLUMNS

_CELLS_SAID = 4
_NOT_SAID = {GEOMETRY, *(column.name for column in PROVENANCE_COLUMNS)}


def counted(
    layer: str, counts: tuple[int, int, int], columns: Mapping[str, int], language: str
) -> str:
    """Return how many rows of a layer are added, changed (by column) and removed."""
    spec = layers.ALL[layer]
    parts = [f"{column_label(layer, name, language)} {count}" for name, count in columns.items()]
    added, changed, removed = counts
    if language == "zh":
        more = f"（{'，'.join(parts)}）" if parts else ""
        return f"{spec.label_zh}：增 {added} 行，改 {changed} 行{more}，删 {removed} 行"
    more = f" ({', '.join(parts)})" if parts else ""
    return f"{spec.label_en}: {added} rows added, {changed} changed{more}, {removed} removed"


def described(
    layer: str,
    key: str,
    before: Mapping[str, Cell] | None,
    after: Mapping[str, Cell] | None,
    language: str,
) -> str:
    """Return what happens to one row; see `edits.RowChange` for the parameters."""
    if before is None or after is None:
        action = _ADDED if before is None else _REMOVED
        told = _summary(layer, before or after or {}, language)
    else:
        action = _CHANGED
        said = [_cell(layer, name, before[name], after[name], language) for name in before]
        told = ("；" if language == "zh" else "; ").join(said)
    name = layers.ALL[layer].label(language)
    return action[0 if language == "zh" else 1].format(layer=name, key=key, told=told)


_ADDED = ("新增{layer} {key}：{told}", "added to {layer}: {key}: {told}")
_REMOVED = ("删除{layer} {key}：{told}", "removed from {layer}: {key}: {told}")
_CHANGED = ("{layer} {key}：{told}", "{layer} {key}: {told}")


def _summary(layer: str, cells: Mapping[str, Cell], language: str) -> str:
    """Return the first known cells of a whole row, its key and its provenance left out."""
    names = [name for name in cells if name not in _NOT_SAID and name != layers.ALL[layer].key]
    separator = "，" if language == "zh" else ", "
    return separator.join(
        f"{column_label(layer, name, language)} {_value(layer, name, cells[name], language)}"
        for name in names[:_CELLS_SAID]
    )


def _cell(layer: str, column: str, before: Cell, after: Cell, language: str) -> str:
    """Return one cell, from what to what."""
    label = column_label(layer, column, language)
    was, becomes = (_value(layer, column, cell, language) for cell in (before, after))
    if column != GEOMETRY:
        return f"{label} {was} → {becomes}"
    points = [one for one in (before, after) if isinstance(one, shapely.Point)]
    if len(points) != 2:  # noqa: PLR2004 - before and after
        return "图形有改动" if language == "zh" else "geometry changed"
    distance = f"{shapely.distance(*points):.2f} m"
    return (
        f"移动 {distance}（{was} → {becomes}）"
        if language == "zh"
        else (f"moved {distance} ({was} → {becomes})")
    )


def _value(layer: str, column: str, value: Cell, language: str) -> str:
    """Return a value as people read it: codes by their labels, a dash for unknown."""
    if value is None:
        return "—"
    if isinstance(value, shapely.Point):
        return f"{value.x:.2f}, {value.y:.2f}"
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    known = {one.name: one for one in layers.ALL[layer].columns}
    spec = known.get(column)
    if spec is not None and spec.codes and str(value) in spec.codes:
        return spec.codes[str(value)][0 if language == "zh" else 1]
    return f"{value:g}" if isinstance(value, float) else str(value)
