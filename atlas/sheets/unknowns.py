"""资料不足清单: data not yet surveyed, and who has to supply them."""

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import NamedTuple

from atlas.evidence import records
from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.table import PageTable, TableColumn, TableRow
from atlas.text import clean
from layers.findings import lacks_data
from rules.lacking import Datum, data_lacking
from wording import Text, listing, say, say_parts


class _Key(NamedTuple):
    """One row of the list: who must supply what."""

    holder: str
    place: str


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the list: one row for what is lacking, who supplies it and which estates wait for it."""
    rows = listed_rows(context)
    title = say("sheet_kind.unknowns", context.language)
    intro = sentence(
        context, say("sheet.unknowns_note" if rows else "sheet.unknowns_none", context.language)
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
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, room_of(context).w, least=6.6)


def listed_rows(context: AtlasContext) -> list[TableRow]:
    """Return a row for each body and piece of data that findings of the booklet wait for."""
    language, total = context.language, len(context.estates)
    everyone = say("sheet.all_estates", language, n=total)
    wanted = sorted(_wanted(context).items(), key=lambda pair: (pair[0].holder, pair[0].place))
    listed = []
    for n, (key, waiting) in enumerate(wanted, start=1):
        names = list(dict.fromkeys(clean(row.estate or "—") for row, _ in waiting))
        decides = dict.fromkeys(clean(getattr(row, f"metric_{language}")) for row, _ in waiting)
        cells = (
            str(n),
            clean(Datum(key.place, _cells(waiting), "").label(language)),
            clean(key.holder),
            Text("；", "; ")[language].join(decides),
            everyone if len(names) == total > 1 else listing(names, language),
            str(len(waiting)),
        )
        listed.append(TableRow((*cells, "", "")))
    return listed


def _wanted(context: AtlasContext) -> dict[_Key, list[tuple[SimpleNamespace, int]]]:
    """Return the findings that wait for each piece of data, with how many cells each lacks."""
    language, book = context.language, context.book
    rows = context.concerned_findings
    rows = rows[lacks_data(rows)]
    wanted: dict[_Key, list[tuple[SimpleNamespace, int]]] = defaultdict(list)
    for row in records(rows.drop(columns="geometry")):
        for datum in data_lacking(row.lacking or "", book.by_id[row.rule_id], book):
            holder = book.body(datum.holder, row.town)[language]
            wanted[_Key(holder, datum.place)].append((row, datum.cells))
    return wanted


def _cells(waiting: Sequence[tuple[SimpleNamespace, int]]) -> int:
    """Return how many cells are empty: those of one estate count once for all its rules."""
    most: dict[str, int] = {}
    for row, cells in waiting:
        most[row.estate_id] = max(cells, most.get(row.estate_id, 0))
    return sum(most.values())
