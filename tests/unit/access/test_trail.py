"""The audit trail: what was altered, or is missing, is named."""

import sqlite3
from contextlib import closing

import pytest

from access.trail import AuditEvent, EventKind
from geo.errors import StoreError


@pytest.fixture
def trail(register, clock):
    for number in range(4):
        register.trail.note(EventKind.DOWNLOAD, "zhang", clock(), about=f"file{number}.xlsx")
    return register.trail


def altered(register, statement):
    with closing(sqlite3.connect(register.settings.accounts)) as base, base:
        base.execute(statement)


def test_the_newest_entries_come_first(trail):
    newest = trail.newest(2)
    assert newest[0] == AuditEvent(
        "2026-11-30T08:00:00+00:00", "download", "zhang", "file3.xlsx", ""
    )
    assert [event.about for event in newest] == ["file3.xlsx", "file2.xlsx"]
    assert trail.verify() == 4


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE trail SET record = replace(record, 'zhang', 'li') WHERE seq = 2", 2),
        ("DELETE FROM trail WHERE seq = 3", 3),
        ("UPDATE trail SET previous = digest WHERE seq = 1", 1),
    ],
)
def test_an_entry_that_was_altered_or_removed_is_named(trail, register, statement, entry):
    altered(register, statement)
    with pytest.raises(StoreError, match=f"entry {entry} "):
        trail.verify()
