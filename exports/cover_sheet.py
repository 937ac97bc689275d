"""The first sheet of a workbook: its title, whether the data are invented, and facts."""

from collections.abc import Iterable

from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from exports.cells import text_cell
from wording import Language, say

_TITLE = Font(bold=True, size=16)
_MARK = Font(bold=True, size=12, color="C00000")


def write_cover(
    sheet: Worksheet,
    title: str,
    facts: Iterable[tuple[str, object]],
    language: Language,
    *,
    marked: bool,
) -> None:
    """
    Write a cover.

    Parameters
    ----------
    sheet : Worksheet
        A sheet that is still empty.
    title : str
        Of the workbook.
    facts : iterable of (str, object)
        Name and value; whole numbers stay numbers, all else is text.
    language : {"zh", "en"}
        Of the mark.
    marked : bool
        Whether to say that the data are invented.
    """
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 72
    sheet.append([text_cell(sheet, title, font=_TITLE)])
    if marked:
        sheet.append([text_cell(sheet, say("workbook.synthetic", language), font=_MARK)])
    sheet.append([])
    for name, value in facts:
        shown = value if isinstance(value, int) else text_cell(sheet, str(value), wrap=True)
        sheet.append([text_cell(sheet, name, wrap=True), shown])
