from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest

from geo.errors import DataError
from programme.opinions import Answer, Opinion, State, counts, decide, note, noted
from store import ConflictError, EntryKind, Signature, open_store

WANG = Signature("王工", "2026-11-25T09:00:00+08:00")
LANE = Opinion("消防车道被围墙缩窄", "housing", "E1", "01-3", "V0.1", "李工", "2026-12-05")


def test_what_was_noted_comes_back_numbered_and_says_who_entered_it(tiny_folder):
    store = open_store(tiny_folder)
    assert note(store, LANE, entry=WANG) == 1
    assert note(store, replace(LANE, words="另一条"), entry=WANG) == 2
    first, second = noted(open_store(tiny_folder))
    assert (first.number, first.opinion, first.by) == (1, LANE, "王工")
    assert second.opinion.words == "另一条"


def test_an_answer_is_an_entry_of_the_journal_in_words(tiny_folder):
    store = open_store(tiny_folder)
    note(store, LANE, entry=WANG)
    decide(store, noted(store)[0], entry=WANG, answer=Answer.REJECTED, reason="围墙另案拆除")
    (one,) = noted(store)
    assert (one.opinion.answer, one.opinion.reason) == (Answer.REJECTED, "围墙另案拆除")
    sentence = store.history()[-1].sentence("zh")
    assert "不采纳" in sentence
    assert "围墙另案拆除" in sentence
    assert len(store.journal(EntryKind.OPINION)) == 2


@pytest.mark.slow
def test_two_who_answer_the_same_state_do_not_overwrite_each_other(tiny_folder):
    store = open_store(tiny_folder)
    note(store, LANE, entry=WANG)
    (before,) = noted(store)
    decide(store, before, entry=WANG, answer=Answer.ADOPTED)
    with pytest.raises(ConflictError):
        decide(store, before, entry=WANG, answer=Answer.REJECTED, reason="晚了")
    assert noted(store)[0].opinion.answer is Answer.ADOPTED


@pytest.mark.slow
def test_people_who_note_at_once_get_numbers_of_their_own(tiny_folder):
    writers, numbers, start = 6, [], Barrier(6)

    def write(n):
        start.wait()
        numbers.append(note(open_store(tiny_folder), replace(LANE, words=f"{n}"), entry=WANG))

    threads = [Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, writers + 1))
    assert sorted(one.opinion.words for one in noted(open_store(tiny_folder))) == list("012345")


@pytest.mark.parametrize(
    ("opinion", "on", "state"),
    [
        (LANE, "2026-12-05", State.WAITING),
        (LANE, "2026-12-06", State.LATE),
        (replace(LANE, due=""), "2030-01-01", State.WAITING),
        (replace(LANE, answer=Answer.ADOPTED), "2026-12-06", State.LATE),
        (replace(LANE, answer=Answer.ADOPTED, is_done=True), "2026-12-06", State.SETTLED),
        (replace(LANE, answer=Answer.REJECTED, reason="否"), "2026-12-06", State.SETTLED),
    ],
)
def test_somebody_has_to_act_until_it_is_done_or_rejected(opinion, on, state):
    assert opinion.state(date.fromisoformat(on)) is state


@pytest.mark.slow
def test_counts_add_up(tiny_folder):
    store = open_store(tiny_folder)
    for words in ("甲", "乙", "丙"):
        note(store, replace(LANE, words=words), entry=WANG)
    decide(store, noted(store)[1], entry=WANG, answer=Answer.ADOPTED, is_done=True)
    found = counts(noted(store), date(2026, 12, 6))
    assert found == {
        "n": 3, "open": 2, "adopted": 1, "rejected": 0, "waiting": 0, "late": 2, "settled": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("words", "  ", "opinion"),
        ("body", "", "body"),
        ("words", "x" * 2001, "2,001"),
        ("words", "a\x00b", "U\\+0000"),
        ("person", "\ud800", "U\\+D800"),
        ("due", "2026-13-01", "deadline"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_its_field(field, value, named):
    with pytest.raises(DataError, match=named):
        replace(LANE, **{field: value})


def test_a_rejection_needs_a_reason():
    with pytest.raises(DataError, match="reason"):
        replace(LANE, answer=Answer.REJECTED)


def test_an_entry_that_is_no_opinion_is_named(tiny_folder):
    store = open_store(tiny_folder)
    entry = store.record(EntryKind.OPINION, {"answer": "maybe"}, entry=WANG, subject="1")
    with pytest.raises(DataError, match=f"entry {entry.seq}"):
        noted(store)
