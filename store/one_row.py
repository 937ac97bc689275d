"""One row of a layer, read and written without any other; what may be done to it and what not."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

import layers
from edits import difference
from edits.cells import GEOMETRY
from geo.errors import DataError, StoreError
from layers import content
from layers.district import District, require_references
from store import journal, writing
from store.contract import ConflictError, RowSnapshot
from store.journal_entry import JournalEntry
from store.tables import Tables


def part(tables: Tables, facts: Mapping[str, Any], layer: str, key: str) -> District:
    """Return the newest district with one row alone, or with none if there is no such row."""
    row = tables.one(layer, key)
    return journal.built({} if row is None else {layer: row}, facts, tables.specs())


def unchanged(tables: Tables, facts: Mapping[str, Any], row: RowSnapshot) -> District:
    """
    Return the newest district with `row` alone.

    Raises
    ------
    ConflictError
        If somebody changed it since `row` was read.
    StoreError
        If it is not there.
    """
    require_layer(row.layer)
    last = tables.touched(row.layer, key=row.key).get(row.key, 0)
    if last > row.version:
        raise ConflictError.of_row(row.layer, row.key, journal.entries(tables)[last - 1])
    found = part(tables, facts, row.layer, row.key)
    if not len(found[row.layer]):
        raise no_row(row.layer, row.key)
    return found


def exchanged(
    tables: Tables, before: District, layer: str, rows: gpd.GeoDataFrame, entry: JournalEntry
) -> JournalEntry:
    """
    Put `rows` in the place of the one row of `before` and seal the entry; no other row is read.

    Raises
    ------
    DataError
        If the layer cannot hold the row, or an id in it leads to no row.
    """
    after = before.with_frames(**{layer: rows})
    targets = {column.refers_to for column in layers.ALL[layer].columns} - {""}
    keys = {target: tables.values(target, layers.ALL[target].key) for target in targets}
    require_references({layer: after[layer]}, keys)
    edit = difference(before, after)
    head = journal.newest(tables)
    known = head.digests if head else {}
    total = _total(tables, layer, known.get(layer, content.EMPTY), before)
    whole = total - content.total(before[layer]) + content.total(after[layer])
    writing.put(tables, after, edit, entry.at)
    writing.make_surveyed(tables, after)
    tables.keep_total(layer, content.packed(whole))
    digests = {**known, layer: content.digest(whole)}
    told = writing.with_result(writing.with_edit(entry, edit), after, edit.counts, digests)
    return journal.append(tables, told)


def _total(tables: Tables, layer: str, expected: str, near: District) -> int:
    """Return the sum over a layer's rows: the one kept, if it has the `expected` digest."""
    kept = content.unpacked(tables.total(layer))
    if content.digest(kept) == expected:
        return kept
    rows = tables.frames().get(layer, near[layer].iloc[:0])
    found = content.total(near.with_frames(**{layer: rows})[layer])
    if content.digest(found) != expected:
        raise StoreError(
            f"{layer}: the content is not what the newest record says",
            f"{layers.ALL[layer].label_zh}：内容与最新的变更记录不符",
        )
    return found


def with_values(
    frame: gpd.GeoDataFrame, row: RowSnapshot, values: Mapping[str, Any]
) -> gpd.GeoDataFrame:
    """Return the row, alone in its frame, with other `values`."""
    key = layers.ALL[row.layer].key
    strange = sorted(set(values) - (set(frame.columns) - {key}))
    if strange:
        raise DataError(
            f"{row.layer} {row.key}: {strange[0]} is no column that can be changed",
            f"{layers.ALL[row.layer].label_zh} {row.key}：{strange[0]} 不是可修改的列",
        )
    changed = {name: frame[name].astype(object) for name in values}
    for name, value in values.items():
        changed[name].iloc[0] = value
    shapes = gpd.GeoSeries(changed.pop(GEOMETRY, frame.geometry), crs=frame.crs)
    return frame.assign(**changed).set_geometry(shapes)


def require_unreferred(tables: Tables, row: RowSnapshot) -> None:
    """Refuse to remove a row to which rows of other layers lead."""
    for name in layers.SURVEYED:
        for column in layers.ALL[name].columns:
            if column.refers_to == row.layer and row.key in tables.values(name, column.name):
                raise DataError(
                    f"{row.layer} {row.key}: rows of {name} lead to it ({column.name}); "
                    "nothing was removed",
                    f"{layers.ALL[row.layer].label_zh} {row.key}：仍被{layers.ALL[name].label_zh}"
                    f"的“{column.label_zh}”引用，未删除",
                )


def there_already(layer: str, key: str) -> DataError:
    """Say that a key is taken."""
    return DataError(
        f"{layer} has a row {key!r} already; nothing was added",
        f"{layers.ALL[layer].label_zh}中已有 {key!r}，未添加",
    )


def no_row(layer: str, key: str) -> StoreError:
    """Say that nobody has this key."""
    return StoreError(f"{layer} has no row {key!r}", f"{layers.ALL[layer].label_zh}中没有 {key!r}")


def require_layer(layer: str) -> None:
    """Refuse a name that no layer has."""
    if layer not in layers.SURVEYED:
        raise DataError(f"there is no layer {layer!r}", f"没有图层 {layer!r}")
