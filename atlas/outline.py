"""Outline: which sheets a request asks for, in which order, under which numbers."""

from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType
from typing import TypeAlias

from atlas.request import GREENING_SHEETS, SHEETS
from atlas.revision import Revision
from atlas.sheet import AtlasContext, PagePlan
from atlas.sheets import (
    changes,
    contents,
    cover,
    gaps,
    greening,
    index_map,
    measures,
    notice,
    opinions,
    pipes_green,
    present,
    rectification,
    seedlings,
    signoff,
    statements,
    summary,
    town,
    unknowns,
)
from geo.errors import DataError
from layers.findings import OTHER_STATEMENTS, lacks_data

Planner: TypeAlias = Callable[[AtlasContext, str], list[PagePlan]]
"""Plans a kind of sheet from the context and its 图号."""

ESTATE_SHEETS: dict[str, ModuleType] = {
    "present": present,
    "gaps": gaps,
    "measures": measures,
    "pipes_green": pipes_green,
    "greening": greening,
}
_FRONT: dict[str, ModuleType] = {
    "index_map": index_map,
    "summary": summary,
    "town": town,
    "notice": notice,
}
_BACK: dict[str, Planner] = {
    "unknowns": unknowns.plan,
    **{str(kind): partial(statements.plan, kind) for kind in OTHER_STATEMENTS},
    "signoff": signoff.plan,
    "seedlings": seedlings.plan,
    "rectification": rectification.plan,
    "opinions": opinions.plan,
}
_FURTHER: tuple[tuple[str, Callable[[AtlasContext], list[PagePlan]]], ...] = (
    ("present", present.plan_further),
    ("gaps", gaps.plan_further),
    ("measures", measures.plan_further),
    ("present", present.plan_walks),
    ("pipes_green", pipes_green.plan_further),
)
"""Tables of what found no room beside the maps of the estates: C0 to C4."""
_INTERNAL = ("pipes_green", "unknowns", *map(str, OTHER_STATEMENTS), "signoff", "opinions")
"""Sheets that residents are not shown: pipelines, what the offices have yet to settle or said."""
EXTRACT = (
    "cover",
    "contents",
    "changes",
    "summary",
    "gaps",
    "measures",
    "pipes_green",
    "unknowns",
    *map(str, OTHER_STATEMENTS),
    "signoff",
    "opinions",
)
"""Sheets a department signs; the rest is left out of its extract."""


def plan_pages(context: AtlasContext) -> list[PagePlan]:
    """
    Return every page of the booklet, in order.

    Raises
    ------
    DataError
        For a kind of sheet that does not exist.
    """
    return with_front(context, plan_body(context))


def plan_body(context: AtlasContext) -> list[PagePlan]:
    """Return every page but cover, contents and list of changes, in order."""
    wanted = _wanted(context)
    body = [
        page_plan
        for position, (kind, module) in enumerate(_FRONT.items(), start=1)
        if kind in wanted
        for page_plan in module.plan(context, f"A{position}")
    ]
    for position, estate_id in enumerate(context.estates["estate_id"], start=1):
        body += _estate_pages(context, estate_id, f"{position:02d}", wanted)
    for kind, plan_further in _FURTHER:
        body += plan_further(context) if kind in wanted else []
    for position, (kind, planner) in enumerate(_BACK.items(), start=1):
        if kind in wanted and not (kind == "unknowns" and _nothing_unknown(context)):
            body += planner(context, f"B{position}")
    return body


def with_front(
    context: AtlasContext, body: Sequence[PagePlan], revision: Revision | None = None
) -> list[PagePlan]:
    """
    Return the pages of a booklet with cover and contents and, of a later edition, its changes.

    Parameters
    ----------
    context : AtlasContext
        District, findings, rulebook, plan and request of the booklet.
    body : sequence of PagePlan
        From `plan_body` of the same context.
    revision : Revision, optional
        What changed since the last edition; without it nothing is said of changes.
    """
    wanted = _wanted(context)
    page_plans = cover.plan(context, "00", revision) if "cover" in wanted else []
    listed = changes.plan(context, "00-2", revision) if revision and "changes" in wanted else []
    if "contents" in wanted:
        page_plans += contents.plan(context, "A0", lambda: page_plans, [*listed, *body])
    page_plans += [*listed, *body]
    return page_plans


def _wanted(context: AtlasContext) -> tuple[str, ...]:
    known = SHEETS if context.review is None else (*SHEETS, *GREENING_SHEETS)
    unknown_kinds = [kind for kind in context.request.kinds if kind not in known]
    if unknown_kinds:
        raise DataError(
            f"unknown sheet {unknown_kinds[0]!r}; expected one of {', '.join(known)}",
            f"未知图页 {unknown_kinds[0]!r}；应为 {'、'.join(known)} 之一",
        )
    kept = EXTRACT if context.request.department else known
    if context.request.is_public:
        kept = tuple(kind for kind in kept if kind not in _INTERNAL)
    return tuple(kind for kind in context.request.kinds if kind in kept)


def _estate_pages(
    context: AtlasContext, estate_id: str, number: str, wanted: tuple[str, ...]
) -> list[PagePlan]:
    department = context.request.department
    page_plans: list[PagePlan] = []
    for position, (kind, module) in enumerate(ESTATE_SHEETS.items(), start=1):
        about_pipes = kind == "pipes_green" and department
        if kind in wanted and not (
            about_pipes and not pipes_green.related_gaps(context, estate_id)
        ):
            page_plans += module.plan(context, estate_id, f"{number}-{position}")
    return page_plans


def _nothing_unknown(context: AtlasContext) -> bool:
    """Return whether an extract has no unknown rows for its body."""
    department = context.request.department
    return bool(department) and not lacks_data(context.concerned_findings).any()
