"""汇总表: every estate in one table, its totals beside the plan's."""

import math
from collections.abc import Sequence

import pandas as pd

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.chart import Bar, draw_bars
from atlas.counts import count_estates
from atlas.evidence import CLASS_ORDER, class_labels
from atlas.ink import BLACK, RGB, TextStyle
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.general import rank_texts
from atlas.sheets.listing import NOTHING, Intro, plan_listing, room_of, sentence
from atlas.sheets.present import number as whole
from atlas.table import PageTable, TableCell, TableColumn, TableRow
from atlas.text import clean
from layers.findings import GAP_KINDS, NEVER_GAPS, OTHER_STATEMENTS, STATEMENT_LABELS
from rules.ranking import AMOUNTS, amount_text, formula, in_order
from wording import Language, listing, say, say_parts

_COST = "budget_yuan"
_MOST_BARS = 40
_BAR_MM = 5.6
_RED: RGB = (193, 18, 47)
_OTHERS = tuple(f"{kind}s" for kind in OTHER_STATEMENTS)
_GAP_COUNTS = (*CLASS_ORDER, *GAP_KINDS, "gaps", "safety_gaps", *AMOUNTS)
_UNSETTLED = ("unknown", *_OTHERS)


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the summary of all estates of the booklet."""
    rows = listed_rows(context)
    table = _table(context, rows)
    title = say("sheet_kind.summary", context.language)
    said = formula(context.book, context.language) + marginal_text(context)
    intro = sentence(context, said)
    chart = _chart(context)
    return plan_listing(context, "summary", Title(title, number), (table, rows), intro, chart)


def marginal_text(context: AtlasContext) -> str:
    """Return how many of what is never a gap are marginal, "" where none is."""
    language, figures = context.language, estate_table(context)
    counts = {one: int(figures[f"marginal_{one}s"].sum()) for one in NEVER_GAPS}
    parts = [f"{STATEMENT_LABELS[one][language]} {n:,}" for one, n in counts.items() if n]
    if not parts:
        return ""
    return say("sheet.marginal_counts", language, parts=listing(parts, language))


def _chart(context: AtlasContext) -> tuple[float, Intro]:
    """Return a bar of gaps for each estate, side by side in two columns; none of very many."""
    figures = estate_table(context)
    if len(figures) > _MOST_BARS:
        return NOTHING
    half = -(-len(figures) // 2)

    def draw(canvas: Canvas, room: Box) -> float:
        body = furniture.section(canvas, room, say("sheet.chart_estates", context.language))
        wide = (room.w - 10) / 2
        bars = [
            Bar(clean(row["name"]), tuple(float(row[name]) for name in CLASS_ORDER))
            for _, row in figures.iloc[in_order(context.ranked)].iterrows()
        ]
        most = max(sum(bar.values) for bar in bars)
        for n, part in enumerate((bars[:half], bars[half:])):
            box = Box(body.x + n * (wide + 10), body.y, wide, 8 + half * _BAR_MM)
            labels = class_labels(context.language)
            draw_bars(canvas, box, part, labels, label_share=0.2, most=most)
        return body.y + 8 + half * _BAR_MM

    return 20 + half * _BAR_MM, draw


def estate_table(context: AtlasContext) -> pd.DataFrame:
    """Return the figures of each estate of the booklet, indexed by estate_id, in its order."""
    estates, district = context.estates, context.district
    table = estates.drop(columns="geometry").set_index("estate_id", drop=False)
    buildings = district["buildings"].groupby("estate_id").size()
    table["buildings"] = buildings.reindex(table.index, fill_value=0)
    counts = count_estates(context.concerned_findings, estates)
    ranked = context.ranked.drop(columns="gaps")
    return table.join(counts).join(ranked)


def _table(context: AtlasContext, rows: Sequence[TableRow]) -> PageTable:
    head = say_parts("heads.summary", context.language)
    shares = (11, 9, 40, 20, 11, 13, 20, 12, 19)
    columns = [
        TableColumn(
            word,
            share,
            "left" if n in (2, 3) else "centre",
            TextStyle(6.8, "bold" if n == 2 else "sans", BLACK),  # noqa: PLR2004 - the name
        )
        for n, (word, share) in enumerate(zip(head, shares, strict=True))
    ]
    words = [
        *class_labels(context.language),
        *(label[context.language] for label in GAP_KINDS.values()),
    ]
    words += say_parts("heads.summary_counts", context.language)
    words = words[: len(_counts(context))]
    columns += [TableColumn(word, 12, "centre", TextStyle(6.8)) for word in words]
    return PageTable(context.fonts, columns, room_of(context).w, least=6.6, widest=rows)


def listed_rows(context: AtlasContext) -> list[TableRow]:
    """Return the estates as they are ranked, their totals, and the plan's."""
    figures, ranks = estate_table(context), rank_texts(context)
    order = in_order(context.ranked)
    rows = [
        TableRow(_estate_cells(context, figures.iloc[place], str(place + 1), ranks))
        for place in order.tolist()
    ]
    sums = _sums(figures, context.language)
    total = TableRow((*sums, *(f"{figures[c].sum():,.0f}" for c in _counts(context))), strong=True)
    return [*rows, total, *_plan_rows(context, figures, len(_counts(context)))]


def _counts(context: AtlasContext) -> tuple[str, ...]:
    """Return the columns counted: the public is not shown what the offices have yet to settle."""
    return _GAP_COUNTS if context.request.is_public else (*_GAP_COUNTS, *_UNSETTLED)


def _estate_cells(
    context: AtlasContext, row: pd.Series, number: str, ranks: dict[str, str]
) -> tuple[str | TableCell, ...]:
    key = str(row["estate_id"])
    counts = [*CLASS_ORDER, *GAP_KINDS]
    return (
        TableCell(ranks[key], TextStyle(6.8, "bold", BLACK)),
        number,
        TableCell(clean(row["name"]), TextStyle(6.8, "bold", BLACK), f"estate:{key}"),
        context.town_label(context.town_of(key)),
        whole(row["buildings"]),
        whole(row["households"]),
        whole(row["floor_area_m2"]),
        whole(row["built_year"]).replace(",", ""),
        _money(row["budget_yuan"]),
        *(str(int(row[name])) for name in counts),
        TableCell(str(int(row["gaps"])), TextStyle(6.8, "bold", _RED)),
        str(int(row["safety_gaps"])),
        *(amount_text(row, name) for name in AMOUNTS),
        *(str(int(row[name])) for name in _UNSETTLED if name in _counts(context)),
    )


def _sums(figures: pd.DataFrame, language: Language) -> list[str]:
    """Return the totals; where a figure is lacking the total says of how many it is."""
    cells = [
        "",
        "",
        f"{say('sheet.total', language)} {len(figures)}",
        "",
        whole(figures["buildings"].sum()),
    ]
    sums = []
    for column, printed in (("households", whole), ("floor_area_m2", whole), (_COST, _money)):
        known = figures[column].dropna()
        counted = say("sheet.part_of", language, part=len(known), whole=len(figures))
        part = "" if len(known) == len(figures) else counted
        sums.append(printed(known.sum()) + part if len(known) else "—")
    return [*cells, *sums[:2], "", sums[2]]


def _plan_rows(context: AtlasContext, figures: pd.DataFrame, blank: int) -> list[TableRow]:
    """
    Hold the totals against the plan; only where the booklet holds every estate.

    A total without some estate's figure is not compared: the missing figure is no difference.
    """
    plan = context.plan
    whole_district = len(figures) == len(context.district["estates"])
    if plan is None or not whole_district:
        return []
    language, totals = context.language, plan.totals
    stated = (totals.buildings, totals.households, totals.floor_area_m2, totals.investment_yuan)
    summed = (
        math.nan if figures[column].isna().any() else float(figures[column].sum())
        for column in ("buildings", "households", "floor_area_m2", _COST)
    )
    differ = [value - told for value, told in zip(summed, stated, strict=True)]
    name = say("sheet.plan_total", language, n=totals.estates)
    gap = say("sheet.difference", language)
    off = len(figures) - totals.estates
    return [
        TableRow(_plan_cells(name, stated, blank), strong=True),
        TableRow(_plan_cells(f"{gap} {off:+d}" if off else f"{gap} 0", differ, blank), strong=True),
    ]


def _plan_cells(name: str, values: Sequence[float], blank: int) -> tuple[str, ...]:
    buildings, households, area, money = values
    counts = (whole(buildings), whole(households), whole(area))
    return ("", "", name, "", *counts, "", _money(money), *[""] * blank)


def _money(yuan: float) -> str:
    return "—" if pd.isna(yuan) else f"{yuan / 10000:,.1f}"
