import dataclasses

import pytest

from atlas.compose import compose, context_of
from atlas.history import (
    Issue,
    IssuedPage,
    _revision,
    _unsigned,
    changes,
    issue_of,
    issued,
    last_like,
    outlined,
    remember,
)
from atlas.request import Request, Stage, Volume
from geo.errors import DataError
from programme.sign_off import SignOff
from rules.book import load_book
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("payload", [{}, {"date": "x"}, {"purpose": "<script>", "pages": []}])
def test_an_entry_that_is_no_issue_is_refused(tiny_folder, payload):
    store = open_store(tiny_folder)
    store.record(EntryKind.BOOKLET, payload, entry=WANG)
    with pytest.raises(DataError, match="history"):
        issued(store)


REQUEST = Request("2026-11-30", "", volume=Volume.SHORT)


@pytest.fixture(scope="module")
def drawn(district, findings):
    """Return a function that plans or makes the next edition after some issues."""

    def _issue(issues, signed=(), *, rows=findings, **changes):
        request = dataclasses.replace(REQUEST, **changes)
        context = context_of(district, rows, load_book(), None, request)
        outline = outlined(context, issues, signed)
        return outline, issue_of(compose(context, outline=outline), context)

    return _issue


@pytest.mark.slow
def test_the_first_edition_is_v01_and_the_same_content_keeps_its_number(drawn):
    outline, first = drawn([])
    assert (outline.edition, outline.revision) == ("V0.1", None)
    again, same = drawn([first])
    assert again.edition == "V0.1"
    assert same == first


@pytest.mark.slow
def test_other_content_is_the_next_edition_and_says_what_changed(drawn, findings):
    _, first = drawn([])
    changed = findings.assign(value=findings["value"].where(findings["rule_id"] != "rule.01", 0.2))
    outline, second = drawn([first], rows=changed)
    assert outline.edition == second.edition == "V0.2"
    assert outline.revision.edition == "V0.1"
    titles = {change.title for change in outline.revision.changes}
    assert "示例小区短板图" in titles
    assert "邻家小区短板图" not in titles
    assert [plan.kind for plan in outline.page_plans][:3] == ["cover", "contents", "changes"]
    # the list of changes is no change itself
    assert "变更一览" not in {change.title for change in changes(first, second)}


@pytest.mark.slow
def test_a_version_number_is_issued_once(drawn, findings):
    _, first = drawn([], edition="V1.0")
    drawn([first], edition="V1.0")  # the same content
    changed = findings.assign(value=findings["value"].fillna(0.1) + 1)
    with pytest.raises(DataError, match=r"such as V1\.1"):
        drawn([first], rows=changed, edition="V1.0")


@pytest.mark.slow
def test_from_draft_to_formal_is_a_change_of_edition(district, findings, drawn):
    _, first = drawn([])
    request = dataclasses.replace(REQUEST, stage=Stage.FORMAL)
    context = context_of(district, findings, load_book(), None, request)
    outline = outlined(context, [first])
    assert (outline.edition, outline.revision.stage) == ("V0.2", "draft")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("last", "following"), [("V0.9", "V0.10"), ("2026-3 稿", "2026-4 稿"), ("送审", "送审.1")]
)
def test_the_next_edition_counts_on_in_the_last_number(drawn, findings, last, following):
    _, first = drawn([], edition=last)
    outline, _ = drawn([first], rows=findings.assign(severity=0.5))
    assert outline.edition == following


def test_a_page_that_is_not_what_a_body_signed_is_to_be_signed_again_until_it_signs_anew():
    one = issue("V0.1", ("a", "1"), ("b", "1"), ("c", "1"))
    two = issue("V0.2", ("a", "1"), ("b", "2"), ("c", "1"))
    three = issue("V0.3", ("a", "1"), ("b", "2"), ("d", "1"))
    issues = [dataclasses.replace(each, sha256=each.edition) for each in (one, two, three)]

    def unsigned(*signed):
        found = _revision(issues[1], issues[2].pages, _unsigned(issues[:2], signed, three.pages))
        return {(change.title, change.kind): change.unsigned for change in found.changes}

    signed = [
        SignOff(one, one, body, "2026-12-01") for one, body in (("V0.1", "甲"), ("V0.2", "乙"))
    ]
    assert unsigned(*signed) == {
        ("图b", "since_signed"): (("甲", "V0.1"),),
        ("图d", "added"): (("乙", "V0.2"), ("甲", "V0.1")),
        ("图c", "removed"): (("乙", "V0.2"), ("甲", "V0.1")),
    }
    again = SignOff("V0.2", "V0.2", "甲", "2026-12-02")
    assert ("图b", "since_signed") not in unsigned(*signed, again)
    assert unsigned(SignOff("another file", "V9", "甲", "2026-12-02")) == {
        ("图d", "added"): (),
        ("图c", "removed"): (),
    }


def test_the_next_edition_says_who_signs_a_changed_page_again(drawn, findings):
    _, first = drawn([])
    signed = [SignOff(first.sha256, first.edition, "mzj", "2026-12-01")]
    changed = findings.assign(value=findings["value"].where(findings["rule_id"] != "rule.01", 0.2))
    outline, _ = drawn([first], signed, rows=changed)
    again = {change.title: change.unsigned for change in outline.revision.unsigned}
    assert again["示例小区短板图"] == (("mzj", "V0.1"),)
    assert "邻家小区短板图" not in again
