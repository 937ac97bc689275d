"""苗木表: what every estate needs, what the bureau still has to supply, and by when."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from atlas.sheet import AtlasContext, PagePlan, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.table import PageTable, TableColumn, TableRow, digest_text
from atlas.text import clean
from layers.trees import KINDS
from wording import Text, say, say_parts

_KEYS = ["town", "estate", "species_id", "species_zh", "species_en", "kind", "size", "by_spacing",
         "supply_by"]  # fmt: skip


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the table of all estates of the booklet; none without seedlings."""
    if context.review is None:
        return []
    rows = _rows(context, _counted(context))
    if not rows:
        return []
    title = Title(say("sheet_kind.seedlings", context.language), number)
    intro = sentence(context, say("sheet.seedlings_note", context.language))
    digest = hashlib.sha256(digest_text(rows).encode("utf-8", "replace")).hexdigest()
    page_plans = plan_listing(context, "seedlings", title, (_table(context), rows), intro)
    return [replace(page_plan, basis=digest) for page_plan in page_plans]


def _counted(context: AtlasContext) -> pd.DataFrame:
    """Return the seedlings of the booklet's estates, summed over their sites."""
    table = context.review.seedlings if context.review is not None else pd.DataFrame()
    own = table[table["estate"].isin(context.estates["name"])]
    sums = own.groupby(_KEYS, dropna=False, sort=True)[["count", "to_supply"]].sum()
    return sums.reset_index()


def _rows(context: AtlasContext, counted: pd.DataFrame) -> list[TableRow]:
    """Return a row an estate and species, a total a town, and the whole by species."""
    rows: list[TableRow] = []
    for town, own in counted.groupby("town", dropna=False, sort=True):
        rows += [_row(context, entry) for entry in own.to_dict("records")]
        rows.append(_total(context.town_label(_known(town)), say_total(context), own))
    if rows:
        by_species = counted.groupby(
            ["species_zh", "species_en", "kind", "size"], dropna=False, sort=True
        )[["count", "to_supply"]].sum()
        for entry in by_species.reset_index().to_dict("records"):
            blank = {"town": say_total(context), "estate": "", "by_spacing": False}
            rows.append(_row(context, entry | blank | {"supply_by": None}))
        rows.append(_total(say_total(context), "", counted))
    return rows


def say_total(context: AtlasContext) -> str:
    """Return the word for a total."""
    return say("sheet.total", context.language)


def _row(context: AtlasContext, entry: Mapping[Any, Any]) -> TableRow:
    kind = KINDS.get(str(entry["kind"]), Text("—", "—"))[context.language]
    estimate = say("sheet.yes", context.language) if entry["by_spacing"] else ""
    due = entry["supply_by"]
    return TableRow(
        (
            context.town_label(_known(entry["town"])),
            _known(entry["estate"]),
            _known(entry[f"species_{context.language}"]),
            kind,
            _known(entry["size"]),
            f"{entry['count']:,}",
            f"{entry['to_supply']:,}",
            estimate,
            _known(due),
            "",
        )
    )


def _known(value: object) -> str:
    return "—" if value is None or value is pd.NaT or value != value else clean(value)  # noqa: PLR0124


def _total(first: str, second: str, counted: pd.DataFrame) -> TableRow:
    count, supply = (int(counted[name].sum()) for name in ("count", "to_supply"))
    cells = (first, second, "", "", "", f"{count:,}", f"{supply:,}", "", "", "")
    return TableRow(cells, strong=True)


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.seedlings", context.language)
    shares = (26, 50, 34, 16, 56, 18, 20, 14, 26, 50)
    columns = [
        TableColumn(word, share, "left" if n in (0, 1, 2, 4) else "centre")
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, room_of(context).w, least=5.6)
