"""What is wrong with a journal, its rows and its files: every fault at once, each in words."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from geo.errors import DataError, StoreError
from store import journal, legacy_content, row_versions
from store.chain import broken_link
from store.head import Head
from store.journal_entry import EntryKind, JournalEntry, labels, layer_label
from store.row_versions import RowVersion
from store.tables import Tables
from store.takeover import GREENING


class Flaw(NamedTuple):
    """One fault in words; `is_recorded` where the journal itself tells of it."""

    en: str
    zh: str
    is_recorded: bool = False


def flaws(tables: Tables, head: Head | None) -> list[Flaw]:
    """
    Check a journal against itself, the rows and files it keeps, and the content.

    Parameters
    ----------
    tables : Tables
        One consistent state of the store.
    head : Head or None
        The newest entry as noted outside; read before the state was opened.
    """
    links = tables.links()
    broken = broken_link(links)
    if broken:
        return [_altered(broken)]
    every = [journal.parsed(link) for link in links]
    found = [*_cut(tables, len(every), head), *_misfiled(tables, every), *_kept_rows(tables, every)]
    found += [*_blobs(tables, every), *_recorded(every)]
    return found + ([] if found else list(_content(tables, every)))


def require_none(flaws: Sequence[Flaw]) -> None:
    """Raise StoreError naming every one of some flaws."""
    if flaws:
        raise StoreError("\n".join(one.en for one in flaws), "\n".join(one.zh for one in flaws))


def is_cut(tables: Tables, head: Head | None) -> bool:
    """Return whether the entry that is noted outside is no longer in the journal."""
    if head is None or tables.schema is None:
        return head is not None
    return tables.digest_at(head.seq) != head.digest


def _cut(tables: Tables, last: int, head: Head | None) -> Iterator[Flaw]:
    if head is not None and is_cut(tables, head):
        yield Flaw(
            f"the journal ends at entry {last}, but entry {head.seq} ({head.digest[:12]}) "
            "was noted beside it: entries were cut off, or an older copy of the file is in place, "
            "or it was copied without its log",
            f"变更记录止于第 {last} 条，但旁存的记录头为第 {head.seq} 条"
            f"（{head.digest[:12]}）：末尾的记录被截去，或放入了较早的文件，或复制时漏了日志文件",
        )


def _altered(seq: int) -> Flaw:
    return Flaw(
        f"record {seq} of the journal, or a row that it kept, was altered",
        f"第 {seq} 条变更记录或其保留的原始行被改动",
    )


def _misfiled(tables: Tables, every: Sequence[JournalEntry]) -> Iterator[Flaw]:
    """Yield entries that are not found under their own kind and subject."""
    if not tables.schema:
        return
    index = tables.index()
    for entry, told in zip(every, index, strict=True):
        if (entry.seq, entry.kind, entry.subject) != tuple(told):
            yield _altered(entry.seq)


def _kept_rows(tables: Tables, every: Sequence[JournalEntry]) -> Iterator[Flaw]:
    place = first_invalid_entry(tables, every)
    if place:
        yield _altered(place)


def first_invalid_entry(tables: Tables, every: Sequence[JournalEntry]) -> int | None:
    """Return the place of the first entry whose kept rows are not those it was sealed with."""
    kept = {name: _by_entry(tables.row_versions(name)) for name in tables.specs()}
    for place, entry in enumerate(every, start=1):
        rows = {name: versions.pop(place, []) for name, versions in kept.items()}
        touched = {name: found for name, found in rows.items() if found or name in entry.counts}
        in_order = {name: touched.pop(name, []) for name in entry.counts}
        digest = row_versions.digest(in_order)
        if touched or entry.seq != place or digest != entry.rows:
            return place
    stray = {seq for versions in kept.values() for seq in versions if seq != len(every) + 1}
    return min(stray) if stray else None


def _by_entry(rows: Iterable[RowVersion]) -> dict[int, list[RowVersion]]:
    found: dict[int, list[RowVersion]] = {}
    for row in rows:
        found.setdefault(row.seq, []).append(row)
    return found


def _blobs(tables: Tables, every: Sequence[JournalEntry]) -> Iterator[Flaw]:
    """Yield files that are missing or altered, each with the first entry that keeps it."""
    owner = {digest: entry.seq for entry in reversed(every) for digest in entry.blobs}
    sound = {
        digest
        for digest, content in tables.blobs()
        if hashlib.sha256(content).hexdigest() == digest
    }
    for digest in sorted(owner.keys() - sound, key=owner.__getitem__):
        yield Flaw(
            f"record {owner[digest]} of the journal: its file {digest[:12]} is missing or altered",
            f"第 {owner[digest]} 条变更记录：所附文件 {digest[:12]} 缺失或被改动",
        )


def _recorded(every: Sequence[JournalEntry]) -> Iterator[Flaw]:
    """Yield the faults that the journal itself records."""
    for entry in every:
        if entry.kind == EntryKind.CUT:
            lost = entry.payload.get("lost", "?")
            yield Flaw(
                f"record {entry.seq} of the journal tells that entry {lost} was missing by then",
                f"第 {entry.seq} 条变更记录写明：此前第 {lost} 条记录已缺失",
                is_recorded=True,
            )
        if entry.kind == EntryKind.UPGRADE:
            yield from _of_upgrade(entry)


def _of_upgrade(entry: JournalEntry) -> Iterator[Flaw]:
    """Yield what was wrong with the records of an earlier build when they were taken over."""
    if entry.payload.get("unmatched"):
        names = labels(entry.payload["unmatched"])
        yield Flaw(
            f"record {entry.seq} of the journal tells that, when the store was taken over, "
            f"the content was not what had been recorded: {names.en}",
            f"第 {entry.seq} 条变更记录写明：升级接管时，以下图层的内容与原记录不符：{names.zh}",
            is_recorded=True,
        )
    altered = [one for one in entry.payload.get("faults", ()) if one.startswith(GREENING)]
    if altered:
        yield Flaw(
            f"record {entry.seq} of the journal tells that, when the store was taken over, "
            f"the greening record was not whole: {'; '.join(altered)}",
            f"第 {entry.seq} 条变更记录写明：升级接管时，绿化记录不完整：{'；'.join(altered)}",
            is_recorded=True,
        )


def _content(tables: Tables, every: Sequence[JournalEntry]) -> Iterator[Flaw]:
    """Yield layers whose content is not what the newest entry says."""
    if not every:
        return
    head = every[-1]
    try:
        district = journal.district_at(tables, head)
    except DataError as error:
        yield Flaw(
            f"the content is not what record {head.seq} says: {error.en}",
            f"内容与第 {head.seq} 条变更记录不符：{error.zh}",
        )
        return
    if not tables.schema:
        names = legacy_content.unmatched(district, head, tables.specs())
    else:
        now = district.counted(district.digests)
        every_name = now.keys() | head.digests.keys()
        names = sorted(name for name in every_name if now.get(name) != head.digests.get(name))
    for name in names:
        yield Flaw(
            f"{name}: the content is not what record {head.seq} says",
            f"{layer_label(name, 'zh')}：内容与第 {head.seq} 条变更记录不符",
        )
