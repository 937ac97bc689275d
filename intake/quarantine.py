"""
Quarantine: rows that were not accepted, kept whole, to be corrected and sent again.

The workbook has a row for each, with its reasons in words, its cells and its geometry; corrected
and imported like any other workbook it brings the rows back. Cells are text, never formulas.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.worksheet.worksheet import Worksheet

from intake.reading import Cell, DeliveredTable, DeliveryReading, Refusal
from intake.receipt import QuarantineReason, QuarantineRecord, Receipt
from intake.wire import readable

WKB_HEADING = "几何WKB"
_ROW, _RULE, _REASON, _MEMBER, _CRS = "行号", "规则", "原因", "文件", "坐标系"
_AS_SENT = "原文"
_CELL_LIMIT = 32_000  # characters; a spreadsheet's cell holds 32,767
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def hold(
    table: DeliveredTable,
    columns: Mapping[str, Sequence[Cell]],
    reasons: Mapping[int, Sequence[QuarantineReason]],
) -> Iterator[QuarantineRecord]:
    """Yield a record for every row with a reason, and for every run of rows lost in the file."""
    damaged = {flaw.row: flaw.raw for flaw in table.flaws if flaw.raw}
    for at in sorted(reasons):
        if not reasons[at]:
            continue
        cells = {_text(f.heading): _text(f.cells[at]) for f in table.fields}
        yield QuarantineRecord(
            table.member,
            table.name,
            int(table.rows[at]),
            tuple(reasons[at]),
            damaged.get(int(table.rows[at]))
            or json.dumps(cells, ensure_ascii=True).encode("ascii"),
            (table.wkb[at] or b"").hex().upper() if table.wkb else "",
            {
                heading: "" if column[at] is None else str(column[at])
                for heading, column in columns.items()
            },
        )
    for flaw in table.lost:
        reason = QuarantineReason(flaw.rule, flaw.detail)
        yield QuarantineRecord(
            table.member, table.name, flaw.row, (reason,), flaw.raw, count=flaw.count
        )


def of_refusals(reading: DeliveryReading) -> tuple[QuarantineRecord, ...]:
    """Return one record for every file of a delivery that was not read at all."""
    return tuple(_of_refusal(refusal) for refusal in reading.refused)


def _of_refusal(refusal: Refusal) -> QuarantineRecord:
    return QuarantineRecord(
        refusal.member, "", 0, (QuarantineReason(refusal.rule, refusal.detail),)
    )


def _text(cell: Cell) -> str:
    """Bytes as one letter a byte, so that the record can be turned back into them."""
    if isinstance(cell, bytes):
        return cell.decode("latin-1")
    return "" if cell is None else str(cell)


def workbook(receipts: Iterable[Receipt], refused: Iterable[QuarantineRecord] = ()) -> bytes:
    """
    Return the quarantined rows as a workbook.

    Parameters
    ----------
    receipts : iterable of Receipt
        One sheet each.
    refused : iterable of QuarantineRecord
        Files not read; a sheet of their own.

    Returns
    -------
    bytes
        An .xlsx that `sandbox.read` reads back; every cell is text.
    """
    book = openpyxl.Workbook(write_only=True)
    for number, receipt in enumerate(receipts):
        if receipt.quarantined:
            crs = (receipt.choices or {}).get("crs", "")
            _sheet(book, f"{number + 1} {receipt.layer}"[:31], receipt.quarantined, crs)
    files = tuple(refused)
    if files or not book.worksheets:
        _sheet(book, "文件", files)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sheet(
    book: openpyxl.Workbook, title: str, records: Sequence[QuarantineRecord], crs: str = ""
) -> None:
    """Write a sheet of records; the CRS accompanies geometries to allow a new import."""
    sheet = book.create_sheet(title)
    names = list(dict.fromkeys(name for one in records for name in one.values or {}))
    widest = max((len(one.wkb) for one in records), default=0)
    parts = -(-widest // _CELL_LIMIT)
    heads = [WKB_HEADING + (str(i + 1) if i else "") for i in range(parts)]
    tail = [_CRS] if parts else []
    sent = list(map(_damaged, records))
    as_sent = [_AS_SENT] if any(sent) else []
    headings = (_ROW, _RULE, _REASON, _MEMBER, *names, *heads, *tail, *as_sent)
    sheet.append([_cell(sheet, text) for text in headings])
    for one, raw in zip(records, sent, strict=True):
        values = one.values or {}
        texts = [
            f"{one.row}" if one.count == 1 else f"{one.row}–{one.row + one.count - 1}",
            "、".join(dict.fromkeys(reason.rule for reason in one.reasons)),
            "；".join(reason.sentence.zh for reason in one.reasons),
            f"{one.member} / {one.table}" if one.table else one.member,
            *(values.get(name, "") for name in names),
            *(one.wkb[i * _CELL_LIMIT : (i + 1) * _CELL_LIMIT] for i in range(parts)),
            *([crs] if parts else []),
            *([raw] if as_sent else []),
        ]
        sheet.append([_cell(sheet, text) for text in texts])


def _damaged(one: QuarantineRecord) -> str:
    """Return the text of a row of which no cell could be read, "" for any other."""
    if any((one.values or {}).values()):
        return ""
    text = readable(one.raw.decode("utf-8", "surrogateescape"))
    return "" if text.strip("\x00 {}") == "" else text


def _cell(sheet: Worksheet, text: str) -> SheetCell:
    """Return a text cell, whatever the text begins with."""
    clean = _ILLEGAL.sub(lambda found: f"\\x{ord(found.group()):02x}", text)[: _CELL_LIMIT + 700]
    cell = WriteOnlyCell(sheet, value=clean)
    cell.data_type = "s"
    return cell
