"""A district of five estates whose figures are known, and survey tables for it without a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import shapely

import layers
from intake.acceptance import accept
from intake.delivery import Delivery
from intake.draft import ImportDraft
from intake.origin import TableOrigin
from intake.place import PlacePrior
from intake.reading import Cell, DeliveredTable, DeliveryReading, Field
from intake.receipt import Receipt
from layers.district import District
from tests.unit.intake.delivery import CRS_4544

FIXTURES = Path(__file__).parents[2] / "fixtures" / "surveys"
NAMES = ("建行南苑", "农牧局家属院", "裕民小区", "财政局家属楼", "朝阳小区36#、37#")
ORIGIN = TableOrigin("测试", "0" * 64, "2023-04-01")


def estates() -> gpd.GeoDataFrame:
    """Return the estates: 12,000 m² and more, 120 households and more, 3 million yuan and more."""
    count = len(NAMES)
    x = [604_500 + 300 * i for i in range(count)]
    return gpd.GeoDataFrame(
        {
            "estate_id": [f"E{i + 1:02d}" for i in range(count)],
            "name": NAMES,
            "built_year": [1988 + i for i in range(count)],
            "households": [120 + 10 * i for i in range(count)],
            "floor_area_m2": [12_000.0 + 500 * i for i in range(count)],
            "budget_yuan": [3.0e6 + 1e5 * i for i in range(count)],
            "lit_share": [0.6 + 0.05 * i for i in range(count)],
            "provenance": "surveyed",
            "source": "x",
            "source_date": "2022-01-01",
        },
        geometry=[shapely.box(at, 4_206_000, at + 100, 4_206_080) for at in x],
        crs=CRS_4544,
    )


def buildings() -> gpd.GeoDataFrame:
    """Return three buildings of the first estate."""
    x = [604_510, 604_540, 604_570]
    return gpd.GeoDataFrame(
        {
            "building_id": ["B1", "B2", "B3"],
            "estate_id": "E01",
            "name": ["1号楼", "2号楼", "3号楼"],
            "households": [40, 40, 40],
            "provenance": "surveyed",
            "source": "x",
            "source_date": "2022-01-01",
        },
        geometry=[shapely.box(at, 4_206_010, at + 12, 4_206_060) for at in x],
        crs=CRS_4544,
    )


def facilities() -> gpd.GeoDataFrame:
    """Return a kindergarten and a pharmacy."""
    return gpd.GeoDataFrame(
        {
            "facility_id": ["F1", "F2"],
            "kind": ["kindergarten", "pharmacy"],
            "name": ["利民幼儿园", "惠康药店"],
            "provenance": "surveyed",
            "source": "x",
            "source_date": "2022-01-01",
        },
        geometry=[shapely.Point(604_700, 4_206_200), shapely.Point(604_800, 4_206_200)],
        crs=CRS_4544,
    )


def district() -> District:
    """Return the district."""
    frames = {"estates": estates(), "buildings": buildings(), "facilities": facilities()}
    return District.from_frames(frames, crs=CRS_4544, name="x")


def place() -> PlacePrior:
    """Return what a draft knows of the district."""
    return PlacePrior.of(district())


PLACE = place()


def survey(
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    geometry: Sequence[shapely.Geometry] = (),
    **more: object,
) -> DeliveredTable:
    """Return a table as a workbook would give it."""
    fields = tuple(Field(name, [row[j] for row in rows]) for j, name in enumerate(headings))
    numbers = range(2, len(rows) + 2)
    wkb = [shapely.to_wkb(shape) for shape in geometry]
    return DeliveredTable("a.xlsx", "a", "workbook", numbers, fields, wkb, **more)


def draft(table: DeliveredTable, layer: str = "estates") -> ImportDraft:
    """Return a draft of a table for the district."""
    return ImportDraft(table, layers.ALL[layer], PLACE, ORIGIN)


def answered(one: ImportDraft, answers: Mapping[str, str]) -> Receipt:
    """Answer the questions of a draft and accept it."""
    for step, value in answers.items():
        one = one.choose(step, value)
    return accept(one)


def asked(one: ImportDraft) -> list[str]:
    """Return the steps that are open."""
    return [question.step for question in one.questions]


def delivered(reading: DeliveryReading, layer: str) -> Delivery:
    """Return a file as a delivery for the district."""
    return Delivery.of(reading, district(), "2023-05-01", wanted={0: layer})
