"""资料不足清单: what nobody has surveyed yet, and who has to supply it."""

from atlas.evidence import concerns, unknown
from atlas.ink import BLACK, Type
from atlas.sheet import Leaf, Material, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.table import Column, Row, Table
from atlas.text import clean
from wording import say, say_parts


def plan(material: Material, number: str) -> list[Leaf]:
    """Plan the list: one row for what is lacking, who supplies it and which estates wait for it."""
    rows = _rows(material)
    title = say("sheet_kind.unknowns", material.language)
    intro = sentence(
        say("sheet.unknowns_note" if rows else "sheet.unknowns_none", material.language)
    )
    return plan_listing(material, "unknowns", Title(title, number), (_table(material), rows), intro)


def _table(material: Material) -> Table:
    words = say_parts("heads.unknowns", material.language)
    shares = (8, 46, 40, 70, 110, 10, 24, 20)
    columns = [
        Column(
            word,
            share,
            "centre" if n in (0, 5) else "left",
            Type(6.8, "bold" if n == 1 else "sans", BLACK),
            6,
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return Table(material.fonts, columns, room_of(material).w, least=6.6)


def _rows(material: Material) -> list[Row]:
    language = material.language
    rows = unknown(material.findings, list(material.estates["estate_id"]))
    if material.request.department:
        rows = rows[concerns(rows, material.request.department)]
    lacking, metric = f"lacking_{language}", f"metric_{language}"
    blank = rows.assign(
        **{lacking: rows[lacking].fillna(rows[metric]), "supplier": rows["supplier"].fillna("—")}
    )
    listed = []
    total = len(material.estates)
    for n, ((supplier, what), group) in enumerate(
        blank.groupby(["supplier", lacking], sort=True), start=1
    ):
        names = list(dict.fromkeys(clean(name) for name in group["estate"].fillna("—")))
        everyone = say("sheet.all_estates", language, n=total)
        estates = everyone if len(names) == total and total > 1 else "、".join(names)
        decides = "；".join(dict.fromkeys(clean(name) for name in group[metric]))
        listed.append(
            Row(
                (
                    str(n),
                    clean(what),
                    _name(material, str(supplier)),
                    decides,
                    estates,
                    str(len(group)),
                    "",
                    "",
                )
            )
        )
    return listed


def _name(material: Material, supplier: str) -> str:
    """Return the supplier's name; findings may carry ids or names."""
    return "、".join(material.department(part) for part in supplier.split("、"))
