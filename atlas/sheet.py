"""
What every page of a booklet shares: its context, its plan and number, its report, its furniture.

A sheet module returns `PagePlan` values, which only measure; each draws its page on demand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd

from atlas import furniture
from atlas.canvas import Canvas
from atlas.evidence import Evidence, all_evidence, concerns, records
from atlas.feature_source import FeatureSource
from atlas.furniture import Heading, PageLayout
from atlas.ink import TextStyle
from atlas.request import Request
from atlas.text import Fonts, clean
from atlas.themes import Style
from geo.crs import chinese_name
from greening.review import Review
from layers.district import District
from layers.findings import is_gap
from layers.style import Theme
from plan import Plan
from programme.opinions import Noted
from rules.book import Book
from rules.ranking import ranking
from wording import Language, Text, say


@dataclass(frozen=True)
class PageNumber:
    """
    A page's number, from 1, how many there are, and what the page was drawn from.

    `digest` and `data_date` are those of the rows this page shows, not of the whole district: an
    edit elsewhere does not change the page. `edition` is the booklet's.
    """

    page: int
    total: int
    digest: str = ""
    data_date: str = ""
    edition: str = ""

    def __str__(self) -> str:
        """Return "3 / 96"."""
        return f"{self.page} / {self.total}"


MEASURING = PageNumber(999, 999, "0" * 64, "2000-01-01", "V9.9")
"""Placeholder while a sheet is planned and its page number is not yet known."""


@dataclass
class PageReport:
    """
    What drawing a page found out.

    Attributes
    ----------
    drawn : dict of str to Theme
        Themes on its maps: the legend is made from them.
    unplaced : list of str
        Labels omitted for want of a free place.
    cut : list of str
        Texts that found no room even in the least type.
    unprintable : list of str
        Texts with a character that no font has.
    empty : list of str
        Map frames that show nothing.
    scales : list of (int, bounds)
        Scale and ground of each map frame.
    """

    drawn: dict[str, Theme] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    unprintable: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    scales: list[tuple[int, tuple[float, float, float, float]]] = field(default_factory=list)


@dataclass(frozen=True)
class AtlasContext:
    """What the sheets of a booklet draw from: tables, rulebook, plan, request, style, fonts."""

    district: District
    findings: gpd.GeoDataFrame
    book: Book
    plan: Plan | None
    request: Request
    style: Style
    fonts: Fonts
    layout: PageLayout
    estates: gpd.GeoDataFrame
    review: Review | None = None
    opinions: tuple[Noted, ...] = ()

    @cached_property
    def epsg(self) -> int | None:
        """EPSG code of the working CRS, None without one; cached, as a lookup is slow."""
        return self.district.crs.to_epsg()

    @property
    def is_national(self) -> bool:
        """Whether the working CRS is China's, and with it the datum of heights."""
        return self.district.crs.name.startswith("CGCS2000")

    @property
    def language(self) -> Language:
        """Of headings and notes."""
        return self.request.language

    @cached_property
    def feature_source(self) -> FeatureSource:
        """The district's features by theme."""
        return FeatureSource(self.district)

    @cached_property
    def gaps(self) -> dict[str, list[Evidence]]:
        """The numbered gaps of every estate, only those of the department an extract is for."""
        return all_evidence(
            self.own_findings,
            self.language,
            self.request.department,
            with_remarks=not self.request.is_public,
        )

    @cached_property
    def opinions_on(self) -> dict[str, list[int]]:
        """Numbers of the opinions that are pinned on a gap, by finding; none for the public."""
        pinned: dict[str, list[int]] = {}
        for one in () if self.request.is_public else self.opinions:
            if one.opinion.finding:
                pinned.setdefault(one.opinion.finding, []).append(one.number)
        return pinned

    @cached_property
    def own_findings(self) -> gpd.GeoDataFrame:
        """The findings of the booklet's estates."""
        return self.findings[self.findings["estate_id"].isin(list(self.estates["estate_id"]))]

    @cached_property
    def concerned_findings(self) -> gpd.GeoDataFrame:
        """Those of `own_findings` that an extract's body answers for; all without one."""
        rows, department = self.own_findings, self.request.department
        return rows[concerns(rows, department)] if department else rows

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """`rules.ranking.ranking` of the booklet's estates, by an extract's own gaps only."""
        return ranking(self.concerned_findings, list(self.estates["estate_id"]), self.book)

    @cached_property
    def _by_estate(self) -> dict[str, list[SimpleNamespace]]:
        listed: dict[str, list[SimpleNamespace]] = {}
        for row in records(self.concerned_findings.drop(columns="geometry")):
            listed.setdefault(row.estate_id, []).append(row)
        return listed

    def findings_of(self, estate_id: str) -> list[SimpleNamespace]:
        """Return an estate's findings, met or not, without geometry; an extract's own only."""
        return self._by_estate.get(estate_id, [])

    @cached_property
    def _members(self) -> dict[str, dict[str, list[SimpleNamespace]]]:
        return {}

    def members(self, layer: str, estate_id: str) -> list[SimpleNamespace]:
        """Return the rows of `layer` that belong to an estate of the booklet."""
        if layer not in self._members:
            sorted_rows: dict[str, list[SimpleNamespace]] = {}
            frame = self.district[layer]
            shown = frame["estate_id"].isin(list(self.estates["estate_id"]))
            for row in records(frame[shown]):
                sorted_rows.setdefault(row.estate_id, []).append(row)
            self._members[layer] = sorted_rows
        return self._members[layer].get(estate_id, [])

    @cached_property
    def by_id(self) -> dict[str, SimpleNamespace]:
        """The district's estates by their ids."""
        return {row.estate_id: row for row in records(self.district["estates"])}

    @cached_property
    def _towns(self) -> dict[str, str]:
        names = {row.town_id: clean(row.name) for row in records(self.district["towns"])}
        return {key: names.get(row.town_id, "") for key, row in self.by_id.items()}

    def town_of(self, estate_id: str) -> str:
        """Return the name of an estate's town, "" if unknown."""
        return self._towns.get(estate_id, "")

    def town_label(self, town: str) -> str:
        """Return a town's name in the booklet's language."""
        return clean(self.book.called(town, self.language))

    def department(self, key: str) -> str:
        """Return the name of the department with id `key`; `key` itself if it is unknown."""
        known = self.book.departments.get(key)
        if known is None:
            return clean(key)
        return clean(known.label[self.language])

    @cached_property
    def signing(self) -> list[str]:
        """
        Ids of the departments that sign, an extract's own alone.

        They are those asked for, else those of the joint review and any other with a gap.
        """
        if self.request.department:
            return [self.request.department]
        if self.request.signers:
            return [key for key in self.request.signers if key in self.book.departments]
        rows = self.own_findings
        named = rows.loc[is_gap(rows), "department_ids"].dropna().str.split("、").explode()
        concerned = set(named) - {"town"}
        return [k for k in DEFAULT_SIGNERS if k in self.book.departments] + [
            k for k in self.book.departments if k in concerned and k not in DEFAULT_SIGNERS
        ]

    def signers(self, town: str) -> list[str]:
        """Return the names of the signing departments, then the town's unless it is ""."""
        names = [self.department(key) for key in self.signing]
        return [*names, self.town_label(town)] if town else names


DEFAULT_SIGNERS = ("zjj", "fgj", "zrj", "mzj", "jyj", "gaj", "czj")
"""Bodies of the plan's joint review, in its order; a town signs after them."""


@dataclass(frozen=True, slots=True)
class Title:
    """Title of a sheet: 图名, 图号, the town that signs, the scale of its map, its first page."""

    words: str
    number: str
    town: str = ""
    scale: str = "—"
    part: int = 1


@dataclass(frozen=True)
class PagePlan:
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
    estate_id, town : str
        What it is about, "" if general.
    draw : callable
        Draws the page and reports.
    basis : str
        Digest of further content besides the rows in its frame and their findings, "" for none.
    """

    key: str
    kind: str
    title: str
    number: str
    draw: Callable[[Canvas, PageNumber], PageReport]
    estate_id: str = ""
    town: str = ""
    basis: str = ""


def draw_furniture(
    canvas: Canvas,
    context: AtlasContext,
    title: Title,
    page_number: PageNumber,
    *,
    panel: bool = True,
) -> None:
    """Draw frame, heading, sign-off strip and, with a panel, the title block."""
    with canvas.layer("furniture"):
        heading = Heading(
            title.words,
            _project(context),
            _subtitle(context, title.town),
            title.scale,
            title.number,
        )
        signers = context.signers(title.town)
        furniture.draw_sheet(canvas, context.layout, heading, context.request)
        if not context.request.is_public:
            furniture.draw_signers(canvas, context.layout, signers, context.language)
        if panel:
            rows = title_rows(context, title, page_number)
            furniture.draw_title_block(canvas, context.layout, rows)
        _draw_foot(canvas, context, page_number)
    canvas.add_destination(f"sheet:{title.number}", 0)


def _project(context: AtlasContext) -> str:
    named = clean(context.request.title_block.project)
    if named or context.plan is None:
        return named
    plan = context.plan
    return Text(f"{plan.year}年城镇老旧小区改造", plan.name_en)[context.language]


def _subtitle(context: AtlasContext, town: str) -> str:
    names = (clean(context.district.label[context.language]), context.town_label(town))
    place = ("" if context.language == "zh" else " · ").join(filter(None, names))
    motto = say("sheet.motto", context.language, place=place)
    if not context.district.is_synthetic:
        return motto
    demo = say("sheet.demo", context.language)
    return say("common.with_detail", context.language, text=motto, detail=demo)


def title_rows(
    context: AtlasContext, title: Title, page_number: PageNumber
) -> Sequence[Sequence[tuple[str, str, float]]]:
    """
    Return the rows of 图签: caption, value and relative width of each field.

    Nothing is left to be filled in on a sheet for the public: empty fields are left out.
    """
    rows = _title_rows(context, title, page_number)
    if not context.request.is_public:
        return rows
    filled = [[field for field in row if field[1]] for row in rows]
    return [row for row in filled if row]


def _title_rows(
    context: AtlasContext, title: Title, page_number: PageNumber
) -> Sequence[Sequence[tuple[str, str, float]]]:
    request, language = context.request, context.language
    block = request.title_block
    system = context.district.crs
    named = "CGCS2000" if context.is_national else (system.geodetic_crs or system).name
    crs = f"{named} · EPSG:{context.epsg}"
    heights = say("sheet.height_datum", language) if context.is_national else "—"
    people = ("leader", "drawn_by", "checked_by", "reviewed_by", "approved_by")
    return (
        (
            (say("title_block.organisation", language), clean(block.organisation), 3),
            (say("title_block.project", language), clean(block.project) or _project(context), 3),
        ),
        tuple(
            (say(f"title_block.{key}", language), clean(getattr(block, key)), 1) for key in people
        ),
        (
            (say("sheet.sheet_name", language), title.words, 2.6),
            (say("sheet.crs", language), crs, 2.4),
            (say("sheet.height", language), heights, 2),
        ),
        (
            (say("sheet.sheet_number", language), title.number, 1.1),
            (say("sheet.page", language), str(page_number), 1.1),
            (say("sheet.scale", language), title.scale, 1.2),
            (say("sheet.paper", language), request.paper, 0.7),
            (say("sheet.date", language), request.date, 1.5),
            (
                say("sheet.edition", language),
                f"{clean(page_number.edition)} · {page_number.digest[:7]}",
                2,
            ),
        ),
    )


def _draw_foot(canvas: Canvas, context: AtlasContext, page_number: PageNumber) -> None:
    """Print what the booklet may be used for, under the frame."""
    request, language = context.request, context.language
    y = context.layout.height - 1.6
    style = TextStyle(6.0, "sans", furniture.GREY)
    words = [say("sheet.internal", language) if not request.is_public else public_mark(request)]
    if context.district.is_synthetic:
        words.append(say("sheet.demo", language))
    canvas.text(context.layout.sheet.x, y, " | ".join(words), style)
    canvas.text(context.layout.sheet.right, y, str(page_number), style, align="right")


def public_mark(request: Request) -> str:
    """Return the map review number, or the statement that the map was not reviewed."""
    language = request.language
    if request.review_number:
        name, value = say("sheet.review_number", language), clean(request.review_number)
        return say("common.labelled", language, name=name, value=value)
    return say("sheet.unreviewed", language)


def notes_of(context: AtlasContext, page_number: PageNumber) -> list[str]:
    """Return the notes that a map sheet carries: projection, heights, date, accuracy, use."""
    language, crs = context.language, context.district.crs
    zh = language == "zh"
    use = "sheet.use_public" if context.request.is_public else "sheet.use_internal"
    system = f"{chinese_name(crs)}（EPSG:{context.epsg}）" if zh else crs.name
    notes = [
        say(
            "sheet.note_crs" if context.is_national else "sheet.note_crs_abroad",
            language,
            crs=system,
        ),
        say(
            "sheet.note_data",
            language,
            date=page_number.data_date or "—",
            data=page_number.digest[:12],
            day=_as_of(context),
            book=context.book.version[:12],
        ),
        say("sheet.note_walks", language),
    ]
    if not context.request.is_public:
        notes.append(say("sheet.note_outcomes", language))
    if context.district.is_synthetic:
        notes.append(say("sheet.note_demo", language))
    return [*notes, say(use, language)]


def _as_of(context: AtlasContext) -> str:
    days = context.findings["as_of"].dropna().unique()
    return str(max(days)) if len(days) else "—"
