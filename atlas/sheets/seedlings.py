"""苗木表: what every estate needs, what the bureau still has to supply, and by when."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from atlas.sheet import Leaf, Material, Title
from atlas.sheets.listing import plan_listing, room_of, sentence
from atlas.table import Column, Row, Table
from atlas.text import clean
from layers.trees import KINDS
from wording import Text, say, say_parts

_KEYS = ["town", "estate", "species_id", "species_zh", "species_en", "kind", "size", "by_spacing",
         "supply_by"]  # fmt: skip


def plan(material: Material, number: str) -> list[Leaf]:
    """Plan the table of all estates of the booklet; none without seedlings."""
    if material.review is None:
        return []
    rows = _rows(material, _counted(material))
    if not rows:
        return []
    title = Title(say("sheet_kind.seedlings", material.language), number)
    intro = sentence(say("sheet.seedlings_note", material.language), 7.0)
    digest = hashlib.sha256(repr(rows).encode("utf-8", "replace")).hexdigest()
    leaves = plan_listing(material, "seedlings", title, (_table(material), rows), intro)
    return [replace(leaf, basis=digest) for leaf in leaves]


def _counted(material: Material) -> pd.DataFrame:
    """Return the seedlings of the booklet's estates, summed over their sites."""
    table = material.review.seedlings if material.review is not None else pd.DataFrame()
    own = table[table["estate"].isin(material.estates["name"])]
    sums = own.groupby(_KEYS, dropna=False, sort=True)[["count", "to_supply"]].sum()
    return sums.reset_index()


def _rows(material: Material, counted: pd.DataFrame) -> list[Row]:
    """Return a row an estate and species, a total a town, and the whole by species."""
    rows: list[Row] = []
    for town, own in counted.groupby("town", dropna=False, sort=True):
        rows += [_row(material, entry) for entry in own.to_dict("records")]
        rows.append(_total(clean(town), say_total(material), own))
    if rows:
        by_species = counted.groupby(
            ["species_zh", "species_en", "kind", "size"], dropna=False, sort=True
        )[["count", "to_supply"]].sum()
        for entry in by_species.reset_index().to_dict("records"):
            blank = {"town": say_total(material), "estate": "", "by_spacing": False}
            rows.append(_row(material, entry | blank | {"supply_by": None}))
        rows.append(_total(say_total(material), "", counted))
    return rows


def say_total(material: Material) -> str:
    """Return the word for a total."""
    return say("sheet.total", material.language)


def _row(material: Material, entry: Mapping[Any, Any]) -> Row:
    kind = KINDS.get(str(entry["kind"]), Text("—", "—"))[material.language]
    estimate = say("sheet.yes", material.language) if entry["by_spacing"] else ""
    due = entry["supply_by"]
    return Row(
        (
            _known(entry["town"]),
            _known(entry["estate"]),
            _known(entry[f"species_{material.language}"]),
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


def _total(first: str, second: str, counted: pd.DataFrame) -> Row:
    count, supply = (int(counted[name].sum()) for name in ("count", "to_supply"))
    cells = (first, second, "", "", "", f"{count:,}", f"{supply:,}", "", "", "")
    return Row(cells, strong=True)


def _table(material: Material) -> Table:
    words = say_parts("heads.seedlings", material.language)
    shares = (26, 50, 34, 16, 56, 18, 20, 14, 26, 50)
    columns = [
        Column(word, share, "left" if n in (0, 1, 2, 4) else "centre", lines=2)
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return Table(material.fonts, columns, room_of(material).w, least=5.6)
