"""
The survey template: a blank workbook from the LayerSpecs, which intake reads back as it is.

One sheet a layer, named as the layer; headings with units, what must be filled marked with ＊; a
note on every heading; drop-down lists for codes, for yes or no, and for the features that a row can
belong to. There is no example row: nothing has to be deleted before the sheet is handed in.
"""

import io
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

import layers
from exports.cells import head_cells, text_cell
from exports.findings_table import heading
from exports.layers_book import POSITION
from layers.district import District
from layers.spec import Column, LayerSpec

GUIDE, LISTS = "填表说明", "选项"
ROWS = 2000
"""Rows of each sheet that carry the lists."""
FILLED_IN = ("provenance", "source")
"""Columns that the import itself fills: where a row comes from."""
_TITLE = Font(bold=True, size=16)
_REQUIRED_FILL = PatternFill("solid", fgColor="8A1F1F")
_YES_NO = ("是", "否")
_MOST_CHOICES = 5000
_WIDTH, _GUIDE_WIDTHS = 16, (22, 20, 10, 10, 8, 60)
_KIND_ZH = {"str": "文字", "int": "整数", "float": "数字", "bool": "是/否", "date": "日期"}
_GUIDE = (
    "每张表对应一个图层，表名、表头请勿改动；一行一个对象，从第 2 行填起，没有示例行。",
    "表头为红底、带＊的列必填；其余不清楚就留空：留空表示“未调查”，不表示零，也不表示没有。",
    "带下拉箭头的单元格请从列表中选择；“所属小区”等列填编号或名称均可。",
    "编号一经使用请勿更改：再次导入时按编号更新，空格不会抹去已有数据。",
    "点状对象填经度、纬度（十进制度），坐标系在下一行选：高德、腾讯为 GCJ-02，百度为 BD-09。",
    "面状、线状对象按编号或名称对应已有图形，新图形另交矢量文件。",
)

_REFERENCES = ("EPSG:4490 CGCS2000 经纬度", "GCJ-02 高德、腾讯地图", "BD-09 百度地图")
"""What the line 坐标系 may state; intake reads it as the declaration of every sheet."""

Choices = tuple[str, ...]


def survey_template(district: District, wanted: Sequence[str] = layers.SURVEYED) -> bytes:
    """
    Return the blank survey workbook of a district.

    Parameters
    ----------
    district : District
        Its towns, estates and other features fill the drop-down lists.
    wanted : sequence of str, default `layers.SURVEYED`
        Layers, a sheet each.

    Returns
    -------
    bytes
        An .xlsx without any row of data.
    """
    specs = [layers.ALL[name] for name in wanted]
    book = Workbook()
    book.remove(book.worksheets[0])
    _write_guide(book.create_sheet(GUIDE), district, specs)
    found = [choices(column, district) for spec in specs for column in columns(spec)]
    lists = list(dict.fromkeys(filter(None, found)))
    for spec in specs:
        _write_sheet(book.create_sheet(spec.label_zh), spec, district, _places(lists))
    _write_lists(book.create_sheet(LISTS), lists)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns(spec: LayerSpec) -> tuple[Column, ...]:
    """Return the columns that a surveyor fills, the position of a point among them."""
    own = tuple(column for column in spec.columns if column.name not in FILLED_IN)
    return own + (POSITION if spec.geometry == "Point" else ())


def choices(column: Column, district: District) -> Choices:
    """Return what a cell of `column` may hold: labels of codes, yes or no, names of features."""
    if column.codes:
        return tuple(label.zh for label in column.codes.values())
    if column.dtype == "bool":
        return _YES_NO
    frame = district.frames.get(column.refers_to)
    if frame is None or not 0 < len(frame) <= _MOST_CHOICES:
        return ()
    keys = frame[layers.ALL[column.refers_to].key]
    if "name" not in frame:
        return tuple(keys)
    unclear = frame["name"].isna() | frame["name"].duplicated(keep=False)
    return tuple(frame["name"].where(~unclear, keys))


def _places(lists: Sequence[Choices]) -> Mapping[Choices, str]:
    """Return the cell range of each list, as a formula writes it."""
    letters = [get_column_letter(at) for at in range(1, len(lists) + 1)]
    return {
        one: f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(one)}"
        for one, letter in zip(lists, letters, strict=True)
    }


def _write_lists(sheet: Worksheet, lists: Sequence[Choices]) -> None:
    for row in zip_longest(*lists):
        sheet.append([None if text is None else text_cell(sheet, text) for text in row])
    sheet.sheet_state = "hidden"


def _write_sheet(
    sheet: Worksheet, spec: LayerSpec, district: District, places: Mapping[Choices, str]
) -> None:
    every = columns(spec)
    cells = head_cells(sheet, [heading(c, "zh") + ("＊" if _must(c) else "") for c in every])
    for column, cell in zip(every, cells, strict=True):
        if _must(column):
            cell.fill = _REQUIRED_FILL
        _note(cell, column)
    sheet.append(cells)
    sheet.freeze_panes = "C2"
    for at, column in enumerate(every, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _WIDTH
        rule = _rule(column, places.get(choices(column, district), ""))
        if rule is not None:
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(rule)


def _must(column: Column) -> bool:
    return (
        column.required and column.name != "source_date"
    )  # an empty date takes that of the import


def _note(cell: Cell, column: Column) -> None:
    cell.comment = Comment(_meaning(column), "litong", height=120, width=260)


def _meaning(column: Column) -> str:
    """Return what a column holds, in a few lines."""
    lines = [f"{column.label_zh} {column.label_en}", _KIND_ZH[column.dtype] + _limits(column)]
    if column.unit:
        lines.append(f"单位：{column.unit}")
    if column.codes:
        lines.append("取值：" + "、".join(label.zh for label in column.codes.values()))
    if column.refers_to:
        lines.append(f"填{layers.ALL[column.refers_to].label_zh}的编号或名称")
    lines.append("必填" if _must(column) else "不清楚就留空")
    return "\n".join(lines)


def _limits(column: Column) -> str:
    least = "" if column.least is None else f"不小于 {column.least:g}"
    most = "" if column.most is None else f"不大于 {column.most:g}"
    both = "，".join(filter(None, (least, most)))
    return f"，{both}" if both else ""


def _rule(column: Column, place: str) -> DataValidation | None:
    """Return the validation that the spreadsheet applies to a column, None for free text."""
    if place:
        rule = DataValidation(type="list", formula1=place, allow_blank=True)
        rule.showErrorMessage = not column.refers_to  # a new estate has no name in the list yet
    elif column.dtype in ("int", "float"):
        rule = _number_rule(column)
    elif column.dtype == "date":
        rule = DataValidation(type="date", operator="greaterThan", formula1="1", allow_blank=True)
    else:
        return None
    rule.errorTitle = column.label_zh
    rule.error = _meaning(column)[:220]  # a message box holds no more
    return rule


def _number_rule(column: Column) -> DataValidation:
    kind: Literal["whole", "decimal"] = "whole" if column.dtype == "int" else "decimal"
    least = -1e15 if column.least is None else column.least
    most = 1e15 if column.most is None else column.most
    rule = DataValidation(type=kind, operator="between", allow_blank=True, showErrorMessage=True)
    rule.formula1, rule.formula2 = f"{least:.15g}", f"{most:.15g}"
    return rule


def _write_reference(sheet: Worksheet) -> None:
    sheet.append([text_cell(sheet, text) for text in ("坐标系", _REFERENCES[0])])
    listed = '"' + ",".join(_REFERENCES) + '"'
    rule = DataValidation(type="list", formula1=listed, showErrorMessage=True)
    rule.add(f"B{sheet.max_row}")
    sheet.add_data_validation(rule)


def _write_guide(sheet: Worksheet, district: District, specs: Sequence[LayerSpec]) -> None:
    """Write what the surveyor must know, and every column with its meaning."""
    for at, width in enumerate(_GUIDE_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.append([text_cell(sheet, f"{district.name} 调查表", font=_TITLE)])
    for line in _GUIDE:
        sheet.append([text_cell(sheet, line)])
    _write_reference(sheet)
    sheet.append([])
    sheet.append(head_cells(sheet, ["工作表", "列", "类型", "单位", "必填", "取值"]))
    for spec in specs:
        for column in columns(spec):
            codes = "、".join(label.zh for label in (column.codes or {}).values())
            texts = (
                spec.label_zh,
                column.label_zh,
                _KIND_ZH[column.dtype],
                column.unit,
                "是" if _must(column) else "",
                codes or _limits(column).lstrip("，"),
            )
            sheet.append([text_cell(sheet, text, wrap=True) for text in texts])
