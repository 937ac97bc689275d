"""封面: what the booklet is, for whom, of which day and of which data."""

from collections.abc import Sequence
from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.fitting import fitted, pitch_of, print_within
from atlas.furniture import GREY
from atlas.ink import BLACK, Ink, TextStyle
from atlas.request import Stage
from atlas.revision import Revision
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport, public_mark
from atlas.sheets.changes import compared
from atlas.sheets.present import number as whole
from atlas.sheets.summary import estate_table
from atlas.symbols import RED, letter
from atlas.table import HEAD_FILL
from atlas.text import clean
from layers.period import assessed_on, period_text
from wording import Language, say, say_parts

_BAND_MM = 9.0
_A3_HIGH = 297.0  # the cover is laid out for A3 and shrinks with the paper


def plan(context: AtlasContext, number: str, revision: Revision | None = None) -> list[PagePlan]:
    """Plan the cover; of a later edition it says how much `revision` changed."""
    title = say("sheet_kind.cover", context.language)
    draw = partial(_draw, context, number, revision)
    return [PagePlan("cover::1", "cover", title, number, draw, basis=repr(revision or ""))]


def _draw(
    context: AtlasContext,
    number: str,
    revision: Revision | None,
    canvas: Canvas,
    page_number: PageNumber,
) -> PageReport:
    layout, language, request = context.layout, context.language, context.request
    sheet, k = layout.sheet, layout.height / _A3_HIGH
    canvas.add_destination(f"sheet:{number}", 0)
    with canvas.layer("furniture"):
        canvas.box(sheet, furniture.FRAME)
        canvas.box(Box(sheet.x, sheet.y, _BAND_MM, sheet.h), Ink(fill=HEAD_FILL))
        middle = sheet.x + _BAND_MM + (sheet.w - _BAND_MM) / 2
        top = sheet.y + sheet.h * 0.2
        place = clean(context.district.label[language])
        canvas.text(middle, top, place, TextStyle(22.0 * k, "serif", GREY), align="centre")
        largest = TextStyle(34 * k, "serif", BLACK)
        lines, style = fitted(canvas, _title(context), largest, sheet.w - 60, 30 * k)
        y, pitch = top + 20 * k, pitch_of(style)
        for n, line in enumerate(lines):
            canvas.text(middle, y + n * pitch, line, style, align="centre")
        y += (len(lines) - 1) * pitch + 8 * k
        canvas.line([(middle - 60, y), (middle + 60, y)], Ink(stroke=HEAD_FILL, width=0.8))
        stage = say("sheet.draft" if request.stage is Stage.DRAFT else "sheet.formal", language)
        stamp = Box(middle - 24, y + 9 * k, 48, 13 * k)
        canvas.box(stamp, Ink(stroke=RED, width=0.8))
        letter(canvas, stage, middle, stamp.y + stamp.h / 2, TextStyle(18.0 * k, "bold", RED))
        _draw_extract(canvas, context, middle, stamp.bottom + 11 * k)
        left, wide = sheet.x + _BAND_MM + 30, sheet.w - _BAND_MM - 60
        _draw_figures(canvas, context, Box(left, sheet.bottom - 80 - 38 * k, wide, 24))
        _draw_author(canvas, context, middle, sheet.bottom - 52 - 26 * k)
        facts = _facts(context, revision, page_number.edition)
        _draw_facts(canvas, Box(left, sheet.bottom - 46, wide, 26), facts, language)
        _draw_marks(canvas, context, left)
    return PageReport()


def _draw_author(canvas: Canvas, context: AtlasContext, x: float, y: float) -> None:
    """Print who made the booklet, and the day, as covers do."""
    request, language = context.request, context.language
    named = clean(request.title_block.organisation)
    if not (named or request.is_public):
        named = say("sheet.to_fill", language)
    if named:
        label = say("title_block.organisation", language)
        words = say("common.labelled", language, name=label, value=named)
        style, room = TextStyle(15.0, "serif", BLACK), context.layout.sheet.w - 80
        print_within(canvas, (x, y), words, style, room=room, align="centre", high=13.0)
    canvas.text(
        x, y + 9, _day(request.date, language), TextStyle(13.0, "serif", BLACK), align="centre"
    )


def _day(iso: str, language: Language) -> str:
    """Return an ISO 8601 date as a cover writes it."""
    if language != "zh":
        return iso
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def _title(context: AtlasContext) -> str:
    request, language = context.request, context.language
    project = clean(request.title_block.project)
    if not project and context.plan is not None:
        project = say("sheet.renovation", language, year=context.plan.year)
    kind = say("sheet.public_book" if request.is_public else "sheet.internal_book", language)
    return f"{project} {kind}"


def _draw_extract(canvas: Canvas, context: AtlasContext, x: float, y: float) -> None:
    """Say for whom an extract is."""
    request = context.request
    body, town = request.department, request.town
    name = context.department(body) if body else context.town_label(town)
    if name:
        label = say("sheet.extract", context.language)
        words = say("common.labelled", context.language, name=label, value=name)
        canvas.text(x, y, words, TextStyle(14.0, "bold", HEAD_FILL), align="centre")


def _draw_figures(canvas: Canvas, context: AtlasContext, box: Box) -> None:
    table, language = estate_table(context), context.language
    money = table["budget_yuan"].dropna()
    tiles = [
        (str(len(table)), say("figure.estates", language), False),
        (whole(table["buildings"].sum()), say("figure.buildings_of_district", language), False),
        (whole(table["households"].sum(min_count=1)), say("figure.households", language), False),
        (whole(table["floor_area_m2"].sum(min_count=1)), say("figure.floor_area", language), False),
        (
            f"{money.sum() / 1e4:,.0f}" if len(money) else "—",
            say("figure.cost", language),
            False,
        ),
        (str(int(table["gaps"].sum())), say("figure.gaps", language), True),
        (
            str(int(table["has_safety_gap"].sum())),
            say("figure.safety", language),
            False,
        ),
    ]
    if not context.request.is_public:
        tiles.insert(6, (str(int(table["unknown"].sum())), say("figure.unknown", language), False))
    furniture.draw_figures(canvas, box, tiles, 4)


def _facts(context: AtlasContext, revision: Revision | None, edition: str) -> list[tuple[str, str]]:
    """Return name and value of what the booklet was made from, and what is new in it."""
    language, district = context.language, context.district
    days = context.findings["as_of"].dropna()
    period = period_text(district, assessed_on(context.findings), language)
    shown = clean(edition)
    if revision is not None:
        detail = clean(compared(context, revision))
        shown = say("common.with_detail", language, text=shown, detail=detail)
    return [
        ("sheet.edition", shown),
        ("sheet.data_period", period),
        ("sheet.as_of", str(days.max()) if len(days) else "—"),
        ("sheet.data_version", district.version),
        ("sheet.book_version", context.book.version),
    ]


def _draw_facts(
    canvas: Canvas, box: Box, facts: Sequence[tuple[str, str]], language: Language
) -> None:
    for n, (key, value) in enumerate(facts):
        y, style = box.y + n * 5.6, TextStyle(8.0, "bold", BLACK)
        canvas.text(box.x, y, say(key, language), TextStyle(8.0, "sans", GREY))
        print_within(canvas, (box.x + 32, y), value, style, room=box.w - 34)


def _draw_marks(canvas: Canvas, context: AtlasContext, left: float) -> None:
    """Print purpose and nature of the data; a classification mark is never set here."""
    sheet, request, language = context.layout.sheet, context.request, context.language
    mark = public_mark(request) if request.is_public else say("sheet.internal", language)
    canvas.text(sheet.right - 6, sheet.y + 10, mark, TextStyle(12.0, "bold", RED), align="right")
    if context.district.is_synthetic:
        demo = say("sheet.demo", language)
        canvas.text(sheet.x + 15, sheet.y + 10, demo, TextStyle(12.0, "bold", RED))
    y = sheet.bottom - 12
    key = "sheet.public_duty" if request.is_public else "sheet.internal_duty"
    for n, note in enumerate(say_parts(key, language)):
        style = TextStyle(7.0, "sans", GREY)
        print_within(canvas, (left, y + n * 3.6), note, style, room=sheet.right - left - 4)
