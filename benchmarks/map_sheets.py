"""
Sheets with a map, a title, a legend and a scale bar and nothing else: what QGIS's atlas prints.

For bench_atlas.py only; a booklet's own sheets hold tables, figures, notes and title block as well.
"""

from functools import partial

from atlas import furniture
from atlas.canvas import Canvas
from atlas.compose import binding_of
from atlas.ink import BLACK, TextStyle
from atlas.mapframe import MapFrame
from atlas.pdf import bind
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport
from atlas.sheets.estate_map import (
    ACCESS,
    BASE,
    PIPES,
    PLACES,
    PLANTS,
    close_map,
    draw_themes,
    estate_view,
    label_themes,
)
from atlas.text import clean

THEMES = (*BASE, *PLANTS, *PIPES, *ACCESS, *PLACES)


def print_maps(context: AtlasContext) -> tuple[bytes, int]:
    """Return the PDF of one such sheet an estate, and how many there are."""
    pages, page_plans = [], []
    for n, estate_id in enumerate(context.estates["estate_id"], start=1):
        canvas = Canvas(context.layout.width, context.layout.height, context.fonts)
        _draw(context, estate_id, canvas)
        pages.append(canvas.page())
        name = clean(context.by_id[estate_id].name)
        draw = partial(_nothing, n)
        page_plans.append(PagePlan(f"map:{estate_id}:1", "present", name, f"{n}", draw, estate_id))
    return bind(pages, binding_of(context, page_plans), context.fonts), len(pages)


def _draw(context: AtlasContext, estate_id: str, canvas: Canvas) -> None:
    layout, report = context.layout, PageReport()
    view = estate_view(context, estate_id)
    with canvas.layer("furniture"):
        title = clean(context.by_id[estate_id].name)
        canvas.text(layout.head.x, layout.head.y + 10, title, TextStyle(18.0, "serif", BLACK))
    frame = MapFrame(canvas, view, context.style, estate_id)
    seen = draw_themes(frame, context, THEMES)
    w, h = furniture.scale_bar_size(canvas, view, "A3", "zh")
    box = furniture.Box(view.box.right - w - 2, view.box.bottom - h - 2, w, h)
    with canvas.layer("furniture"):
        furniture.draw_scale_bar(canvas, frame.placer.quietest([box]), view, "A3", "zh")
    label_themes(frame, seen, "zh")
    close_map(frame, report, title)
    furniture.draw_legend(canvas, layout.panel_room, report.drawn.values(), "zh", columns=2)


def _nothing(number: int, canvas: Canvas, page_number: PageNumber) -> PageReport:
    del number, canvas, page_number
    return PageReport()
