"""
Stores of earlier builds: brought forward at the first write, in one transaction with one entry.

Schema 0 had the journal in `litong_changes`, its digests of content over the columns of the build
that wrote it, no files, and nothing but changes of rows. Its entries stay as they are, byte for
byte, and keep verifying. A new schema gets its number and its statements in both databases'
`migrate`; `store.tables.SCHEMA` says which is written.
"""

from dataclasses import replace

from geo.errors import StoreError
from layers.district import District
from store import journal, legacy_content, writing
from store.journal_entry import EntryKind, JournalEntry, Signature
from store.tables import SCHEMA, Tables


def require_known_schema(tables: Tables) -> None:
    """
    Refuse a store of a later build.

    Raises
    ------
    StoreError
        If its schema has a higher number than this build knows.
    """
    schema = tables.schema
    if schema is not None and schema > SCHEMA:
        raise StoreError(
            f"the store has schema {schema} of a later build, this one knows {SCHEMA}; "
            "install the newer version",
            f"数据库格式为 {schema}，由较新版本写成，本版本只支持 {SCHEMA}；请安装新版本",
        )


def upgrade(tables: Tables, now: District, head: JournalEntry, entry: Signature) -> JournalEntry:
    """
    Bring the tables to `SCHEMA` and record it.

    Parameters
    ----------
    tables : Tables
        Of an earlier schema, open for writing.
    now : District
        The content, with what other software may have changed since the newest entry.
    head : JournalEntry
        The newest entry.
    entry : Signature
        Of whoever writes first with this build.

    Returns
    -------
    JournalEntry
        Its payload names both schemas and, as `unmatched`, the layers whose content was not what
        `head` had recorded.
    """
    schema = tables.schema
    before = journal.district_at(tables, head)
    unmatched = legacy_content.unmatched(before, head, tables.specs())
    tables.migrate()
    if journal.edited_since(tables, head):
        outside(tables, now, head, entry)
    writing.keep_totals(tables, now, now.totals)
    blank = writing.unsealed(EntryKind.UPGRADE, replace(entry, why="", source=""))
    payload = {"from": schema, "to": SCHEMA, "unmatched": unmatched}
    return journal.append(tables, writing.with_result(replace(blank, payload=payload), now, {}))


OUTSIDE = "其他软件 other software"
"""Who signs what another program edited."""


def outside(tables: Tables, now: District, head: JournalEntry, entry: Signature) -> JournalEntry:
    """Record what another program changed since `head`, or what district.toml says otherwise."""
    counts = writing.outside_counts(tables, head, now)
    blank = writing.unsealed(EntryKind.OUTSIDE, Signature(OUTSIDE, entry.at))
    return writing.recorded(tables, now, counts, blank)
