# ruff: noqa: E501 - names are written out as they arrive
"""The same place under another spelling, the same ground under another key, the same facility twice."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from edits import apply
from intake.acceptance import accept
from intake.identity import beside
from intake.keys import NAME
from intake.merging import merge
from intake.spelling import spelling
from tests.examples import examples
from tests.unit.intake import known
from tests.unit.intake.known import FIXTURES, NAMES, asked, delivered, draft, survey
from wording import Text

VARIANTS = [
    ("建行南苑", "建行 南苑"), ("建行南苑", "建行南苑\u200b"), ("建行南苑", "　建行南苑"), ("建行南苑", "建行\u00a0南苑"), ("裕民小区", "裕 民 小 区"),
    ("朝阳小区36#、37#", "朝阳小区36＃、37＃"), ("朝阳小区36#、37#", "朝阳小区３６#、３７#"), ("朝阳小区36#、37#", "朝阳小区36号楼、37号楼"),
    ("镕基苑（东区）", "镕基苑(东区)"), ("A区1号楼", "Ａ区1#"), ("建行南苑", "建行·南苑"), ("建行南苑", "《建行南苑》"),
]  # fmt: skip
OTHERS = [
    ("建行南苑", "建行北苑"),
    ("36#", "37#"),
    ("1号楼", "11号楼"),
    ("建行南苑", "建行南苑（一期）"),
    ("裕民小区", "裕民"),
    ("一号院", "二号院"),
]


@pytest.mark.parametrize(("one", "other"), VARIANTS)
def test_spellings_of_one_name_are_one(one, other):
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_stay_others(one, other):
    assert spelling(one) != spelling(other)


@pytest.mark.parametrize("name", [other for one, other in VARIANTS if one in NAMES])
def test_a_survey_in_another_spelling_updates_the_estate_and_not_its_name(name):
    receipt = accept(draft(survey(["小区名称", "户数"], [[name, 121]])))
    (row,) = receipt.accepted.to_dict("records")
    assert row["name"] in NAMES
    assert row["households"] == 121


def outlines(dx=0.0, dy=0.0):
    return list(known.estates().translate(dx, dy))


def test_the_same_ground_under_another_key_is_asked_about_and_merged_with_a_trace():
    rows = [[f"X{i}", f"地块{i}", 121 + 10 * i] for i in range(5)]
    one = draft(survey(["小区编号", "小区名称", "户数"], rows, geometry=outlines(2, 3))).choose(
        "crs", "EPSG:4544"
    )
    (question,) = one.questions
    assert question.step == "key"
    assert "地块0 ↔ 建行南苑（E01）" in question.candidates[0].evidence[0].zh
    receipt = accept(one.choose("key", NAME))
    assert receipt.accepted["estate_id"].tolist() == ["E01", "E02", "E03", "E04", "E05"]
    assert any("建行南苑" in note.zh for note in receipt.notes)
    after = apply(known.district(), merge(known.district(), receipt))["estates"]
    assert after["households"].tolist() == [121, 131, 141, 151, 161]


def test_known_estates_in_other_spelling_are_a_question(read):
    delivery = delivered(read(FIXTURES / "5_known_estates_in_other_spelling.gpkg"), "estates")
    one = delivery.parts[0].draft.choose("crs", "EPSG:4544")
    assert "key" in asked(one)
    question = one.proposal("key")
    assert any("建行南苑" in words.zh for words in question.candidates[0].evidence)


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_what_has_no_name_is_shown_as_a_dash(nothing):
    twin = beside(nothing, nothing, "E01", 0, Text("同一地块", "same ground"))
    assert twin.evidence.zh == "— ↔ —（E01） 同一地块"


@pytest.mark.parametrize("dy", [700, 900, 1100])
def test_new_ground_under_a_new_name_is_new(dy):
    rows = [[f"X{i}", f"新苑{i}", 121] for i in range(5)]
    table = survey(["小区编号", "小区名称", "户数"], rows, geometry=outlines(0, dy))
    one = draft(table).choose("crs", "EPSG:4544")
    assert asked(one) == []
    assert accept(one).accepted["estate_id"].tolist() == [row[0] for row in rows]


@pytest.mark.parametrize("north", [0, 200, 500, 7_000])
def test_a_phase_of_a_known_estate_is_asked_about_however_far_it_is(north):
    shape = known.estates().translate(0, north)[0]  # its outline is 80 m deep
    table = survey(["小区编号", "小区名称"], [["X1", "建行南苑（一期）"]], geometry=[shape])
    one = draft(table).choose("crs", "EPSG:4544")
    assert asked(one) == ["key"]
    (evidence,) = one.proposal("key").candidates[0].evidence
    assert "建行南苑（一期） ↔ 建行南苑（E01）" in evidence.zh
    assert north < 80 or f"相距 {north - 80:,} m" in evidence.zh


FACILITIES = [
    ("利民幼儿园", "幼儿园", 0, True), ("利民 幼儿园", "幼儿园", 40, True), ("某幼儿园", "幼儿园", 4, True), (None, "幼儿园", 6, True),
    ("利民幼儿园", "幼儿园", 900, False), ("某幼儿园", "幼儿园", 40, False), ("利民幼儿园", "药店", 2, False), ("惠民幼儿园", "幼儿园", 60, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "metres", "is_twin"), FACILITIES)
def test_the_same_facility_twice_is_asked_about(name, kind, metres, is_twin):
    spot = shapely.Point(604_700, 4_206_200 + metres)
    table = survey(["设施编号", "设施名称", "设施类型"], [["N9", name, kind]], geometry=[spot])
    one = draft(table, "facilities").choose("crs", "EPSG:4544")
    assert ("key" in asked(one)) is is_twin
    if is_twin:
        assert accept(one.choose("key", NAME)).accepted["facility_id"].tolist() == ["F1"]


def test_a_facility_that_a_file_names_twice_is_asked_about():
    spots = [
        shapely.Point(604_900, 4_206_400),
        shapely.Point(604_903, 4_206_400),
        shapely.Point(604_990, 4_206_400),
    ]
    rows = [
        ["N1", "金秋食堂", "助餐点"],
        ["N2", "金秋 食堂", "助餐点"],
        ["N3", "夕阳食堂", "助餐点"],
    ]
    table = survey(["设施编号", "设施名称", "设施类型"], rows, geometry=spots)
    one = draft(table, "facilities").choose("crs", "EPSG:4544")
    assert asked(one) == ["twice"]
    receipt = accept(one.choose("twice", "first"))
    assert receipt.accepted["facility_id"].tolist() == ["N1", "N3"]
    assert [(held.row, held.reasons[0].rule) for held in receipt.quarantined] == [(3, "row.twice")]
    assert len(accept(one.choose("twice", "both")).accepted) == 3


def test_a_row_without_a_place_on_earth_is_nobody():
    with np.errstate(invalid="ignore"):
        spots = [shapely.Point(np.inf, 4_206_200), shapely.Point(np.nan, np.nan), shapely.Point()]
    rows = [[f"N{i}", "甲", "幼儿园"] for i in range(3)]
    table = survey(["设施编号", "设施名称", "设施类型"], rows, geometry=spots)
    one = draft(table, "facilities").choose("crs", "EPSG:4544")
    assert asked(one) == []
    assert accept(one).quarantined_rows == 3


def test_a_building_names_its_estate_in_any_spelling():
    table = survey(
        ["楼栋编号", "小区名称"], [["B1", "朝阳小区３６＃、37号楼"], ["B2", "裕 民小区"]]
    )
    assert draft(table, "buildings").cells["estate_id"] == ["E05", "E03"]


@st.composite
def spellings(draw):
    """Spell the name of a known estate as people and programs do."""
    name = draw(st.sampled_from(NAMES))
    for mark in draw(
        st.lists(st.sampled_from([" ", "\u3000", "\u200b", "\u00a0", "·", "-"]), max_size=4)
    ):
        at = draw(st.integers(0, len(name)))
        name = name[:at] + mark + name[at:]
    if draw(st.booleans()):
        name = name.replace("#", draw(st.sampled_from(["＃", "号楼", "#楼", "栋"])))
    if draw(st.booleans()):
        name = name.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    return draw(st.sampled_from([name, f"《{name}》", f" {name} "]))


@given(spellings(), st.integers(-9_000, 9_000), st.sampled_from(["X1", "E77", "LT-01"]))
@examples(150)
def test_a_spelling_of_a_known_name_never_adds_an_estate_unasked(name, north, key):
    shape = known.estates().translate(0, north)[0]
    one = draft(survey(["小区编号", "小区名称"], [[key, name]], geometry=[shape])).choose(
        "crs", "EPSG:4544"
    )
    assert asked(one) == ["key"]
    merged = accept(one.choose("key", NAME).choose("outside", "keep")).accepted
    assert set(merged["estate_id"]) <= {"E01", "E02", "E03", "E04", "E05"}
    assert set(merged["name"]) <= set(NAMES)
