"""Outline: which sheets a request asks for, in which order, under which numbers."""

from types import ModuleType

from atlas.evidence import concerns, unknown
from atlas.request import GREENING_SHEETS, SHEETS
from atlas.sheet import Leaf, Material
from atlas.sheets import (
    contents,
    cover,
    gaps,
    greening,
    index_map,
    measures,
    pipes_green,
    present,
    rectification,
    seedlings,
    signoff,
    summary,
    town,
    unknowns,
)
from geo.errors import DataError

ESTATE_SHEETS: dict[str, ModuleType] = {
    "present": present,
    "gaps": gaps,
    "measures": measures,
    "pipes_green": pipes_green,
    "greening": greening,
}
_FRONT: dict[str, ModuleType] = {"index_map": index_map, "summary": summary, "town": town}
_BACK: dict[str, ModuleType] = {
    "unknowns": unknowns,
    "signoff": signoff,
    "seedlings": seedlings,
    "rectification": rectification,
}
EXTRACT = ("cover", "contents", "summary", "gaps", "measures", "pipes_green", "unknowns", "signoff")
"""Sheets a department signs; the rest is left out of its extract."""


def plan_leaves(material: Material) -> list[Leaf]:
    """
    Return every page of the booklet, in order.

    Raises
    ------
    DataError
        For a kind of sheet that does not exist.
    """
    wanted = _wanted(material)
    body = [
        leaf
        for position, (kind, module) in enumerate(_FRONT.items(), start=1)
        if kind in wanted
        for leaf in module.plan(material, f"A{position}")
    ]
    for position, estate_id in enumerate(material.estates["estate_id"], start=1):
        body += _estate_leaves(material, estate_id, f"{position:02d}", wanted)
    for position, (kind, module) in enumerate(_BACK.items(), start=1):
        if kind in wanted and not (kind == "unknowns" and _nothing_unknown(material)):
            body += module.plan(material, f"B{position}")
    leaves: list[Leaf] = cover.plan(material, "00") if "cover" in wanted else []
    if "contents" in wanted:
        leaves += contents.plan(material, "A0", lambda: leaves, body)
    leaves += body
    return leaves


def _wanted(material: Material) -> tuple[str, ...]:
    known = SHEETS if material.review is None else (*SHEETS, *GREENING_SHEETS)
    unknown_kinds = [kind for kind in material.request.sheets if kind not in known]
    if unknown_kinds:
        raise DataError(
            f"unknown sheet {unknown_kinds[0]!r}; expected one of {', '.join(known)}",
            f"未知图页 {unknown_kinds[0]!r}；应为 {'、'.join(known)} 之一",
        )
    kept = EXTRACT if material.request.department else known
    return tuple(kind for kind in material.request.sheets if kind in kept)


def _estate_leaves(
    material: Material, estate_id: str, number: str, wanted: tuple[str, ...]
) -> list[Leaf]:
    department = material.request.department
    leaves: list[Leaf] = []
    for position, (kind, module) in enumerate(ESTATE_SHEETS.items(), start=1):
        about_pipes = kind == "pipes_green" and department
        if kind in wanted and not (
            about_pipes and not pipes_green.related_gaps(material, estate_id)
        ):
            leaves += module.plan(material, estate_id, f"{number}-{position}")
    return leaves


def _nothing_unknown(material: Material) -> bool:
    """Return whether an extract has no unknown rows for its body."""
    department = material.request.department
    rows = unknown(material.findings, list(material.estates["estate_id"]))
    return bool(department) and not bool(concerns(rows, department).any())
