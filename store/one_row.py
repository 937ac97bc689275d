"""One row of a layer, read and changed without any other: of the rest only ids that it names."""

from collections.abc import Mapping
from typing import Any

import edits
import layers
from edits import Edit
from geo.errors import DataError, StoreError
from layers import content
from layers.conforming import conforming
from layers.district import District
from layers.unknown_codes import unknown_codes
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
    DataError
        If there is no such layer.
    StoreError
        If the row is not there.
    """
    layers.surveyed_spec(row.layer)
    last = tables.touched(row.layer, key=row.key).get(row.key, 0)
    if last > row.version:
        raise ConflictError.of_row(row.layer, row.key, journal.entries(tables)[last - 1])
    found = part(tables, facts, row.layer, row.key)
    if not len(found.frames[row.layer]):
        raise no_row(row.layer, row.key)
    return found


def with_referents(
    tables: Tables, district: District, layer: str, cells: Mapping[str, Any]
) -> District:
    """
    Return a district with the keys that the ids among `cells` are checked against, and no more.

    A layer that has rows but not the one that an id names is there with the key of another row: ids
    into a layer without rows are not checked.
    """
    frames = {}
    for column in layers.ALL[layer].columns:
        if column.refers_to in ("", layer):
            continue
        spec, named = layers.ALL[column.refers_to], str(cells.get(column.name))
        found = tables.keys(spec.name, {spec.key: named}) or tables.keys(spec.name, {}, 1)
        frames[spec.name] = spec.empty(district.crs).reindex(range(len(found)))
        frames[spec.name][spec.key] = found
    surveyed, kinds = district.surveyed, district.surveyed_kinds
    return district.sharing(frames, surveyed=surveyed, surveyed_kinds=kinds)


def write(tables: Tables, before: District, edit: Edit, entry: JournalEntry) -> JournalEntry:
    """
    Write an edit of one layer into the tables and seal the entry; no other row is read.

    Raises
    ------
    DataError
        If the layer cannot hold the row, or an id in it leads to no row.
    """
    after = edits.apply(before, edit)
    head = journal.newest(tables)
    digests = dict(head.digests) if head else {}
    for name in edit.layers:
        known = _total(tables, name, digests.get(name, content.EMPTY), before)
        whole = known - content.total(before.frames[name]) + content.total(after.frames[name])
        tables.make(layers.ALL[name])
        tables.keep_total(name, content.packed(whole))
        digests[name] = content.digest(whole)
    writing.put(tables, after, edit, entry.at)
    told = writing.with_result(writing.with_edit(entry, edit), after, edit.counts, digests)
    return journal.append(tables, told)


def _total(tables: Tables, layer: str, expected: str, near: District) -> int:
    """Return the sum over a layer's rows: the one kept, if it has the `expected` digest."""
    kept = content.unpacked(tables.total(layer))
    if content.digest(kept) == expected:
        return kept
    rows = tables.frames().get(layer, near.frames[layer].iloc[:0])
    spec = layers.ALL[layer].with_codes(unknown_codes(layer, rows))
    extra = spec.extra_columns(near.frames[layer])
    found = content.total(conforming(spec, rows, near.crs, extra))
    if content.digest(found) != expected:
        raise StoreError(
            f"{layer}: the content is not what the newest record says",
            f"{layers.ALL[layer].label_zh}：内容与最新的变更记录不符",
        )
    return found


def require_unreferred(tables: Tables, row: RowSnapshot) -> None:
    """Raise DataError if rows of other layers refer to a row that is to be removed."""
    for name in layers.SURVEYED:
        for column in layers.ALL[name].columns:
            is_into = column.refers_to == row.layer
            if is_into and tables.keys(name, {column.name: row.key}, 1):
                raise DataError(
                    f"{row.layer} {row.key}: rows of {name} refer to it ({column.name}); "
                    "nothing was removed",
                    f"{layers.ALL[row.layer].label_zh} {row.key}：仍被{layers.ALL[name].label_zh}"
                    f"的“{column.label_zh}”引用，未删除",
                )


def no_row(layer: str, key: str) -> StoreError:
    """Return the error of a key that no row has."""
    return StoreError(f"{layer} has no row {key!r}", f"{layers.ALL[layer].label_zh}中没有 {key!r}")
