"""Traditional characters and variants match like simplified ones; names stay as written."""

import openpyxl
import pytest

import layers
from intake import units, values
from intake.headings import propose
from intake.spelling import spelling


def mapping(layer, heads):
    cells = dict.fromkeys(heads, ("1",))
    steps = propose(layers.ALL[layer], cells, {})
    return {one.step.removeprefix("column:"): one.chosen for one in steps if one.chosen}


@pytest.mark.parametrize(
    ("layer", "head", "column"),
    [
        ("estates", "戶數", "households"),
        ("estates", "總戸数", "households"),
        ("estates", "小區名稱", "name"),
        ("estates", "建築面積（萬㎡）", "floor_area_m2"),
        ("estates", "建成年份", "built_year"),
        ("buildings", "樓棟編號", "building_id"),
        ("buildings", "層數", "storeys"),
        ("facilities", "類型", "kind"),
        ("parking", "電動自行車充電口數", "ebike_ports"),
        ("pipelines", "管徑", "diameter_mm"),
        ("trees", "樹種", "species"),
    ],
)
def test_a_heading_in_traditional_characters_is_the_same_column(layer, head, column):
    assert mapping(layer, [head]) == {column: head}


@pytest.mark.parametrize("head", ["非居民戶數", "拆除建築面積", "空置戶數"])
def test_a_qualifier_in_traditional_characters_makes_another_thing_too(head):
    assert not {"households", "floor_area_m2"} & mapping("estates", [head]).keys()


@pytest.mark.parametrize(
    ("layer", "column", "cell", "value"),
    [
        ("facilities", "kind", "幼兒園", "kindergarten"),
        ("facilities", "kind", "公廁", "toilet"),
        ("pipelines", "kind", "給水", "JS"),
        ("estates", "built_year", "１９９８年竣工", 1998),
        ("estates", "households", "１２０戶", 120),
        ("estates", "floor_area_m2", "1.25萬㎡", 12500.0),
        ("units", "has_lift", "沒有", False),
        ("estates", "households", "不詳", None),
    ],
)
def test_a_value_in_traditional_or_wide_characters_is_read(layer, column, cell, value):
    spec = layers.ALL[layer].column(column)
    assert values.convert(spec, [cell], values.Reading(layer=layer)) == [value]


def test_units_and_names_are_compared_in_one_form():
    assert units.conversion("萬元", "元") == 10_000
    assert units.conversion("畝", "m²") == pytest.approx(10_000 / 15)
    assert spelling("朝陽小區３號樓") == spelling("朝阳小区3号楼")
    assert spelling("乾元小区") != spelling("干元小区")  # both are simplified text


def test_a_sheet_in_traditional_characters_keeps_its_names_and_leaves_out_its_total(
    tmp_path, read, draft
):
    book = openpyxl.Workbook()
    for line in [
        ["利通區老舊小區調查表", None, None], ["小區名稱", "戶數", "建築面積（㎡）"],
        ["東風電影院家屬樓", 120, 9800], ["財政局宿舍", 80, 6100], ["合計", 200, 15900],
    ]:  # fmt: skip
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    (table,) = read(tmp_path / "a.xlsx").tables
    assert list(table.rows) == [3, 4]
    found = draft(table)
    assert found.decoded.faults == {}
    assert found.cells["name"] == ["東風電影院家屬樓", "財政局宿舍"]
    assert found.cells["households"] == [120, 80]
