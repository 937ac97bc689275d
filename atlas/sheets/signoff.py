"""会签表: the page the joint review signs, one row a body."""

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import Intro, plan_listing, room_of, sentence
from atlas.sheets.town import towns_of
from atlas.table import PageTable, TableColumn, TableRow
from layers.findings import is_gap
from wording import say, say_parts

_FOOT_MM = 30.0


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the sheet: a row for every body of the margin boxes, and for every town."""
    title = say("sheet_kind.signoff", context.language)
    return plan_listing(
        context,
        "signoff",
        Title(title, number),
        (_table(context), listed_rows(context)),
        sentence(context, say("sheet.signoff_note", context.language)),
        (_FOOT_MM, _responsibility(context)),
    )


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.signoff", context.language)
    shares = (10, 62, 18, 18, 160, 50, 34)
    columns = [
        TableColumn(
            word,
            share,
            "left" if n in (1, 4) else "centre",
            TextStyle(8.0, "bold" if n == 1 else "sans", BLACK),
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(
        context.fonts,
        columns,
        room_of(context).w,
        least=13.5 if context.request.paper == "A3" else 10.0,
    )


def listed_rows(context: AtlasContext) -> list[TableRow]:
    """Return a row for every body that signs, and one for every town."""
    failing = context.findings[is_gap(context.findings)]
    failing = failing[failing["estate_id"].isin(list(context.estates["estate_id"]))]
    bodies = failing.assign(body=failing["department_ids"].fillna("").str.split("、")).explode(
        "body"
    )
    counted = bodies.groupby("body")["estate_id"].agg(["nunique", "size"])
    rows = [
        (context.department(key), *(counted.loc[key] if key in counted.index else (0, 0)))
        for key in context.signing
    ]
    if not context.request.department:
        towns = failing["estate_id"].map(context.town_of)
        estates = context.estates["estate_id"].map(context.town_of)
        rows += [
            (context.town_label(t), int((estates == t).sum()), int((towns == t).sum()))
            for t in towns_of(context)
        ]
    return [
        TableRow((str(n), name, str(estates), str(gaps), "", "", ""))
        for n, (name, estates, gaps) in enumerate(rows, start=1)
    ]


def _responsibility(context: AtlasContext) -> Intro:
    """Return the drawing of the notes under the table."""
    key = "sheet.public_duty" if context.request.is_public else "sheet.internal_duty"
    notes = say_parts(key, context.language)

    def draw(canvas: Canvas, room: Box) -> float:
        inner = furniture.section(canvas, room, say("sheet.notes", context.language))
        return furniture.draw_notes(canvas, inner, notes, size=7.5)

    return draw
