"""
Writing into the tables of a live store: rows first, then the one entry that tells of them.

Every function here works inside a transaction that somebody else opened.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace

import geopandas as gpd
import pandas as pd

import layers
from edits import Edit, apply, difference, to_document
from edits.cells import are_among
from geo.crs import STORAGE_CRS, to_crs
from geo.errors import StoreError
from layers import content
from layers.district import District
from layers.unknown_codes import joined
from store import journal
from store.chain import canonical
from store.contract import SHOWN_DIGITS, ConflictError, ProgressCallback, no_progress
from store.head import Head
from store.journal_entry import EntryKind, JournalEntry, Signature
from store.tables import Tables

_PORTION = 20_000  # rows
_ROWS_TOLD, _BYTES_TOLD = 20, 50_000  # beyond, an entry only counts the rows it changed

Counts = Mapping[str, tuple[int, int, int]]


def unsealed(
    kind: str, entry: Signature, *, after: JournalEntry | None = None, name: str = ""
) -> JournalEntry:
    """Return an entry that is not sealed yet; it leaves the content of `after` as it is."""
    blank = JournalEntry(0, kind, **asdict(entry), name=name)
    if after is None:
        return blank
    return replace(blank, version=after.version, facts=after.facts, digests=after.digests)


def with_result(
    entry: JournalEntry,
    after: District,
    counts: Counts,
    digests: Mapping[str, str] | None = None,
) -> JournalEntry:
    """Return `entry` with what it led to; `digests` of all layers where `after` has but some."""
    whole = after.counted(after.digests if digests is None else digests)
    return replace(
        entry,
        version=after.version_with(whole),
        counts=counts,
        facts=journal.facts_of(after),
        digests=whole,
    )


def begin(tables: Tables, district: District, entry: Signature) -> JournalEntry:
    """Take a district into the store: the rows its tables do not have yet, then the entry."""
    there = tables.specs()
    for name, frame in district.frames.items():
        kept = tables.keys(name, {}) if name in there else []
        new = frame[~are_among(frame[layers.ALL[name].key], pd.Index(kept))]
        if len(new) or (district.has(name) and name not in there):
            tables.make(layers.ALL[name])
            tables.put(name, to_crs(new, STORAGE_CRS, name), entry.at)
    tables.begin(layers.ALL[name] for name in tables.specs() if name in layers.SURVEYED)
    keep_totals(tables, district, district.totals)
    return journal.append(tables, with_result(unsealed(EntryKind.BEGIN, entry), district, {}))


def moved(wanted: District, now: District) -> District:
    """Return the layers of `wanted` in the working CRS of `now`, surveyed what was in `wanted`."""
    return replace(
        now.with_frames(assumed=True, **wanted.frames),
        surveyed=wanted.surveyed,
        surveyed_kinds=wanted.surveyed_kinds,
    )


def put(
    tables: Tables,
    after: District,
    edit: Edit,
    at: str,
    progress: ProgressCallback = no_progress,
) -> None:
    """
    Write the rows of an edit as they are in `after`.

    They go in portions, so that the change can be cancelled between two.
    """
    total, done = max(sum(map(sum, edit.counts.values())), 1), 0
    for name, one in edit.layers.items():
        frame, spec = after.frames[name], layers.ALL[name]
        tables.make(spec)
        wanted = are_among(frame[spec.key], one.added_keys.append(one.changed))
        rows = to_crs(frame[wanted], STORAGE_CRS, name)
        for start in range(0, len(rows), _PORTION):
            progress(done / total)
            portion = rows.iloc[start : start + _PORTION]
            tables.put(name, portion, at)
            done += len(portion)
        tables.remove(name, one.removed_keys.tolist(), at)
    progress(1.0)


def make_surveyed(tables: Tables, district: District) -> None:
    """Give every surveyed layer its table: an empty one says that there is none of it."""
    for name in layers.SURVEYED:
        if district.has(name):
            tables.make(layers.ALL[name])


def put_unknown(tables: Tables, now: District, wanted: District, at: str) -> Counts:
    """Bring the layers that this build does not know to what they are in `wanted`."""
    specs, counts = tables.specs(), {}
    for name in sorted(now.unknown_frames.keys() | wanted.unknown_frames.keys()):
        old, new = now.unknown_frames.get(name), wanted.unknown_frames.get(name)
        if name not in specs or old is None or new is None:
            continue  # a table that only the other store has is copied with the store, not by rows
        key = specs[name].key
        was, becomes = _rows_by_key(old, key), _rows_by_key(new, key)
        other = [one for one in becomes if one in was and becomes[one] != was[one]]
        added = [one for one in becomes if one not in was]
        removed = [one for one in was if one not in becomes]
        rows = new[new[key].isin([*added, *other])]
        if len(rows):
            tables.put(name, to_crs(rows, STORAGE_CRS, name), at)
        tables.remove(name, removed, at)
        if added or other or removed:
            counts[name] = (len(added), len(other), len(removed))
    return counts


def _rows_by_key(frame: gpd.GeoDataFrame, key: str) -> dict[str, bytes]:
    return dict(zip(frame[key], content.rows(frame), strict=True))


def recorded(tables: Tables, after: District, counts: Counts, entry: JournalEntry) -> JournalEntry:
    """Keep the sums over the layers of `counts`, and seal the entry."""
    keep_totals(tables, after, counts)
    return journal.append(tables, with_result(entry, after, counts))


def with_edit(entry: JournalEntry, edit: Edit) -> JournalEntry:
    """Return `entry` with the rows that change in it, if a person could read them all."""
    if sum(map(sum, edit.counts.values())) > _ROWS_TOLD:
        return entry
    document = to_document(edit)
    return replace(entry, edit=document) if len(canonical(document)) < _BYTES_TOLD else entry


def keep_totals(tables: Tables, district: District, names: Mapping[str, object]) -> None:
    """Keep the sums over layers as they are in `district`."""
    for name in names:
        tables.keep_total(name, content.packed(district.totals[name]))


def outside_counts(tables: Tables, head: JournalEntry, now: District) -> Counts:
    """Return what other software changed since the newest entry, by layer."""
    before = journal.district_at(tables, head)
    told = difference(before, now).counts if before.crs == now.crs else {}
    return dict.fromkeys(journal.edited_since(tables, head), (0, 0, 0)) | told


def cut(tables: Tables, after: JournalEntry, lost: Head, entry: Signature) -> JournalEntry:
    """Record after the newest entry that `lost`, noted outside the journal, is not in it."""
    blank = unsealed(EntryKind.CUT, replace(entry, why="", source=""), after=after)
    return journal.append(tables, replace(blank, payload={"lost": lost.seq, "digest": lost.digest}))


def restored(tables: Tables, now: District, wanted: District, entry: Signature) -> JournalEntry:
    """Write the rows of `wanted` in the place of those of `now`; what district.toml says stays."""
    now = replace(now, unknown_codes=joined(now.unknown_codes, wanted.unknown_codes))
    same = wanted if wanted.crs == now.crs else moved(wanted, now)
    edit = difference(now, same)
    after = replace(
        apply(now, edit),
        unknown_frames={**now.unknown_frames, **wanted.unknown_frames},
    )
    counts = put_unknown(tables, now, after, entry.at)
    put(tables, after, edit, entry.at)
    make_surveyed(tables, after)
    blank = with_edit(unsealed(EntryKind.RESTORE, entry), edit)
    return recorded(tables, after, {**edit.counts, **counts}, blank)


def require_untouched(tables: Tables, base: str, edit: Edit) -> None:
    """
    Raise if somebody touched a row of an edit after the version it was made from.

    Parameters
    ----------
    tables : Tables
        The store.
    base : str
        The version.
    edit : Edit
        The rows.

    Raises
    ------
    ConflictError
        Naming the row, and who touched it when.
    StoreError
        If the store never held the version.
    """
    entries = journal.entries(tables)
    since = next((one.seq for one in reversed(entries) if one.version == base), None)
    if since is None:
        version = base[:SHOWN_DIGITS]
        raise StoreError(
            f"the change starts from version {version}, which this store never held",
            f"修改所依据的版本 {version} 从未存入本库",
        )
    for name, one in edit.layers.items():
        others = tables.touched(name, since)
        for key in one.keys.intersection(list(others)):
            raise ConflictError.of_row(name, key, entries[others[key] - 1])
