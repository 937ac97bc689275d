"""Greening designs as offices draw them: the same planting plan as drawing, shapefile and table."""

import sys
from datetime import date
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pytest
import shapely
from openpyxl import Workbook
from typer.testing import CliRunner

from greening.review import Review, review
from greening.species import read_species
from jobs.cli import app
from layers.district import District
from rules.book import load_book
from store import read_district

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the child is fenced on Linux"),
]
SPECIES = ("国槐", "白蜡", "紫丁香")
KINDS = ("乔木", "乔木", "灌木")


def planting_plan(place: District) -> list[shapely.Point]:
    """Draw 60 plantings into the lawns of an estate, two of them doubled, and one outside it."""
    estate = place["estates"].iloc[0]
    lawns = place["greening_sites"]
    lawns = lawns[(lawns["estate_id"] == estate["estate_id"]) & (lawns["form"] == "bed")]
    there = shapely.union_all(place["plantings"].geometry.array)
    rng, points = np.random.default_rng(7), []
    for lawn in [*lawns.geometry] * 9:
        west, south, east, north = lawn.bounds
        drawn = shapely.points(rng.uniform((west, south), (east, north), (40, 2)))
        for point in drawn[shapely.contains(lawn, drawn) & (shapely.distance(there, drawn) > 0.5)]:
            if len(points) < 60 and all(point.distance(other) > 0.5 for other in points):
                points.append(shapely.Point(np.round(shapely.get_coordinates(point)[0], 3)))
    assert len(points) == 60
    _, _, east, north = estate.geometry.bounds
    doubled = [shapely.Point(points[0].x + 0.1, points[0].y), points[5]]
    return [*points, *doubled, shapely.Point(east + 30, north + 30)]


def points_dxf(points: list[shapely.Point], path: Path) -> list[Path]:
    """Draw a layer a species."""
    document = ezdxf.new("R2010")
    for at, point in enumerate(points):
        layer = f"LH-{KINDS[at % 3]}-{SPECIES[at % 3]}"
        document.modelspace().add_point((point.x, point.y), dxfattribs={"layer": layer})
    document.saveas(path / "点.dxf")
    return [path / "点.dxf"]


def blocks_dxf(points: list[shapely.Point], path: Path) -> list[Path]:
    """Draw a block a species, all on one layer."""
    document = ezdxf.new("R2010")
    for name in SPECIES:
        document.blocks.new(name).add_circle((0, 0), 1.5)
    for at, point in enumerate(points):
        document.modelspace().add_blockref(SPECIES[at % 3], (point.x, point.y))
    document.saveas(path / "图块.dxf")
    return [path / "图块.dxf"]


def table_xlsx(points: list[shapely.Point], path: Path) -> list[Path]:
    """Write a table numbered from 1, in surveyors' axes: X is the northing."""
    book = Workbook()
    book.active.append(["编号", "类型", "树种", "X", "Y"])
    for at, p in enumerate(points):
        book.active.append([at + 1, KINDS[at % 3], SPECIES[at % 3], p.y, p.x])
    book.save(path / "表.xlsx")
    return [path / "表.xlsx"]


def shapefile(points: list[shapely.Point], path: Path) -> list[Path]:
    """Write a GBK shapefile without a .cpg."""
    columns = {
        "编号": [str(at + 1) for at in range(len(points))],
        "类型": [KINDS[at % 3] for at in range(len(points))],
        "树种": [SPECIES[at % 3] for at in range(len(points))],
    }
    gpd.GeoDataFrame(columns, geometry=points, crs=4544).to_file(
        path / "图.shp", encoding="gb18030"
    )
    (path / "图.cpg").unlink()
    return sorted(path.glob("图.*"))


def imported(folder: Path, files: list[Path], *more: str) -> tuple[int, str]:
    given = ["import", str(folder), *map(str, files), "--layer", "plantings", "--yes", *more]
    found = CliRunner().invoke(app, given)
    return found.exit_code, found.output


def reviewed(folder: Path) -> Review:
    place = read_district(folder)
    return review(place, load_book(overlays=place.overlays), read_species(), date(2023, 4, 1))


@pytest.mark.parametrize(
    ("write", "options"),
    [
        # Without a number a doubled plant is asked about: it is taken, and named by the review.
        (points_dxf, ("--crs", "EPSG:4544", "--key", "generate")),
        (blocks_dxf, ("--crs", "EPSG:4544", "--column", "species_id=block", "--twice", "both")),
        (table_xlsx, ("--crs", "EPSG:4544/yx")),
        (shapefile, ("--crs", "EPSG:4544")),
    ],
)
def test_a_design_is_read_whole_and_its_doubles_and_strays_are_named(
    tiny_folder: Path, tmp_path: Path, write: object, options: tuple[str, ...]
) -> None:
    before = reviewed(tiny_folder)
    files = write(planting_plan(before.district), tmp_path)
    code, said = imported(tiny_folder, files, *options)
    assert code == 0, said
    after = reviewed(tiny_folder)
    row = after.report.set_index("source").drop(index=before.report["source"]).iloc[0]
    # 63 read: 60 sound, 2 doubled, 1 outside (of the estate and so of every bed).
    assert row[["read", "sound", "duplicate", "outside_estate"]].tolist() == [63, 60, 2, 1]
    assert len(after.district["plantings"]) == len(before.district["plantings"]) + 63
    ours = after.district["plantings"]
    ours = ours[ours["source"] == row.name]
    assert ours["species_id"].value_counts().tolist() == [21, 21, 21]
    assert ours["kind"].value_counts().to_dict() == {"tree": 42, "shrub": 21}
    assert int(ours["site_id"].notna().sum()) == 62
    # And every one of them has a verdict of the check.
    assert ours["planting_id"].isin(after.found.plants["plant_id"]).all()


def test_a_second_design_numbered_from_one_replaces_nothing_of_the_first(
    tiny_folder: Path, tmp_path: Path
) -> None:
    points = planting_plan(read_district(tiny_folder))
    imported(tiny_folder, table_xlsx(points, tmp_path), "--crs", "EPSG:4544/yx")
    once = len(read_district(tiny_folder)["plantings"])
    again = tmp_path / "again"
    again.mkdir()
    beside = [shapely.Point(point.x + 0.5, point.y) for point in points[:7]]
    imported(tiny_folder, table_xlsx(beside, again), "--crs", "EPSG:4544/yx")
    assert len(read_district(tiny_folder)["plantings"]) == once + 7


def test_the_mapping_of_a_drawing_is_remembered(tiny_folder: Path, tmp_path: Path) -> None:
    points = planting_plan(read_district(tiny_folder))
    files = blocks_dxf(points[:9], tmp_path)
    imported(tiny_folder, files, "--crs", "EPSG:4544", "--column", "species_id=block")
    more = tmp_path / "more"
    more.mkdir()
    _, said = imported(tiny_folder, blocks_dxf(points[9:20], more), "--crs", "EPSG:4544")
    assert "column:species_id：block" in said
