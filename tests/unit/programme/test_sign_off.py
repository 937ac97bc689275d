import pytest

from geo.errors import DataError
from programme.sign_off import SignOff, sign_off, signed_off
from store import EntryKind, Signature, open_store

WANG = Signature("王工", "2026-12-01T09:00:00+08:00")
MZJ = SignOff("ab12", "V0.1", "mzj", "2026-12-01", "李局")


def test_who_signed_comes_back_and_is_an_entry_in_words(tiny_folder):
    store = open_store(tiny_folder)
    sign_off(store, MZJ, entry=WANG)
    other = SignOff("ab12", "V0.1", "zrj", "2026-12-02")
    sign_off(store, other, entry=WANG)
    assert signed_off(open_store(tiny_folder)) == [MZJ, other]
    sentence = store.history()[-1].sentence("zh")
    assert "会签" in sentence
    assert "V0.1" in sentence


def test_a_withdrawn_record_counts_no_more_and_stays_in_the_journal(tiny_folder):
    store = open_store(tiny_folder)
    sign_off(store, MZJ, entry=WANG)
    sign_off(store, MZJ.withdrawn(), entry=WANG)
    assert signed_off(store) == []
    assert len(store.journal(EntryKind.SIGN_OFF)) == 2


@pytest.mark.parametrize("wrong", [{"body": ""}, {"issue": ""}, {"date": "1 December"}])
def test_a_sign_off_without_issue_body_or_day_is_refused(wrong):
    fields = {"issue": "ab12", "edition": "V0.1", "body": "mzj", "date": "2026-12-01"}
    with pytest.raises(DataError):
        SignOff(**{**fields, **wrong})


def test_an_entry_that_is_no_sign_off_is_named(tiny_folder):
    store = open_store(tiny_folder)
    entry = store.record(EntryKind.SIGN_OFF, {"edition": "V1"}, entry=WANG, subject="x")
    with pytest.raises(DataError, match=f"entry {entry.seq}"):
        signed_off(store)
