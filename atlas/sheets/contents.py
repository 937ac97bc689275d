"""目录: every sheet with its number and page, each line a link."""

from collections.abc import Callable, Sequence
from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.furniture import GREY
from atlas.ink import BLACK, Ink, Type
from atlas.sheet import Folio, Leaf, Material, Report, Title, dress
from atlas.sheets.listing import room_of
from atlas.words import say

_LINE_MM = 6.0
_COLUMNS = 3


def plan(
    material: Material, number: str, leaves: Callable[[], Sequence[Leaf]], count: int
) -> list[Leaf]:
    """
    Plan the table of contents.

    Parameters
    ----------
    material : Material
        What is drawn from.
    number : str
        图号.
    leaves : callable
        Returns all leaves of the booklet once they are known.
    count : int
        How many lines there will be besides the contents' own.
    """
    title = say("contents", material.language)
    per_page = _per_page(material)
    pages = max(1, -(-(count + 1) // per_page))
    return [
        Leaf(
            f"contents::{n + 1}",
            "contents",
            title,
            number if n == 0 else f"{number}-{n + 1}",
            0,
            partial(_draw, material, Title(title, number), leaves, n),
        )
        for n in range(pages)
    ]


def _per_page(material: Material) -> int:
    return int(room_of(material).h / _LINE_MM) * _COLUMNS


def _draw(
    material: Material,
    title: Title,
    leaves: Callable[[], Sequence[Leaf]],
    part: int,
    canvas: Canvas,
    folio: Folio,
) -> Report:
    own = title if part == 0 else Title(title.words, f"{title.number}-{part + 1}")
    dress(canvas, material, own, folio, panel=False)
    room, per_page = room_of(material), _per_page(material)
    lines = [(page, leaf) for page, leaf in enumerate(leaves(), start=1)]
    rows, gap = per_page // _COLUMNS, 8.0
    wide = (room.w - gap * (_COLUMNS - 1)) / _COLUMNS
    with canvas.layer("furniture"):
        for n, (page, leaf) in enumerate(lines[part * per_page : (part + 1) * per_page]):
            column, row = divmod(n, rows)
            box = Box(room.x + column * (wide + gap), room.y + row * _LINE_MM, wide, _LINE_MM)
            _draw_line(canvas, box, leaf, page)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return Report()


def _draw_line(canvas: Canvas, box: Box, leaf: Leaf, page: int) -> None:
    base, indent = box.y + 4.2, 5.0 * leaf.depth
    style = Type(7.5, "sans" if leaf.depth else "bold", BLACK)
    width = canvas.text(box.x, base, leaf.number, Type(7.0, "sans", GREY))
    left = box.x + max(width + 3, 15) + indent
    shown = canvas.fonts.fit(leaf.title, style.face, style.size, box.right - left - 14)
    end = left + canvas.text(left, base, shown, style)
    canvas.line(
        [(end + 1.5, base - 0.5), (box.right - 8, base - 0.5)],
        Ink(stroke=GREY, width=0.12, dash=(0.3, 0.8)),
    )
    canvas.text(box.right, base, str(page), style, align="right")
    canvas.link(box, f"sheet:{leaf.number}")
