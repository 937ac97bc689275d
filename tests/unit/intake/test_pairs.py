"""Rows that are probably known features are answered for one by one, before what is said of all."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from edits import apply
from geo.errors import DataError
from intake.acceptance import accept
from intake.keys import GENERATE, NAME
from intake.merging import merge
from intake.pairs import read_pairs
from jobs.cli import app
from store import open_store, write_district
from tests.examples import examples
from tests.unit.intake import known
from tests.unit.intake.delivery import geopackage
from tests.unit.intake.known import asked, draft, survey

SPELT = ["建行 南苑", "农牧局 家属院", "裕民 小区", "财政局 家属楼", "朝阳小区36＃、37＃"]
KEYS = ["E01", "E02", "E03", "E04", "E05"]


def five(keys=("X0", "X1", "X2", "X3", "X4")):
    """Return a draft of the five known estates in another spelling and under other keys."""
    rows = [
        [key, name, 121 + 10 * i] for i, (key, name) in enumerate(zip(keys, SPELT, strict=True))
    ]
    shapes = list(known.estates().translate(2, 3))
    table = survey(["小区编号", "小区名称", "户数"], rows, geometry=shapes)
    return draft(table).choose("crs", "EPSG:4544")


def accepted(one):
    """Return the keys of the accepted rows, sorted."""
    return sorted(accept(one).accepted["estate_id"])


def test_each_pair_is_answered_by_itself():
    one = five()
    assert asked(one) == ["key"]
    for row, key in zip(range(2, 7), ["E01", "", "E03", "", "E05"], strict=True):
        one = one.choose(f"same:{row}", key)
    assert asked(one) == []
    assert accepted(one) == ["E01", "E03", "E05", "X1", "X3"]


def test_what_is_merged_leaves_a_trace_and_what_is_not_leaves_none():
    one = five().choose("key", NAME).choose("same:3", "")
    notes = [note.zh for note in accept(one).notes]
    assert sum("按已有要素更新" in note for note in notes) == 4
    assert not any("农牧局" in note for note in notes)
    assert accept(one).choices["same:3"] == ""
    after = apply(known.district(), merge(known.district(), accept(one)))["estates"]
    assert len(after) == 6
    assert after.set_index("estate_id")["households"].to_dict()["E01"] == 121


def test_the_answer_for_one_goes_before_the_answer_for_all():
    all_but_one = accepted(five().choose("key", NAME).choose("same:4", ""))
    assert all_but_one == ["E01", "E02", "E04", "E05", "X2"]
    only_one = accepted(five().choose("key", "小区编号").choose("same:4", "E03"))
    assert only_one == ["E03", "X0", "X1", "X3", "X4"]
    made = accepted(five().choose("key", GENERATE).choose("same:4", "E03"))
    assert "E03" in made
    assert not set(made) & {"X0", "X1", "X3", "X4"}


def test_the_question_counts_the_pairs_that_are_open():
    one = five().choose("same:2", "E01").choose("same:3", "")
    question = one.proposal("key")
    assert question.question.zh.startswith("有 3 行")
    assert not any("建行" in words.zh for words in question.candidates[0].evidence)


def test_an_answer_can_be_taken_back():
    one = five().choose("same:2", "E01")
    again = one.undo("same:2")
    assert again.proposal("key").question.zh.startswith("有 5 行")
    assert again.choices == five().choices


def test_a_person_may_know_a_pair_that_nothing_tells():
    table = survey(
        ["小区编号", "小区名称"],
        [["X9", "城南新村"]],
        geometry=[shapely.box(604_500, 4_207_000, 604_560, 4_207_050)],
    )
    one = draft(table).choose("crs", "EPSG:4544")
    assert asked(one) == []
    said = one.choose("same:2", "E02")
    assert accepted(said) == ["E02"]
    assert any("城南新村 ↔ 农牧局家属院（E02）" in note.zh for note in accept(said).notes)


def test_of_two_rows_that_are_one_feature_the_second_is_set_apart():
    receipt = accept(five().choose("key", NAME).choose("same:3", "E01"))
    assert [held.row for held in receipt.quarantined] == [3]
    assert receipt.accepted["estate_id"].tolist() == ["E01", "E03", "E04", "E05"]
    assert not any("农牧局" in note.zh for note in receipt.notes)


@pytest.mark.parametrize(
    ("step", "value"), [("same:2", "E99"), ("same:99", "E01"), ("same:", "E01"), ("same:x", "")]
)
def test_an_answer_about_nothing_is_refused(step, value):
    with pytest.raises(DataError):
        five().choose(step, value)


def test_of_a_row_found_by_name_a_person_may_say_that_it_is_another():
    one = draft(survey(["小区名称", "户数"], [["建行南苑", 121]]))
    assert accepted(one.choose("same:2", "E02")) == ["E02"]
    assert accepted(one.choose("same:2", "")) == []


def test_answers_are_kept_for_a_district_that_changed():
    one = five().choose("same:2", "E01").choose("same:3", "")
    assert one.at(one.place, one.origin).choices == one.choices


@given(st.lists(st.sampled_from(["same", "other", "open"]), min_size=5, max_size=5), st.booleans())
@examples(40)
def test_every_row_is_accepted_under_the_key_that_was_said(answers, for_all):
    one = five()
    for at, answer in enumerate(answers):
        if answer != "open":
            one = one.choose(f"same:{at + 2}", KEYS[at] if answer == "same" else "")
    if "open" in answers:
        one = one.choose("key", NAME if for_all else "小区编号")
    is_same = {"same": True, "other": False, "open": for_all}
    wanted = [KEYS[at] if is_same[answer] else f"X{at}" for at, answer in enumerate(answers)]
    assert accepted(one) == sorted(wanted)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("E10=东风小区", {"东风小区": "E10"}),
        ("=东风小区", {"东风小区": ""}),
        (" E10 = #7 ", {"#7": "E10"}),
    ],
)
def test_a_pair_is_written_as_key_and_row(text, pairs):
    assert read_pairs(text) == pairs


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_pairs_come_from_a_file_too(tmp_path, encoding):
    path = tmp_path / "对照.txt"
    path.write_text("# 核对人 王工\nE01=建行 南苑\n\n=裕民 小区\r\n", encoding)
    assert read_pairs(str(path)) == {"建行 南苑": "E01", "裕民 小区": ""}


@pytest.mark.parametrize("text", ["nothing", "", "E10=", "="])
def test_what_is_no_pair_is_refused_in_words(text):
    with pytest.raises(DataError, match="pair"):
        read_pairs(text)


def imported(folder, *more):
    found = CliRunner().invoke(app, ["import", str(folder), *map(str, more)])
    return found.exit_code, found.output


@pytest.fixture
def folder(tmp_path):
    write_district(known.district(), tmp_path / "D")
    return tmp_path / "D"


@pytest.fixture
def file(tmp_path):
    from tests.unit.intake.delivery import Estate  # noqa: PLC0415

    shapes = list(known.estates().translate(2, 3))
    rows = [
        Estate(f"X{i}", name, 125 + 10 * i, 12_000.0, shapes[i]) for i, name in enumerate(SPELT)
    ]
    return geopackage(tmp_path / "小区.gpkg", rows, shapes, srs=4544)


ARGUMENTS = ("--layer", "estates", "--crs", "EPSG:4544", "--yes")


@pytest.mark.slow
def test_the_command_lists_every_pair_and_takes_an_answer_for_each(folder, file, tmp_path):
    code, said = imported(folder, file, *ARGUMENTS)
    assert code == 4
    assert [f"--same {key}=#{at}" in said for at, key in enumerate(KEYS, 1)] == [True] * 5
    (tmp_path / "pairs.txt").write_text("E03=裕民小区\n=#4\n", "utf-8")
    pairs = (
        "--same",
        "E01=建行南苑",
        "--same",
        "=X1",
        "--same",
        tmp_path / "pairs.txt",
        "--same",
        "E05=#5",
    )
    code, said = imported(folder, file, *ARGUMENTS, *pairs)
    assert code == 0, said
    there = open_store(folder).read()["estates"]
    assert sorted(there["estate_id"]) == ["E01", "E02", "E03", "E04", "E05", "X1", "X3"]


@pytest.mark.parametrize(("pair", "words"), [("E01=没有的", "没有叫"), ("E99=X0", "没有编号 E99")])
def test_the_command_refuses_a_pair_that_is_none(folder, file, pair, words):
    code, said = imported(folder, file, *ARGUMENTS, "--same", pair)
    assert code == 1
    assert words in said


def test_the_command_refuses_two_answers_for_one_row(folder, file):
    code, said = imported(folder, file, *ARGUMENTS, "--same", "E01=X0", "--same", "E02=#1")
    assert code == 1
    assert "回答了两次" in said
