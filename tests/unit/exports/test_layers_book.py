"""The workbooks of the layers: typed cells, formulas of ours alone, drop-downs with the codes."""

import io

import openpyxl
import pytest
import shapely

import layers
from exports import template
from exports.findings_table import heading
from exports.handover import FORMATS, export_bytes
from exports.layers_book import CELL_LIMIT, layers_workbook
from geo.errors import DataError
from jobs.export_command import Form
from tests.unit.exports.conftest import HOSTILE


def _opened(content, **more):
    return openpyxl.load_workbook(io.BytesIO(content), **more)


def test_the_only_formulas_are_our_sums_and_text_of_the_data_stays_text(district):
    sheet = _opened(layers_workbook(district)[0])["小区"]
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(cell.value.startswith("=SUM(") and cell.row == 4 for cell in formulas)
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(4, heads["户数（户）"]).value == "=SUM(F2:F3)"
    name = sheet.cell(2, heads["小区名称"])
    assert (name.value, name.data_type) == (HOSTILE, "s")
    assert sheet.cell(2, heads["户数（户）"]).value == 40
    assert sheet.cell(2, heads["数据日期"]).is_date
    assert sheet.auto_filter.ref.startswith("A1:")


def test_an_outline_longer_than_a_cell_goes_on_in_the_next_column(district):
    circle = shapely.Point(600_050, 4_200_050).buffer(50, quad_segs=400)  # 1,600 corners, 51 kB
    round_ = district.with_frames(
        estates=district["estates"].set_geometry([circle, district["estates"].geometry[1]])
    )
    sheet = _opened(layers_workbook(round_)[0])["小区"]
    heads = [cell.value for cell in sheet[1]]
    assert [head for head in heads if head.startswith("几何WKB")] == ["几何WKB", "几何WKB2"]
    at = heads.index("几何WKB")
    pieces = [cell.value for cell in sheet[2][at : at + 2]]
    assert len(pieces[0]) == CELL_LIMIT
    assert shapely.from_wkb("".join(pieces)).geom_type == "Polygon"


def test_text_that_a_cell_cannot_hold_is_counted(district):
    odd = district.with_frames(estates=district["estates"].assign(address=["a\x01b", "x" * 40_000]))
    (shortfall,) = layers_workbook(odd)[1]
    assert (shortfall.column, shortfall.rows) == ("address", 2)
    assert "地址" in shortfall.sentence("zh")
    assert "estates.address: 2 values" in shortfall.sentence("en")


@pytest.mark.slow
def test_a_column_that_only_another_build_knows_may_hold_anything(district):
    estates = district["estates"].assign(odd=[b"\xff", 3], bare=None)
    kept = {"surveyed": district.surveyed, "surveyed_kinds": district.surveyed_kinds}
    later = district.sharing({"estates": estates}, **kept)
    sheet = _opened(layers_workbook(later)[0])["小区"]
    heads = [cell.value for cell in sheet[1]]
    assert [sheet.cell(row, heads.index("odd") + 1).value for row in (2, 3)] == ["b'\\xff'", "3"]
    assert sheet.cell(2, heads.index("bare") + 1).value is None
    for form in ("gpkg", "shp-gbk"):
        assert export_bytes(later, form)[0]


def test_a_form_that_does_not_exist_is_named_with_those_that_do(district):
    with pytest.raises(DataError, match="gpkg, gdb, shp, shp-gbk, xlsx, template"):
        export_bytes(district, "dwg")


def test_the_command_offers_every_form():
    assert list(Form) == list(FORMATS)
    assert all(form.label("zh") != form.label("en") for form in FORMATS.values())


@pytest.fixture(scope="module")
def blank(tiny_demo):
    return tiny_demo, _opened(template.survey_template(tiny_demo))


@pytest.mark.parametrize("layer", layers.SURVEYED)
def test_the_template_has_a_sheet_a_layer_without_any_row(blank, layer):
    spec, sheet = layers.ALL[layer], blank[1][layers.ALL[layer].label_zh]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.max_row == 1
    assert len(heads) == len(spec.columns) - 2 + 2 * (spec.geometry == "Point")
    assert all(cell.comment for cell in sheet[1])
    for column in template.columns(spec):
        must = column.required and column.name != "source_date"
        assert heading(column, "zh") + ("＊" if must else "") in heads


def _offered(book, sheet, heading):
    """Return what the drop-down below a heading offers, following its reference by hand."""
    letter = next(c.column_letter for c in sheet[1] if c.value.startswith(heading))
    (rule,) = [r for r in sheet.data_validations.dataValidation if f"{letter}2" in r.sqref]
    name, cells = rule.formula1.split("!")
    return [row[0].value for row in book[name.strip("'")][cells.replace("$", "")]]


def test_drop_downs_offer_codes_yes_or_no_and_the_districts_own_estates(blank):
    district, book = blank
    assert _offered(book, book["管线"], "管类代码") == [
        label.zh for label in layers.pipelines.KINDS.values()
    ]
    assert _offered(book, book["管线"], "雨污混接") == ["是", "否"]
    assert _offered(book, book["楼栋"], "所属小区") == district["estates"]["name"].tolist()


def test_numbers_outside_their_limits_are_refused_by_the_spreadsheet(blank):
    sheet = blank[1]["小区"]
    letter = next(c.column_letter for c in sheet[1] if c.value == "建成年份")
    (rule,) = [r for r in sheet.data_validations.dataValidation if f"{letter}2" in r.sqref]
    assert (rule.type, rule.operator, rule.formula1, rule.formula2) == (
        "whole",
        "between",
        "1900",
        "2100",
    )
