"""绿化核查图: the greening check of an estate: map, figures, and every planting to set out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from atlas import furniture
from atlas.canvas import Canvas
from atlas.ink import BLACK, TextStyle
from atlas.labels import wrapped
from atlas.mapframe import MapFrame
from atlas.placement import around
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport, Title, draw_furniture
from atlas.sheets.estate_map import (
    BASE,
    PIPES,
    PLANTS,
    close_map,
    draw_panel_foot,
    draw_themes,
    estate_row,
    estate_view,
    foot_height,
    furnish,
    label_themes,
)
from atlas.sheets.listing import Intro, plan_listing, room_of, sentence
from atlas.symbols import RED
from atlas.table import PageTable, TableCell, TableColumn, TableRow, digest_text
from atlas.text import clean
from atlas.titles import titled
from clearances.verdict import VERDICT_LABELS, ClearanceVerdict
from greening.review import Review
from greening.suggest import ACTION_LABELS, Action, Suggestion
from layers import ALL
from layers.findings import VERIFIED_LABELS
from wording import Language, listing, say, say_parts

THEMES = (*BASE, "fire_ground", "greening_site", *PLANTS, *PIPES)
_VERDICTS = (
    ClearanceVerdict.MET,
    ClearanceVerdict.UNKNOWN,
    ClearanceVerdict.VERIFY,
    ClearanceVerdict.SHORT,
)  # the worst on top
_NUMBER = TextStyle(6.0, "sans", BLACK)
_LEAST_ROOM_MM = 20.0


def plan(context: AtlasContext, estate_id: str, number: str) -> list[PagePlan]:
    """Plan map and list; none without plantings, none for the public, who may not see pipes."""
    if context.review is None or context.request.is_public:
        return []
    own = EstateCheck(context, context.review, estate_id)
    if own.plants.empty:
        return []
    name, town = clean(estate_row(context, estate_id).name), context.town_of(estate_id)
    title = titled(name, "greening", context.language)
    draw = partial(_draw, own, Title(title, number, town))
    first = PagePlan(f"greening:{estate_id}:0", "greening", title, number, draw, estate_id, town)
    listed = Title(titled(name, "greening_list", context.language), f"{number}-0", town)
    pages = plan_listing(context, "greening", listed, (_table(context), own.rows), own.intro)
    keyed = [
        replace(page_plan, key=f"greening:{estate_id}:{n}", estate_id=estate_id)
        for n, page_plan in enumerate(pages, start=1)
    ]
    return [replace(page_plan, basis=own.digest) for page_plan in (first, *keyed)]


@dataclass(frozen=True, eq=False)
class EstateCheck:
    """Results of the greening review for one estate."""

    context: AtlasContext
    review: Review
    estate_id: str

    @cached_property
    def plants(self) -> gpd.GeoDataFrame:
        """Its plantings with their verdicts, by number."""
        plants = self.review.found.plants
        own = plants[
            (plants["plant_layer"] == "plantings") & (plants["estate_id"] == self.estate_id)
        ]
        digits = own["number"].str.extract(r"(\d+)", expand=False).astype("float64")
        return own.assign(place=digits).sort_values(["site_id", "place", "number"])

    @cached_property
    def pairs(self) -> gpd.GeoDataFrame:
        """Clearances of its plantings to objects nearby, the worst of each planting first."""
        pairs = self.review.found.pairs
        return pairs[(pairs["plant_layer"] == "plantings") & (pairs["estate_id"] == self.estate_id)]

    @cached_property
    def suggested(self) -> dict[str, Suggestion]:
        """Suggestions, by planting id."""
        ids = set(self.plants["plant_id"])
        return {one.planting_id: one for one in self.review.suggested if one.planting_id in ids}

    @cached_property
    def ground(self) -> gpd.GeoDataFrame:
        """Plantable ground of its sites."""
        ground = self.review.ground
        return ground[(ground["estate_id"] == self.estate_id) & ~ground.geometry.is_empty]

    @cached_property
    def rows(self) -> list[TableRow]:
        """The rows of the list, one a planting."""
        worst = self.pairs.drop_duplicates("plant_id").set_index("plant_id").to_dict("index")
        return [
            self._row(plant, worst.get(plant["plant_id"], {}))
            for plant in self.plants.drop(columns="geometry")
            .assign(east=self.plants.geometry.x, north=self.plants.geometry.y)
            .to_dict("records")
        ]

    @property
    def intro(self) -> tuple[float, Intro]:
        """The line above the list: CRS, clearance profile, layers never surveyed."""
        language, crs = self.context.language, self.context.district.crs.name
        said = say("sheet.greening_note", language, crs=crs, profile=self.review.profile_name)
        lacking = [ALL[name].label(language) for name in self.review.found.lacking]
        if lacking:
            said += "；" + say("sheet.greening_lacking", language, names=listing(lacking, language))
        return sentence(self.context, said)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything shown: rows, ground, suggestions."""
        shapes = shapely.to_wkb(self.ground.geometry.to_numpy(), hex=True).tolist()
        facts = (digest_text(self.rows), shapes, repr(list(self.suggested.values())))
        return hashlib.sha256(repr(facts).encode("utf-8", "replace")).hexdigest()

    def count(self, verdict: ClearanceVerdict) -> int:
        """Return how many of the plantings have a verdict."""
        return int((self.plants["verdict"] == verdict).sum())

    def _row(self, plant: Mapping[Any, Any], pair: Mapping[Any, Any]) -> TableRow:
        language = self.context.language
        species = self.review.species.get(str(plant["species_id"]))
        name = species.name[language] if species else "—"
        verdict = str(plant["verdict"])
        strong = TextStyle(6.5, "bold", RED) if verdict == ClearanceVerdict.SHORT else None
        agreed = self._agreed(plant)
        one = self.suggested.get(str(plant["plant_id"]))
        return TableRow(
            (
                TableCell(clean(plant["number"]), TextStyle(6.5, "bold", BLACK)),
                clean(name),
                f"{plant['east']:.2f}",
                f"{plant['north']:.2f}",
                TableCell(VERDICT_LABELS[verdict][language], strong),
                clean(pair.get(f"object_{language}", "—")),
                f"{pair['distance_m']:.2f}" if pair else "—",
                f"{pair['required_m']:.2f}" if pair else "—",
                f"{pair['difference_cm']:+.0f}" if pair else "—",
                self._clause(pair),
                clean(agreed) if agreed else self._suggestion(one),
                "",
            )
        )

    def _agreed(self, plant: Mapping[Any, Any]) -> str:
        status = self.review.statuses.get(str(plant["site_id"]))
        return status.protected.get(str(plant["plant_id"]), "") if status else ""

    def _clause(self, pair: Mapping[Any, Any]) -> str:
        """Return the clause of a requirement, with 待核 if it is unverified."""
        if not pair:
            return "—"
        source = self.review.book.sources.get(str(pair["source_id"]))
        title = source.title if source and source.kind != "convention" else ""
        language = self.context.language
        mark = VERIFIED_LABELS[str(pair["verified"])][language]
        cited = f"{title} {pair['clause']}".strip()
        return clean(say("common.with_detail", language, text=cited, detail=mark))

    def _suggestion(self, one: Suggestion | None) -> str:
        if one is None:
            return "—"
        said = ACTION_LABELS[one.action][self.context.language]
        if one.action is Action.REMOVE:
            return said
        species = self.review.species.get(one.species_id)
        named = species.name[self.context.language] if species else ""
        east, north = one.there
        return f"{said} {named} E {east:.2f} N {north:.2f}"


def _draw(own: EstateCheck, title: Title, canvas: Canvas, page_number: PageNumber) -> PageReport:
    context, report = own.context, PageReport()
    view = estate_view(context, own.estate_id)
    draw_furniture(canvas, context, replace(title, scale=f"1:{view.scale:,}"), page_number)
    frame = MapFrame(canvas, view, context.style, own.estate_id)
    seen = draw_themes(frame, context, THEMES[:1])
    frame.draw_shapes("plantable", list(own.ground.geometry))
    seen |= draw_themes(frame, context, THEMES[1:])
    _draw_check(frame, own)
    frame.grid()
    furnish(frame, context)
    _number(frame, own)
    label_themes(frame, seen, context.language)
    close_map(frame, report, title.words)
    _draw_panel(canvas, own, report, page_number)
    furniture.draw_watermark(canvas, context.layout, context.request)
    return report


def _draw_check(frame: MapFrame, own: EstateCheck) -> None:
    """Draw dimension lines, suggested moves, designers' positions and the plantings."""
    failing = own.pairs[own.pairs["verdict"] != ClearanceVerdict.MET]
    frame.draw_shapes("conflict", list(failing.geometry))
    kept = [one for one in own.suggested.values() if one.action is not Action.REMOVE]
    ends = [[one.here, one.there] for one in kept]
    moves = [line for line in map(shapely.LineString, ends) if line.length > 0]
    frame.draw_shapes("suggested_move", moves)
    design = own.review.district["plantings"]
    moved = design[(design["estate_id"] == own.estate_id) & design["design_east_m"].notna()]
    before = zip(moved["design_east_m"], moved["design_north_m"], strict=True)
    frame.draw_shapes("designed", [shapely.Point(place) for place in before])
    for verdict in _VERDICTS:
        points = own.plants[own.plants["verdict"] == verdict].geometry
        frame.draw_shapes(f"planting_{verdict}", list(points))
    frame.draw_shapes("suggested", [shapely.Point(end[1]) for end in ends])


def _number(frame: MapFrame, own: EstateCheck) -> None:
    """Write the numbers of the plantings beside them, where there is room."""
    with frame.canvas.layer("map", "labels"):
        for number, place in zip(
            own.plants["number"],
            frame.view.project(own.plants.get_coordinates().to_numpy()),
            strict=True,
        ):
            lines = wrapped(frame, clean(number), _NUMBER, 12)
            w, h = frame.block_size(lines)
            spots = around((float(place[0]), float(place[1])), w, h, gap=1.3)
            frame.label(clean(number), lines, spots, required=False)


def _draw_panel(
    canvas: Canvas, own: EstateCheck, report: PageReport, page_number: PageNumber
) -> None:
    context, language = own.context, own.context.language
    room = context.layout.panel_room
    limit = room.bottom - foot_height(context, len(report.drawn), page_number) - 4
    figures = [
        (
            f"{own.count(verdict)}",
            VERDICT_LABELS[verdict][language],
            verdict is ClearanceVerdict.SHORT,
        )
        for verdict in ClearanceVerdict
    ]
    with canvas.layer("furniture"):
        body = furniture.section(canvas, room, say("sheet.greening_figures", language))
        end = furniture.draw_figures(canvas, body, figures, 4)
        rest = room.below(end + 3 - room.y)
        if limit - rest.y > _LEAST_ROOM_MM:
            note = say("sheet.greening_rest", language)
            body = furniture.section(canvas, rest, say("sheet.greening_worst", language), note)
            table = _short_table(context, body.w)
            rows = _short_rows(own)
            shown = table.fitting(rows, limit - body.y)
            table.draw(canvas, body.x, body.y, shown)
    draw_panel_foot(canvas, context, report, page_number)


def _short_rows(own: EstateCheck) -> list[TableRow]:
    """Return number, object, distance and requirement of every pair that does not pass."""
    what = f"object_{'zh' if own.context.language == 'zh' else 'en'}"
    failing = own.pairs[own.pairs["verdict"] != ClearanceVerdict.MET]
    ordered = failing.sort_values(["difference_cm", "finding_id"])
    return [
        TableRow(
            (
                TableCell(clean(pair["number"]), TextStyle(6.5, "bold", BLACK)),
                clean(pair[what]) + _mark(pair, own.context.language),
                f"{pair['distance_m']:.2f}",
                f"{pair['required_m']:.2f}",
                f"{pair['difference_cm']:+.0f}",
            )
        )
        for pair in pd.DataFrame(ordered.drop(columns="geometry")).to_dict("records")
    ]


def _mark(pair: Mapping[Any, Any], language: Language) -> str:
    """Return 待核 for a figure that is only remembered."""
    if pair["verified"] != "recall":
        return ""
    return say("common.with_detail", language, text="", detail=VERIFIED_LABELS["recall"][language])


def _columns(
    words: Sequence[str], shares: Sequence[float], left: Sequence[int]
) -> list[TableColumn]:
    return [
        TableColumn(word, share, "left" if n in left else "centre")
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]


def _short_table(context: AtlasContext, width: float) -> PageTable:
    words = say_parts("heads.greening_worst", context.language)
    return PageTable(context.fonts, _columns(words, (10, 34, 14, 14, 12), (1,)), width, least=4.6)


def _table(context: AtlasContext) -> PageTable:
    words = say_parts("heads.greening_list", context.language)
    shares = (12, 20, 24, 26, 22, 42, 14, 14, 12, 78, 70, 40)
    columns = _columns(words, shares, (1, 5, 9, 10))
    return PageTable(context.fonts, columns, room_of(context).w, least=5.6)
