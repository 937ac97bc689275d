"""A district written and read back is the same district, whatever its texts and shapes."""

import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

import store
from layers.district import District
from store.geometry_blob import decode, encode
from tests.examples import examples

FACTS = {"provenance": "surveyed", "source": "by hand", "source_date": "2023-04-01"}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
estates = st.lists(
    st.fixed_dictionaries(
        {
            "estate_id": texts.filter(str.strip),
            "name": texts.filter(str.strip),
            "address": st.none() | texts,
            "households": st.none() | st.integers(0, 2**53 - 1),
            "lit_share": st.none() | st.floats(0, 1),
            "corner": st.tuples(st.integers(5_000_000, 6_999_999), st.integers(0, 2_000_000)),
            "parts": st.integers(1, 3),
        }
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda estate: estate["estate_id"],
)


def _outline(corner, parts):
    east, north = corner[0] / 10, 4_100_000 + corner[1] / 10
    boxes = [
        shapely.box(east + 30 * i, north, east + 30 * i + 20, north + 20) for i in range(parts)
    ]
    return boxes[0] if parts == 1 else shapely.MultiPolygon(boxes)


@given(estates, texts.filter(str.strip))
@examples(25)
def test_reading_back_what_was_written_gives_the_same_version(rows, name):
    outlines = [_outline(row.pop("corner"), row.pop("parts")) for row in map(dict, rows)]
    columns = ["estate_id", "name", "address", "households", "lit_share"]
    table = pd.DataFrame(rows, dtype=object)[columns].assign(**FACTS)
    frame = gpd.GeoDataFrame(table, geometry=outlines, crs=4544)
    district = District.from_frames({"estates": frame}, crs=CRS.from_epsg(4544), name=name)
    with tempfile.TemporaryDirectory() as folder:
        store.write_district(district, Path(folder))
        found = store.read_district(Path(folder))
    assert found.version == district.version
    assert (found.name, found.surveyed) == (district.name, district.surveyed)


coordinates = st.floats(-1e7, 1e7, allow_nan=False)
points = st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=6)


@given(st.lists(st.none() | points.map(shapely.LineString) | points.map(shapely.MultiPoint)))
def test_a_geometry_blob_holds_every_coordinate_exactly(shapes):
    given = np.array([*shapes, None], dtype=object)
    found = decode(encode(given, 4490))
    assert shapely.to_wkb(found).tolist() == shapely.to_wkb(given).tolist()


@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_crash_the_reader(raw, marked):
    (found,) = decode([b"GP\x00\x01" + bytes(4) + raw if marked else raw])
    assert found is None or shapely.is_geometry(found)
