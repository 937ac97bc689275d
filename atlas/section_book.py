"""管线断面图: one page an estate, the section that cuts most pipes, and its figures."""

from collections.abc import Iterator
from dataclasses import replace
from math import isnan

from atlas.canvas import Box, Canvas, Page
from atlas.ink import BLACK, Ink, TextStyle
from atlas.pdf import Binding, Bookmark, bind
from atlas.section import draw_section
from atlas.symbols import RED
from atlas.table import PageTable, TableCell, TableColumn, TableRow
from atlas.text import Fonts, clean
from clearances.verdict import ClearanceVerdict
from geo.errors import DataError
from services.pipe_sections import CutPipe, EstateSection, estate_sections
from services.pipes import VERDICTS, DistrictPipes
from wording import Language, say, say_parts

_WIDTH, _HEIGHT = 297.0, 210.0
_PAGE = Box(14.0, 10.0, _WIDTH - 24.0, _HEIGHT - 20.0)
_INNER = Box(_PAGE.x + 4, _PAGE.y + 14, _PAGE.w - 8, _PAGE.h - 14)
_DRAWING_MM, _GAP_MM = 88.0, 3.0
_NOTE_MM = 10.0  # below the table
_SHARES = (8, 24, 62, 30, 18, 18, 30, 30, 30)
_JUDGED = 6  # columns from here on are red where pipes are too near
_RED = TextStyle(6.5, "sans", RED)


def sections_pdf(found: DistrictPipes, language: Language) -> bytes:
    """
    Return the sections of all estates as a PDF, the same for the same answers.

    Parameters
    ----------
    found : DistrictPipes
        What the pipes were held against.
    language : {"zh", "en"}
        Of everything.

    Raises
    ------
    DataError
        If no estate has pipes.
    """
    sections, fonts = estate_sections(found), Fonts()
    if not sections:
        raise DataError(
            "there is nothing to draw: no estate has pipes", "没有可绘的断面：小区内没有管线"
        )
    district = found.assessment.workspace.district
    pages = [(one, page) for one in sections for page in _pages(found, one, fonts, language)]
    binding = Binding(
        crs=district.crs,
        layer_names={},
        bookmarks=[
            Bookmark(clean(one.estate), str(n)) for n, (one, _) in enumerate(pages, start=1)
        ],
        title=say("pipes.section_title", language),
        subject=clean(district.label[language]),
        author=clean(district.label[language]),
        date=found.assessment.as_of.isoformat(),
        language="zh-CN" if language == "zh" else "en",
    )
    return bind([page for _, page in pages], binding, fonts)


def _pages(
    found: DistrictPipes, one: EstateSection, fonts: Fonts, language: Language
) -> Iterator[Page]:
    """Yield the drawing with its figures, and a page more for each that these take."""
    words = say_parts("heads.pipe_section", language)
    columns = [TableColumn(word, share) for word, share in zip(words, _SHARES, strict=True)]
    table = PageTable(fonts, columns, _INNER.w)
    rows = [TableRow(_cells(number, pipe, language)) for number, pipe in enumerate(one.cut, 1)]
    later = _INNER.h - _NOTE_MM
    used = _DRAWING_MM + _GAP_MM
    for place, part in enumerate(table.pages(rows, later - used, later)):
        canvas = Canvas(_WIDTH, _HEIGHT, fonts)
        _draw_frame(canvas, found, one, language)
        if place == 0:
            scale = draw_section(canvas, replace(_INNER, h=_DRAWING_MM), one.cut, language)
            said = say("pipes.section_scale", language, scale=scale)
            canvas.text(_INNER.x, _INNER.y + 2, said, TextStyle(7.0))
        table.draw(canvas, _INNER.x, _INNER.y + (0 if place else used), part)
        yield canvas.page()


def _draw_frame(
    canvas: Canvas, found: DistrictPipes, one: EstateSection, language: Language
) -> None:
    """Draw what every page of an estate has: title, day, place, and that it is a demonstration."""
    district, box = found.assessment.workspace.district, _PAGE
    canvas.box(box, Ink(stroke=BLACK, width=0.4))
    title = f"{clean(one.estate)} {say('pipes.section_title', language)}"
    canvas.text(_INNER.x, box.y + 8, title, TextStyle(14.0, "serif"))
    facts = say(
        "pipes.section_facts",
        language,
        district=clean(district.label[language]),
        as_of=found.assessment.as_of.isoformat(),
    )
    canvas.text(_INNER.right, box.y + 8, facts, TextStyle(7.0), align="right")
    if district.is_synthetic:
        said = say("sheet.demo", language)
        canvas.text(_INNER.right, box.y + 12.5, said, TextStyle(7.0, "bold", RED), align="right")
    (east, north), (east2, north2) = one.section.line.coords
    place = say(
        "pipes.section_note",
        language,
        x1=east,
        y1=north,
        x2=east2,
        y2=north2,
        crs=district.crs.name,
    )
    for row, line in enumerate(canvas.fonts.wrap(place, "sans", 6.0, _INNER.w)):
        canvas.text(_INNER.x, box.bottom - 7 + 3.0 * row, line, TextStyle(6.0))


def _cells(number: int, one: CutPipe, language: Language) -> tuple[str | TableCell, ...]:
    unknown = say("pipes.section_unknown", language)

    def figure(value: float, digits: int, otherwise: str) -> str:
        return otherwise if isnan(value) else f"{value:.{digits}f}"

    cells = (
        str(number),
        clean(one.pipe_id),
        clean(one.name[language]),
        clean(one.material) or unknown,
        figure(one.radius_m * 2000, 0, unknown),
        figure(one.depth_m, 2, unknown),
        figure(one.gap_m, 2, "—"),
        figure(one.required_m, 2, "—"),
        VERDICTS[one.verdict][language] if one.verdict else "—",
    )
    if one.verdict != ClearanceVerdict.SHORT:
        return cells
    return (*cells[:_JUDGED], *(TableCell(cell, _RED) for cell in cells[_JUDGED:]))
