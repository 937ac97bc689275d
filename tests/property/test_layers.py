"""Properties of layers and districts that hold for any data."""

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from layers.district import District
from tests.examples import examples

GK105 = CRS.from_epsg(4544)
FACTS = {"provenance": "surveyed", "source": "by hand", "source_date": "2023-04-01"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
keys = texts.filter(lambda text: text.strip() != "")
places = st.tuples(
    st.floats(500_000, 700_000, allow_nan=False), st.floats(4_100_000, 4_300_000, allow_nan=False)
)
trees = st.lists(
    st.fixed_dictionaries(
        {
            "tree_id": keys,
            "kind": st.sampled_from(["tree", "shrub"]),
            "species": st.none() | texts,
            "diameter_cm": st.none() | st.floats(0, 1000),
            "planted_year": st.none() | st.integers(1500, 2100),
            "is_avenue": st.none() | st.booleans(),
            "place": places,
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda tree: tree["tree_id"],
)


def _frame(rows):
    table = pd.DataFrame([{k: v for k, v in row.items() if k != "place"} for row in rows])
    points = [shapely.Point(row["place"]) for row in rows]
    return gpd.GeoDataFrame(table.astype(object).assign(**FACTS), geometry=points, crs=4544)


def _district(frame):
    return District.from_frames({"trees": frame}, crs=GK105, name="试验区")


@given(trees, st.randoms(use_true_random=False))
@examples(25)
def test_the_version_is_of_the_content_not_of_its_order(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert _district(_frame(shuffled)).version == _district(_frame(rows)).version


@given(trees)
@examples(25)
def test_every_value_arrives_as_it_was_given(rows):
    found = _district(_frame(rows))["trees"].set_index("tree_id")
    for row in rows:
        for name in ("kind", "species", "diameter_cm", "planted_year", "is_avenue"):
            value = found.loc[row["tree_id"], name]
            assert pd.isna(value) if row[name] is None else value == row[name]


@given(trees)
@examples(25)
def test_the_way_through_longitude_and_latitude_changes_no_version(rows):
    district = _district(_frame(rows))
    away = _district(district["trees"].to_crs(4490))
    assert away.version == district.version


@given(trees, trees)
@examples(25)
def test_equal_versions_mean_equal_content(one, other):
    # Second method: the rows themselves, on the grid, compared as plain Python values.
    def content(rows):
        return sorted(
            (
                row["tree_id"],
                row["kind"],
                row["species"],
                row["diameter_cm"],
                row["planted_year"],
                row["is_avenue"],
                *(round(side, 4) for side in row["place"]),
            ).__repr__()
            for row in rows
        )

    same = _district(_frame(one)).version == _district(_frame(other)).version
    assert same == (content(one) == content(other))
