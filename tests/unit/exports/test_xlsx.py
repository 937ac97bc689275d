"""The workbook, read back cell by cell."""

import datetime as dt
import io

import pandas as pd
import pytest
from openpyxl import load_workbook

from exports import findings_table
from exports.xlsx import findings_workbook
from geo.errors import DataError
from rules.book import load_book
from rules.ranking import formula

BOOK = load_book()


def _open(findings, district, language="zh", filters=()):
    return load_workbook(io.BytesIO(findings_workbook(findings, district, BOOK, language, filters)))


def _cells(sheet, column):
    return [cell for (cell,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column)]


def _place(name, language="zh"):
    return findings_table.ORDER[language].index(name) + 1


@pytest.fixture(scope="module")
def workbook(findings, district):
    """Return the Chinese workbook of all findings; only to be read."""
    return _open(findings, district)


def test_text_from_the_data_is_text_in_every_cell(workbook):
    for sheet in workbook.worksheets[:-1]:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "d"}


def test_a_name_that_looks_like_a_formula_arrives_unchanged(findings, district):
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "=HYPERLINK(0)", "＝1", "\t=1"]
    many = pd.concat([findings, findings], ignore_index=True).assign(estate=texts)
    cells = _cells(_open(many, district)["结论"], _place("estate"))
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_the_only_formulas_are_our_own_counts(workbook):
    sheet = workbook["汇总"]
    formulas = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas
    assert all(text.startswith(("=COUNTIFS('结论'!$", "=SUM(")) for text in formulas)


def test_the_counts_point_at_the_columns_they_count(workbook):
    formula = workbook["汇总"]["B2"].value
    heads = {cell.coordinate: cell.value for cell in workbook["结论"][1]}
    areas = formula.removeprefix("=COUNTIFS(").split(",")[0::2][:4]
    letters = [area.split("$")[1] for area in areas]
    counted = ["短板类型", "性质", "本组结论", "结论"]
    assert [heads[f"{letter}1"] for letter in letters] == counted
    # Four findings under one heading row; the eight words for what fails count alike.
    assert formula.count("$5") == 4 * 8
    assert formula.endswith('"不一致")')
    first = [cell.value for cell in workbook["汇总"][1]]
    assert first[:6] == [None, "短板", "临界", "待确认", "条件", "对照"]
    assert first[6:] == ["待确认中临界", "条件中临界", "对照中临界", "数据不足", "达标"]


def test_numbers_and_dates_are_typed(workbook):
    sheet = workbook["结论"]
    value, unreachable, negative, unknown = _cells(sheet, _place("value"))
    assert (value.value, value.data_type) == (750.0, "n")
    assert (unreachable.value, unreachable.data_type) == ("不可达", "s")
    assert (negative.value, negative.data_type) == (-3.5, "n")
    assert unknown.value is None
    date = _cells(sheet, _place("as_of"))[0]
    assert date.value == dt.datetime(2023, 4, 1)  # noqa: DTZ001  (a workbook knows no zone)
    assert date.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(("language", "sheet"), [("zh", "结论"), ("en", "findings")])
def test_headings_are_frozen_filtered_and_carry_units(findings, district, language, sheet):
    page = _open(findings, district, language)[sheet]
    heads = [cell.value for cell in page[1]]
    assert heads == findings_table.headings(language)
    assert {"zh": "涉及户数（户）", "en": "households touched"}[language] in heads
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref == f"A1:{page.cell(1, len(heads)).column_letter}5"


@pytest.mark.slow
def test_codes_become_labels(findings, district):
    chinese, english = (
        _cells(_open(findings, district, language)[sheet], _place("degree", language))
        for language, sheet in (("zh", "结论"), ("en", "findings"))
    )
    assert [cell.value for cell in chinese] == ["不足", "缺失", "达标", "数据不足"]
    assert [cell.value for cell in english] == ["too little", "missing", "met", "unknown"]


def test_the_cover_says_what_was_assessed_against_what_and_how_filtered(findings, district):
    sheet = _open(findings, district, filters=[("乡镇", "=胜利镇")])["说明"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4)}
    assert sheet["A2"].value == "演示数据 · 非测绘成果"
    assert facts == {
        "区域": "利通区",
        "数据版本": district.version,
        "数据日期": "2023-04-01",
        "评估日期": "2023-04-01",
        "规则库版本": BOOK.version,
        "结论条数": 4,
        "其中短板": 2,
        "小区排序依据": formula(BOOK, "zh"),
        "筛选条件：乡镇": "=胜利镇",
    }


def test_a_surveyed_district_is_not_marked_as_invented(findings, district):
    real = district.with_frames(estates=district["estates"].assign(provenance="surveyed"))
    texts = {c.value for row in _open(findings, real)["说明"].iter_rows() for c in row}
    assert "演示数据 · 非测绘成果" not in texts


def test_an_empty_list_is_a_workbook_too(findings, district):
    assert _open(findings.iloc[:0], district)["结论"].max_row == 1


def test_characters_that_xml_forbids_are_shown_as_replaced(findings, district):
    cells = _cells(_open(findings.assign(estate="a\x00b"), district)["结论"], _place("estate"))
    assert cells[0].value == "a\N{REPLACEMENT CHARACTER}b"


def test_each_kind_of_statement_has_its_own_sheet(findings, district):
    kinds = ["gap", "pending", "yardstick", "yardstick"]
    told = findings.assign(statement=kinds, outcome=["short", "missing", "short", "unknown"])
    workbook = _open(told.assign(leads=True), district)
    assert workbook.sheetnames == [
        "说明", "小区排序", "短板", "临界", "待确认", "条件", "对照", "结论", "汇总",
    ]  # fmt: skip
    rows = {name: workbook[name].max_row - 1 for name in workbook.sheetnames[2:8]}
    assert rows == {"短板": 1, "临界": 0, "待确认": 1, "条件": 0, "对照": 1, "结论": 4}


@pytest.mark.slow
def test_more_gaps_than_a_worksheet_has_rows_are_refused_with_a_way_out(findings, district):
    many = findings.iloc[[0] * (2**20)].assign(outcome="short")
    with pytest.raises(DataError, match="1,048,576 gaps do not fit") as caught:
        findings_workbook(many, district, BOOK)
    assert "请先筛选" in caught.value.zh


def test_of_more_findings_than_fit_the_gaps_are_listed_and_the_rest_is_counted(
    findings, district, monkeypatch
):
    # Two gaps and five others: seven do not fit into six rows.
    six = pd.concat([findings.iloc[[0, 1]].assign(outcome="short"), findings.iloc[[2] * 5]])
    outcomes = ["short", "missing", *["unknown"] * 5]
    six = six.assign(outcome=outcomes, degree=outcomes)
    monkeypatch.setattr("exports.xlsx.MOST_ROWS", 6)
    book = _open(six, district)
    assert [c.value for c in _cells(book["结论"], _place("degree"))] == ["不足", "缺失"]
    facts = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=4)}
    assert facts["结论条数"] == 2
    assert [v for k, v in facts.items() if str(k).startswith("未列出")] == [5]


@pytest.mark.slow
def test_shares_are_shown_in_per_cent_on_their_side_of_the_limit(findings, district):
    shares = findings.iloc[:2].assign(unit="", op=">=", value=[0.3, 0.89996], threshold=0.9)
    sheet = _open(shares, district)["结论"]
    values = _cells(sheet, _place("value"))
    assert [cell.value for cell in values] == [0.3, 0.89996]
    assert [cell.number_format for cell in values] == ["0%", "0.000%"]
    assert {cell.number_format for cell in _cells(sheet, _place("threshold"))} == {"0%"}
    metres = findings.iloc[:2].assign(unit="m", value=[0.3, 12.0])
    cells = _cells(_open(metres, district)["结论"], _place("value"))
    assert {cell.number_format for cell in cells} == {"General"}
