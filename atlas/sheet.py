"""
Sheet: what every page shares - the material it draws from, its place in the booklet, its dress.

A sheet module plans `Leaf` values (cheap: only measuring), and each leaf draws one page on demand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from atlas import furniture
from atlas.canvas import Canvas
from atlas.evidence import Evidence, all_evidence
from atlas.furniture import Heading, Layout
from atlas.request import Request
from atlas.stock import Stock
from atlas.text import Fonts, clean
from atlas.themes import Style, Theme
from atlas.words import say
from layers.district import District
from plan import Plan
from rules.book import Book


@dataclass(frozen=True)
class Folio:
    """
    A page's number, from 1, how many there are, and what the page was drawn from.

    `digest` and `data_date` are those of the rows this page shows, not of the whole district: an
    edit elsewhere leaves the page as it was.
    """

    page: int
    total: int
    digest: str = ""
    data_date: str = ""

    def __str__(self) -> str:
        """Return "3 / 96"."""
        return f"{self.page} / {self.total}"


MEASURING = Folio(999, 999, "0" * 64, "2000-01-01")
"""Stands in while a sheet is planned and its page is not yet known."""


@dataclass
class Report:
    """
    What a drawn page has to tell.

    Attributes
    ----------
    drawn : dict of str to Theme
        Themes on its maps: the legend is made from them.
    unplaced : list of str
        Labels that found no place.
    scales : list of (int, bounds)
        Scale and ground of each map frame.
    """

    drawn: dict[str, Theme] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    scales: list[tuple[int, tuple[float, float, float, float]]] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    """Everything a sheet draws from: the tables, the rulebook, the plan, the request, the means."""

    district: District
    findings: gpd.GeoDataFrame
    book: Book
    plan: Plan | None
    request: Request
    style: Style
    fonts: Fonts
    layout: Layout
    estates: gpd.GeoDataFrame

    @property
    def language(self) -> str:
        """Of headings and notes."""
        return self.request.language

    @cached_property
    def stock(self) -> Stock:
        """The district's features by theme."""
        return Stock(self.district)

    @cached_property
    def gaps(self) -> dict[str, list[Evidence]]:
        """The numbered gaps of every estate, only those of the department an extract is for."""
        return all_evidence(self.findings, self.language, self.request.department)

    @cached_property
    def by_id(self) -> pd.DataFrame:
        """The district's estates by their ids."""
        return self.district["estates"].set_index("estate_id")

    @cached_property
    def _towns(self) -> dict[str, str]:
        names = self.district["towns"].set_index("town_id")["name"]
        named = self.by_id["town_id"].map(names)
        return {str(key): "" if pd.isna(name) else clean(name) for key, name in named.items()}

    def town_of(self, estate_id: str) -> str:
        """Return the name of the town an estate lies in, "" if unknown."""
        return self._towns.get(estate_id, "")

    def department(self, key: str) -> str:
        """Return the name of a department."""
        known = self.book.departments.get(key)
        if known is None:
            return clean(key)
        return clean(known.name if self.language == "zh" else known.name_en)

    def signers(self, town: str) -> list[str]:
        """Return the names of the bodies that sign, the town last."""
        keys = self.request.signers or DEFAULT_SIGNERS
        names = [self.department(key) for key in keys if key in self.book.departments]
        return [*names, town] if town else names


DEFAULT_SIGNERS = ("zjj", "fgj", "zrj", "mzj", "jyj", "gaj", "czj")
"""Bodies of the plan's joint review, in its order; a town signs after them."""


@dataclass(frozen=True)
class Leaf:
    """
    One page to be drawn.

    Attributes
    ----------
    key : str
        Stable name, such as ``"gaps:E07:1"``: the same page in the next booklet has the same key.
    kind : str
        Of `request.SHEETS`.
    title, number : str
        图名, 图号.
    depth : int
        Of its bookmark.
    estate_id, town : str
        What it is about, "" if general.
    draw : callable
        Draws the page and reports.
    """

    key: str
    kind: str
    title: str
    number: str
    depth: int
    draw: Callable[[Canvas, Folio], Report]
    estate_id: str = ""
    town: str = ""


def dress(
    canvas: Canvas,
    material: Material,
    leaf_title: str,
    number: str,
    folio: Folio,
    *,
    scale: str = "—",
    town: str = "",
    panel: bool = True,
) -> None:
    """Draw frame, heading, sign-off strip and, with a panel, the title block."""
    with canvas.layer("furniture"):
        heading = Heading(leaf_title, _project(material), _subtitle(material, town), scale, number)
        furniture.draw_sheet(canvas, material.layout, heading, material.request)
        furniture.draw_signers(canvas, material.layout, material.signers(town), material.language)
        if panel:
            furniture.draw_title_block(
                canvas, material.layout, title_rows(material, leaf_title, number, folio, scale)
            )
        _draw_foot(canvas, material, folio)
    canvas.place(f"sheet:{number}", 0)


def _project(material: Material) -> str:
    named = clean(material.request.title_block.project)
    if named or material.plan is None:
        return named
    return (
        f"{material.plan.year}年城镇老旧小区改造"
        if material.language == "zh"
        else material.plan.name_en
    )


def _subtitle(material: Material, town: str) -> str:
    place = clean(material.district.name) + town
    motto = "“一小区一方案” · " if material.language == "zh" else ""
    return (
        motto
        + place
        + (f"（{say('demo', material.language)}）" if material.district.is_synthetic else "")
    )


def title_rows(
    material: Material, title: str, number: str, folio: Folio, scale: str
) -> Sequence[Sequence[tuple[str, str, float]]]:
    """Return the rows of 图签."""
    request, language = material.request, material.language
    block = request.title_block
    word = lambda key: say(key, language)  # noqa: E731 - five words to a row
    crs = f"CGCS2000 · EPSG:{material.district.crs.to_epsg()}"
    people = ("leader", "drawn_by", "checked_by", "reviewed_by", "approved_by")
    return (
        (
            (word("organisation"), clean(block.organisation), 3),
            (word("project"), clean(block.project) or _project(material), 3),
        ),
        tuple((word(key), clean(getattr(block, key)), 1) for key in people),
        (
            (word("sheet_name"), title, 3),
            (word("crs"), crs, 2),
            (word("height"), word("height_datum"), 2),
        ),
        (
            (word("sheet_number"), number, 1.1),
            (word("page"), str(folio), 1.1),
            (word("scale"), scale, 1.2),
            (word("paper"), request.paper, 0.7),
            (word("date"), request.date, 1.5),
            (word("edition"), f"{clean(request.edition)} · {folio.digest[:7]}", 2),
        ),
    )


def _draw_foot(canvas: Canvas, material: Material, folio: Folio) -> None:
    """Print what the booklet may be used for, under the frame."""
    request, language = material.request, material.language
    y = material.layout.height - 1.6
    style = furniture.Type(6.0, "sans", furniture.GREY)
    words = [say("internal", language) if not request.is_public else public_mark(request)]
    if material.district.is_synthetic:
        words.append(say("demo", language))
    canvas.text(material.layout.sheet.x, y, " | ".join(words), style)
    canvas.text(material.layout.sheet.right, y, str(folio), style, align="right")


def public_mark(request: Request) -> str:
    """Return the review number, or that the map was not reviewed."""
    if request.review_number:
        return f"{say('review_number', request.language)}：{clean(request.review_number)}"
    return say("unreviewed", request.language)


def notes_of(material: Material, folio: Folio) -> list[str]:
    """Return the notes that a map sheet carries: projection, heights, date, accuracy, use."""
    district, request = material.district, material.request
    if material.language == "zh":
        notes = [
            f"坐标系：{_crs_note(district.crs)}；高程基准：1985国家高程基准。坐标单位：米。",
            f"本页资料截至 {folio.data_date or '—'}，数据指纹 {folio.digest[:12]}；"
            f"评估日期 {_as_of(material)}，规则库 {material.book.version[:12]}。",
            "步行距离按路网量算，非直线距离；净距为平面计算值，未计入管线探测误差，开挖前须现场复核。",
            "“资料不足”不等于合格；“对照”指条文针对新建工程，仅作参照，不判违规；“待核”指条文数值尚待查对原文。",
        ]
        use = (
            "界线不作为权属依据。"
            if request.is_public
            else "仅供方案审议，不作为测绘成果、产权或施工依据；未经批准不得公开或上传互联网。"
        )
    else:
        notes = [
            f"CRS: {district.crs.name} (EPSG:{district.crs.to_epsg()}); heights: China 1985. Metres.",
            f"Data of this sheet until {folio.data_date or '-'}, digest {folio.digest[:12]}; assessed "
            f"as of {_as_of(material)}, rulebook {material.book.version[:12]}.",
            "Walks are measured along paths, not as the crow flies. Clearances are planar and leave "
            "out the accuracy of the pipe survey: verify on site before digging.",
            "Unknown does not mean compliant. A yardstick clause is written for new buildings.",
        ]
        use = (
            "Boundaries are no evidence of title."
            if request.is_public
            else "For review only: no survey product, no evidence of title, not for construction."
        )
    if district.is_synthetic:
        notes.append(
            "本册为演示数据，图形与指标均为虚构。"
            if material.language == "zh"
            else "All shapes and figures are invented for demonstration."
        )
    return [*notes, use]


def _crs_note(crs: CRS) -> str:
    """Name the projection as Chinese maps do; other systems by their own name."""
    operation = crs.coordinate_operation
    if operation is None or not crs.name.startswith("CGCS2000 / 3-degree"):
        return f"{crs.name}（EPSG:{crs.to_epsg()}）"
    meridian = next(p.value for p in operation.params if "ongitude" in p.name)
    return f"2000国家大地坐标系，高斯-克吕格3°带投影，中央经线{meridian:g}°（EPSG:{crs.to_epsg()}）"


def _as_of(material: Material) -> str:
    days = material.findings["as_of"].dropna().unique()
    return str(max(days)) if len(days) else "—"
