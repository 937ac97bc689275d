"""Renewal: which pipes are due by age, material, hazard or mixing, rule by rule."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.verdict import ClearanceVerdict
from geo.arrays import BoolArray, ObjectArray
from pipework.checks import checks
from pipework.pieces import Pieces
from rules.grammar import Age
from rules.measures import age
from rules.model import Book, Rule, Source
from rules.truth import Truth
from rules.verdict import MET, SHORT, UNKNOWN
from wording import LANGUAGES, Language, say

_VERDICTS = {
    SHORT: ClearanceVerdict.SHORT,
    UNKNOWN: ClearanceVerdict.UNKNOWN,
    MET: ClearanceVerdict.MET,
}


def due_for_renewal(pieces: Pieces, book: Book, as_of: date) -> list[gpd.GeoDataFrame]:
    """
    Hold pipes against the rules on renewal, also after the programme that made them ended.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    book : Book
        With the rules.
    as_of : datetime.date
        On which their age is counted, and by which the paper of a rule may have ended.

    Returns
    -------
    list of geopandas.GeoDataFrame
        Rows of `checks.COLUMNS`, for each rule: `measured` is the age and `required` the years from
        which pipes are due.
    """
    return [
        _due(pieces, rule, rule.measure, book.sources[rule.source], as_of)
        for rule in book.rules
        if isinstance(rule.measure, Age)
    ]


def _due(pieces: Pieces, rule: Rule, spec: Age, paper: Source, as_of: date) -> gpd.GeoDataFrame:
    table = pieces.table
    own = np.flatnonzero(table["kind"].isin(spec.kinds).to_numpy(dtype=bool)).astype(np.int64)
    fields = table.loc[own, ["material", "is_hazard", "is_cross_connected"]].reset_index(drop=True)
    years = as_of.year - table.loc[own, "year"].astype("float64").to_numpy()
    fields = fields.assign(age=years)
    code = age.judge(rule, fields).code
    return checks(
        "age",
        own,
        pd.Series(code).map(_VERDICTS).to_numpy(dtype=object),
        pieces.geometry[own],
        measured=years,
        required=float(spec.age_years),
        length_m=shapely.length(pieces.geometry[own]),
        unit="a",
        rule_id=rule.id,
        source_id=rule.source,
        clause=rule.clause,
        verified=rule.verified,
        **_reasons(table.loc[own], spec, is_ended=not paper.in_force(as_of)),
    )


def _reasons(table: pd.DataFrame, spec: Age, *, is_ended: bool) -> dict[str, list[str]]:
    """Return what is known and what is not of each pipe that bears on whether it is due."""
    asked = {
        "hazard": "is_hazard" if spec.age_needs_hazard else "",
        "mixed": "is_cross_connected" if spec.cross_connected else "",
    }
    always = age.is_any_of(table, spec.materials_always)
    signs: list[tuple[str, BoolArray]] = [
        ("material", always.yes),
        ("no_material", always.open & bool(spec.materials_always)),
        ("no_year", table["year"].isna().to_numpy()),
    ]
    for sign, column in asked.items():
        if column:
            found = Truth.flags(table[column])
            signs += [(sign, found.yes), (f"no_{sign}", found.open)]
    signs.append(("ended", np.full(len(table), is_ended)))
    material = table["material"].astype(object).where(table["material"].notna(), "")
    names = material.to_numpy(dtype=object)
    return {f"note_{side}": _joined(signs, len(table), side, names) for side in LANGUAGES}


def mixed(pieces: Pieces, book: Book) -> gpd.GeoDataFrame:
    """
    Say of every drain whether rain and sewage run in one.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    book : Book
        With the rule on renewal that asks it.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of `checks.COLUMNS`: cross-connected drains are not kept, combined sewers to be
        verified, as the plan for the town says whether they are parted.
    """
    rule = book.by_id[_MIXED]
    kind, sub = (pieces.table[name].to_numpy() for name in ("kind", "sub_kind"))
    own = np.flatnonzero(kind == "PS").astype(np.int64)
    crossed = Truth.flags(pieces.table["is_cross_connected"]).keep(kind == "PS")
    combined = sub[own] == "HS"
    signs = [("mixed", crossed.yes), ("combined", combined), ("no_mixed", crossed.open)]
    return checks(
        "mixed",
        own,
        np.select(
            [crossed.yes, combined, crossed.open],
            [ClearanceVerdict.SHORT, ClearanceVerdict.VERIFY, ClearanceVerdict.UNKNOWN],
            ClearanceVerdict.MET,
        ),
        pieces.geometry[own],
        length_m=shapely.length(pieces.geometry[own]),
        rule_id=rule.id,
        source_id=rule.source,
        clause=rule.clause,
        verified=rule.verified,
        **{
            f"note_{side}": _joined(signs, len(own), side, material=np.full(len(own), ""))
            for side in LANGUAGES
        },
    )


_MIXED = "pipe.drain.age"


def _joined(
    signs: list[tuple[str, BoolArray]], size: int, language: Language, material: ObjectArray
) -> list[str]:
    """Return the signs that hold of each pipe, as one text."""
    return [
        say("pipes.between", language).join(
            say(f"pipes.age_{sign}", language, material=material[place])
            for sign, holds in signs
            if holds[place]
        )
        for place in range(size)
    ]
