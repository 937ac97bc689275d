"""Edits in words, Chinese and English: which row, which column, from what to what."""

from collections.abc import Mapping

import shapely

import layers
from edits.cells import GEOMETRY, Cell, column_label
from layers.spec import PROVENANCE_COLUMNS
from wording import Language, Text, say

_CELLS_SAID = 4
_NOT_SAID = {GEOMETRY, *(column.name for column in PROVENANCE_COLUMNS)}


def counted(
    layer: str, counts: tuple[int, int, int], columns: Mapping[str, int], language: Language
) -> str:
    """Return how many rows of a layer are added, changed (by column) and removed."""
    named = [f"{column_label(layer, name, language)} {count}" for name, count in columns.items()]
    names = Text("，", ", ")[language].join(named)
    added, changed, removed = counts
    return say(
        "edit.counts",
        language,
        layer=layers.ALL[layer].label(language),
        added=added,
        changed=changed,
        columns=say("edit.columns", language, names=names) if names else "",
        removed=removed,
    )


def described(
    layer: str,
    key: str,
    before: Mapping[str, Cell] | None,
    after: Mapping[str, Cell] | None,
    language: Language,
) -> str:
    """Return what happens to one row; see `edits.RowChange` for the parameters."""
    if before is None or after is None:
        action = "edit.added" if before is None else "edit.removed"
        cells = _summary(layer, before or after or {}, language)
    else:
        action = "edit.changed"
        said = [_cell(layer, name, before[name], after[name], language) for name in before]
        cells = Text("；", "; ")[language].join(said)
    name = layers.ALL[layer].label(language)
    return say(action, language, layer=name, key=key, cells=cells)


def _summary(layer: str, cells: Mapping[str, Cell], language: Language) -> str:
    """Return the first known cells of a whole row, its key and its provenance left out."""
    names = [name for name in cells if name not in _NOT_SAID and name != layers.ALL[layer].key]
    return Text("，", ", ")[language].join(
        f"{column_label(layer, name, language)} {_value(layer, name, cells[name], language)}"
        for name in names[:_CELLS_SAID]
    )


def _cell(layer: str, column: str, before: Cell, after: Cell, language: Language) -> str:
    """Return one cell, from what to what."""
    label = column_label(layer, column, language)
    was, becomes = (_value(layer, column, cell, language) for cell in (before, after))
    if column != GEOMETRY:
        return f"{label} {was} → {becomes}"
    points = [one for one in (before, after) if isinstance(one, shapely.Point)]
    if len(points) != 2:  # noqa: PLR2004 - before and after
        return say("edit.reshaped", language)
    return say(
        "edit.moved", language, distance=shapely.distance(*points), before=was, after=becomes
    )


def _value(layer: str, column: str, value: Cell, language: Language) -> str:
    """Return a value as people read it: codes by their labels, a dash for unknown."""
    if value is None:
        return "—"
    if isinstance(value, shapely.Point):
        return f"{value.x:.2f}, {value.y:.2f}"
    if isinstance(value, bool):
        return say("edit.yes" if value else "edit.no", language)
    known = {one.name: one for one in layers.ALL[layer].columns}
    spec = known.get(column)
    if spec is not None and spec.codes and str(value) in spec.codes:
        return spec.codes[str(value)][language]
    return f"{value:g}" if isinstance(value, float) else str(value)
