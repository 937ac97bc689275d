"""Districts to keep, and files that others wrote."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

import layers
import store
from layers.district import District
from store.postgis import engine_of
from tests.unit.store import cluster

FACTS = {"provenance": "surveyed", "source": "by hand", "source_date": "2023-04-01"}
FIXTURES = Path(__file__).parents[2] / "fixtures"
RELEASES = sorted((folder.name for folder in FIXTURES.glob("store-*")), key=lambda n: (len(n), n))
HOSTILE = "{{ 7*7 }} {% x %} ${y} <script>alert(1)</script> =1+1 '; DROP TABLE trees; --"


@pytest.fixture(scope="session")
def foreign(tmp_path_factory):
    """Return a folder of GeoPackages written by GDAL in another process."""
    folder = tmp_path_factory.mktemp("foreign")
    script = Path(__file__).with_name("foreign_files.py")
    subprocess.run([sys.executable, str(script), str(folder)], check=True)  # noqa: S603
    return folder


@pytest.fixture(scope="session")
def frames():
    """Return estates (one in two parts), buildings, trees with hostile text, no green space."""
    west = shapely.box(600_000, 4_200_000, 600_100, 4_200_100)
    east = shapely.box(600_200, 4_200_000, 600_300, 4_200_100)
    far = shapely.box(600_400, 4_200_000, 600_500, 4_200_100)
    return {
        "estates": gpd.GeoDataFrame(
            {
                "estate_id": ["E1", "E2"],
                "name": ["裕民小区", HOSTILE],
                "households": [40, None],
                "lit_share": [0.1 + 0.2, None],
                **FACTS,
            },
            geometry=[shapely.MultiPolygon([west, east]), far],
            crs=4544,
        ),
        "buildings": gpd.GeoDataFrame(
            {
                "building_id": ["B1", "B2"],
                "estate_id": ["E1", None],
                "wall_insulated": [True, None],
                "storeys": [6, None],
                **FACTS,
            },
            geometry=[west.buffer(-40), far.buffer(-40)],
            crs=4544,
        ),
        "trees": gpd.GeoDataFrame(
            {"tree_id": ["T1"], "kind": ["tree"], "species": ["㭎\x00𬭚"], **FACTS},
            geometry=[shapely.Point(600_050, 4_200_050)],
            crs=4544,
        ),
        "green_space": layers.ALL["green_space"].empty(CRS.from_epsg(4544)),
    }


@pytest.fixture(scope="session")
def district(frames):
    """Return a district of those frames."""
    return District.from_frames(
        frames,
        crs=CRS.from_epsg(4544),
        name='利通区 "试验"\x7f\\',
        name_en="Trial",
        district_id="trial",
        overlays=("national", "ningxia"),
        plan="litong-2023",
    )


@pytest.fixture(scope="session")
def server():
    """Return the address of a temporary PostGIS database."""
    place = cluster.programs()
    if place is None:
        if os.environ.get("LITONG_REQUIRE_POSTGIS"):
            pytest.fail("PostgreSQL with PostGIS is required and not installed")
        pytest.skip("PostgreSQL with PostGIS is not installed")
    with cluster.running(place) as address:
        yield address


@pytest.fixture(scope="module")
def kept_place(district, tmp_path_factory):
    """Return a folder with the trial district, as `litong demo` leaves one; not to be written."""
    folder = tmp_path_factory.mktemp("trial") / "district"
    store.write_district(district, folder)
    return folder


@pytest.fixture
def place(kept_place, tmp_path):
    """Return a folder with the trial district, the test's own."""
    return Path(shutil.copytree(kept_place, tmp_path / "district"))


@pytest.fixture(params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def address(request):
    """Return where the district of the folder is kept: "" for the folder itself."""
    if request.param == "geopackage":
        yield ""
        return
    address = request.getfixturevalue("server")
    yield address
    engine = engine_of(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS litong_trial CASCADE")
    engine.dispose()


@pytest.fixture
def live(place, address):
    """Return the live store of that folder, in every place where one can be kept."""
    return store.open_store(place, address)


@pytest.fixture
def another(place, address):
    """Return the same store as another process opens it."""
    return store.open_store(place, address)


@pytest.fixture(
    params=[RELEASES[0], *(pytest.param(name, marks=pytest.mark.slow) for name in RELEASES[1:])]
)
def release(request):
    """Return the folder of one release's fixture; the quick set has the oldest, CI every one."""
    return FIXTURES / request.param


@pytest.fixture
def told(release):
    """Return what the code of that release said of its store."""
    return json.loads((release / "expected.json").read_text("utf-8"))


@pytest.fixture
def unpacked(release, tmp_path):
    """Return the unpacked fixture: ``district``, ``backup.gpkg``, ``postgis.sql``."""
    with zipfile.ZipFile(release / "store.zip") as archive:
        archive.extractall(tmp_path / "old")
    return tmp_path / "old"


@pytest.fixture(params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def old_store(request, unpacked):
    """Return the store of that release, in its folder and on a server."""
    if request.param == "geopackage":
        yield store.open_store(unpacked / "district")
        return
    address = request.getfixturevalue("server")
    host = address.split("host=")[1]
    psql = [str(cluster.programs() / "psql"), "-h", host, "-U", "litong", "-d", "litong", "-q"]
    load = [*psql, "-v", "ON_ERROR_STOP=1", "-f", str(unpacked / "postgis.sql")]
    subprocess.run(load, check=True, capture_output=True)  # noqa: S603
    yield store.open_store(unpacked / "district", address)
    engine = engine_of(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS litong_trial CASCADE")
    engine.dispose()
