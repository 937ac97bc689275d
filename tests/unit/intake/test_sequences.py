"""GeoJSON in a sequence: one feature a line, or one after each record separator."""

import json

import pytest

from intake.acceptance import accept
from tests.unit.intake.delivery import estates, geojson, sequence


@pytest.fixture
def records(tmp_path):
    """Return four sound features in EPSG:4490, each as its own text."""
    whole = geojson(tmp_path / "whole", estates(4)).read_bytes()
    return sequence(whole).decode().split("\n")


@pytest.mark.parametrize("name", ["a.geojsonl", "a.ndjson", "a.geojsons", "a.jsonl", "a.geojson"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_feature_a_line_is_a_row(tmp_path, read, draft, records, name, codec):
    path = tmp_path / name
    path.write_bytes("\r\n".join([*records, ""]).encode(codec))
    (table,) = read(path).tables
    receipt = accept(draft(table).choose("crs", "EPSG:4490"))
    assert (table.read, len(receipt.accepted)) == (4, 4)
    names = {row.key: row.name for row in estates(4)}
    assert receipt.accepted.set_index("estate_id")["name"].to_dict() == names


@pytest.mark.parametrize("name", ["a.geojsonl", "a.geojsonseq", "a.json"])
def test_records_after_separators_may_run_over_lines(tmp_path, read, draft, records, name):
    text = "".join(f"\x1e{json.dumps(json.loads(one), indent=1)}\n" for one in records)
    path = tmp_path / name
    path.write_text(text)
    (table,) = read(path).tables
    assert len(accept(draft(table).choose("crs", "EPSG:4490")).accepted) == 4


def test_a_broken_line_costs_itself_and_keeps_its_bytes(tmp_path, read, draft, records):
    """Rows by the line they stand in: 1 and 6 are sound, 3 is blank, the others are not rows."""
    first, second, third, _ = records
    both = f'{{"type": "FeatureCollection", "features": [{second}, {third}]}}'
    lines = [first, second[:-20], "", "[1, 2]", both, third, '{"type": "Other"}']
    path = tmp_path / "a.ndjson"
    path.write_text("\n".join(lines), encoding="utf-8")
    (table,) = read(path).tables
    receipt = accept(draft(table).choose("crs", "EPSG:4490"))
    assert receipt.accepted_rows == (1, 6)
    held = {one.row: one.reasons[0].rule for one in receipt.quarantined}
    assert held == {
        2: "json.broken",
        4: "json.not_a_feature",
        5: "json.not_a_feature",
        7: "json.not_a_feature",
    }
    assert receipt.read == 6


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("a.geojsonl", "not json\nat all", "refused.unknown"),
        ("a.geojsonl", '{"a": 1}\n{"b": 2}', "json.not_geojson"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"ty', "json.broken"),
        ("a.ndjson", "http://example.test/a.geojson", "refused.pointer"),
        ("a.ndjson", '{"type": "gdal_streamed_alg", "command_line": "gdal"}', "refused.gdalg"),
        ("a.ndjson", "[" * 200_000, "json.deep"),
    ],
)
def test_what_is_no_sequence_of_features_is_refused(tmp_path, read, name, text, rule):
    path = tmp_path / name
    path.write_text(text)
    (refusal,) = read(path).refused
    assert refusal.rule == rule
