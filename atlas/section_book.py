"""管线断面图: one page an estate, the section that cuts most pipes, and its figures."""

from collections.abc import Sequence
from math import isnan

from atlas.canvas import Box, Canvas, Page
from atlas.ink import BLACK, Ink, TextStyle
from atlas.pdf import Binding, Bookmark, bind
from atlas.section import draw_section
from atlas.symbols import RED
from atlas.text import Fonts, clean
from clearances.verdict import ClearanceVerdict
from geo.errors import DataError
from services.pipe_sections import CutPipe, EstateSection, estate_sections
from services.pipes import VERDICTS, DistrictPipes
from wording import Language, say

_WIDTH, _HEIGHT = 297.0, 210.0
_PAGE = Box(14.0, 10.0, _WIDTH - 24.0, _HEIGHT - 20.0)
_DRAWING_MM = 88.0
_ROW_MM = 4.4
_SHARES = (8, 24, 62, 30, 18, 18, 30, 30, 30)
_HEADS = (
    "number",
    "pipe",
    "kind",
    "material",
    "diameter",
    "depth_head",
    "gap",
    "required",
    "verdict",
)


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
    title = say("pipes.section_title", language)
    binding = Binding(
        crs=district.crs,
        layer_names={},
        bookmarks=[Bookmark(clean(one.estate), str(n)) for n, one in enumerate(sections, start=1)],
        title=title,
        subject=clean(district.label[language]),
        author=clean(district.label[language]),
        date=found.assessment.as_of.isoformat(),
        language="zh-CN" if language == "zh" else "en",
    )
    return bind([_page(found, one, fonts, language) for one in sections], binding, fonts)


def _page(found: DistrictPipes, one: EstateSection, fonts: Fonts, language: Language) -> Page:
    canvas = Canvas(_WIDTH, _HEIGHT, fonts)
    district, box = found.assessment.workspace.district, _PAGE
    canvas.box(box, Ink(stroke=BLACK, width=0.4))
    title = f"{clean(one.estate)} {say('pipes.section_title', language)}"
    canvas.text(box.x + 4, box.y + 8, title, TextStyle(14.0, "serif"))
    scale = draw_section(
        canvas, Box(box.x + 4, box.y + 14, box.w - 8, _DRAWING_MM), one.cut, language
    )
    facts = say(
        "pipes.section_facts",
        language,
        scale=scale,
        district=clean(district.label[language]),
        as_of=found.assessment.as_of.isoformat(),
    )
    canvas.text(box.right - 4, box.y + 8, facts, TextStyle(7.0), align="right")
    if district.is_synthetic:
        said = say("sheet.demo", language)
        canvas.text(box.right - 4, box.y + 12.5, said, TextStyle(7.0, "bold", RED), align="right")
    table = Box(box.x + 4, box.y + 17 + _DRAWING_MM, box.w - 8, 68.0)
    _draw_table(canvas, table, one.cut, language)
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
    for row, said in enumerate(fonts.wrap(place, "sans", 6.0, box.w - 8)):
        canvas.text(box.x + 4, box.bottom - 7 + 3.0 * row, said, TextStyle(6.0))
    return canvas.page()


def _draw_table(canvas: Canvas, box: Box, cut: Sequence[CutPipe], language: Language) -> None:
    """Draw one row a pipe; rows are as low as it takes to hold them all."""
    heads = [say(f"pipes.section_{head}", language) for head in _HEADS]
    height = min(_ROW_MM, box.h / (len(cut) + 1))
    unit = box.w / sum(_SHARES)
    for row, cells in enumerate(
        [heads, *(_cells(n, one, language) for n, one in enumerate(cut, 1))]
    ):
        y, x = box.y + row * height, box.x
        canvas.line([(box.x, y + height), (box.right, y + height)], Ink(stroke=BLACK, width=0.08))
        is_short = row > 0 and cut[row - 1].verdict == ClearanceVerdict.SHORT
        for column, (cell, share) in enumerate(zip(cells, _SHARES, strict=True)):
            colour = RED if is_short and column >= _HEADS.index("gap") else BLACK
            style = TextStyle(min(6.5, height * 1.5), "sans" if row else "bold", colour)
            said = canvas.fonts.fit(cell, style.face, style.size, share * unit - 1)
            canvas.text(x, y + height * 0.72, said, style)
            x += share * unit


def _cells(number: int, one: CutPipe, language: Language) -> tuple[str, ...]:
    unknown = say("pipes.section_unknown", language)

    def figure(value: float, digits: int, otherwise: str) -> str:
        return otherwise if isnan(value) else f"{value:.{digits}f}"

    return (
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
