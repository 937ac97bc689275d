"""Survey tables: a unit changes no value, the order of columns nothing, a spelling no estate."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from edits import apply
from intake.acceptance import accept
from intake.headings import parse
from intake.merging import merge
from intake.units import conversion
from tests.examples import examples
from tests.unit.intake import known
from tests.unit.intake.known import NAMES, asked, draft, survey

DISTRICT = known.district()
AREAS = st.floats(8_000, 20_000).map(lambda area: round(area, 2))
HEADINGS = ("户数", "建筑面积", "总投资", "建成年份", "户数（空置）", "备注")
ROWS = [
    [121, 12_100, 3.1e6, 1988, 3, "甲"],
    [131, 12_600, 3.2e6, 1989, 4, "乙"],
    [141, 13_100, 3.3e6, 1990, 5, "丙"],
]
UNITS = ["㎡", "m2", "百㎡", "千平方米", "万㎡", "万平方米", "亩", "公顷", "ha", "km²"]
FORMS = [
    "{0}（{1}）",
    "{0}({1})",
    "{0}/{1}",
    "{0}[{1}]",
    "{0}（单位：{1}）",
    "{0}，单位：{1}",
    "{0} {1}",
]


@examples(60)
@given(st.lists(AREAS, min_size=1, max_size=5), st.sampled_from(UNITS), st.sampled_from(FORMS))
def test_a_unit_changes_no_value_of_the_right_column(areas, unit, form):
    factor = conversion(unit, "m²")
    heading = form.format("建筑面积", unit)
    rows = [[name, area / factor] for name, area in zip(NAMES, areas, strict=False)]
    one = draft(survey(["小区名称", heading], rows))
    assert asked(one) == []
    assert accept(one).accepted["floor_area_m2"].tolist() == pytest.approx(areas)


@examples(40)
@given(st.permutations(range(len(HEADINGS) + 1)))
def test_the_order_of_the_columns_changes_nothing(order):
    heads = ["小区名称", *HEADINGS]
    rows = [[name, *row] for name, row in zip(NAMES, ROWS, strict=False)]
    shuffled = survey([heads[j] for j in order], [[row[j] for j in order] for row in rows])
    plain, other = draft(survey(heads, rows)), draft(shuffled)
    assert asked(other) == asked(plain) == []
    assert accept(other).accepted.equals(accept(plain).accepted)


def _spelt(name: str, way: int) -> str:
    wide = str.maketrans("0123456789#", "０１２３４５６７８９＃")
    ways = (
        name,
        " ".join(name),
        f"\u200b{name}\u200b",
        f"　{name} ",
        name.translate(wide),
        name.replace("#", "号楼"),
        name[:2] + "\u00a0" + name[2:],
    )
    return ways[way]


@examples(60)
@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.integers(0, 6)), min_size=1, unique_by=lambda p: p[0]
    )
)
def test_another_spelling_never_adds_an_estate_nor_renames_one(spelt):
    rows = [[_spelt(name, way), 121 + at] for at, (name, way) in enumerate(spelt)]
    one = draft(survey(["小区名称", "户数"], rows))
    assert asked(one) == []
    receipt = accept(one)
    assert receipt.quarantined == ()
    after = apply(DISTRICT, merge(DISTRICT, receipt))["estates"]
    assert after["name"].tolist() == DISTRICT["estates"]["name"].tolist()
    counted = dict(zip(after["name"], after["households"], strict=True))
    assert [counted[name] for name, _ in spelt] == [row[1] for row in rows]


@examples(60)
@given(st.sampled_from(NAMES), st.integers(0, 6), st.floats(-40, 40), st.floats(-30, 30))
def test_known_ground_under_another_key_and_spelling_is_a_question(name, way, east, north):
    at = NAMES.index(name)
    shape = known.estates().translate(east, north)[at]
    table = survey(["小区编号", "小区名称"], [["X1", _spelt(name, way)]], geometry=[shape])
    one = draft(table).choose("crs", "EPSG:4544")
    assert asked(one) == ["key"]
    assert accept(one.choose("key", "name")).accepted["estate_id"].tolist() == [f"E{at + 1:02d}"]


@given(st.text("户数建筑面积（）()[]【】/:：，,单位万元 ㎡_-*", max_size=30))
def test_the_words_of_any_heading_have_no_brackets_blanks_or_marks(text):
    assert not set(parse(text).words) & set("()（）[]【】/:：，, _-*")
