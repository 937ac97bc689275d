"""What is handed over comes back the same: district -> file -> intake -> digest of content."""

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

import answer_key
from exports.handover import FORMATS, export_district
from layers.district import District
from tests.unit.exports.taken_back import content, taken_back

HOLDS_ALL = ("gpkg", "xlsx")  # the same version, to the last bit
TURNS_RINGS = ("gdb",)
ROUNDS = ("shp", "shp-gbk")


@pytest.fixture(scope="module")
def awkward():
    """Return a district whose every value is at an edge of what formats can hold."""
    names = [
        "=1+1",
        "  007",
        "1e5",
        "镕基苑（东区）",
        "'quoted",
        "{{ 7*7 }}",
        "a\nb",
        "<b>&amp;",
        "-x",
    ]
    squares = [
        shapely.box(600_000 + 200 * i, 4_200_000, 600_100 + 200 * i, 4_200_100) for i in range(9)
    ]
    squares[1] = squares[1].difference(shapely.box(600_240, 4_200_040, 600_260, 4_200_060))
    squares[2] = shapely.MultiPolygon(
        [squares[2], shapely.box(600_600, 4_200_200, 600_610, 4_200_210)]
    )
    nature = {"provenance": "synthetic", "source": "by hand", "source_date": "2023-04-01"}
    estates = gpd.GeoDataFrame(
        {
            "estate_id": [f"E{i}" for i in range(9)],
            "name": [name.strip() for name in names],
            "households": [0, 999_999_999, None, 1, 2, 3, 4, 5, 6],
            "budget_yuan": [0.0, 999_999_999.999, None, 0.001, 1.5, 2, 3, 4, 5],
            "lit_share": [0.0, 1.0, None, 0.0001, 0.9999, 0.5, 0.25, 0.125, 1.0],
            "built_year": [1900, 2100, None, 1998, 1999, 2000, 2001, 2002, 2003],
            **nature,
        },
        geometry=squares,
        crs=4544,
    )
    trees = gpd.GeoDataFrame(
        {
            "tree_id": ["T1", "T2"],
            "kind": ["tree", "shrub"],
            "planted_year": [None, 1999],
            **nature,
        },
        geometry=[shapely.Point(600_001.0001, 4_200_001.9999), shapely.Point(600_002, 4_200_002)],
        crs=4544,
    )
    return District.from_frames(
        {
            "estates": estates,
            "trees": trees,
            "poles": trees.iloc[:0].rename(columns={"tree_id": "pole_id"}),
        },
        crs=CRS.from_epsg(4544),
        name="利通区",
        district_id="edge",
    )


def _there_and_back(district, form, folder):
    path = folder / f"{district.district_id}{FORMATS[form].suffix}"
    shortfalls = export_district(district, form, path)
    return taken_back(path, district), shortfalls


@pytest.mark.slow
@pytest.mark.parametrize("form", HOLDS_ALL)
@pytest.mark.parametrize("which", ["tiny_demo", "awkward"])
def test_a_file_that_holds_everything_comes_back_as_the_same_version(
    form, which, tmp_path, request
):
    district = request.getfixturevalue(which)
    back, shortfalls = _there_and_back(district, form, tmp_path)
    assert shortfalls == ()
    assert back.version == district.version


@pytest.mark.slow
@pytest.mark.parametrize("form", TURNS_RINGS)
@pytest.mark.parametrize("which", ["tiny_demo", "awkward"])
def test_a_geodatabase_comes_back_with_the_same_content_of_every_layer(
    form, which, tmp_path, request
):
    district = request.getfixturevalue(which)
    back, shortfalls = _there_and_back(district, form, tmp_path)
    assert shortfalls == ()
    assert content(back) == content(district)


@pytest.fixture(scope="module")
def planted():
    return answer_key.build("tiny").district


@pytest.mark.slow
@pytest.mark.parametrize("form", ROUNDS)
@pytest.mark.parametrize("which", ["planted", "awkward"])
def test_a_shapefile_comes_back_the_same_but_for_the_decimals_it_reports(
    form, which, tmp_path, request
):
    district = request.getfixturevalue(which)
    back, shortfalls = _there_and_back(district, form, tmp_path)

    def decimals(column):  # N(6,4) for shares, N(14,3) for everything else
        return 4 if column.most == 1 else 3

    assert content(back) == content(district, decimals)
    changed = {f"{one.layer}.{one.column}" for one in shortfalls}
    # supplies are planted to the square centimetre
    assert changed == (
        {"facilities.floor_area_m2", "facilities.land_area_m2"} if which == "planted" else set()
    )


def test_the_blank_template_is_read_as_no_rows_at_all(tiny_demo, tmp_path):
    path = tmp_path / "t.xlsx"
    export_district(tiny_demo, "template", path)
    from intake import sandbox  # noqa: PLC0415

    reading = sandbox.read(path)
    assert not reading.refused
    by_name = {table.name: table for table in reading.tables}
    assert by_name["小区"].read == 0
    assert "小区名称＊" in [field.heading for field in by_name["小区"].fields]
