"""What is told of walkways that do not meet."""

from datetime import date

import pytest

from rules.context import EvaluationContext
from rules.walkway_report import walkway_report
from tests.tiny_town import line, point, streets, tiny_town

# In front of C's door at (550, 110), a gap of 2 cm and one of 40 cm beside it, joined to nothing.
STRAY = {"walkway_id": "Z", "geometry": line((540, 105), (560, 105))}
SHORT = {"walkway_id": "Y", "geometry": line((600.4, 150), (640, 150))}
MIDDLE = {"walkway_id": "X", "geometry": line((50, 0), (50, -40))}


@pytest.fixture
def report(book):
    town = tiny_town(walkways=[*streets(), STRAY, SHORT, MIDDLE])
    return walkway_report(EvaluationContext(town, book, date(2026, 11, 23)))


def test_whom_the_longest_piece_serves_is_counted(report):
    # Of 60 households the 30 of C have the stray line nearest, one door of four.
    assert report.households_on_main == pytest.approx(30 / 60)
    assert report.doors_on_main == pytest.approx(3 / 4)
    assert report.faults.gap_m.tolist() == pytest.approx([0.4])


def test_it_is_told_in_both_languages(report):
    zh, en = ("\n".join(report.sentences(language)) for language in ("zh", "en"))
    assert "4 段" in zh
    assert "最长一段连着 50% 的户" in zh
    assert "最大缺口 0.40 m" in zh
    assert "1 处丁字路口" in zh
    assert "the longest serves 50% of households" in en
    assert "1 T-junction is not split" in en


def test_doors_far_from_every_walkway_are_named(book):
    town = tiny_town(walkways=[STRAY])
    found = walkway_report(EvaluationContext(town, book, date(2026, 11, 23)))
    assert found.far_id.tolist() == ["A-1-1", "A-1-2", "B-1-1"]
    assert "超过 150 m" in list(found.sentences("zh"))[-1]


def test_a_whole_network_has_nothing_to_tell_and_none_has_no_report(book):
    whole = walkway_report(EvaluationContext(tiny_town(), book, date(2026, 11, 23)))
    assert list(whole.sentences("zh")) == []
    bare = EvaluationContext(tiny_town(walkways=[]), book, date(2026, 11, 23))
    assert walkway_report(bare) is None


def test_gates_of_unknown_state_are_told(book):
    gate = {"entrance_id": "G", "estate_id": "B", "state": None, "geometry": point(310, 50)}
    town = tiny_town(entrances=[gate])
    found = walkway_report(EvaluationContext(town, book, date(2026, 11, 23)))
    assert list(found.sentences("zh")) == ["1 个出入口的开放状态没有登记，步行距离按开放计算"]
