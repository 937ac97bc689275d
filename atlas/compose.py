"""
Compose: from a request to a booklet - plan the sheets, draw the pages that changed, bind them.

`Drawn` pages can be handed in again: a page with the same inputs and number is not drawn twice.
"""

import hashlib
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace

import geopandas as gpd

from atlas.canvas import Canvas, Page
from atlas.evidence import concerns, findings_csv
from atlas.furniture import layout_of
from atlas.outline import plan_leaves
from atlas.pdf import Binding, Entry, bind
from atlas.preflight import (
    Problem,
    after_drawing,
    before_drawing,
    guard_area,
    refuse_if_formal,
    require_printable,
)
from atlas.request import Request
from atlas.sheet import Folio, Leaf, Material, Report
from atlas.sources import origin_of, request_digest
from atlas.text import Fonts, clean
from atlas.themes import load_style
from geo.errors import DataError
from layers.district import District
from layers.findings import Outcome, is_gap
from plan import Plan
from rules.book import Book
from wording import say

Progress = Callable[[float, str], None]
"""Called before each page with the share done and the page's title; raise in it to cancel."""


@dataclass(frozen=True)
class Drawn:
    """A page that was drawn and what it reported."""

    page: Page
    report: Report


@dataclass(frozen=True)
class Booklet:
    """
    A finished booklet.

    Attributes
    ----------
    pdf : bytes
        The file.
    leaves : tuple of Leaf
        Its pages in order.
    digests : dict of str to str
        Digest of what each page shows, by leaf key: the list of changes comes from it.
    reports : tuple of Report
        What each page reported.
    problems : tuple of Problem
        What a formal issue would be refused for.
    redrawn : int
        Pages that were not taken from the pages handed in.
    """

    pdf: bytes
    leaves: tuple[Leaf, ...]
    digests: dict[str, str]
    reports: tuple[Report, ...]
    problems: tuple[Problem, ...]
    redrawn: int

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.pdf).hexdigest()


def material_of(
    district: District,
    findings: gpd.GeoDataFrame,
    book: Book,
    plan: Plan | None,
    request: Request,
) -> Material:
    """
    Gather what the sheets draw from, with the estates and rows that the request may show.

    Parameters
    ----------
    district : District
        What is printed.
    findings : geopandas.GeoDataFrame
        Its findings as `rules.full_table.full_table` returned them.
    book : Book
        What it was held against.
    plan : Plan or None
        The year's plan, None without one.
    request : Request
        What is asked for.

    Raises
    ------
    DataError
        For an unknown estate, town, department, paper or sheet, or a request that leaves nothing.
    """
    if request.department and request.department not in book.departments:
        raise _unknown("department", "责任单位", request.department, list(book.departments))
    if request.is_public:
        hidden = findings["witness_layer"].eq("pipelines") | findings["origin_layer"].eq(
            "pipelines"
        )
        findings = findings[~hidden]
    return Material(
        district=district,
        findings=findings,
        book=book,
        plan=plan,
        request=request,
        style=load_style(request.style),
        fonts=Fonts(request.font),
        layout=layout_of(request.paper),
        estates=_estates(district, findings, request),
    )


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
        failing = findings[is_gap(findings) | findings["outcome"].eq(Outcome.UNKNOWN)]
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


def compose(
    material: Material,
    *,
    progress: Progress | None = None,
    pages: MutableMapping[str, Drawn] | None = None,
) -> Booklet:
    """
    Make the booklet.

    Parameters
    ----------
    material : Material
        From `material_of`.
    progress : callable, optional
        Told before each page; an exception raised in it cancels.
    pages : mutable mapping, optional
        Pages drawn before, by input digest; new ones are added.

    Raises
    ------
    FormalIssueRefusedError
        If a formal issue has problems.
    DataError
        If the maps show too much ground in detail, or a character cannot be printed.
    """
    problems = before_drawing(material)
    refuse_if_formal(material.request, problems)
    require_printable(material)
    leaves = plan_leaves(material)
    store = {} if pages is None else pages
    asked = request_digest(material)
    origins = [origin_of(material, leaf) for leaf in leaves]
    drawn, redrawn = [], 0
    for n, (leaf, origin) in enumerate(zip(leaves, origins, strict=True), start=1):
        if progress is not None:
            progress((n - 1) / len(leaves), leaf.title)
        folio = Folio(n, len(leaves), origin.digest, origin.data_date)
        key = f"{asked}|{_page_key(leaf, folio)}"
        if key not in store:
            store[key] = draw_leaf(material, leaf, folio)
            redrawn += 1
        drawn.append(store[key])
    reports = [each.report for each in drawn]
    guard_area(reports)
    problems += after_drawing([(leaf.title, r) for leaf, r in zip(leaves, reports, strict=True)])
    refuse_if_formal(material.request, problems)
    binding = replace(binding_of(material, leaves), attachments=_evidence_file(material))
    pdf = bind([each.page for each in drawn], binding, material.fonts)
    digests = {leaf.key: origin.digest for leaf, origin in zip(leaves, origins, strict=True)}
    return Booklet(pdf, tuple(leaves), digests, tuple(reports), tuple(problems), redrawn)


def draw_leaf(material: Material, leaf: Leaf, folio: Folio) -> Drawn:
    """Draw one page."""
    layout = material.layout
    canvas = Canvas(layout.width, layout.height, material.fonts)
    if leaf.estate_id:
        canvas.place(f"estate:{leaf.estate_id}", 0)
    report = leaf.draw(canvas, folio)
    return Drawn(canvas.page(), report)


def preview(material: Material, key: str) -> bytes:
    """
    Return the PDF of one page of the booklet, without drawing the others.

    Raises
    ------
    DataError
        If the booklet has no page of that key.
    """
    leaves = plan_leaves(material)
    for n, leaf in enumerate(leaves, start=1):
        if leaf.key == key:
            origin = origin_of(material, leaf)
            folio = Folio(n, len(leaves), origin.digest, origin.data_date)
            page = draw_leaf(material, leaf, folio).page
            return bind([page], binding_of(material, [leaf]), material.fonts)
    raise _unknown("page", "页面", key, [leaf.key for leaf in leaves])


def _page_key(leaf: Leaf, folio: Folio) -> str:
    return "|".join((leaf.key, leaf.title, leaf.number, str(folio), folio.digest))


def _evidence_file(material: Material) -> dict[str, bytes]:
    """Return the attached table of findings by its name; an extract's own rows only."""
    rows, request = material.own_findings, material.request
    if request.department:
        rows = rows[concerns(rows, request.department)]
    name = say("sheet.evidence_file", request.language)
    return {name: findings_csv(rows, request.language)}


def _group(material: Material, leaf: Leaf) -> str:
    """Return the bookmark that a page stands under: its estate, with the number of its sheets."""
    if not leaf.estate_id:
        return ""
    return f"{leaf.number.split('-')[0]} {clean(material.by_id[leaf.estate_id].name)}"


def binding_of(material: Material, leaves: list[Leaf]) -> Binding:
    """Return how the pages are bound: bookmarks, layer names, description."""
    request, language = material.request, material.language
    plan_name = material.plan.name if material.plan is not None else material.district.name
    title = clean(request.title_block.project) or clean(plan_name)
    kind = say("sheet.public_book" if request.is_public else "sheet.internal_book", language)
    return Binding(
        crs=material.district.crs,
        layer_names=material.style.layer_names(language),
        entries=[Entry(leaf.title, leaf.number, _group(material, leaf)) for leaf in leaves],
        title=f"{title} {kind}",
        subject=f"{clean(material.district.name)} · {request.date} · {clean(request.edition)}",
        author=clean(request.title_block.organisation) or clean(material.district.name),
        date=request.date,
        language="zh-CN" if language == "zh" else "en",
        keywords=f"data {material.district.version} rulebook {material.book.version}",
    )
