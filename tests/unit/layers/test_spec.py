"""LayerSpec: what it refuses, in which words, and what a conforming frame looks like."""

import datetime as dt
import re
import tracemalloc
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

import layers
from geo.errors import CrsError, DataError
from layers.checks import column_violations
from layers.spec import PANDAS_DTYPE, PROVENANCE_COLUMNS


def _with(wells, column, *values):
    """Put `values` into the first rows of a column."""
    rest = wells[column].astype(object).tolist()[len(values) :]
    return wells.assign(**{column: pd.Series([*values, *rest], dtype=object)})


def _faults(spec, frame):
    return [(f.row, f.column, f.found, f.expected_en) for f in spec.faults(frame)]


@pytest.mark.parametrize(
    ("column", "value", "found", "expected"),
    [
        ("well_id", None, "—", "a value"),
        ("well_id", " \t", "' \\t'", "a value"),
        ("kind", None, "—", "a value"),
        ("kind", "bored", "'bored'", "one of dug"),
        ("kind", "Dug", "'Dug'", "one of dug"),
        ("year", "old", "'old'", "a number"),
        ("year", 1990.5, "1990.5", "a whole number"),
        ("year", 1899, "1899", "at least 1900"),
        ("year", 2101, "2101", "at most 2100"),
        ("year", "", "''", "a number"),
        ("year", b"1990", "b'1990'", "one plain value"),
        ("depth_m", -0.01, "-0.01", "at least 0"),
        ("depth_m", np.inf, "inf", "a number"),
        ("depth_m", "1e999", "'1e999'", "a number"),
        ("depth_m", "3,5", "'3,5'", "a number"),
        ("is_open", "yes", "'yes'", "yes or no"),
        ("is_open", 2, "2", "yes or no"),
        ("seen", "2023-02-29", "'2023-02-29'", "a date like 2023-04-01"),
        ("seen", "2023/04/01", "'2023/04/01'", "a date like 2023-04-01"),
        ("seen", "20230401", "'20230401'", "a date like 2023-04-01"),
        ("seen", "2023-04-01T08:00", "'2023-04-01T08:00'", "a date like 2023-04-01"),
        ("name", ["a", "b"], "['a', 'b']", "one plain value"),
        ("name", {"a": 1}, "{'a': 1}", "one plain value"),
        ("name", b"\xd6\xec", "b'\\xd6\\xec'", "one plain value"),
        ("name", "\udcd6\udcec", "'\\udcd6\\udcec'", "text in UTF-8"),
        ("provenance", "guessed", "'guessed'", "one of surveyed, inferred, synthetic"),
        ("source", None, "—", "a value"),
        ("source_date", "yesterday", "'yesterday'", "a date like 2023-04-01"),
    ],
)
def test_a_value_that_does_not_fit_is_named(spec, wells, column, value, found, expected):
    assert _faults(spec, _with(wells, column, value)) == [(1, column, found, expected)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("year", "1990"),
        ("year", 1990.0),
        ("year", np.int64(1990)),
        ("depth_m", "3.5"),
        ("depth_m", 0),
        ("is_open", 1),
        ("is_open", np.False_),
        ("seen", "0001-01-01"),
        ("name", ""),
        ("name", 36),
        ("name", "{{ 7*7 }} {% x %} ${y} <script>alert(1)</script> =1+1 '; DROP TABLE wells; --"),
        ("name", "\x00\x1b[31m\u202e𬭚㭎"),
        ("well_id", "=1+1"),
    ],
)
def test_a_value_that_fits_is_no_fault(spec, wells, column, value):
    assert _faults(spec, _with(wells, column, value)) == []


@pytest.mark.parametrize(
    "moment",
    [
        "2023-04-01T00:00:00",
        "2023-04-01 00:00:00+00:00",
        "2023-04-01T00:00:00.000Z",
        pd.Timestamp("2023-04-01"),
        dt.datetime(2023, 4, 1),  # noqa: DTZ001 - as software without zones writes it
        dt.date(2023, 4, 1),
    ],
)
def test_a_moment_at_midnight_is_its_day_as_gis_software_writes_days(spec, wells, moment):
    assert "2023-04-01" in spec.conform(_with(wells, "seen", moment))["seen"].tolist()


@pytest.mark.parametrize("column", ["name", "year", "depth_m", "is_open", "seen"])
@pytest.mark.parametrize("unknown", [None, np.nan, pd.NA, pd.NaT])
def test_what_was_not_surveyed_is_unknown_and_no_fault(spec, wells, column, unknown):
    tidy = spec.conform(_with(wells, column, unknown))
    assert tidy.set_index("well_id").loc["w3", [column]].isna().all()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (None, "a geometry"),
        (shapely.Point(), "a geometry"),
        (shapely.LineString([(0, 0), (1, 1)]), "Point"),
        (shapely.GeometryCollection([shapely.Point(0, 0)]), "Point"),
        (shapely.Point(np.inf, 0), "a valid geometry"),
    ],
)
def test_a_shape_that_does_not_fit_is_named(spec, wells, shape, expected):
    shapes = [shape, *wells.geometry[1:]]
    faults = _faults(spec, wells.set_geometry(gpd.GeoSeries(shapes, crs=wells.crs)))
    assert [(row, column, wanted) for row, column, _, wanted in faults] == [
        (1, "geometry", expected)
    ]


def test_a_bow_tie_is_refused_where_areas_are_expected():
    tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    frame = gpd.GeoDataFrame({"town_id": ["1"]}, geometry=[tie], crs=4544)
    wanted = {f.column: f.expected_en for f in layers.ALL["towns"].faults(frame)}
    assert wanted["geometry"] == "a valid geometry"


def test_a_collection_of_areas_is_no_area():
    area = shapely.GeometryCollection([shapely.box(0, 0, 1, 1)])
    frame = gpd.GeoDataFrame({"town_id": ["1"]}, geometry=[area], crs=4544)
    wanted = {f.column: f.expected_en for f in layers.ALL["towns"].faults(frame)}
    assert wanted["geometry"] == "Polygon"


def test_parts_of_the_same_kind_are_welcome(spec, wells):
    shapes = [shapely.MultiPoint([(0, 0), (1, 1)]), *wells.geometry[1:]]
    assert _faults(spec, wells.set_geometry(gpd.GeoSeries(shapes, crs=wells.crs))) == []


@pytest.mark.parametrize(("one", "other"), [("w1", "w1"), (1, "1"), (1.0, "1.0")])
def test_a_key_is_used_once_also_when_written_in_two_ways(spec, wells, one, other):
    assert _faults(spec, _with(wells, "well_id", one, other)) == [
        (2, "well_id", repr(other), "a key used once")
    ]


def test_keys_that_are_both_unknown_are_two_unknowns_not_one_key(spec, wells):
    expected = [(1, "well_id", "—", "a value"), (2, "well_id", "—", "a value")]
    assert _faults(spec, _with(wells, "well_id", None, None)) == expected


def test_every_fault_is_told_at_once_in_row_order(spec, wells):
    frame = _with(_with(_with(wells, "year", "x", 1), "kind", "dug", None), "depth_m", 1, 2, -1)
    assert [(row, column) for row, column, *_ in _faults(spec, frame)] == [
        (1, "year"),
        (2, "kind"),
        (2, "year"),
        (3, "depth_m"),
    ]


def test_a_required_column_that_is_absent_is_a_fault_of_every_row(spec, wells):
    faults = _faults(spec, wells.drop(columns=["kind", "year"]))
    assert faults == [(row, "kind", "—", "a value") for row in (1, 2, 3)]


def test_the_sentence_says_what_where_found_and_expected_in_both_languages(spec, wells):
    (fault,) = spec.faults(_with(wells, "year", 1899))
    assert fault.sentence("en") == "wells row 1 (w3) year: found 1899, expected at least 1900"
    assert fault.sentence("zh") == "水井第 1 行（w3）年份：读到 1899，应为不小于 1900"


def test_conform_raises_with_every_fault_in_both_languages(spec, wells):
    with pytest.raises(DataError) as caught:
        spec.conform(_with(wells, "year", 1, 2))
    assert caught.value.en.splitlines()[0] == "wells: 2 faults"
    assert caught.value.zh.splitlines()[0] == "水井：2 处错误"
    assert len(caught.value.en.splitlines()) == len(caught.value.zh.splitlines()) == 3


def test_a_long_list_of_faults_is_cut_with_the_count_of_the_rest(spec, wells):
    many = pd.concat([wells] * 10, ignore_index=True).assign(
        well_id=[f"w{i}" for i in range(30)], year=1
    )
    with pytest.raises(DataError) as caught:
        spec.conform(many)
    lines = caught.value.en.splitlines()
    assert lines[0] == "wells: 30 faults"
    assert lines[-1] == "(+10)"
    assert len(lines) == 22


def test_a_frame_without_a_crs_is_refused(spec, wells):
    with pytest.raises(CrsError, match="no CRS"):
        spec.conform(wells.set_crs(None, allow_override=True))


def test_a_conforming_frame_has_the_columns_and_dtypes_of_the_spec_sorted_by_key(spec, wells):
    tidy = spec.conform(wells.assign(extra=1))
    assert list(tidy) == [*(c.name for c in spec.columns), "geometry"]
    assert {c.name: str(tidy[c.name].dtype) for c in spec.columns} == {
        c.name: PANDAS_DTYPE[c.dtype] for c in spec.columns
    }
    assert tidy["well_id"].tolist() == ["w1", "w2", "w3"]
    assert tidy["year"].tolist() == [pd.NA, 2001, 1990]
    assert tidy.geometry.x.tolist() == [600_001, 600_002, 600_000]


def test_conforming_twice_changes_nothing(spec, wells):
    tidy = spec.conform(wells)
    pd.testing.assert_frame_equal(spec.conform(tidy), tidy)


def test_rows_that_conform_share_their_memory_until_one_of_both_is_changed(spec, wells):
    tidy = spec.conform(wells)
    again, first = spec.conform(tidy), tidy["well_id"].iloc[0]
    assert np.shares_memory(np.asarray(again.geometry.array), np.asarray(tidy.geometry.array))
    tidy.loc[0, "well_id"] = "w9"
    assert again["well_id"].iloc[0] == first


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_unknown_throughout_is_shared_by_no_two_frames(spec, wells, count):
    one, other = (spec.conform(wells.head(count).drop(columns="year")) for _ in range(2))
    one["year"].array[0] = 1990
    assert other["year"].isna().all()


@pytest.mark.parametrize("dtype", ["str", "object"])
@given(st.lists(st.sampled_from(["surveyed", "guessed", "Surveyed", " surveyed", "1", None])))
def test_a_code_is_judged_cell_by_cell_however_the_column_holds_it(dtype, cells):
    column = next(one for one in PROVENANCE_COLUMNS if one.name == "provenance")
    frame = pd.DataFrame({"provenance": pd.Series(cells, dtype=dtype)})
    found = [v for v in column_violations(frame, column) if v.expected_en.startswith("one of")]
    rows = np.flatnonzero(found[0].rows).tolist() if found else []
    assert rows == [at for at, cell in enumerate(cells) if cell not in ("surveyed", None)]


@pytest.mark.parametrize("name", ["provenance", "source_date"])
def test_a_repeated_value_is_checked_without_an_object_a_row(spec, name):
    value = {"provenance": "surveyed", "source_date": "2023-04-01"}[name]
    frame = pd.DataFrame({name: pd.Series([value] * 200_000, dtype="str")})
    column = spec.column(name)
    column = replace(column, required=False)  # whether text is blank is looked at elsewhere
    assert not list(column_violations(frame, column))  # imports and caches, before it is measured
    tracemalloc.start()
    try:
        assert not list(column_violations(frame, column))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 40 * len(frame)  # an object of text takes 57 bytes, and 8 more to be named


def test_conforming_leaves_the_given_frame_alone(spec, wells):
    before = wells.copy(deep=True)
    spec.conform(wells)
    pd.testing.assert_frame_equal(wells, before)


def test_heights_are_dropped(spec, wells):
    deep = wells.set_geometry(gpd.GeoSeries(shapely.force_3d(wells.geometry, 7.0), crs=wells.crs))
    assert not spec.conform(deep).has_z.any()


def test_a_repeated_index_does_not_matter(spec, wells):
    assert spec.conform(wells.set_axis([0, 0, 0]))["well_id"].tolist() == ["w1", "w2", "w3"]


@pytest.mark.parametrize("name", layers.ALL)
def test_an_empty_frame_conforms_to_its_own_layer(name):
    spec = layers.ALL[name]
    empty = spec.empty(CRS.from_epsg(4544))
    pd.testing.assert_frame_equal(spec.conform(empty), empty, check_index_type=False)


@pytest.mark.parametrize("name", layers.ALL)
def test_every_layer_is_fit_to_be_stored_and_read_by_people(name):
    spec = layers.ALL[name]
    names = [column.name for column in spec.columns]
    assert spec.name == name
    assert spec.columns[-3:] == PROVENANCE_COLUMNS
    assert spec.columns[0].required
    assert spec.columns[0].dtype == "str"
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in names)
    assert len({column.label_zh for column in spec.columns}) == len(names)
    assert all(column.label_zh and column.label_en for column in spec.columns)
    assert all(column.refers_to in {"", *layers.ALL} for column in spec.columns)
    assert all(column.least is None or column.dtype in ("int", "float") for column in spec.columns)


def test_an_unknown_column_is_an_error_of_the_caller(spec):
    with pytest.raises(KeyError, match="wells has no column nothing"):
        spec.column("nothing")
