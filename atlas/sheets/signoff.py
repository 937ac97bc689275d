"""会签表: the page the joint review signs, one row a body."""

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.ink import BLACK, Type
from atlas.sheet import Leaf, Material, Title
from atlas.sheets.listing import Intro, plan_listing, room_of, sentence
from atlas.sheets.town import towns_of
from atlas.table import Column, Row, Table
from layers.findings import is_gap
from wording import say, say_parts

_FOOT_MM = 30.0


def plan(material: Material, number: str) -> list[Leaf]:
    """Plan the sheet: a row for every body with a gap to answer for, and for every town."""
    title = say("sheet_kind.signoff", material.language)
    return plan_listing(
        material,
        "signoff",
        Title(title, number),
        (_table(material), _rows(material)),
        sentence(say("sheet.signoff_note", material.language)),
        (_FOOT_MM, _responsibility(material)),
    )


def _table(material: Material) -> Table:
    words = say_parts("heads.signoff", material.language)
    shares = (10, 62, 18, 18, 160, 50, 34)
    columns = [
        Column(
            word,
            share,
            "left" if n in (1, 4) else "centre",
            Type(8.0, "bold" if n == 1 else "sans", BLACK),
            3,
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return Table(
        material.fonts,
        columns,
        room_of(material).w,
        least=13.5 if material.request.paper == "A3" else 10.0,
    )


def _rows(material: Material) -> list[Row]:
    """Return a row for every body with a gap to answer for, and one for every town."""
    failing = material.findings[is_gap(material.findings)]
    failing = failing[failing["estate_id"].isin(list(material.estates["estate_id"]))]
    bodies = failing.assign(body=failing["department_ids"].fillna("").str.split("、")).explode(
        "body"
    )
    counted = bodies.groupby("body")["estate_id"].agg(["nunique", "size"])
    own = material.request.department
    keys = (
        [own]
        if own
        else [k for k in material.book.departments if k in counted.index and k != "town"]
    )
    rows = [
        (material.department(key), *(counted.loc[key] if key in counted.index else (0, 0)))
        for key in keys
    ]
    if not own:
        towns = failing["estate_id"].map(material.town_of)
        estates = material.estates["estate_id"].map(material.town_of)
        rows += [
            (t, int((estates == t).sum()), int((towns == t).sum())) for t in towns_of(material)
        ]
    return [
        Row((str(n), name, str(estates), str(gaps), "", "", ""))
        for n, (name, estates, gaps) in enumerate(rows, start=1)
    ]


def _responsibility(material: Material) -> Intro:
    """Return the drawing of the notes under the table."""
    key = "sheet.public_duty" if material.request.is_public else "sheet.internal_duty"
    notes = say_parts(key, material.language)

    def draw(canvas: Canvas, room: Box) -> float:
        inner = furniture.section(canvas, room, say("sheet.notes", material.language))
        return furniture.draw_notes(canvas, inner, notes, size=7.5)

    return draw
