"""资料不足清单: data not yet surveyed, and who has to supply them."""

from atlas.evidence import concerns, unknown
from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.table import PageTable, TableColumn, TableRow
from atlas.text import clean
from wording import say, say_parts


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the list: one row for what is lacking, who supplies it and which estates wait for it."""
    rows = _rows(context)
    title = say("sheet_kind.unknowns", context.language)
    intro = sentence(
        say("sheet.unknowns_note" if rows else "sheet.unknowns_none", context.language)
    )
    return plan_listing(context, "unknowns", Title(title, number), (_table(context), rows), intro)


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.unknowns", context.language)
    shares = (8, 46, 40, 70, 110, 10, 24, 20)
    columns = [
        TableColumn(
            word,
            share,
            "centre" if n in (0, 5) else "left",
            TextStyle(6.8, "bold" if n == 1 else "sans", BLACK),
            6,
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, room_of(context).w, least=6.6)


def _rows(context: AtlasContext) -> list[TableRow]:
    language = context.language
    rows = unknown(context.findings, list(context.estates["estate_id"]))
    if context.request.department:
        rows = rows[concerns(rows, context.request.department)]
    lacking, metric = f"lacking_{language}", f"metric_{language}"
    blank = rows.assign(
        **{lacking: rows[lacking].fillna(rows[metric]), "supplier": rows["supplier"].fillna("—")}
    )
    listed = []
    total = len(context.estates)
    for n, ((supplier, what), group) in enumerate(
        blank.groupby(["supplier", lacking], sort=True), start=1
    ):
        names = list(dict.fromkeys(clean(name) for name in group["estate"].fillna("—")))
        everyone = say("sheet.all_estates", language, n=total)
        estates = everyone if len(names) == total and total > 1 else "、".join(names)
        decides = "；".join(dict.fromkeys(clean(name) for name in group[metric]))
        listed.append(
            TableRow(
                (
                    str(n),
                    clean(what),
                    _name(context, str(supplier)),
                    decides,
                    estates,
                    str(len(group)),
                    "",
                    "",
                )
            )
        )
    return listed


def _name(context: AtlasContext, supplier: str) -> str:
    """Return the supplier's name; findings may carry ids or names."""
    return "、".join(context.department(part) for part in supplier.split("、"))
