"""The shapefile hand-over, its .dbf header read by hand."""

import io
import struct
import zipfile

import fiona
import pandas as pd
import pytest

import layers
from exports.fields import dbf_type, fit_dbf
from exports.shapefile import district_shapefiles, gaps_shapefile
from geo.errors import DataError
from layers.column import short_names
from layers.spec import Column


@pytest.fixture(scope="module")
def parts(findings, district):
    archive = zipfile.ZipFile(io.BytesIO(gaps_shapefile(findings, district)))
    return {name: archive.read(name) for name in archive.namelist()}


def _dbf_fields(raw):
    """Return name -> (type, width, decimals): dBASE III header, 32 bytes a field from byte 32."""
    (header,) = struct.unpack_from("<H", raw, 8)
    fields = {}
    for start in range(32, header - 1, 32):
        name = raw[start : start + 11].split(b"\x00")[0].decode()
        fields[name] = (chr(raw[start + 11]), raw[start + 16], raw[start + 17])
    return fields


def test_the_zip_has_all_parts_of_a_shapefile_and_the_full_text(parts):
    endings = {"shp", "shx", "dbf", "prj", "cpg", "csv", "qml"}
    assert {name.rsplit(".")[-1] for name in parts} == endings


def test_field_widths_are_exactly_those_of_the_spec(parts):
    fields = _dbf_fields(parts["facility_gaps.dbf"])
    assert list(fields) == list(short_names(layers.ALL["facility_gaps"].columns).values())
    assert fields["severity"] == ("N", 6, 4)  # 0 to 1
    assert fields["value"] == ("N", 14, 3)
    assert fields["as_of"] == ("D", 8, 0)
    assert fields["reason"] == ("C", 254, 0)


def test_the_encoding_and_the_reference_system_are_declared(parts):
    assert parts["facility_gaps.cpg"] == b"UTF-8"
    assert parts["facility_gaps.prj"].startswith(
        b'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"'
    )


def test_long_text_is_cut_at_a_character_and_stands_in_full_beside(parts):
    full = "步行" * 200
    raw = parts["facility_gaps.dbf"]
    (header,) = struct.unpack_from("<H", raw, 8)
    rows = raw[header:].decode("utf-8")  # would fail on half a character
    assert full not in rows
    assert "步行" * 42 in rows  # 84 characters of 3 bytes fit into 254
    assert full in parts["facility_gaps.csv"].decode("utf-8-sig")


def test_a_value_without_end_is_left_empty(parts, tmp_path):
    for name, raw in parts.items():
        (tmp_path / name).write_bytes(raw)
    with fiona.open(tmp_path / "facility_gaps.shp") as file:
        values = {row["properties"]["gap_id"]: row["properties"]["value"] for row in file}
    assert values == {"F1": 750.0, "F2": None}


def test_the_file_is_dated_by_its_content_not_by_today(parts):
    assert tuple(parts["facility_gaps.dbf"][1:4]) == (2023 - 1900, 4, 1)


@pytest.mark.parametrize("layer", layers.ALL)
def test_short_field_names_stay_apart(layer):
    names = short_names(layers.ALL[layer].columns).values()
    assert len(set(names)) == len(layers.ALL[layer].columns)
    assert max(map(len, names)) <= 10


def test_names_that_begin_alike_are_numbered_the_way_gdal_does():
    columns = [
        Column(name, "str", "x", "x") for name in ("fire_lane_m", "fire_lane_x", "fire_lane_y")
    ]
    assert list(short_names(columns).values()) == ["fire_lane_", "fire_lan_1", "fire_lan_2"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (Column("year", "int", "年", "year", most=2100), "int:4"),
        (Column("n", "int", "数", "n"), "int:9"),
        (Column("ok", "bool", "否", "ok"), "int:1"),
        (Column("share", "float", "比例", "share", least=0, most=1), "float:6.4"),
    ],
)
def test_a_field_is_as_wide_as_its_limits_need(column, expected):
    assert dbf_type(column) == expected


@pytest.mark.slow
def test_equal_findings_give_equal_bytes(findings, district):
    assert gaps_shapefile(findings, district) == gaps_shapefile(findings, district)


def _members(district, encoding):
    content, shortfalls = district_shapefiles(district, encoding)
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name) for name in archive.namelist()}, shortfalls


@pytest.mark.slow
@pytest.mark.parametrize(("encoding", "language"), [("UTF-8", 0x00), ("GBK", 0x4D)])
def test_the_encoding_stands_in_the_cpg_in_the_table_and_in_the_text(district, encoding, language):
    parts, _ = _members(district, encoding)
    assert parts["estates.cpg"] == encoding.encode()
    assert parts["estates.dbf"][29] == language
    assert "裕民小区".encode(encoding) in parts["estates.dbf"]


@pytest.mark.slow
def test_a_name_that_gbk_cannot_write_is_refused_and_never_becomes_a_question_mark(district):
    rare = district.with_frames(estates=district["estates"].assign(name=["𬭚苑", "裕民小区"]))
    with pytest.raises(DataError, match="小区·小区名称 '𬭚苑'"):
        district_shapefiles(rare, "GBK")
    assert "𬭚苑".encode() in _members(rare, "UTF-8")[0]["estates.dbf"]


@pytest.mark.slow
def test_text_is_cut_at_a_character_and_counted(district):
    long = district.with_frames(estates=district["estates"].assign(address=["路" * 100, None]))
    parts, shortfalls = _members(long, "UTF-8")
    assert [(one.column, one.rows) for one in shortfalls] == [("address", 1)]
    assert ("路" * 84).encode() in parts["estates.dbf"]  # 84 x 3 = 252 of 254 bytes
    assert ("路" * 85).encode() not in parts["estates.dbf"]
    assert _members(long, "GBK")[1] == ()  # 100 x 2 bytes fit


@pytest.mark.parametrize(
    ("values", "kept", "changed"),
    [
        ([9_999_999_999.999, 0.0006, None], [9_999_999_999.999, 0.001, None], [1]),
        ([1e10, -999_999_999.999, 1.0], [None, -999_999_999.999, 1.0], [1]),
        ([float("inf"), -1e9, 2.5], [None, None, 2.5], [2]),
    ],
)
def test_a_number_wider_than_its_field_is_left_empty_and_counted(values, kept, changed):
    # N(14,3): ten digits, the point, three decimals; a minus sign takes the place of a digit
    column = Column("n", "float", "数", "n")
    found, changes = fit_dbf(pd.Series(values, dtype="float64"), column, "UTF-8")
    assert found.astype(object).where(found.notna(), None).tolist() == kept
    assert [count for count, *_ in changes] == changed


@pytest.mark.slow
def test_every_field_is_told_in_full_beside_the_files(district):
    parts, _ = _members(district, "UTF-8")
    told = parts["字段对照.csv"].decode("utf-8-sig")
    assert "estates,小区,budget_yua,budget_yuan,估算投资,estimated cost,元," in told
