"""District: one immutable state, checked at the door, versioned by its content."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

import layers
from geo.errors import CrsError, DataError
from layers.conforming import conforming
from layers.content import frame_digest
from layers.district import District

GK105 = CRS.from_epsg(4544)
FACTS = {"provenance": "surveyed", "source": "by hand", "source_date": "2023-04-01"}


def _estates(**columns):
    rows = {"estate_id": ["E1", "E2"], "name": ["甲", "乙"], "households": [40, None]}
    outlines = [shapely.box(600_000 + x, 4_200_000, 600_100 + x, 4_200_100) for x in (0, 300)]
    return gpd.GeoDataFrame({**rows, **FACTS, **columns}, geometry=outlines, crs=4544)


def _trees(**columns):
    rows = {"tree_id": ["T1"], "kind": ["tree"], "estate_id": ["E1"], **FACTS, **columns}
    return gpd.GeoDataFrame(rows, geometry=[shapely.Point(600_050, 4_200_050)], crs=4544)


def _facilities(*kinds):
    points = [shapely.Point(600_000 + i, 4_200_000) for i in range(len(kinds))]
    rows = {"facility_id": [f"F{i}" for i in range(len(kinds))], "kind": list(kinds), **FACTS}
    return gpd.GeoDataFrame(rows, geometry=points, crs=4544)


def _district(frames=None, **more):
    return District.from_frames(frames or {"estates": _estates()}, crs=GK105, name="试验区", **more)


def test_every_surveyed_layer_is_there_and_the_others_are_empty():
    district = _district()
    assert tuple(district.frames) == layers.SURVEYED
    assert district.has("estates")
    assert not district.has("trees")
    assert len(district["trees"]) == 0


def test_a_layer_that_was_surveyed_and_found_empty_is_not_a_layer_nobody_looked_at():
    empty = layers.ALL["trees"].empty(GK105)
    assert _district({"estates": _estates(), "trees": empty}).has("trees")
    assert not _district().has("trees")


def test_kinds_that_occur_count_as_surveyed_unless_the_survey_says_otherwise():
    frames = {"facilities": _facilities("pharmacy", "park")}
    assert _district(frames).surveyed_kinds == {"pharmacy", "park"}
    told = _district(frames, surveyed_kinds=frozenset({"kindergarten", "park", "pharmacy"}))
    assert told.has_kind("kindergarten")
    assert not told.has_kind("school")


def test_an_unknown_layer_is_refused_by_name():
    with pytest.raises(DataError) as caught:
        _district({"estate": _estates()})
    assert "unknown layer estate" in caught.value.en
    assert "未知图层 estate" in caught.value.zh


def test_facility_gaps_are_derived_and_never_an_input():
    with pytest.raises(DataError, match="unknown layer facility_gaps"):
        _district({"facility_gaps": _estates()})


@pytest.mark.parametrize("epsg", [4490, 4326, 3857])
def test_a_working_crs_in_which_nothing_can_be_measured_is_refused(epsg):
    with pytest.raises(CrsError):
        District.from_frames({"estates": _estates()}, crs=CRS.from_epsg(epsg), name="x")


def test_frames_in_longitude_and_latitude_come_into_the_working_crs():
    # Second method: pyproj's own transformation of one corner, rounded to 0.1 mm.
    from_degrees = _district({"estates": _estates().to_crs(4490)})
    assert from_degrees.crs == GK105
    assert from_degrees["estates"].crs == GK105
    corner = from_degrees["estates"].geometry[0].bounds[:2]
    assert corner == (600_000.0, 4_200_000.0)


@pytest.mark.parametrize("epsg", [4610, 4214])  # Xi'an 80, Beijing 54
def test_a_datum_shift_nobody_knows_is_refused(epsg):
    frame = _estates().set_crs(epsg, allow_override=True)
    frame = frame.set_geometry(frame.geometry.affine_transform([1e-6, 0, 0, 1e-6, 105.6, 33.8]))
    with pytest.raises(CrsError, match="no exact transformation"):
        _district({"estates": frame})


def test_shapes_that_leave_the_area_of_the_crs_are_refused_by_key():
    far = gpd.GeoSeries([shapely.box(500, 99, 501, 100)] * 2, crs=4490)
    with pytest.raises(DataError, match="E1, E2") as caught:
        _district({"estates": _estates().set_crs(4490, allow_override=True).set_geometry(far)})
    assert "小区" in caught.value.zh


def test_a_shape_smaller_than_the_grid_is_refused_by_key():
    speck = shapely.box(600_000, 4_200_000, 600_000.00001, 4_200_000.00001)
    shapes = gpd.GeoSeries([speck, shapely.box(0, 0, 1, 1)], crs=4544)
    with pytest.raises(DataError, match=r"1 shapes cannot be transformed .*: E1;"):
        _district({"estates": _estates().set_geometry(shapes)})


def test_a_reference_that_leads_nowhere_is_refused_with_all_others():
    frames = {
        "estates": _estates(),
        "trees": _trees(estate_id=["E9"]),
        "green_space": gpd.GeoDataFrame(
            {"green_id": ["G1"], "kind": ["park"], "estate_id": ["E8"], **FACTS},
            geometry=[shapely.box(0, 0, 1, 1)],
            crs=4544,
        ),
    }
    with pytest.raises(DataError) as caught:
        _district(frames)
    assert "trees: estate_id refers to no row of estates: E9" in caught.value.en
    assert "green_space: estate_id refers to no row of estates: E8" in caught.value.en
    assert "树木：所属小区在小区图层中不存在：E9" in caught.value.zh


def test_a_reference_into_a_layer_nobody_surveyed_is_left_alone():
    assert len(_district({"trees": _trees(estate_id=["E9"])})["trees"]) == 1


def test_changing_a_layer_shares_all_others_and_leaves_the_old_district_alone():
    old = _district({"estates": _estates(), "trees": _trees()})
    version = old.version
    new = old.with_frames(trees=_trees(species="国槐"))
    assert new["estates"] is old["estates"]
    assert old["trees"]["species"].isna().all()
    assert old.version == version != new.version
    assert new.with_frames(trees=_trees()).version == version


def test_a_layer_that_is_given_later_has_been_surveyed():
    new = _district().with_frames(facilities=_facilities("pharmacy"))
    assert new.has("facilities")
    assert new.has_kind("pharmacy")


def test_a_kind_that_occurred_before_it_was_surveyed_stays_unsurveyed():
    frames = {"facilities": _facilities("pharmacy")}
    partly = _district(frames, surveyed_kinds=frozenset())
    assert partly.with_frames(**partly.frames).surveyed_kinds == frozenset()
    more = partly.with_frames(facilities=_facilities("pharmacy", "park"))
    assert more.surveyed_kinds == {"park"}


def test_a_layer_that_is_assumed_has_not_been_surveyed():
    district = _district()
    assumed = district.with_frames(assumed=True, facilities=_facilities("pharmacy"), trees=_trees())
    assert len(assumed["facilities"]) == len(assumed["trees"]) == 1
    assert assumed.surveyed == district.surveyed
    assert assumed.surveyed_kinds == district.surveyed_kinds


def test_changing_a_layer_goes_through_the_same_door():
    with pytest.raises(DataError, match="trees row 1"):
        _district().with_frames(trees=_trees(kind=["oak"]))
    with pytest.raises(DataError, match="refers to no row"):
        _district().with_frames(trees=_trees(estate_id=["E9"]))


def test_nothing_of_a_district_can_be_set():
    district = _district()
    with pytest.raises(dataclasses.FrozenInstanceError):
        district.name = "x"
    with pytest.raises(TypeError):
        district.frames["estates"] = None


def test_what_the_caller_does_to_his_frame_later_does_not_reach_the_district():
    mine = _estates()
    district = _district({"estates": mine})
    mine.loc[0, "name"] = "改"
    assert district["estates"]["name"].tolist() == ["甲", "乙"]


def test_a_district_can_be_a_key_and_equals_itself_only():
    one, other = _district(), _district()
    assert {one: 1}[one] == 1
    assert one != other
    assert one.version == other.version


@pytest.mark.parametrize(
    "frames",
    [
        {"estates": _estates(name=["甲", "丙"])},
        {"estates": _estates(households=[41, None])},
        {"estates": _estates(households=[40, 0])},
        {"estates": _estates(provenance="inferred")},
        {"estates": _estates().set_geometry(_estates().geometry.translate(0.001))},
        {"estates": _estates(), "trees": layers.ALL["trees"].empty(GK105)},
    ],
)
def test_the_version_tells_any_change_of_content(frames):
    assert _district(frames).version != _district().version


def test_the_version_does_not_depend_on_row_order_or_number_types():
    shuffled = _estates().iloc[::-1].set_axis([7, 7]).assign(households=["", 40.0])
    shuffled["households"] = pd.Series([None, "40"], index=[7, 7], dtype=object)
    assert _district({"estates": shuffled}).version == _district().version


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["a\x1fb", "c"], ["a", "b\x1fc"]),
        (['a", "b', "c"], ["a", 'b", "c']),
        (["\x00", "b"], [None, "b"]),
        (["null", "b"], [None, "b"]),
        (["1", "b"], ["1 ", "b"]),
    ],
)
def test_texts_cannot_be_made_to_look_like_their_neighbours(one, other):
    digests = {
        frame_digest(_district({"estates": _estates(address=texts)})["estates"])
        for texts in (one, other)
    }
    assert len(digests) == 2


def test_a_grid_of_a_tenth_of_a_millimetre_is_kept():
    shapes = _estates().geometry.translate(0.00001)
    assert _district({"estates": _estates().set_geometry(shapes)}).version == _district().version


def test_one_invented_row_marks_the_whole_district():
    assert not _district().is_synthetic
    assert _district({"trees": _trees(provenance="synthetic")}).is_synthetic


def test_the_date_of_the_data_is_the_latest_of_any_row():
    frames = {"estates": _estates(), "trees": _trees(source_date="2024-01-31")}
    assert _district(frames).data_date == "2024-01-31"
    assert _district({"trees": layers.ALL["trees"].empty(GK105)}).data_date == ""


def test_hostile_text_arrives_unchanged():
    text = "{{ 7*7 }} {% raw %} ${x} <script>alert(1)</script> <img onerror=x> =1+1 \x1b[31m"
    assert _district({"estates": _estates(name=[text, "乙"])})["estates"]["name"][0] == text


def test_coordinates_stay_easting_then_northing():
    # A corner 300 m east of another differs in x, never in y.
    corners = np.array([outline.bounds for outline in _district()["estates"].geometry])
    assert (corners[1] - corners[0]).tolist() == [300, 0, 300, 0]


@pytest.mark.parametrize("rows", [0, 2])
def test_a_spec_narrowed_to_some_columns_returns_these_alone(rows):
    trees = layers.ALL["trees"]
    narrow = trees.as_stored(trees.columns[:2])
    frame = gpd.GeoDataFrame(_trees().iloc[:rows], crs=GK105)
    names = [column.name for column in narrow.columns]
    assert list(conforming(narrow, frame, GK105)) == [*names, "geometry"]


def test_rows_without_an_exact_path_to_the_working_crs_are_refused_even_if_there_are_none():
    with pytest.raises(CrsError, match="no exact transformation"):
        _district({"trees": layers.ALL["trees"].empty(CRS.from_epsg(2380))})  # Xi'an 80
