"""Quarantine: kept whole, corrected, downloaded, sent again."""

import json

import openpyxl
import pytest

from geo.errors import DataError
from intake import quarantine, sandbox
from intake.acceptance import accept
from intake.receipt import QuarantineReason, QuarantineRecord, Receipt
from tests.unit.intake import delivery
from tests.unit.intake.delivery import dbf, estates, geojson, shapefile


@pytest.fixture
def receipt(tmp_path, read, draft):
    """Leave three of twelve estates wrong: a name in pieces, a word for a number, a minus."""
    rows = estates()
    path = shapefile(tmp_path, rows, reference="EPSG:4523")
    table = path.with_suffix(".dbf")
    raw = bytearray(dbf(rows))
    raw[161 + 135 * 2 + 13] = 0xFF  # the third name no longer is a character
    raw[161 + 135 * 5 + 113 : 161 + 135 * 5 + 121] = "很多".encode("gb18030").rjust(8)
    raw[161 + 135 * 7 + 113 : 161 + 135 * 7 + 121] = b"      -9"
    table.write_bytes(raw)
    one = draft(read(path).tables[0]).choose("crs", "EPSG:4523").choose("encoding", "gb18030")
    return one, accept(one)


def test_three_wrong_rows_are_held_with_their_bytes_outlines_and_reasons(receipt):
    _, found = receipt
    assert found.read == 12
    assert [one.row for one in found.quarantined] == [3, 6, 8]
    assert [one.reasons[0].rule for one in found.quarantined] == [
        "text.unreadable",
        "row.fault",
        "row.fault",
    ]
    raw = json.loads(found.quarantined[0].raw)
    assert raw["小区名称".encode("gb18030").decode("latin-1")].encode("latin-1")[0] == 0xFF
    assert all(one.wkb for one in found.quarantined)


def test_a_corrected_cell_brings_its_row_back_and_the_file_stays_as_it_is(receipt):
    draft, _ = receipt
    again = accept(
        draft.correct(3, "小区名称", "财政局家属楼")
        .correct(6, "户数", "121")
        .correct(8, "户数", "155")
    )
    assert again.quarantined == ()
    assert again.accepted.set_index("estate_id").loc["LT-03", "name"] == "财政局家属楼"
    assert len(accept(draft).quarantined) == 3


@pytest.mark.parametrize(("row", "heading"), [(99, "户数"), (3, "没有这列")])
def test_a_cell_that_does_not_exist_cannot_be_corrected(receipt, row, heading):
    with pytest.raises(DataError, match="there is no cell"):
        receipt[0].correct(row, heading, "1")


def test_the_workbook_corrected_and_sent_again_gives_the_same_rows(tmp_path, read, draft, receipt):
    _, found = receipt
    path = tmp_path / "隔离.xlsx"
    path.write_bytes(quarantine.workbook([found]))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row, (column, text) in zip(
        (2, 3, 4), (("小区名称", "财政局家属楼"), ("户数", "121"), ("户数", "155")), strict=True
    ):
        sheet.cell(row, heads.index(column) + 1, text)
    book.save(path)
    table = read(path).tables[0]
    again = draft(table)
    assert again.proposal("crs").candidates[0].value == "EPSG:4523"
    result = accept(again.choose("crs", "EPSG:4523"))
    assert result.quarantined == ()
    truth = {row.key: row for row in estates()}
    for key, outline in zip(result.accepted["estate_id"], result.accepted.geometry, strict=True):
        assert outline.hausdorff_distance(truth[key].outline) < 0.001


def test_a_long_outline_is_carried_over_several_cells(tmp_path, read, draft):
    rows = estates(2)
    path = geojson(tmp_path / "a.geojson", rows)
    whole = json.loads(path.read_text("utf-8"))
    ring = [[106.2 + 1e-5 * i, 37.98] for i in range(3000)] + [[106.23, 37.99], [106.2, 37.98]]
    whole["features"][0]["geometry"]["coordinates"] = [ring]
    whole["features"][0]["properties"]["户数"] = "很多"
    path.write_text(json.dumps(whole), "utf-8")
    first = accept(draft(read(path).tables[0]).choose("crs", "EPSG:4326"))
    book = tmp_path / "q.xlsx"
    book.write_bytes(quarantine.workbook([first]))
    assert read(book).tables[0].wkb[0].hex() == first.quarantined[0].wkb.lower()


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\x00\x07", "=cmd|' /C calc'!A0"]
)
def test_a_cell_of_the_workbook_is_never_a_formula(tmp_path, text):
    record = QuarantineRecord(
        "a.csv", "a", 2, (QuarantineReason("row.fault"),), b"", "", {"名称": text}
    )
    path = tmp_path / "q.xlsx"
    empty = Receipt("estates", 1, estates_frame(), (), (record,))
    path.write_bytes(quarantine.workbook([empty]))
    cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.value is None or isinstance(cell.value, str) for cell in cells)


def estates_frame():
    import layers  # noqa: PLC0415

    return layers.ALL["estates"].empty(delivery.CRS_4544)


@pytest.mark.parametrize(("read_rows", "rows"), [(3, (2,)), (1, (2, 3)), (2, (2, 2))])
def test_a_receipt_that_does_not_add_up_cannot_be_made(read_rows, rows):
    held = tuple(QuarantineRecord("a", "a", row, (QuarantineReason("row.fault"),)) for row in rows)
    with pytest.raises(DataError, match="accepted"):
        Receipt("estates", read_rows, estates_frame(), (), held)


def test_a_file_that_was_not_read_is_one_record(tmp_path):
    (tmp_path / "a.dwg").write_bytes(b"AC1027")
    reading = sandbox.read(tmp_path / "a.dwg")
    (record,) = quarantine.of_refusals(reading)
    assert (record.row, record.member) == (0, "a.dwg")
    assert "DXF" in record.reasons[0].sentence.zh
    path = tmp_path / "q.xlsx"
    path.write_bytes(quarantine.workbook([], [record]))
    assert openpyxl.load_workbook(path).worksheets[0]["B2"].value == "refused.dwg"


def test_a_row_of_which_no_cell_was_read_stands_in_the_workbook_as_it_was_sent(
    tmp_path, read, draft
):
    path = geojson(tmp_path / "a.geojson", estates(3))
    path.write_text(path.read_text("utf-8").replace(': "药材公司家属院"', ": {,"), "utf-8")
    found = accept(draft(read(path).tables[0]).choose("crs", "EPSG:4490"))
    (record,) = found.quarantined
    assert record.raw.startswith(b'{"type": "Feature"')
    book = tmp_path / "q.xlsx"
    book.write_bytes(quarantine.workbook([found]))
    sheet = openpyxl.load_workbook(book).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert '"LT-02"' in sheet.cell(2, heads.index("原文") + 1).value
