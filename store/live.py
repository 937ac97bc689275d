"""
The live store: the contract of `store.contract`, once, for every database that has `Tables`.

What a change is, what may follow what and what the trail says stands here and in `store.records`;
how rows lie in a database, and what locks it, is the database's.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

import layers
from geo.crs import STORAGE_CRS, to_crs
from geo.errors import StoreError
from layers import content
from layers.district import District, require_references
from store import one_row, records
from store.chain import broken_link
from store.contract import (
    SHOWN_DIGITS,
    Change,
    ConflictError,
    Entry,
    Kind,
    Row,
    Step,
    unwatched,
)
from store.difference import GEOMETRY, LayerDifference, difference, layer_difference
from store.tables import Database, Tables

_PORTION = 20_000  # rows
_OUTSIDE = "其他软件 other software"


class LiveStore:
    """
    A district that several people read and change at once; see `store.contract.Store`.

    Parameters
    ----------
    database : Database
        Where its tables are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest: tuple[str, District] | None = None

    def stamp(self) -> str:
        """Return a text that changes whenever the content may have changed."""
        return self._database.stamp()

    def read(self, version: str = "") -> District:
        """Return the newest district, or a former one by its name or digest."""
        if version:
            return self._former(version)
        stamp = self.stamp()  # asked before reading: what is kept is never older than it says
        if self._newest is None or self._newest[0] != stamp:
            with self._database.reading() as tables:
                self._newest = (stamp, self._district(tables))
        return self._newest[1]

    def _former(self, version: str) -> District:
        with self._database.reading() as tables:
            trail = records.trail(tables)
            if not trail:
                return _only(self._database.unrecorded(), version)
            return records.district_at(tables, records.found(trail, version))

    def apply(
        self, after: District, *, base: District, entry: Entry, step: Step = unwatched
    ) -> Change:
        """Bring the store from `base` to `after`: all rows and the record, or nothing."""
        step(0.0)
        changes = difference(base, after)
        with self._database.writing() as tables:
            head = self._settled(tables, entry)
            if head.version != base.version:
                after = self._rebased(tables, base, after, changes)
            return _write(tables, after, changes, _draft(Kind.APPLY, entry), step)

    def row(self, layer: str, key: str) -> Row:
        """Return one row with its version."""
        one_row.require_layer(layer)
        with self._database.reading() as tables:
            if tables.last() is not None:
                frame = self._part(tables, layer, key)[layer]
                seen = tables.touched(layer, key=key).get(key, 0)
            else:
                frame, seen = self._district(tables)[layer], 0
        rows = frame[frame[layers.ALL[layer].key] == key]
        if not len(rows):
            raise one_row.no_row(layer, key)
        cells = rows.iloc[0].astype(object)
        values = {str(name): None if pd.isna(cell) else cell for name, cell in cells.items()}
        return Row(layer, key, values, seen)

    def update(self, row: Row, values: Mapping[str, Any], *, entry: Entry) -> Change:
        """Change columns of one row, if it is still as `row` says."""
        with self._database.writing() as tables:
            before = self._unchanged(tables, row, entry)
            rows = one_row.with_values(before[row.layer], row, values)
            return self._exchange(tables, before, row.layer, rows, _draft(Kind.UPDATE, entry))

    def add(self, layer: str, cells: Mapping[str, Any], *, entry: Entry) -> Change:
        """Add one row."""
        one_row.require_layer(layer)
        key = str(cells.get(layers.ALL[layer].key))
        with self._database.writing() as tables:
            self._settled(tables, entry)
            before = self._part(tables, layer, key)
            if len(before[layer]):
                raise one_row.there_already(layer, key)
            rows = gpd.GeoDataFrame([{GEOMETRY: None, **cells}], geometry=GEOMETRY, crs=before.crs)
            return self._exchange(tables, before, layer, rows, _draft(Kind.ADD, entry))

    def remove(self, row: Row, *, entry: Entry) -> Change:
        """Remove one row, if it is still as `row` says."""
        with self._database.writing() as tables:
            before = self._unchanged(tables, row, entry)
            one_row.require_unreferred(tables, row)
            rows = before[row.layer].iloc[:0]
            return self._exchange(tables, before, row.layer, rows, _draft(Kind.REMOVE, entry))

    def history(self) -> list[Change]:
        """Return the audit trail, oldest first."""
        with self._database.reading() as tables:
            return records.trail(tables)

    def verify(self) -> None:
        """Check the whole trail, the rows it kept, and the present content against it."""
        with self._database.reading() as tables:
            place = broken_link(tables.links())
            trail = [] if place else records.trail(tables)
            place = place or records.false_place(tables, trail)
            if place:
                raise StoreError(
                    f"record {place} of the trail, or a row that it kept, was altered",
                    f"第 {place} 条变更记录或其保留的原始行被改动",
                )
            if trail:
                _require_content(records.district_at(tables, trail[-1]), trail[-1])

    def name(self, name: str, *, entry: Entry) -> Change:
        """Give the newest version a name."""
        if not name.strip():
            raise StoreError("a version needs a name, found none", "版本名称不能为空")
        with self._database.writing() as tables:
            head = self._settled(tables, entry)
            if any(name in (change.name, change.version) for change in records.trail(tables)):
                raise StoreError(f"a version is called {name!r} already", f"已有名为“{name}”的版本")
            return records.append(tables, _draft(Kind.NAME, entry, after=head, name=name))

    def restore(self, version: str, *, entry: Entry) -> Change:
        """Bring back the content of a former version as one more change."""
        with self._database.writing() as tables:
            self._settled(tables, entry)
            change = records.found(records.trail(tables), version)
            return self._replace(tables, records.district_at(tables, change), entry)

    def backup(self, path: Path, *, entry: Entry) -> None:
        """Write the district with its whole trail into one GeoPackage."""
        if not self.history():
            with self._database.writing() as tables:
                self._settled(tables, entry)
        self._database.backup(path)

    def restore_backup(self, path: Path, *, entry: Entry) -> Change:
        """Bring back the content of a backup as one more change."""
        from store.opening import open_store  # noqa: PLC0415 - a backup is a store of its own

        kept = open_store(path)
        kept.verify()
        wanted = kept.read()
        if self._database.is_empty():
            self._database.adopt(path)
        with self._database.writing() as tables:
            own = self._settled(tables, entry).facts["id"]
            if own != wanted.district_id:
                raise StoreError(
                    f"{path.name} holds the district {wanted.district_id!r}, expected {own!r}",
                    f"{path.name} 保存的是 {wanted.district_id!r}，应为 {own!r}",
                )
            return self._replace(tables, wanted, entry)

    def _replace(self, tables: Tables, wanted: District, entry: Entry) -> Change:
        """Write the rows of `wanted`; what district.toml says stays."""
        now = self._district(tables)
        after = replace(
            now,
            frames=wanted.frames,
            surveyed=wanted.surveyed,
            surveyed_kinds=wanted.surveyed_kinds,
        )
        return _write(tables, after, difference(now, after), _draft(Kind.RESTORE, entry))

    def _facts(self, head: Change) -> dict[str, Any]:
        return records.facts_now(head, self._database.settings())

    def _district(self, tables: Tables) -> District:
        head = records.head(tables)
        if head is None:
            return self._database.unrecorded()
        return records.built(tables.frames(), self._facts(head))

    def _part(self, tables: Tables, layer: str, key: str) -> District:
        """Return the newest district with one row alone, or with none if there is no such row."""
        row = tables.one(layer, key)
        facts = self._facts(_head(tables))
        return records.built({} if row is None else {layer: row}, facts)

    def _unchanged(self, tables: Tables, row: Row, entry: Entry) -> District:
        """Return the newest district with `row` alone, if nobody has changed it since."""
        one_row.require_layer(row.layer)
        self._settled(tables, entry)
        last = tables.touched(row.layer, key=row.key).get(row.key, 0)
        if last > row.version:
            raise ConflictError(row.layer, row.key, records.trail(tables)[last - 1])
        part = self._part(tables, row.layer, row.key)
        if not len(part[row.layer]):
            raise one_row.no_row(row.layer, row.key)
        return part

    def _exchange(
        self, tables: Tables, before: District, layer: str, rows: gpd.GeoDataFrame, draft: Change
    ) -> Change:
        """Put `rows` in the place of the one row of `before`; no other row is read."""
        after = before.with_frames(**{layer: rows})
        targets = {column.refers_to for column in layers.ALL[layer].columns} - {""}
        keys = {target: tables.values(target, layers.ALL[target].key) for target in targets}
        require_references({layer: after[layer]}, keys)
        one = layer_difference(layer, before[layer], after[layer])
        head = _head(tables)
        whole = self._total(tables, layer, head) - before.totals[layer] + after.totals[layer]
        _put(tables, after, {layer: one}, draft.at)
        tables.keep_total(layer, content.packed(whole))
        digests = {**head.digests, layer: content.digest(after[layer].columns, whole)}
        return records.append(tables, _told(draft, after, {layer: one.counts}, digests))

    def _total(self, tables: Tables, layer: str, head: Change) -> int:
        """Return the sum over a layer's rows: the one kept, if it is what the record says."""
        columns = layers.ALL[layer].empty(STORAGE_CRS).columns
        kept = content.unpacked(tables.total(layer))
        if content.digest(columns, kept) == head.digests[layer]:
            return kept
        district = self._district(tables)
        _require_content(district, replace(head, digests={layer: head.digests[layer]}))
        return district.totals[layer]

    def _settled(self, tables: Tables, entry: Entry) -> Change:
        """Return the newest record; make one first of what nobody has recorded yet."""
        head = records.head(tables)
        if head is None:
            return _begin(tables, self._database.unrecorded(), entry)
        edited = [name for name in layers.SURVEYED if tables.touched(name, head.seq)]
        if not edited and self._facts(head) == head.facts:
            return head
        now, before = self._district(tables), records.district_at(tables, head)
        counts = dict.fromkeys(edited, (0, 0, 0))
        counts |= {name: one.counts for name, one in difference(before, now).items()}
        draft = _draft(Kind.OUTSIDE, replace(entry, by=_OUTSIDE, why="", source=""))
        return _recorded(tables, now, counts, draft)

    def _rebased(
        self,
        tables: Tables,
        base: District,
        after: District,
        changes: Mapping[str, LayerDifference],
    ) -> District:
        """Return the newest district with `changes`, whose rows nobody else has touched."""
        trail = records.trail(tables)
        since = next((c.seq for c in reversed(trail) if c.version == base.version), None)
        if since is None:
            version = base.version[:SHOWN_DIGITS]
            raise StoreError(
                f"the change starts from version {version}, which this store never held",
                f"修改所依据的版本 {version} 从未存入本库",
            )
        for name, one in changes.items():
            others = tables.touched(name, since)
            for key in one.put.append(one.removed).intersection(list(others)):
                raise ConflictError(name, key, trail[others[key] - 1])
        now = self._district(tables)
        merged = {name: _merged(now[name], after[name], one) for name, one in changes.items()}
        both = now.with_frames(**merged)
        return replace(
            both,
            surveyed=both.surveyed | (after.surveyed - base.surveyed),
            surveyed_kinds=both.surveyed_kinds | (after.surveyed_kinds - base.surveyed_kinds),
        )


def _begin(tables: Tables, district: District, entry: Entry) -> Change:
    """Take a district into the store: the rows its tables do not have yet, then the record."""
    there = tables.frames()
    for name, frame in district.frames.items():
        key = layers.ALL[name].key
        new = frame if name not in there else frame[~frame[key].isin(there[name][key])]
        if len(new) or (district.has(name) and name not in there):
            tables.put(name, to_crs(new, STORAGE_CRS, name), entry.at)
    tables.begin()
    for name, whole in district.totals.items():
        tables.keep_total(name, content.packed(whole))
    return records.append(tables, _told(_draft(Kind.BEGIN, entry), district, {}))


def _head(tables: Tables) -> Change:
    head = records.head(tables)
    assert head is not None  # noqa: S101 - asked for in a store with a record only
    return head


def _write(
    tables: Tables,
    after: District,
    changes: Mapping[str, LayerDifference],
    draft: Change,
    step: Step = unwatched,
) -> Change:
    """Write the rows of `changes` as they stand in `after`, and the record."""
    _put(tables, after, changes, draft.at, step)
    return _recorded(tables, after, {name: one.counts for name, one in changes.items()}, draft)


def _put(
    tables: Tables,
    after: District,
    changes: Mapping[str, LayerDifference],
    at: str,
    step: Step = unwatched,
) -> None:
    """Write rows a portion at a time, so that whoever watches can stop between two."""
    total, done = max(sum(len(one.put) for one in changes.values()), 1), 0
    for name, one in changes.items():
        frame = after[name]
        rows = to_crs(frame[frame[layers.ALL[name].key].isin(one.put)], STORAGE_CRS, name)
        for start in range(0, max(len(rows), 1), _PORTION):  # an empty layer gets its table too
            step(done / total)
            portion = rows.iloc[start : start + _PORTION]
            tables.put(name, portion, at)
            done += len(portion)
        tables.remove(name, one.removed.tolist(), at)
    step(1.0)


def _recorded(
    tables: Tables, after: District, counts: Mapping[str, tuple[int, int, int]], draft: Change
) -> Change:
    for name in counts:
        tables.keep_total(name, content.packed(after.totals[name]))
    return records.append(tables, _told(draft, after, counts))


def _draft(kind: Kind, entry: Entry, *, after: Change | None = None, name: str = "") -> Change:
    """Return a change that is not sealed yet; it leaves the content of `after` as it is."""
    known = after or Change(0, kind, "", "", "", "", "")
    return Change(
        0,
        kind,
        entry.by,
        entry.at,
        entry.why,
        entry.source,
        known.version,
        name,
        facts=known.facts,
        digests=known.digests,
    )


def _told(
    draft: Change,
    after: District,
    counts: Mapping[str, tuple[int, int, int]],
    digests: Mapping[str, str] | None = None,
) -> Change:
    """Return `draft` with what it led to; `digests` of all layers where `after` has but some."""
    whole = dict(digests or after.digests)
    return replace(
        draft,
        version=after.version_with(whole),
        counts=counts,
        facts=records.facts_of(after),
        digests=whole,
    )


def _merged(
    now: gpd.GeoDataFrame, after: gpd.GeoDataFrame, one: LayerDifference
) -> gpd.GeoDataFrame:
    key = layers.ALL[one.layer].key
    kept = now[~now[key].isin(one.put.append(one.removed))]
    frame = pd.concat([kept, after[after[key].isin(one.put)]], ignore_index=True)
    return gpd.GeoDataFrame(frame, crs=now.crs)


def _only(district: District, version: str) -> District:
    """Return the only version there is, if it is the one."""
    if not district.version.startswith(version):
        raise StoreError(
            f"no version is {version!r}; nothing was changed in this store yet",
            f"没有版本 {version!r}；本库尚无变更",
        )
    return district


def _require_content(district: District, change: Change) -> None:
    for name, digest in change.digests.items():
        if district.digests[name] != digest:
            raise StoreError(
                f"{name}: the content is not what record {change.seq} says",
                f"{layers.ALL[name].label_zh}：内容与第 {change.seq} 条变更记录不符",
            )
