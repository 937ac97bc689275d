"""A key that says one place beside a name, a kind or a ground that says another is asked about."""

import pytest
import shapely
from typer.testing import CliRunner

from edits import apply
from intake.acceptance import accept
from intake.merging import merge
from jobs.cli import app
from store import open_store, write_district
from tests.unit.intake import known
from tests.unit.intake.delivery import workbook
from tests.unit.intake.known import NAMES, asked, draft, survey

HEADS = {
    "estates": ["小区编号", "小区名称", "户数"],
    "buildings": ["楼栋编号", "楼栋名称", "户数"],
    "facilities": ["设施编号", "设施名称", "设施类型"],
}
PERMUTED = [
    ("estates", [["E01", "裕民小区", 121]]),
    ("estates", [["E01", "农牧局家属院", 121], ["E02", "建行南苑", 131]]),
    ("estates", [["E01", "裕 民 小 区", 121], ["E02", "农牧局家属院", 131]]),
    ("estates", [["E01", "城南新村", 121]]),
    ("estates", [["E01", "建行北苑", 121]]),
    ("estates", [["E04", "财政局家属楼（二期）", 121]]),
    ("buildings", [["B1", "2号楼", 41], ["B2", "1号楼", 41]]),
    ("buildings", [["B1", "二幢", 41]]),
    ("buildings", [["B1", "4号楼", 41]]),
    ("facilities", [["F1", "惠康药店", "幼儿园"]]),
    ("facilities", [["F1", "利民幼儿园", "养老院"]]),
    ("facilities", [["F1", "另一个中心", "药店"]]),
]  # fmt: skip


def named(layer):
    """Return the keys and names that the district has."""
    frame = known.district()[layer]
    return dict(zip(frame.iloc[:, 0], frame["name"], strict=True))


@pytest.mark.parametrize(("layer", "rows"), PERMUTED)
def test_a_known_key_under_another_name_or_kind_is_a_question(layer, rows):
    one = draft(survey(HEADS[layer], rows), layer)
    assert asked(one) == ["conflict"]
    receipt = accept(one.choose("conflict", "quarantine"))
    assert receipt.read == len(receipt.accepted) + receipt.quarantined_rows
    assert {held.reasons[0].rule for held in receipt.quarantined} == {"row.conflict"}
    after = apply(known.district(), merge(known.district(), receipt))[layer]
    assert dict(zip(after.iloc[:, 0], after["name"], strict=True)) == named(layer)


def test_both_places_are_shown_side_by_side():
    one = draft(survey(HEADS["estates"], [["E01", "裕民小区", 121]]))
    (question,) = one.questions
    (evidence,) = question.candidates[1].evidence
    assert evidence.zh == "第 2 行 E01：小区名称 建行南苑 → 裕民小区，那是已有的 裕民小区（E03）"
    assert [offer.value for offer in question.candidates] == ["quarantine", "key", "name"]


def test_the_key_or_the_name_may_be_right_for_all_rows():
    rows = [["E01", "农牧局家属院", 121], ["E02", "建行南苑", 131]]
    one = draft(survey(HEADS["estates"], rows))
    by_key = accept(one.choose("conflict", "key")).accepted.set_index("estate_id")
    assert by_key["name"].to_dict() == {"E01": "农牧局家属院", "E02": "建行南苑"}
    by_name = accept(one.choose("conflict", "name")).accepted.set_index("estate_id")
    assert by_name["name"].to_dict() == {"E01": "建行南苑", "E02": "农牧局家属院"}
    assert by_name["households"].to_dict() == {"E01": 131, "E02": 121}
    assert by_name.geometry["E01"].equals(known.estates().geometry[0])


def test_a_name_that_nothing_has_holds_its_row_back_where_the_name_is_right():
    rows = [["E01", "裕民小区", 121], ["E02", "城南新村", 131]]
    receipt = accept(draft(survey(HEADS["estates"], rows)).choose("conflict", "name"))
    assert receipt.accepted["estate_id"].tolist() == ["E03"]
    assert [held.row for held in receipt.quarantined] == [3]


def test_single_rows_are_answered_before_all():
    rows = [["E01", "农牧局家属院", 121], ["E02", "建行南苑", 131]]
    one = draft(survey(HEADS["estates"], rows)).choose("same:2", "E02")
    assert asked(one) == ["conflict"]
    assert asked(one.choose("same:3", "E01")) == []
    receipt = accept(one.choose("same:3", ""))
    assert receipt.accepted["estate_id"].tolist() == ["E02"]
    assert [held.row for held in receipt.quarantined] == [3]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("E01", "建行南圆"),
        ("E03", "裕民小区小区"),
        ("E05", "朝阳小区36、37#"),
        ("E02", "农牧局家属"),
    ],
)
def test_a_slip_of_the_pen_is_corrected_and_told(key, name):
    one = draft(survey(HEADS["estates"], [[key, name, 121]]))
    assert asked(one) == []
    receipt = accept(one)
    assert receipt.accepted["name"].tolist() == [name]
    assert any("名称按表更正" in note.zh and name in note.zh for note in receipt.notes)


def test_another_name_on_the_same_ground_or_at_the_same_address_is_a_new_name_that_is_told():
    shape = known.estates().geometry[0]
    one = draft(survey(HEADS["estates"], [["E01", "城南新村", 121]], geometry=[shape]))
    one = one.choose("crs", "EPSG:4544")
    assert asked(one) == []
    assert any("建行南苑 → 城南新村" in note.zh for note in accept(one).notes)


def test_the_name_of_another_estate_is_asked_about_on_the_same_ground_too():
    shape = known.estates().geometry[0]
    one = draft(survey(HEADS["estates"], [["E01", "裕民小区", 121]], geometry=[shape]))
    assert asked(one.choose("crs", "EPSG:4544")) == ["conflict"]


@pytest.mark.parametrize(("east", "is_asked"), [(5, False), (300, True), (2_000, True)])
def test_a_key_on_the_ground_of_another_or_far_from_its_own_is_asked_about(east, is_asked):
    shape = known.estates().translate(east)[0]
    table = survey(HEADS["estates"], [["E01", "建行南苑", 121]], geometry=[shape])
    one = draft(table).choose("crs", "EPSG:4544")
    assert asked(one) == (["conflict"] if is_asked else [])


def test_what_a_person_says_is_another_place_gets_a_key_of_its_own():
    shape = shapely.box(604_500, 4_207_000, 604_560, 4_207_050)
    table = survey(HEADS["estates"], [["E01", "城南新村", 121]], geometry=[shape])
    one = draft(table).choose("crs", "EPSG:4544").choose("same:2", "")
    assert asked(one) == []
    (key,) = accept(one).accepted["estate_id"]
    assert key not in named("estates")


@pytest.mark.parametrize("name", NAMES)
def test_a_table_that_agrees_is_not_asked_about(name):
    key = f"E{NAMES.index(name) + 1:02d}"
    assert asked(draft(survey(HEADS["estates"], [[key, f" {name}", 121]]))) == []


@pytest.mark.slow
def test_the_command_writes_nothing_until_somebody_answers(tmp_path):
    write_district(known.district(), tmp_path / "D")
    rows = [
        ("小区编号", "小区名称", "户数"),
        ("E01", "农牧局家属院", 121),
        ("E02", "建行南苑", 131),
    ]
    file = workbook(tmp_path / "a.xlsx", rows)
    before = open_store(tmp_path / "D").read().version

    def imported(*more):
        run = ["import", str(tmp_path / "D"), str(file), "--layer", "estates", "--yes", *more]
        found = CliRunner().invoke(app, run)
        return found.exit_code, found.output

    code, said = imported()
    assert code == 4
    assert "--conflict" in said
    assert "--same E01=#2" in said
    assert "--same E02=#2" in said
    assert open_store(tmp_path / "D").read().version == before
    code, said = imported("--conflict", "quarantine")
    assert code == 3
    assert open_store(tmp_path / "D").read().version == before
    code, _ = imported("--conflict", "name")
    assert code == 0
    there = open_store(tmp_path / "D").read()["estates"].set_index("estate_id")
    assert there["name"].to_dict() == named("estates")
    assert there["households"].to_dict()["E01"] == 131
