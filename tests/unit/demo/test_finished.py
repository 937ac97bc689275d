"""The finished districts are what the generator makes, and what was read is what was written."""

from io import BytesIO
from zipfile import ZipFile

import geopandas as gpd
import pandas as pd
import pytest

import data
import demo
import demonstration
from demonstration.finished import packed, tables

SIZES = ("tiny", "demo")


@pytest.fixture(scope="module", params=SIZES)
def size(request):
    return request.param


@pytest.fixture(scope="module")
def generated(size):
    return demonstration.build(size)


def test_the_generator_still_writes_exactly_these_tables(size, generated):
    """Where a rule or the generator changed the district: `make demonstration`."""
    with ZipFile(BytesIO(data.read_bytes(f"demonstration/{size}.zip"))) as archive:
        kept = {name: archive.read(name).decode() for name in archive.namelist()}
    assert kept == tables(generated)


def test_a_finished_district_is_the_generated_one_to_the_last_bit(size, generated):
    finished = demo.district(size)
    assert finished.version == generated.version
    assert (finished.name, finished.name_en) == (generated.name, generated.name_en)
    for layer, frame in generated.frames.items():
        assert gpd.GeoSeries.geom_equals_exact(frame.geometry, finished[layer].geometry, 0).all()
        pd.testing.assert_frame_equal(
            pd.DataFrame(frame.drop(columns="geometry")),
            pd.DataFrame(finished[layer].drop(columns="geometry")),
        )


def test_equal_tables_give_equal_files(generated):
    members = tables(generated)
    assert packed(members) == packed(dict(members))
    with ZipFile(BytesIO(packed(members))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
