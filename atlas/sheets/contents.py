"""目录: the general sheets line by line, then one row an estate with the pages of its sheets."""

from collections.abc import Callable, Sequence
from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.furniture import GREY
from atlas.ink import BLACK, Ink, Type
from atlas.sheet import Folio, Leaf, Material, Report, Title, dress
from atlas.sheets.listing import room_of
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from wording import say, say_parts

Numbered = tuple[int, Leaf]
_LINE_MM = 6.4
_ROW_MM = 6.0
_COLUMNS = 3
_GAP_MM = 8.0


def plan(
    material: Material, number: str, leaves: Callable[[], Sequence[Leaf]], body: Sequence[Leaf]
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
    body : sequence of Leaf
        All of them but cover and contents.
    """
    title = say("sheet_kind.contents", material.language)
    estates = len({leaf.estate_id for leaf in body if leaf.estate_id})
    lines = sum(_is_general(leaf) for leaf in body) + 2
    first, later = _rows_on(material, lines)
    pages = 1 if estates <= first else 1 + -(-(estates - first) // later)
    return [
        Leaf(
            f"contents::{n + 1}",
            "contents",
            title if n == 0 else title + say("sheet.continued", material.language),
            number if n == 0 else f"{number}-{n + 1}",
            partial(_draw, material, leaves, (n, lines)),
        )
        for n in range(pages)
    ]


def _is_general(leaf: Leaf) -> bool:
    """Return whether a page starts a sheet that is about no single estate."""
    return not leaf.estate_id and leaf.key.endswith(":1")


def _rows_on(material: Material, lines: int) -> tuple[int, int]:
    """Return how many estates the first page holds below the lines, and how many a further one."""
    room = room_of(material).h - 8
    return max(int((room - _lines_height(lines)) / _ROW_MM), 0), int(room / _ROW_MM)


def _lines_height(lines: int) -> float:
    return -(-lines // _COLUMNS) * _LINE_MM + 6


def _draw(
    material: Material,
    leaves: Callable[[], Sequence[Leaf]],
    place: tuple[int, int],
    canvas: Canvas,
    folio: Folio,
) -> Report:
    part, lines = place
    listed = list(enumerate(leaves(), start=1))
    own = [leaf for _, leaf in listed if leaf.kind == "contents"][part]
    dress(canvas, material, Title(own.title, own.number), folio, panel=False)
    room, (first, later) = room_of(material), _rows_on(material, lines)
    start = 0 if part == 0 else first + (part - 1) * later
    rows = _rows(material, listed)[start : start + (later if part else first)]
    with canvas.layer("furniture"):
        if part == 0:
            _draw_lines(canvas, room, [pair for pair in listed if _is_general(pair[1])])
            room = room.below(_lines_height(lines))
        if rows:
            table = _table(material, listed, room.w)
            table.draw(canvas, room.x, room.y, rows)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return Report()


def _draw_lines(canvas: Canvas, room: Box, listed: Sequence[Numbered]) -> None:
    """Draw a line for each general sheet, in columns read downwards."""
    rows = -(-len(listed) // _COLUMNS)
    wide = (room.w - _GAP_MM * (_COLUMNS - 1)) / _COLUMNS
    for n, (page, leaf) in enumerate(listed):
        column, row = divmod(n, rows)
        x, y = room.x + column * (wide + _GAP_MM), room.y + row * _LINE_MM
        _draw_line(canvas, Box(x, y, wide, _LINE_MM), leaf, page)


def _draw_line(canvas: Canvas, box: Box, leaf: Leaf, page: int) -> None:
    base, style = box.y + 4.2, Type(8.0, "bold", BLACK)
    width = canvas.text(box.x, base, leaf.number, Type(7.5, "sans", GREY))
    left = box.x + max(width + 3, 14)
    shown = canvas.fonts.fit(leaf.title, style.face, style.size, box.right - left - 14)
    end = left + canvas.text(left, base, shown, style)
    canvas.line(
        [(end + 1.5, base - 0.5), (box.right - 8, base - 0.5)],
        Ink(stroke=GREY, width=0.12, dash=(0.3, 0.8)),
    )
    canvas.text(box.right, base, str(page), style, align="right")
    canvas.link(box, f"sheet:{leaf.number}")


def _kinds(listed: Sequence[Numbered]) -> list[str]:
    return list(dict.fromkeys(leaf.kind for _, leaf in listed if leaf.estate_id))


def _table(material: Material, listed: Sequence[Numbered], width: float) -> Table:
    language = material.language
    head = say_parts("heads.contents", language)
    columns = [
        Column(head[0], 8, "centre", Type(8.0, "sans", GREY), 1),
        Column(head[1], 40, "left", Type(8.0, "bold", BLACK), 1),
        Column(head[2], 20, "left", Type(7.5), 1),
    ]
    columns += [
        Column(say(f"sheet_kind.{kind}", language), 20, "centre", Type(8.0), 1)
        for kind in _kinds(listed)
    ]
    return Table(material.fonts, columns, width, least=_ROW_MM)


def _rows(material: Material, listed: Sequence[Numbered]) -> list[Row]:
    """Return a row for each estate: the first and last page of each kind of sheet, linked."""
    pages: dict[str, dict[str, list[Numbered]]] = {}
    for page, leaf in listed:
        if leaf.estate_id:
            pages.setdefault(leaf.estate_id, {}).setdefault(leaf.kind, []).append((page, leaf))
    kinds, place = (
        _kinds(listed),
        {key: n for n, key in enumerate(material.estates["estate_id"], 1)},
    )
    return [
        Row(
            (
                f"{place[estate]:02d}",
                Cell(clean(material.by_id[estate].name), target=f"estate:{estate}"),
                material.town_of(estate),
                *(_pages(own.get(kind, [])) for kind in kinds),
            )
        )
        for estate, own in pages.items()
    ]


def _pages(own: Sequence[Numbered]) -> Cell:
    if not own:
        return Cell("—")
    first, last = own[0][0], own[-1][0]
    words = str(first) if first == last else f"{first}–{last}"
    return Cell(words, target=f"sheet:{own[0][1].number}")
