"""公示说明与意见表: what residents need to know to answer, and the form to answer on."""

from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.fitting import print_within
from atlas.ink import BLACK, Ink, TextStyle
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport, Title, draw_furniture
from atlas.sheets.listing import room_of
from atlas.text import clean
from wording import Language, say, say_parts

_GAP_MM = 10.0
_ROW_MM = 10.0
_LABEL_MM = 34.0
_LINE = Ink(stroke=BLACK, width=0.2)
_NAME = TextStyle(9.0, "bold", BLACK)
_VALUE = TextStyle(10.0, "sans", BLACK)


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the sheet; none in a booklet for the meeting."""
    request = context.request
    if not request.is_public:
        return []
    title = Title(say("sheet_kind.notice", context.language), number)
    draw = partial(_draw, context, title)
    basis = repr((request.notice, request.title_block.organisation))
    return [PagePlan("notice::1", "notice", title.words, number, draw, basis=basis)]


def _draw(
    context: AtlasContext, title: Title, canvas: Canvas, page_number: PageNumber
) -> PageReport:
    draw_furniture(canvas, context, title, page_number, panel=False)
    room = room_of(context)
    wide = (room.w - _GAP_MM) / 2
    with canvas.layer("furniture"):
        _draw_notice(canvas, context, Box(room.x, room.y, wide, room.h))
        _draw_form(canvas, context, Box(room.right - wide, room.y, wide, room.h))
    furniture.draw_watermark(canvas, context.layout, context.request)
    return PageReport()


def _draw_notice(canvas: Canvas, context: AtlasContext, box: Box) -> None:
    """Print who publishes, until when and where to answer, and how an objection is dealt with."""
    language = context.language
    body = furniture.section(canvas, box, say("sheet_kind.notice", language))
    y = body.y
    for name, value in _facts(context):
        canvas.text(body.x, y + 6.2, name, _NAME)
        at = (body.x + _LABEL_MM, y + 6.2)
        print_within(canvas, at, value, _VALUE, room=body.w - _LABEL_MM, high=_ROW_MM)
        y += _ROW_MM
        canvas.line([(body.x, y), (body.right, y)], _LINE)
    rest = Box(box.x, y + 8, box.w, box.bottom - y - 8)
    inner = furniture.section(canvas, rest, say("notice.how", language))
    furniture.draw_notes(canvas, inner, say_parts("notice.steps", language), size=9.0)


def _facts(context: AtlasContext) -> list[tuple[str, str]]:
    """Return name and value of what is filled in; a draft says what is to be filled in."""
    notice, language = context.request.notice, context.language
    facts = [
        ("notice.by", clean(context.request.title_block.organisation)),
        ("notice.period", _period(notice.opens, notice.closes, language)),
        ("notice.contact", clean(notice.contact)),
        ("notice.phone", clean(notice.phone)),
        ("notice.address", clean(notice.address)),
    ]
    return [(say(key, language), value or say("sheet.to_fill", language)) for key, value in facts]


def _period(opens: str, closes: str, language: Language) -> str:
    if not (opens and closes):
        return ""
    return say("notice.from_to", language, opens=clean(opens), closes=clean(closes))


def _draw_form(canvas: Canvas, context: AtlasContext, box: Box) -> None:
    """Draw the form: who answers, for or against, what of, why."""
    language = context.language
    body = furniture.section(canvas, box, say("notice.form", language))
    y = body.y
    for name in say_parts("notice.fields", language):
        canvas.box(Box(body.x, y, body.w, _ROW_MM), _LINE)
        canvas.text(body.x + 2, y + 6.2, name, _NAME)
        y += _ROW_MM
    canvas.box(Box(body.x, y, body.w, box.bottom - y - _ROW_MM), _LINE)
    canvas.text(body.x + 2, y + 6.2, say("notice.opinion", language), _NAME)
    signed = Box(body.x, box.bottom - _ROW_MM, body.w, _ROW_MM)
    canvas.box(signed, _LINE)
    canvas.text(signed.x + 2, signed.y + 6.2, say("notice.signed", language), _NAME)
