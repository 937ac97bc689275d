"""乡镇汇总: one sheet a town, with its estates, charts of their gaps and a map."""

from functools import partial

import pandas as pd

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.chart import Bar, draw_bars
from atlas.evidence import CLASS_ORDER, concerns
from atlas.ink import BLACK, Type
from atlas.sheet import Folio, Leaf, Material, Report, dress
from atlas.sheets.listing import room_of
from atlas.sheets.present import number as whole
from atlas.sheets.summary import estate_table
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from atlas.words import say
from layers.findings import FAILING, GAP_KINDS

_TILES_MM = 12.0
_CHART_SHARE = 0.5


def plan(material: Material, number: str) -> list[Leaf]:
    """Plan a sheet for each town that has an estate in the booklet."""
    leaves = []
    for position, town in enumerate(towns_of(material), start=1):
        title = town + say("town", material.language)
        own = f"{number}-{position}"
        draw = partial(_draw, material, town, (title, own))
        leaves.append(Leaf(f"town:{town}:1", "town", title, own, 0, draw, "", town))
    return leaves


def towns_of(material: Material) -> list[str]:
    """Return the towns of the booklet's estates, in the district's order."""
    present = {material.town_of(key) for key in material.estates["estate_id"]}
    return [name for name in map(clean, material.district["towns"]["name"]) if name in present]


def _draw(
    material: Material, town: str, names: tuple[str, str], canvas: Canvas, folio: Folio
) -> Report:
    title, number = names
    dress(canvas, material, title, number, folio, town=town, panel=False)
    table = estate_table(material)
    table = table[[material.town_of(str(key)) == town for key in table.index]]
    room = room_of(material)
    with canvas.layer("furniture"):
        furniture.draw_figures(canvas, room, _tiles(table, material.language), 6)
        half = room.w * (1 - _CHART_SHARE)
        below = room.below(_TILES_MM)
        body = furniture.section(
            canvas, Box(below.x, below.y, half - 4, below.h), say("town_estates", material.language)
        )
        _draw_estates(canvas, material, body, table)
        _draw_charts(canvas, material, Box(below.x + half, below.y, room.w - half, below.h), table)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return Report()


def _tiles(table: pd.DataFrame, language: str) -> list[tuple[str, str, bool]]:
    zh = language == "zh"
    return [
        (str(len(table)), "个小区" if zh else "estates", False),
        (whole(table["buildings"].sum()), "栋" if zh else "buildings", False),
        (whole(table["households"].sum(min_count=1)), "户" if zh else "households", False),
        (whole(table["floor_area_m2"].sum(min_count=1)), "m² 建筑面积" if zh else "m²", False),
        (str(int(table["gaps"].sum())), "项短板" if zh else "gaps", bool(table["gaps"].sum())),
        (str(int(table["unknown"].sum())), "项资料不足" if zh else "unknown", False),
    ]


def _draw_estates(canvas: Canvas, material: Material, box: Box, table: pd.DataFrame) -> None:
    zh = material.language == "zh"
    words = (
        ("小区", "栋", "户", "建成", *CLASS_ORDER, "合计")
        if zh
        else ("Estate", "Bldg", "Hh", "Built", *CLASS_ORDER, "Gaps")
    )
    shares = (46, 11, 14, 14, 15, 15, 15, 14)
    columns = [
        Column(
            word,
            share,
            "left" if n == 0 else "centre",
            Type(7.0, "bold" if n == 0 else "sans", BLACK),
            2,
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    listed = Table(material.fonts, columns, box.w, least=7.0)
    rows = [
        Row(
            (
                Cell(clean(row["name"]), target=f"estate:{key}"),
                whole(row["buildings"]),
                whole(row["households"]),
                whole(row["built_year"]).replace(",", ""),
                *(str(int(row[name])) for name in CLASS_ORDER),
                Cell(str(int(row["gaps"])), Type(7.0, "bold", (193, 18, 47))),
            )
        )
        for key, row in table.iterrows()
    ]
    shown = listed.pages(rows, box.h - 2, 1.0)[0]
    end = listed.draw(canvas, box.x, box.y, shown)
    if len(shown) < len(rows):
        words_left = say("more_rows", material.language).format(len(rows) - len(shown))
        canvas.text(box.x + 1, end + 3, words_left, Type(6.0, "sans", furniture.GREY))


def _draw_charts(canvas: Canvas, material: Material, box: Box, table: pd.DataFrame) -> None:
    position = 0 if material.language == "zh" else 1
    third = box.h * 0.36
    body = furniture.section(canvas, box, say("chart_kinds", material.language))
    gaps = _gaps(material, table)
    crossed = pd.crosstab(gaps["gap_kind"], gaps["item_class"]).reindex(
        index=list(GAP_KINDS), columns=list(CLASS_ORDER), fill_value=0
    )
    bars = [
        Bar(labels[position], tuple(float(v) for v in crossed.loc[kind]))
        for kind, labels in GAP_KINDS.items()
    ]
    draw_bars(canvas, body.top(third - 10), bars, CLASS_ORDER, label_share=0.2)
    body = furniture.section(canvas, box.below(third), say("chart_estates", material.language))
    ordered = table.sort_values("gaps", ascending=False, kind="stable").head(16)
    bars = [
        Bar(clean(row["name"]), tuple(float(row[name]) for name in CLASS_ORDER))
        for _, row in ordered.iterrows()
    ]
    draw_bars(canvas, body.top(box.bottom - body.y), bars, CLASS_ORDER, label_share=0.3)


def _gaps(material: Material, table: pd.DataFrame) -> pd.DataFrame:
    rows = material.findings
    rows = rows[rows["outcome"].isin(FAILING) & rows["estate_id"].isin(list(table.index))]
    department = material.request.department
    return rows[concerns(rows, department)] if department else rows
