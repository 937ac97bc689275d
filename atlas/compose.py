"""
Compose: from a request to a booklet - plan the sheets, draw the pages that changed, bind them.

`Drawn` pages can be handed in again: a page with the same inputs and number is not drawn twice.
"""

import hashlib
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.canvas import Canvas, Page
from atlas.evidence import concerns, findings_csv
from atlas.furniture import layout_of
from atlas.outline import plan_pages
from atlas.pdf import Binding, Bookmark, bind
from atlas.preflight import (
    after_drawing,
    before_drawing,
    guard_area,
    refuse_if_formal,
)
from atlas.problem import Problem
from atlas.request import Order, Request
from atlas.revision import Revision
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport
from atlas.sources import page_inputs, request_digest
from atlas.text import Fonts, clean
from atlas.themes import load_style
from geo.errors import DataError
from layers.district import District
from layers.findings import is_gap, lacks_data
from plan import Plan
from programme.opinions import Noted
from rules.book import Book
from rules.measures import reads
from rules.ranking import in_order
from wording import say

_PIPES = "pipelines"

Progress = Callable[[float, str], None]
"""Called before each page with the share done and the page's title; raise in it to cancel."""


@dataclass(frozen=True)
class DrawnPage:
    """A drawn page and its report."""

    page: Page
    report: PageReport


@dataclass(frozen=True)
class Booklet:
    """
    A finished booklet.

    Attributes
    ----------
    pdf : bytes
        The file.
    page_plans : tuple of PagePlan
        Its pages in order.
    edition : str
        As printed.
    digests : dict of str to str
        Digest of what each page shows, by the key of its plan: the list of changes comes from it.
    reports : tuple of PageReport
        What each page reported.
    problems : tuple of Problem
        What a formal issue would be refused for.
    redrawn : int
        Pages that were not taken from the pages handed in.
    """

    pdf: bytes
    page_plans: tuple[PagePlan, ...]
    edition: str
    digests: dict[str, str]
    reports: tuple[PageReport, ...]
    problems: tuple[Problem, ...]
    redrawn: int

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.pdf).hexdigest()


def context_of(
    district: District,
    findings: gpd.GeoDataFrame,
    book: Book,
    plan: Plan | None,
    request: Request,
    opinions: Sequence[Noted] = (),
) -> AtlasContext:
    """
    Return what the sheets draw from: the estates and rows that the request may show.

    Parameters
    ----------
    district : District
        What is printed.
    findings : geopandas.GeoDataFrame
        Its findings as `rules.full_table.full_table` returned them.
    book : Book
        What it was evaluated against.
    plan : Plan or None
        The year's plan, None without one.
    request : Request
        What is asked for.
    opinions : sequence of Noted, optional
        What meetings said of the district.

    Raises
    ------
    DataError
        For an unknown estate, town, department, paper or sheet, or if no estate matches.
    """
    if request.department and request.department not in book.departments:
        raise _unknown("department", "责任单位", request.department, list(book.departments))
    if request.is_public:
        findings = findings[~(_about_pipelines(findings, book) | _sensitive(findings, book))]
    context = AtlasContext(
        district=district,
        findings=findings,
        book=book,
        plan=plan,
        request=request,
        style=load_style(request.style, request.language),
        fonts=Fonts(request.font),
        layout=layout_of(request.paper),
        estates=_estates(district, findings, request),
        opinions=tuple(opinions),
    )
    return context if request.estates else replace(context, estates=_ordered(context))


def _ordered(context: AtlasContext) -> gpd.GeoDataFrame:
    """Return the booklet's estates as the request orders them, equals in the district's order."""
    estates, order = context.estates, context.request.order
    if order is Order.RANK:
        return estates.iloc[in_order(context.ranked)].reset_index(drop=True)
    if order is Order.TOWN:
        towns = {key: n for n, key in enumerate(context.district["towns"]["town_id"])}
        places = estates["town_id"].map(lambda key: towns.get(key, len(towns)))
        return estates.iloc[np.argsort(places, kind="stable")].reset_index(drop=True)
    return estates


def _about_pipelines(findings: gpd.GeoDataFrame, book: Book) -> pd.Series:
    """Return which findings a pipeline decided or, met or unknown too, may decide."""
    judged = [rule for rule in book.rules if rule.judges]
    reading = [r.id for r in judged if any(read.layer == _PIPES for read in reads(r, book))]
    decided = findings["witness_layer"].eq(_PIPES) | findings["origin_layer"].eq(_PIPES)
    return decided | findings["rule_id"].isin(reading)


def _sensitive(findings: gpd.GeoDataFrame, book: Book) -> pd.Series:
    """Return which findings tell of a weakness that residents' safety keeps from the public."""
    kept = [item.id for item in book.items.values() if item.is_sensitive]
    return findings["item_id"].isin(kept)


def _estates(district: District, findings: gpd.GeoDataFrame, request: Request) -> gpd.GeoDataFrame:
    estates = district["estates"]
    if request.estates:
        unknown = sorted(set(request.estates) - set(estates["estate_id"]))
        if unknown:
            raise _unknown("estate", "小区", unknown[0], list(estates["estate_id"]))
        estates = estates.set_index("estate_id").loc[list(request.estates)].reset_index()
    if request.town:
        towns = district["towns"].set_index("town_id")["name"]
        if request.town not in set(towns):
            raise _unknown("town", "乡镇", request.town, list(towns))
        estates = estates[estates["town_id"].map(towns) == request.town]
    if request.department:
        failing = findings[is_gap(findings) | lacks_data(findings)]
        concerned = set(failing["estate_id"][concerns(failing, request.department)])
        estates = estates[estates["estate_id"].isin(concerned)]
    if estates.empty:
        raise DataError("no estate is left for this booklet", "没有可列入本图册的小区")
    return estates.reset_index(drop=True)


def _unknown(en: str, zh: str, found: str, known: list[str]) -> DataError:
    listed = [clean(name) for name in known[:30]]
    return DataError(
        f"unknown {en} {clean(found)!r}; expected one of {', '.join(listed)}",
        f"未知{zh} {clean(found)!r}；应为 {'、'.join(listed)} 之一",
    )


@dataclass(frozen=True, eq=False, slots=True)
class Outline:
    """
    The pages of a booklet, planned, and its edition.

    Attributes
    ----------
    page_plans : tuple of PagePlan
        In order.
    edition : str
        As printed.
    revision : Revision or None
        What changed since the last edition.
    """

    page_plans: tuple[PagePlan, ...]
    edition: str
    revision: Revision | None = None


def compose(
    context: AtlasContext,
    *,
    outline: Outline | None = None,
    progress: Progress | None = None,
    pages: MutableMapping[str, DrawnPage] | None = None,
) -> Booklet:
    """
    Make the booklet.

    Parameters
    ----------
    context : AtlasContext
        From `context_of`.
    outline : Outline, optional
        Its pages, from `atlas.history.outlined`; planned here without it, as a first edition.
    progress : callable, optional
        Called before each page; an exception raised in it cancels.
    pages : mutable mapping, optional
        Pages drawn before, by input digest; new ones are added.

    Raises
    ------
    FormalIssueRefusedError
        If a formal issue has problems.
    DataError
        If the maps show too much ground in detail.
    """
    problems = before_drawing(context)
    refuse_if_formal(context.request, problems)
    if outline is None:
        outline = Outline(tuple(plan_pages(context)), context.request.edition)
    page_plans, edition = list(outline.page_plans), outline.edition
    store = {} if pages is None else pages
    asked = request_digest(context) + edition
    all_inputs = [page_inputs(context, page_plan) for page_plan in page_plans]
    drawn, redrawn = [], 0
    for n, (page_plan, inputs) in enumerate(zip(page_plans, all_inputs, strict=True), start=1):
        if progress is not None:
            progress((n - 1) / len(page_plans), page_plan.title)
        page_number = PageNumber(n, len(page_plans), inputs.digest, inputs.data_date, edition)
        key = f"{asked}|{_page_key(page_plan, page_number)}"
        if key not in store:
            store[key] = draw_page(context, page_plan, page_number)
            redrawn += 1
        drawn.append(store[key])
    reports = [each.report for each in drawn]
    guard_area(reports)
    problems += after_drawing(context, list(zip(page_plans, reports, strict=True)))
    refuse_if_formal(context.request, problems)
    binding = binding_of(context, page_plans, edition)
    binding = replace(binding, attachments=_evidence_file(context))
    pdf = bind([each.page for each in drawn], binding, context.fonts)
    digests = {
        page_plan.key: inputs.digest
        for page_plan, inputs in zip(page_plans, all_inputs, strict=True)
    }
    return Booklet(
        pdf, outline.page_plans, edition, digests, tuple(reports), tuple(problems), redrawn
    )


def draw_page(context: AtlasContext, page_plan: PagePlan, page_number: PageNumber) -> DrawnPage:
    """Draw one page and return it with its report."""
    layout = context.layout
    canvas = Canvas(layout.width, layout.height, context.fonts)
    if page_plan.estate_id:
        canvas.add_destination(f"estate:{page_plan.estate_id}", 0)
    report = page_plan.draw(canvas, page_number)
    report.cut += canvas.cut
    report.unprintable += canvas.unprintable
    return DrawnPage(canvas.page(), report)


def preview(context: AtlasContext, outline: Outline, key: str) -> bytes:
    """
    Return the PDF of one page of the booklet, without drawing the others.

    Parameters
    ----------
    context : AtlasContext
        From `context_of`.
    outline : Outline
        The pages of the booklet.
    key : str
        Key of the page's plan.

    Raises
    ------
    DataError
        If the booklet has no page of that key.
    """
    page_plans, edition = outline.page_plans, outline.edition
    for n, page_plan in enumerate(page_plans, start=1):
        if page_plan.key == key:
            inputs = page_inputs(context, page_plan)
            page_number = PageNumber(n, len(page_plans), inputs.digest, inputs.data_date, edition)
            page = draw_page(context, page_plan, page_number).page
            return bind([page], binding_of(context, [page_plan], edition), context.fonts)
    raise _unknown("page", "页面", key, [page_plan.key for page_plan in page_plans])


def _page_key(page_plan: PagePlan, page_number: PageNumber) -> str:
    return "|".join(
        (page_plan.key, page_plan.title, page_plan.number, str(page_number), page_number.digest)
    )


def _evidence_file(context: AtlasContext) -> dict[str, bytes]:
    """Return the attached table of findings by its name: an extract's own, the public's gaps."""
    name, rows = say("sheet.evidence_file", context.language), context.concerned_findings
    shown = rows[is_gap(rows)] if context.request.is_public else rows
    return {name: findings_csv(shown, context.language)}


def _group(context: AtlasContext, page_plan: PagePlan) -> str:
    """Return the parent bookmark of a page: number and name of its estate, "" on general pages."""
    if not page_plan.estate_id:
        return ""
    return f"{page_plan.number.split('-')[0]} {clean(context.by_id[page_plan.estate_id].name)}"


def binding_of(context: AtlasContext, page_plans: list[PagePlan], edition: str) -> Binding:
    """Return how the pages are bound: bookmarks, layer names, description."""
    request, language = context.request, context.language
    plan_name = context.plan.name if context.plan is not None else context.district.name
    title = clean(request.title_block.project) or clean(plan_name)
    kind = say("sheet.public_book" if request.is_public else "sheet.internal_book", language)
    return Binding(
        crs=context.district.crs,
        layer_names=context.style.layer_names(language),
        bookmarks=[
            Bookmark(page_plan.title, page_plan.number, _group(context, page_plan))
            for page_plan in page_plans
        ],
        title=f"{title} {kind}",
        subject=f"{clean(context.district.name)} · {request.date} · {clean(edition)}",
        author=clean(request.title_block.organisation) or clean(context.district.name),
        date=request.date,
        language="zh-CN" if language == "zh" else "en",
        keywords=f"data {context.district.version} rulebook {context.book.version}",
    )
