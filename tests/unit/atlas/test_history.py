import pytest

from atlas.history import Issue, IssuedPage, changes, dump, last_like, load
from geo.errors import DataError


def issue(edition, *pages, purpose="internal"):
    listed = tuple(IssuedPage(key, f"图{key}", digest) for key, digest in pages)
    return Issue("2023-03-15", edition, purpose, "draft", "", "d", "b", "s", listed)


def test_changes_name_what_was_added_changed_and_removed():
    before = issue("V1", ("a", "1"), ("b", "1"), ("c", "1"))
    after = issue("V2", ("a", "1"), ("b", "2"), ("d", "1"))
    found = [(change.kind, change.title) for change in changes(before, after)]
    assert found == [("changed", "图b"), ("added", "图d"), ("removed", "图c")]


def test_a_history_comes_back_as_it_was_kept():
    kept = [issue("V1", ("a", "1")), issue("V2", ("a", "2"))]
    assert load(dump(kept)) == kept
    assert load("") == []


def test_an_issue_is_compared_with_the_last_one_for_the_same_readers():
    kept = [issue("V1"), issue("V2"), issue("P1", purpose="public")]
    assert last_like(kept, issue("V3")).edition == "V2"
    assert last_like(kept[2:], issue("V3")) is None


@pytest.mark.parametrize("text", ["{", "[1]", '[{"date": "x"}]'])
def test_a_spoilt_history_is_refused(text):
    with pytest.raises(DataError, match="history"):
        load(text)


def test_an_issue_for_nobody_known_is_a_spoilt_history():
    with pytest.raises(DataError, match="history"):
        load(dump([issue("V1", purpose="<script>")]))
