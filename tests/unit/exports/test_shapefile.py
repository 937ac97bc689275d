"""The shapefile hand-over, its .dbf header read by hand."""

import io
import struct
import zipfile

import fiona
import pytest

import layers
from exports.shapefile import field_names, field_type, gaps_shapefile
from layers.spec import Column


@pytest.fixture
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
    endings = {"shp", "shx", "dbf", "prj", "cpg", "csv"}
    assert {name.rsplit(".")[-1] for name in parts} == endings


def test_field_widths_are_exactly_those_of_the_spec(parts):
    fields = _dbf_fields(parts["facility_gaps.dbf"])
    assert list(fields) == list(field_names().values())
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


def test_short_field_names_stay_apart():
    names = field_names().values()
    assert len(set(names)) == len(layers.ALL["facility_gaps"].columns)
    assert max(map(len, names)) <= 10


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
    assert field_type(column) == expected


def test_equal_findings_give_equal_bytes(findings, district):
    assert gaps_shapefile(findings, district) == gaps_shapefile(findings, district)
