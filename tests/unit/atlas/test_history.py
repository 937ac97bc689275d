import pytest

from atlas.history import Issue, IssuedPage, changes, issued, last_like, remember
from geo.errors import DataError
from store import EntryKind, Signature, open_store

WANG = Signature("王工", "2026-11-25T09:00:00+08:00")


def issue(edition, *pages, purpose="internal"):
    listed = tuple(IssuedPage(key, f"图{key}", digest) for key, digest in pages)
    return Issue("2023-03-15", edition, purpose, "draft", "", "d", "b", "s", listed)


def test_changes_name_what_was_added_changed_and_removed():
    before = issue("V1", ("a", "1"), ("b", "1"), ("c", "1"))
    after = issue("V2", ("a", "1"), ("b", "2"), ("d", "1"))
    found = [(change.kind, change.title) for change in changes(before, after)]
    assert found == [("changed", "图b"), ("added", "图d"), ("removed", "图c")]


def test_issues_come_back_from_the_journal_as_they_were_entered(tiny_folder):
    store = open_store(tiny_folder)
    assert issued(store) == []
    kept = [issue("V1", ("a", "1")), issue("V2", ("a", "2"))]
    for one in kept:
        remember(store, one, entry=WANG)
    assert issued(open_store(tiny_folder)) == kept
    assert "V2" in store.history()[-1].sentence("zh")


def test_an_issue_is_compared_with_the_last_one_for_the_same_readers():
    kept = [issue("V1"), issue("V2"), issue("P1", purpose="public")]
    assert last_like(kept, issue("V3")).edition == "V2"
    assert last_like(kept[2:], issue("V3")) is None


@pytest.mark.parametrize("payload", [{}, {"date": "x"}, {"purpose": "<script>", "pages": []}])
def test_an_entry_that_is_no_issue_is_refused(tiny_folder, payload):
    store = open_store(tiny_folder)
    store.record(EntryKind.BOOKLET, payload, entry=WANG)
    with pytest.raises(DataError, match="history"):
        issued(store)
